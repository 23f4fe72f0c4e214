"""Remittances held against decisions: what is the same, what is not, and what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from superbill.interop.x12.remits import Settled, remittances_of, reversal
from superbill.interop.x12.remits.compare import ClaimComparison, Comparison, compare
from superbill.interop.x12.remits.report import denials, document, off
from superbill.interop.x12.remits.words import codes, meaning
from superbill.model import ClaimAdjustment, Remittance, RemittanceClaim, VisitDecision
from tests.unit.interop.remits.test_decided import settled_stay, settled_visit

PAID = date(2026, 3, 20)


def paid(*items: Settled) -> list[Remittance]:
    return remittances_of(items, paid_on=PAID)


def visit() -> VisitDecision:
    decision = settled_visit().decision
    assert isinstance(decision, VisitDecision)
    return decision


def with_claims(remittance: Remittance, *claims: RemittanceClaim) -> Remittance:
    return replace(remittance, claims=claims)


def only(found: Comparison) -> ClaimComparison:
    (one,) = found.claims
    return one


def test_what_was_decided_is_what_was_paid() -> None:
    items = [settled_visit(), settled_stay()]
    found = compare(paid(*items), [item.decision for item in items])
    assert found.same
    assert {each.outcome for each in found.claims} == {"same"}
    assert found.elsewhere == ()


def test_one_payers_remittance_is_no_complaint_about_the_other() -> None:
    medicare, _ = paid(settled_visit())
    found = compare([medicare], [visit()])
    assert found.same
    assert [each.payer for each in found.elsewhere] == ["Supplement"]


def test_a_line_that_was_cut_is_found_on_its_line() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    line = claim.lines[0]
    cut = replace(
        line,
        paid=line.paid - Decimal("37.20"),
        adjustments=(
            *line.adjustments,
            ClaimAdjustment(group="CO", reason="50", amount=Decimal("37.20")),
        ),
    )
    less = replace(claim, paid=claim.paid - Decimal("37.20"), lines=(cut, claim.lines[1]))
    found = only(compare([with_claims(medicare, less)], [visit()]))
    assert found.outcome == "differs"
    assert [(d.line, d.what, d.expected, d.received) for d in found.differences] == [
        (None, "paid", Decimal("137.20"), Decimal("100.00")),
        (None, "CO-50", Decimal("0.00"), Decimal("37.20")),
        (1, "paid", Decimal("137.20"), Decimal("100.00")),
        (1, "CO-50", Decimal("0.00"), Decimal("37.20")),
    ]
    assert "$37.20 less" in found.differences[0].message
    assert meaning("reason", "50") in found.differences[1].message


def test_what_moves_to_the_patient_is_found_though_the_payment_is_the_same() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    lines = tuple(
        replace(line, adjustments=tuple(replace(a, group="PR") for a in line.adjustments))
        for line in claim.lines
    )
    found = only(compare([with_claims(medicare, replace(claim, lines=lines))], [visit()]))
    patient = next(d for d in found.differences if d.what == "patient")
    assert (patient.expected, patient.received) == (Decimal("10.00"), Decimal("62.80"))


def test_lines_that_are_missing_or_too_many_are_told() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    strange = replace(claim.lines[1], references=(), service=None, revenue_code="0300")
    changed = replace(claim, lines=(claim.lines[0], strange))
    found = only(compare([with_claims(medicare, changed)], [visit()]))
    assert [(d.what, d.line) for d in found.differences] == [("line", 2), ("line", None)]


def test_lines_without_the_providers_number_are_known_by_their_code() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    bare = tuple(replace(line, references=()) for line in reversed(claim.lines))
    assert compare([with_claims(medicare, replace(claim, lines=bare))], [visit()]).same


def test_claims_without_counterpart_are_told_both_ways() -> None:
    medicare = paid(settled_visit())[0]
    stranger = with_claims(medicare, replace(medicare.claims[0], id="X-9"))
    found = compare([stranger], [visit()])
    assert not found.same
    assert [(c.claim, c.outcome) for c in found.claims] == [
        ("X-9", "unexpected"),
        ("V-1", "missing"),
    ]


def test_a_payment_that_is_taken_back_and_made_anew_is_the_new_one() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    wrong = replace(claim, charge=claim.charge + 1)
    found = compare([with_claims(medicare, wrong, reversal(wrong), claim)], [visit()])
    assert found.same
    earlier = compare([with_claims(medicare, reversal(wrong), claim)], [visit()])
    assert earlier.same
    assert [c.note.split(" ")[0] for c in earlier.claims] == ["", "Takes"]


def test_a_payment_that_is_only_taken_back_is_a_difference() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    found = only(compare([with_claims(medicare, reversal(claim))], [visit()]))
    assert (found.outcome, found.received) == ("reversed", -claim.paid)
    both = compare([with_claims(medicare, claim, reversal(claim))], [visit()])
    assert not both.same


def test_a_claim_that_is_paid_twice_is_a_difference() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    found = compare([with_claims(medicare, claim, claim)], [visit()])
    assert [c.outcome for c in found.claims] == ["same", "differs"]


def test_a_payer_goes_by_its_name_before_its_place() -> None:
    supplement = paid(settled_visit())[1]
    claim = replace(supplement.claims[0], status="1")
    assert compare([with_claims(supplement, claim)], [visit()]).same
    other = replace(supplement, payer=replace(supplement.payer, name="Another name"))
    assert compare([with_claims(other, supplement.claims[0])], [visit()]).same


def test_denials_are_counted_by_reason() -> None:
    medicare = paid(settled_visit())[0]
    claim = medicare.claims[0]
    why = (ClaimAdjustment(group="CO", reason="29", amount=claim.charge),)
    denied = replace(claim, paid=Decimal("0.00"), adjustments=why, lines=())
    line = replace(
        claim.lines[1],
        adjustments=(ClaimAdjustment(group="CO", reason="97", amount=Decimal("20.00")),),
    )
    bundled = replace(claim, id="V-2", lines=(claim.lines[0], line))
    late, part = denials([with_claims(medicare, denied, denied, bundled)])
    assert (late.reason, late.claims, late.lines, late.amount) == ("29", 2, 0, Decimal("400.00"))
    assert (part.reason, part.claims, part.lines, part.amount) == ("97", 0, 1, Decimal("20.00"))
    assert late.meaning == "sent too late"


def test_the_document_ties_to_the_payment_and_names_what_does_not() -> None:
    medicare = paid(settled_visit())[0]
    told: dict[str, Any] = document("a.835", [medicare])["remittances"][0]
    assert told["balanced"]
    assert told["totals"]["payment"] == told["totals"]["claims_paid"] == "137.20"
    assert told["claims"][0]["lines"][0]["adjustments"][0]["meaning"] == meaning("reason", "45")
    uneven = with_claims(medicare, replace(medicare.claims[0], paid=Decimal("100.00")))
    assert [where for where, _ in off(uneven)] == ["payment", "claim V-1"]
    assert not document("a.835", [uneven])["remittances"][0]["balanced"]
    assert msgspec.json.encode(document("a.835", [uneven], compare([uneven], [visit()])))


def test_common_codes_have_words_of_their_own() -> None:
    assert len(codes("reason")) >= 120
    assert {"CO", "PR", "OA", "PI"} <= codes("group")
    assert meaning("provider", "FB").startswith("balance carried forward")
    assert meaning("reason", "none") == ""


@pytest.mark.parametrize("kind", ["group", "reason", "remark", "provider", "status"])
def test_words_are_short_and_each_code_has_its_own(kind: Any) -> None:
    words = [meaning(kind, code) for code in codes(kind)]
    assert all(0 < len(each) <= 90 and not each.endswith(".") for each in words)
    # Some codes of the lists say the same.
    assert len(set(words)) >= len(words) - 2
