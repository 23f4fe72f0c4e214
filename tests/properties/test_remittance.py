"""Whatever was decided, the 835 of it balances, and is read back as the same remittance."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.check import check_file
from superbill.interop.x12.remits import (
    Settled,
    balanced,
    payer_decision,
    remittances,
    remittances_of,
    reversal,
    write_835,
)
from superbill.model import Decision, EditReport, Encounter, Payment, Remittance
from tests.properties.test_conservation import ask, payments, stays, weights
from tests.unit.interop.stays import PARTNER

CREATED = datetime(2026, 12, 30, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
PAID = date(2026, 12, 30)

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def decided(encounter: Encounter, paid: Payment | None, weight: Decimal | None) -> Decision:
    result = ask(encounter, paid, weight)
    return Decision(
        encounter_id=encounter.id,
        edits=EditReport(),
        grouping=None,
        payment=paid,
        payers=result.payers,
        charges=result.charges,
        paid=result.paid,
        written_off=result.written_off,
        patient=result.patient,
        shares=result.shares,
        undetermined=result.undetermined,
        not_covered=result.not_covered,
    )


def written(found: list[Remittance]) -> bytes:
    return write_835(found, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)


def assert_balanced(content: bytes) -> None:
    """Levels 1 to 3 find nothing, save that the guide wants a patient's name of fewer claims."""
    report = check_file(content, level=3)
    assert report.accepted, report.findings


batches = st.lists(st.tuples(stays(), payments, weights), min_size=1, max_size=4)


@many
@given(batches)
def test_the_835_of_any_decisions_balances_and_reads_back(
    batch: list[tuple[Encounter, Payment | None, Decimal | None]],
) -> None:
    items = [
        Settled(encounter, decided(encounter, paid, weight)) for encounter, paid, weight in batch
    ]
    made = remittances_of(items, paid_on=PAID)
    answers = [
        answer for item in items for answer in item.decision.payers if answer.kind != "self_pay"
    ]
    assert sum(len(remittance.claims) for remittance in made) == len(answers)
    assert sum(remittance.claims_paid for remittance in made) == sum(a.paid for a in answers)
    if not made:
        return
    assert all(remittance.amount >= 0 == remittance.balance for remittance in made)
    content = written(made)
    assert_balanced(content)
    back = list(remittances(content))
    for one, other in zip(made, back, strict=True):
        # The numbers of payment and claims are given when it is written.
        claims = tuple(replace(claim, control_number="") for claim in other.claims)
        assert replace(other, number="", claims=claims) == one


@many
@given(stays(), payments, weights, st.booleans())
def test_a_reversal_balances_alone_and_with_a_correction(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None, corrected: bool
) -> None:
    item = Settled(encounter, decided(encounter, paid, weight))
    for made in remittances_of([item], paid_on=PAID):
        back = tuple(map(reversal, made.claims))
        claims = (*back, *made.claims) if corrected else back
        changed = balanced(replace(made, claims=claims, provider_adjustments=()))
        assert changed.balance == 0 <= changed.amount
        assert (changed.method == "NON") == (changed.amount == 0)
        forwarded = sum(each.amount for each in changed.provider_adjustments)
        assert forwarded == (0 if corrected else min(-made.claims_paid, Decimal(0)))
        assert_balanced(written([changed]))


@many
@given(stays(), payments, weights)
def test_the_payers_answer_comes_back_out_of_its_remittance(
    encounter: Encounter, paid: Payment | None, weight: Decimal | None
) -> None:
    decision = decided(encounter, paid, weight)
    answers = [answer for answer in decision.payers if answer.kind != "self_pay"]
    made = remittances_of([Settled(encounter, decision)], paid_on=PAID)
    if not made:
        return
    back = [
        payer_decision(remittance, claim)
        for remittance in remittances(written(made))
        for claim in remittance.claims
    ]
    for answer in answers:
        (one,) = [b for b in back if b.position == min(answer.position, 3)][:1]
        if answer.position <= 3 and len([a for a in answers if a.position >= 3]) <= 1:
            assert (one.billed, one.paid, one.patient) == (
                answer.billed,
                answer.paid,
                answer.patient,
            )
            sums = {(a.group, a.reason): a.amount for a in one.adjustments}
            assert sums == {(a.group, a.reason): a.amount for a in answer.adjustments}
