"""A stay grouped: what each code did, what excluded it, and what would change the DRG."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from superbill.errors import NotCovered
from superbill.grouping.msdrg import VERSIONS, Engine, GrouperClaim, group, group_claim, what_if
from superbill.model import CodeGrouping, Grouping
from superbill.sources.msdrg_tables import DiagnosisTable, ProcedureTable
from tests.unit.grouping.stays import stay

ON = date(2026, 5, 6)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def _code(grouping: Grouping, where: str) -> CodeGrouping:
    return next(code for code in grouping.codes if code.where == where)


def test_the_answer_names_version_titles_and_rule(engine: Engine) -> None:
    found = group(stay("I50.23", "J96.01"), on=ON, engine=engine)
    assert (found.version, found.drg) == ("43.1", "291")
    assert found.final.title == "Heart Failure and Shock with MCC"
    assert found.final.mdc_title == "Diseases and Disorders of the Circulatory System"
    assert (found.final.base_drg, found.final.med_surg) == ("291", "MEDICAL")
    assert found.final.rule == "(MCC & PDX:dxc0505)"
    assert found.release == "msdrg 1.2.0"


def test_codes_come_in_billed_order_with_what_they_did(engine: Engine) -> None:
    found = group(
        stay("I50.23", "N17.9", "E78.5", "J96.01", procedures=("5A09357", "02HV33Z")),
        on=ON,
        engine=engine,
    )
    assert [code.where for code in found.codes] == [
        "diagnoses[0]",
        "diagnoses[1]",
        "diagnoses[2]",
        "diagnoses[3]",
        "procedures[0]",
        "procedures[1]",
    ]
    assert [code.severity for code in found.codes[:4]] == ["NEITHER", "CC", "NEITHER", "MCC"]
    assert [code.affects_drg for code in found.codes[:4]] == ["BOTH", "NONE", "NONE", "BOTH"]
    assert [code.operating_room for code in found.codes] == [None] * 4 + [False, False]


def test_an_unrelated_operation_names_the_code_that_made_the_level(engine: Engine) -> None:
    # the program itself leaves the MCC of MS-DRG 981 unmarked
    found = group(stay("I50.23", "J96.01", procedures=("0SR90J9",)), on=ON, engine=engine)
    assert found.drg == "981"
    assert _code(found, "diagnoses[1]").affects_drg == "BOTH"
    assert _code(found, "procedures[0]").affects_drg == "BOTH"
    assert _code(found, "procedures[0]").operating_room is True


def test_what_excluded_a_code_is_said(engine: Engine) -> None:
    failure = _code(group(stay("I50.23", "I50.43"), on=ON, engine=engine), "diagnoses[1]")
    assert failure.severity == "MCC_EXCLUDED"
    assert failure.severity_before_exclusion == "MCC"
    assert failure.excluded_by.startswith("principal diagnosis I50.23, whose exclusion")
    hiv = _code(group(stay("B20", "B59"), on=ON, engine=engine), "diagnoses[1]")
    assert hiv.severity == "MCC_EXCLUDED_BY_DRG_LOGIC"
    assert "DRG 976" in hiv.excluded_by
    assert "hivmaj" in hiv.excluded_by
    died = _code(group(stay("J18.9", "I46.9", status="20"), on=ON, engine=engine), "diagnoses[1]")
    assert died.severity == "NEITHER"
    assert "discharged alive" in died.excluded_by
    ulcer = _code(group(stay("I50.23", "L89.154", poa="N"), on=ON, engine=engine), "diagnoses[1]")
    assert (ulcer.severity_initial, ulcer.severity) == ("MCC", "NEITHER")
    assert ulcer.excluded_by == "hospital-acquired condition 4 (Stage III and IV Pressure Ulcers)"
    assert [(row.category, row.status) for row in ulcer.hacs] == [(4, "HAC_CRITERIA_MET")]
    unknown = _code(group(stay("I50.2", "J96.01"), on=ON, engine=engine), "diagnoses[1]")
    assert unknown.excluded_by == "no DRG was reached"


def test_a_code_that_counts_has_nothing_that_excluded_it(engine: Engine) -> None:
    found = group(stay("I50.23", "J96.01", "E78.5"), on=ON, engine=engine)
    assert {code.excluded_by for code in found.codes} == {""}


def test_codes_that_are_none_are_reported_and_not_taken_for_others(engine: Engine) -> None:
    odd = ("I50.23" + "X" * 50_000, "", "J96\x0001", "é", '"', "I5023" + " " * 9 + "Z")
    for code in odd:
        claim = GrouperClaim(431, (("I10", "Y"), (code, "Y")), (code,), 70, "F", "01", "EXEMPT")
        found = group_claim(claim, engine=engine)
        assert found.drg == "305"
        assert not _code(found, "diagnoses[1]").recognized
        assert not _code(found, "procedures[0]").recognized


@pytest.mark.parametrize("age", [-1, 0, 124, 125, 10**9, -(10**9)])
@pytest.mark.parametrize("status", ["01", "", "x", "999", "²²"])
def test_odd_ages_and_statuses_do_not_break_it(engine: Engine, age: int, status: str) -> None:
    claim = GrouperClaim(431, (("I5023", "Y"),), (), age, "Q", status, "NON_EXEMPT")
    assert group_claim(claim, engine=engine).drg == "293"


def test_many_codes_are_all_read(engine: Engine) -> None:
    diagnoses = ["I50.23", *["E78.5"] * 40, "J96.01"]
    assert group(stay(*diagnoses), on=ON, engine=engine).drg == "291"


def test_the_day_chooses_the_version_and_outside_is_not_covered(engine: Engine) -> None:
    with pytest.raises(NotCovered):
        group(stay("I50.23"), on=date(2022, 9, 30), engine=engine)
    assert group(stay("I50.23"), on=date(2022, 10, 1), engine=engine).version == "40.0"
    assert group(stay("I50.23"), on=date(2027, 3, 31), engine=engine).version == "44.0"


def test_without_each_code_in_turn(engine: Engine) -> None:
    billed = stay("I50.23", "J96.01", "N17.9", procedures=("5A09357",))
    found = group(billed, on=ON, engine=engine)
    entries = what_if(billed, found, on=ON, engine=engine)
    assert [(entry.where, entry.code, entry.drg, entry.changes) for entry in entries] == [
        ("diagnoses[0]", "I5023", "189", True),
        ("diagnoses[1]", "J9601", "292", True),
        ("diagnoses[2]", "N179", "291", False),
        ("procedures[0]", "5A09357", "291", False),
    ]
    assert entries[0].note == "J96.01 would be the principal diagnosis."
    assert entries[1].title == "Heart Failure and Shock with CC"
    assert {entry.weight for entry in entries} == {None}


def test_worth_is_asked_once_for_each_drg(engine: Engine) -> None:
    billed = stay("I50.23", "J96.01", "N17.9")
    found = group(billed, on=ON, engine=engine)
    asked: list[str] = []

    def worth(other: Grouping) -> tuple[Decimal, Decimal | None]:
        asked.append(other.drg)
        return Decimal(other.drg) / 100, None

    entries = what_if(billed, found, on=ON, engine=engine, worth=worth)
    assert asked == ["189", "292", "291"]
    assert [entry.weight for entry in entries] == [Decimal(n) / 100 for n in (189, 292, 291)]


def test_the_only_diagnosis_has_no_alternative(engine: Engine) -> None:
    billed = stay("I50.23")
    found = group(billed, on=ON, engine=engine)
    assert what_if(billed, found, on=ON, engine=engine) == ()


def test_any_claim_of_real_codes_is_answered(engine: Engine) -> None:
    """Claims drawn at random: light and detailed answers agree, every code has its line."""
    draw = random.Random(20260506)
    diagnoses = [row.code for row in DiagnosisTable()]
    procedures = [row.code for row in ProcedureTable()]
    for _ in range(1500):
        claim = GrouperClaim(
            draw.choice(VERSIONS),
            tuple(
                (draw.choice(diagnoses), draw.choice(("Y", "N", "U", "W", "1", "")))
                for _ in range(draw.randint(1, 8))
            ),
            tuple(draw.choice(procedures) for _ in range(draw.randint(0, 4))),
            draw.randint(0, 99),
            draw.choice("MFU"),
            draw.choice(("01", "02", "20", "07", "41")),
            draw.choice(("NON_EXEMPT", "EXEMPT", "UNKNOWN")),
        )
        found = group_claim(claim, engine=engine)
        light = group_claim(claim, engine=engine, detail=False)
        assert (found.initial.drg, found.drg) == (light.initial.drg, light.drg), claim
        assert found.hacs_met == light.hacs_met
        assert len(found.codes) == len(claim.diagnoses) + len(claim.procedures)
        assert found.final.title, claim
        assert (found.final.rule != "") == (found.drg != "999"), claim
        for code in found.codes:
            counts = code.severity in {"NEITHER", code.severity_before_exclusion}
            assert bool(code.excluded_by) == (code.severity != code.severity_before_exclusion)
            assert counts or code.severity.startswith(code.severity_before_exclusion)
