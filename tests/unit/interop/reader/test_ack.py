"""Acknowledgements: what is answered, that it is right X12, and that it comes back to its claim."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from superbill.interop.x12.ack import (
    Acknowledgement,
    ClaimsAck,
    GroupAck,
    InterchangeAck,
    Receiving,
    Written,
    acknowledge,
    read,
    sent_claims,
    track,
    write,
)
from superbill.interop.x12.check import answers as check_answers
from superbill.interop.x12.check import check_file, checks, gather
from superbill.interop.x12.control_numbers import SequentialControlNumbers
from superbill.interop.x12.reader import transactions
from superbill.store.open import Store
from tests.unit.interop.readback import pyx12_errors
from tests.unit.interop.reader.files import CLEAN, clean, isa

CREATED = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def answered(content: bytes, store: Store | None = None, level: int = 5) -> tuple[bytes, Written]:
    receiving = Receiving()
    todo = receiving.checks(checks(level, store=store))
    gather(receiving.listen(check_answers(content, todo)))
    return acknowledge(receiving.arrivals, SequentialControlNumbers(900), CREATED)


def group(answers: list[Acknowledgement]) -> GroupAck:
    (found,) = [a for a in answers if isinstance(a, GroupAck)]
    return found


def claims(answers: list[Acknowledgement]) -> ClaimsAck:
    (found,) = [a for a in answers if isinstance(a, ClaimsAck)]
    return found


@pytest.mark.parametrize("name", [n for n in CLEAN if n != "999"])
def test_a_clean_file_is_accepted(name: str, embedded_store: Store) -> None:
    content, written = answered(clean(name), embedded_store)
    answers = list(read(content))
    ack = group(answers)
    assert (ack.answer, ack.stated, ack.received, ack.accepted) == ("A", 1, 1, 1)
    assert [(s.answer, s.faults, s.segments) for s in ack.sets] == [("A", (), ())]
    assert written.implementation == 1
    assert written.claims == name.startswith("837")
    found = check_file(content, level=5, store=embedded_store)
    assert found.accepted, [str(f) for f in found.findings]


def test_the_answers_are_right_for_pyx12_too(embedded_store: Store) -> None:
    bad = clean("837P").replace(b"CLM*ACCT0001*250*", b"CLM*ACCT0001*25O*")
    for content in (clean("835"), clean("837I"), bad):
        given, _ = answered(content, embedded_store)
        # pyx12 never accepts a 277CA, for its map requires what is situational.
        head = given[: given.index(b"GS*HN")] if b"GS*HN" in given else given
        if head is not given:
            head += b"IEA*1*000000900~\n"
            head = head.replace(b"\nTA1", b"\nTA1")
        assert pyx12_errors(head) == []


@pytest.mark.parametrize("name", ["999"])
def test_acknowledgements_are_never_acknowledged(name: str) -> None:
    assert answered(clean(name)) == (b"", Written())


def test_a_ta1_alone_is_never_acknowledged() -> None:
    alone = f"{isa()}TA1*000000009*260303*1020*R*005~IEA*0*000000001~"
    assert answered(alone.encode()) == (b"", Written())
    assert answered(alone.replace("IEA*0", "IEA*1").encode()) == (b"", Written())


def test_a_ta1_is_sent_where_it_is_asked_for_or_the_envelope_is_wrong() -> None:
    asked, _ = answered(clean("837P"), level=2)
    assert [a for a in read(asked) if isinstance(a, InterchangeAck)] == [
        InterchangeAck("000000101", "260303", "1020", "A", "000", "ZZ:EXAMPLESENDER")
    ]
    unasked, _ = answered(clean("835"), level=2)
    assert not [a for a in read(unasked) if isinstance(a, InterchangeAck)]
    wrong, _ = answered(clean("835").replace(b"IEA*1*000000301", b"IEA*2*000000301"), level=2)
    (ta1,) = [a for a in read(wrong) if isinstance(a, InterchangeAck)]
    assert (ta1.control, ta1.answer, ta1.fault) == ("000000301", "R", "021")


@pytest.mark.parametrize(
    ("find", "put", "fault"),
    [
        (b"*ZZ*EXAMPLESENDER ", b"*ZQ*EXAMPLESENDER ", "005"),
        (b"*1*T*:~", b"*1*Q*:~", "020"),
        (b"IEA*1*000000101", b"IEA*1*000000102", "001"),
        (b"IEA*1*000000101~\n", b"", "023"),
    ],
)
def test_a_ta1_tells_which_element_of_the_envelope_is_wrong(
    find: bytes, put: bytes, fault: str
) -> None:
    content, _ = answered(clean("837P").replace(find, put), level=2)
    (ta1,) = [a for a in read(content) if isinstance(a, InterchangeAck)]
    assert (ta1.answer, ta1.fault) == ("R", fault)


def test_a_fault_is_told_to_segment_and_element() -> None:
    content, written = answered(
        clean("837P").replace(b"CLM*ACCT0001*250***11:B:1*Y", b"CLM*ACCT0001*250***11:B:1*Q"),
        level=2,
    )
    ack = group(list(read(content)))
    assert (ack.answer, ack.accepted) == ("R", 0)
    (one,) = ack.sets
    assert (one.answer, one.faults) == ("R", ("I5",))
    (fault,) = one.segments
    assert (fault.segment, fault.position, fault.loop, fault.fault) == ("CLM", 20, "2300", "8")
    assert fault.claim == "ACCT0001"
    assert fault.elements == (("6", "1073", "7", "Q"),)
    assert written.claims == 0  # the whole transaction was sent back


def test_a_missing_segment_is_told() -> None:
    content, _ = answered(clean("837P").replace(b"N3*100 MAIN STREET~\n", b""), level=2)
    (one,) = group(list(read(content))).sets
    assert ("N3", 9, "2010AA", "3") in {
        (s.segment, s.position, s.loop, s.fault) for s in one.segments
    }
    assert set(one.faults) == {"4", "I5"}  # the count is wrong as well


def test_a_situational_fault_names_its_trigger() -> None:
    content, _ = answered(
        clean("837P").replace(b"REF*F8*PAYERCLAIM77", b"REF*D9*PAYERCLAIM77"), level=4
    )
    (transaction,) = [list(t) for t in transactions(clean("837P"))]
    at = next(i for i, s in enumerate(transaction, 1) if s.element(1) == "ACCT0002")
    assert f"CTX*SITUATIONAL TRIGGER*CLM*{at}*2300*5:3" in content.decode()
    (one,) = group(list(read(content))).sets
    assert one.answer == "E"
    answer = claims(list(read(content)))
    assert [c.accepted for c in answer.claims] == [True, False]
    assert [s[:2] for s in answer.claims[1].statuses] == [("A6", "464")]


def test_one_bad_transaction_of_two_makes_the_group_partial() -> None:
    text = clean("837P").decode()
    start, end = text.index("ST*"), text.index("GE*")
    second = text[start:end].replace("*0001*005", "*0002*005").replace("SE*62*0001", "SE*62*0002")
    second = second.replace("ACCT", "MORE").replace("DMG*D8*19700115", "DMG*D8*19701315")
    both = text[:end] + second + text[end:].replace("GE*1", "GE*2")
    answers = list(read(answered(both.encode(), level=2)[0]))
    ack = group(answers)
    assert (ack.answer, ack.received, ack.accepted) == ("P", 2, 1)
    assert [(s.control, s.answer) for s in ack.sets] == [("0001", "A"), ("0002", "R")]
    assert {c.claim for c in claims(answers).claims} == {"ACCT0001", "ACCT0002"}


def test_an_835_that_does_not_balance_is_rejected(embedded_store: Store) -> None:
    content, _ = answered(clean("835").replace(b"BPR*I*265*C", b"BPR*I*266*C"), embedded_store)
    assert group(list(read(content))).answer == "R"


def test_4010_is_rejected_by_its_version() -> None:
    old = clean("837P").replace(b"005010X222A1", b"004010X098A1")
    ack = group(list(read(answered(old)[0])))
    assert (ack.answer, ack.faults) == ("R", ("2",))
    assert ack.sets[0].faults == ("I6",)


def test_claims_are_answered_one_by_one(embedded_store: Store) -> None:
    bad = clean("837P").replace(b"ABF:E119", b"ABF:E11Z9")
    answer = claims(list(read(answered(bad, embedded_store)[0])))
    assert answer.reference == "REF000101"
    first, second = answer.claims
    assert (first.claim, first.accepted, first.trace) == ("ACCT0001", False, "CLEAR0001")
    assert [s[:2] for s in first.statuses] == [("A7", "255")]
    assert (second.claim, second.accepted, str(second.charge)) == ("ACCT0002", True, "300")


def test_what_is_wrong_with_the_provider_is_told_of_each_claim(embedded_store: Store) -> None:
    bad = clean("837P").replace(b"*XX*1234567893~\nN3*100", b"*XX*1234567890~\nN3*100")
    answer = claims(list(read(answered(bad, embedded_store)[0])))
    assert [[s[:3] for s in c.statuses] for c in answer.claims] == [[("A7", "562", "85")]] * 2


def test_what_is_wrong_with_one_patient_is_not_told_of_the_next(embedded_store: Store) -> None:
    bad = clean("837P").replace(b"DMG*D8*19700115*F~\n", b"").replace(b"SE*62", b"SE*61")
    answer = claims(list(read(answered(bad, embedded_store)[0])))
    assert [c.accepted for c in answer.claims] == [False, True]


def test_every_claim_comes_back_to_what_was_sent(embedded_store: Store) -> None:
    sent = list(sent_claims(clean("837P")))
    assert [(s.claim, s.group, s.transaction, s.reference) for s in sent] == [
        ("ACCT0001", "101", "0001", "REF000101"),
        ("ACCT0002", "101", "0001", "REF000101"),
    ]
    bad = clean("837P").replace(b"ABF:E119", b"ABF:E11Z9")
    outcomes = list(track(sent, read(answered(bad, embedded_store)[0])))
    assert [(o.sent.claim, o.state, o.by) for o in outcomes] == [
        ("ACCT0001", "rejected", "277CA"),
        ("ACCT0002", "accepted", "277CA"),
    ]
    assert outcomes[0].why == ("A7:255",)


def test_a_rejected_transaction_or_interchange_answers_its_claims() -> None:
    sent = list(sent_claims(clean("837P")))
    broken = clean("837P").replace(b"CLM*ACCT0001*250", b"CLM*ACCT0001*25O")
    outcomes = list(track(sent, read(answered(broken, level=2)[0])))
    assert {(o.state, o.by) for o in outcomes} == {("rejected", "999")}
    ta1 = f"{isa(number=7)}TA1*000000101*260303*1020*R*005~IEA*0*000000007~".encode()
    outcomes = list(track(sent, read(ta1)))
    assert {(o.state, o.by, o.why) for o in outcomes} == {("rejected", "TA1", ("005",))}


def test_a_claim_without_an_answer_is_overdue_after_some_days() -> None:
    outcomes = list(track(sent_claims(clean("837P")), []))
    assert [o.state for o in outcomes] == ["no answer"] * 2
    assert [o.overdue(5, on=date(2026, 3, 8)) for o in outcomes] == [False] * 2
    assert [o.overdue(5, on=date(2026, 3, 9)) for o in outcomes] == [True] * 2


def test_published_acknowledgements_are_read() -> None:
    ack = group(list(read(clean("999"))))
    assert (ack.kind, ack.control, ack.answer) == ("HC", "101", "P")
    assert [(s.control, s.answer, len(s.segments)) for s in ack.sets] == [
        ("0001", "R", 2),
        ("0002", "A", 0),
    ]
    assert ack.sets[0].segments[0].elements[0].fault == "1"
    assert ack.sets[0].segments[1].claim == "ACCT0002"
    answer = claims(list(read(clean("277CA"))))
    assert [(c.claim, c.accepted, c.payer_control) for c in answer.claims] == [
        ("ACCT0001", True, "PAYER0001"),
        ("ACCT0002", False, ""),
    ]


def test_answers_go_back_in_the_delimiters_that_came(embedded_store: Store) -> None:
    from tests.unit.interop.reader.files import redressed

    content, _ = answered(redressed(clean("837P"), "|", ">", "!", "\n"), embedded_store)
    assert content.startswith(b"ISA|00|")
    assert check_file(content, level=5, store=embedded_store).accepted
    assert b"|ZZ|EXAMPLEPAYER   |ZZ|EXAMPLESENDER  |" in content


def test_control_numbers_are_not_used_twice(tmp_path: Path) -> None:
    numbers = SequentialControlNumbers(5)
    receiving = Receiving()
    for content in (clean("835"), clean("270")):
        gather(receiving.listen(check_answers(content, receiving.checks(checks(2)))))
    path = tmp_path / "out.999"
    assert write(path, receiving.arrivals, numbers, CREATED) == Written(0, 2, 0)
    found = check_file(path, level=2)
    assert found.accepted, [str(f) for f in found.findings]
    assert found.interchanges == 2
    assert write(tmp_path / "none", [], numbers, CREATED) == Written()
    assert not (tmp_path / "none").exists()
