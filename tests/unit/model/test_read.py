"""What is read: codes tidied, streams told apart, and the two decoders agreeing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.errors import Invalid
from superbill.model import Diagnosis, Encounter, MedicarePartA, _shape, read
from tests.unit.model.documents import BASE, stay


def written(document: Any) -> bytes:
    return json.dumps(document).encode()


GOOD = written(json.loads(BASE))


@pytest.mark.parametrize(
    ("place", "given", "stored"),
    [
        ("diagnoses[0].code", " i50.23 ", "I5023"),
        ("diagnoses[0].code", "I5023", "I5023"),
        ("diagnoses[2].code", "I10.", "I10"),
        ("procedures[0].code", "5a09357 ", "5A09357"),
        ("admitting_diagnosis", "r06.03", "R0603"),
        ("reason_for_visit", ["r06.03"], ("R0603",)),
        ("type_of_bill", "111", "0111"),
        ("lines[0].revenue_code", "120", "0120"),
        ("lines[0].hcpcs", " a0000", "A0000"),
        ("lines[0].modifiers", ["lt ", "59"], ("LT", "59")),
        ("facility.ccn", "36-0870", "360870"),
        ("facility.npi", "1234-567-893", "1234567893"),
        (
            "facility.address",
            {"street": "x", "city": "y", "state": "OH", "zip": "45501-0001"},
            None,
        ),
        ("payers[0].member_id", "1eg4-te5-mk73", "1EG4TE5MK73"),
        ("payers[1].member_id", "ab-12", "ab-12"),  # a plan's number is the plan's affair
    ],
)
def test_codes_are_stored_undotted_and_identifiers_compact(
    place: str, given: Any, stored: Any
) -> None:
    found: Any = read.encounter(written(stay(**{place.replace(".", "__"): given})))
    for step in place.replace("[", ".").replace("]", "").split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert (found.zip if stored is None else found) == (stored or "455010001")


def test_operating_and_subscriber_are_tidied_too() -> None:
    subscriber = {
        "last_name": "a",
        "first_name": "b",
        "birth_date": "1950-01-01",
        "sex": "M",
        "address": {"street": "x", "city": "y", "state": "OH", "zip": "45501-0001"},
    }
    physician = {"last_name": "a", "first_name": "b", "npi": "2000-000010"}
    document = stay()
    document["payers"][1]["subscriber"] = subscriber
    document["operating"] = physician
    found = read.encounter(written(document))
    assert found.operating is not None
    assert found.operating.npi == "2000000010"
    assert found.payers[1].subscriber is not None
    assert found.payers[1].subscriber.address is not None
    assert found.payers[1].subscriber.address.zip == "455010001"


def test_an_amount_may_be_text_or_number() -> None:
    document = stay()
    document["lines"][0]["charge"] = 6000.1
    document["lines"][1]["charge"] = 812
    found = read.encounter(written(document))
    assert [line.charge for line in found.lines] == [Decimal("6000.1"), Decimal(812)]


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"covered_days": 4}, 4),
        ({"discharge_status": "30", "covered_days": 5}, 5),
        ({"discharge_date": "2026-03-02", "covered_days": 1}, 1),
        ({"covered_days": 4, "lifetime_reserve_days": 4}, 4),
    ],
)
def test_days_that_fit_the_stay(change: dict[str, Any], days: int) -> None:
    assert read.encounter(written(stay(**change))).covered_days == days


def test_text_bytes_and_a_byte_order_mark_are_the_same() -> None:
    expected = read.encounter(GOOD)
    assert read.encounter(GOOD.decode()) == expected
    assert read.encounter(b"\xef\xbb\xbf" + GOOD) == expected
    assert read.record(GOOD) == expected


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("\ud800", "surrogate"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (GOOD.replace(b"Given", b"G\xffven"), "is not UTF-8"),
    ],
)
def test_text_in_another_encoding_is_refused(data: bytes | str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read.encounter(data)


def test_a_record_does_not_look_for_names_that_stand_twice() -> None:
    twice = GOOD.replace(b'"T1"', b'"T0", "id": "T1"')
    assert read.record(twice).id == "T1"
    with pytest.raises(Invalid, match="more than once"):
        read.encounter(twice)


PRETTY = json.dumps(json.loads(BASE), indent=2).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GOOD, [(1, True)]),
        (b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD, [(1, True), (2, True)]),
        (GOOD + b"\r\n\r\n" + GOOD + b"\r\n", [(1, True), (3, True)]),
        (b"\n\n" + GOOD + b"\n", [(3, True)]),
        (PRETTY, [(1, True)]),
        (PRETTY.replace(b"\n", b"\n\n"), [(1, True)]),
        (b"[" + GOOD + b",\n" + GOOD + b"]", [(1, True), (2, True)]),
        (b"[\n1,\n" + PRETTY + b"]", [(2, False), (3, True)]),
        (b"[]", []),
        (b"[" + GOOD + b",", [(1, False)]),
        (b"[" * 100_000, [(1, False)]),
        (b"{]\n" + GOOD, [(1, False), (2, True)]),
        (b'{"id": "T0",\n' + GOOD, [(1, False), (2, True)]),
        (b'{"id": tru\n{"id": tru', [(1, False), (2, False)]),
        (GOOD + b"\nnonsense\n" + GOOD, [(1, True), (2, False), (3, True)]),
        (GOOD + b"\n" + GOOD[:99], [(1, True), (2, False)]),
        (b"nonsense\nnonsense", [(1, False)]),
        (PRETTY + PRETTY, [(1, False)]),
        (b"", [(1, False)]),
        (b"\n \n", [(1, False)]),
        (b"\xff\xfe{\x00", [(1, False)]),
    ],
)
def test_many_stays(data: bytes, expected: list[tuple[int, bool]]) -> None:
    answers = list(read.encounters(io.BytesIO(data)))
    assert [(line, isinstance(answer, Encounter)) for line, answer in answers] == expected


def test_the_place_is_told_in_lines_of_the_file() -> None:
    broken = GOOD[:-1]
    ((_, _), (line, answer)) = read.encounters(io.BytesIO(GOOD + b"\n\n" + broken))
    assert line == 3
    assert f"at line 3, column {len(broken) + 1} (byte {len(broken)})" in str(answer)


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "RECORD_LIMIT", len(GOOD) + 10)
    long = b"x" * (5 * len(GOOD))
    answers = list(read.encounters(io.BytesIO(GOOD + b"\n" + long + b"\n" + GOOD + b"\n" + long)))
    assert [(line, isinstance(answer, Invalid)) for line, answer in answers] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
    ]
    assert "too long for one stay" in str(answers[1][1])


def test_memory_does_not_grow_with_the_number_of_stays() -> None:
    class Endless(io.RawIOBase):
        """A stream that gives one record again and again, and counts what is asked for ahead."""

        served = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.served += 1
            return GOOD + b"\n"

    stream = Endless()
    answers = read.encounters(stream)
    for number in range(1, 50):
        assert next(answers)[0] == number
        assert stream.served <= number + 1


PROFILE = b"""
ccn = "360870"
effective_date = 2025-10-01
wage_index = 0.9124
operating_cost_to_charge_ratio = "0.245"
bed_size = 240
"""


def test_a_hospital_from_json_and_from_toml() -> None:
    table = {
        "ccn": "360870",
        "effective_date": "2025-10-01",
        "wage_index": "0.9124",
        "operating_cost_to_charge_ratio": "0.245",
        "bed_size": 240,
    }
    profile = read.hospital(written(table))
    assert profile == read.hospital_profile(PROFILE)
    assert profile.wage_index == Decimal("0.9124")


@pytest.mark.parametrize(
    ("reader", "data", "path", "says"),
    [
        (read.hospital, b'{"ccn": "360870"}', "effective_date", "missing"),
        (read.hospital, b'{"ccn": "1", "ccn": "1", "effective_date": "2025-10-01"}', "ccn", "once"),
        (
            read.hospital,
            b'{"ccn": "1", "effective_date": "2025-10-01", "wage_index": "-1"}',
            "wage_index",
            "below zero",
        ),
        (read.hospital_profile, PROFILE + b"low_volume = 1\n", "low_volume", "true or false"),
        (read.hospital_profile, PROFILE + b"wage = 1\n", "wage", "no such field"),
        (read.hospital_profile, PROFILE + b"ssi_ratio = inf\n", "ssi_ratio", "not a number"),
        (
            read.hospital_profile,
            PROFILE + b"termination_date = 2025-10-01T00:00:00\n",
            "termination_date",
            "a date",
        ),
        (read.hospital_profile, PROFILE + b"bed_size = 1\n", "(document)", "not TOML"),
        (read.hospital_profile, b"\xff", "(document)", "UTF-8"),
    ],
)
def test_a_hospital_that_is_wrong(
    reader: Callable[[bytes], object], data: bytes, path: str, says: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        reader(data)
    (problem,) = refusal.value.problems
    assert problem.path == path
    assert says in problem.message


def test_a_stay_made_in_python_is_checked_alike() -> None:
    good = read.encounter(GOOD)
    import msgspec

    dotted = msgspec.structs.replace(good, diagnoses=(Diagnosis(code="i50.23", poa="Y"),))
    tidied = read.checked(dotted)
    assert tidied.diagnoses[0].code == "I5023"
    assert dotted.diagnoses[0].code == "i50.23"  # what was given is left alone
    assert read.checked(good) == good
    payer = MedicarePartA(name="x" * 61)
    with pytest.raises(Invalid, match=r"payers\[0\]\.name: the text has 61 characters"):
        read.checked(msgspec.structs.replace(good, payers=(payer,)))
    with pytest.raises(Invalid, match="there is none"):
        read.checked(msgspec.structs.replace(good, diagnoses=()))


def test_where_the_slow_reading_finds_nothing_the_quick_one_is_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_shape, "problems", lambda *_: [])
    with pytest.raises(Invalid) as refusal:
        read.encounter(GOOD.replace(b'"4"', b"[]", 1))
    (problem,) = refusal.value.problems
    assert problem.path == "lines[0].units"
    assert "Expected" in problem.message
    assert "schema" in problem.remedy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in inner:
            found += places(each, (*path, key))
    return found


@given(st.sampled_from(places(json.loads(BASE))), JSON)
def test_whatever_stands_anywhere_is_read_or_refused(place: tuple[Any, ...], value: Any) -> None:
    document = json.loads(BASE)
    target: Any = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    found = _shape.problems(json.loads(json.dumps(document)), Encounter)
    ((_, answer),) = read.encounters(io.BytesIO(written(document)))
    if isinstance(answer, Encounter):
        assert found == []
    else:
        assert answer.problems
        assert all(problem.path and problem.message for problem in answer.problems)
        assert "Compare it with the published schema" not in str(answer)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_text_is_refused_in_words(data: bytes | str) -> None:
    with pytest.raises(Invalid) as refusal:
        read.encounter(data)
    assert refusal.value.problems


@given(st.integers(0, len(BASE.rstrip()) - 1))
def test_a_document_cut_off_anywhere_is_said_to_be_cut_off(length: int) -> None:
    with pytest.raises(Invalid) as refusal:
        read.encounter(BASE[:length])
    assert ("ends in the middle" if BASE[:length].strip() else "empty") in str(refusal.value)


def test_stays_of_a_batch_share_the_profile_that_they_have_in_common() -> None:
    first, second = read.record(GOOD), read.record(GOOD)
    assert first.hospital is not None
    assert first.hospital is second.hospital
    assert first == second == read.encounter(GOOD)
    assert hash(first) == hash(second)


@pytest.mark.parametrize("value", [b'"-0.9"', b'"high"', b"1e400"])
def test_a_profile_that_is_wrong_is_refused_in_every_stay_that_has_it(value: bytes) -> None:
    document = json.loads(GOOD)
    document["hospital"]["wage_index"] = "here"
    wrong = json.dumps(document).encode().replace(b'"here"', value)
    for _ in range(2):
        with pytest.raises(Invalid) as refused:
            read.record(wrong)
        assert [problem.path for problem in refused.value.problems] == ["hospital.wage_index"]


def test_the_stays_of_a_list_are_told_apart_by_their_places_in_it() -> None:
    found = [stay for _, stay in read.encounters(io.BytesIO(b'["a", 3, {"id": 5}]'))]
    paths = [each.problems[0].path for each in found if isinstance(each, Invalid)]
    assert paths == ["[0]", "[1]", "[2].id"]
    assert all(p.remedy for each in found if isinstance(each, Invalid) for p in each.problems)
