"""The order of the steps, and that one missing takes nothing else with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from superbill.adjudication import Ask, adjudicate, adjudicate_each
from superbill.adjudication.what_if import without
from superbill.errors import Invalid
from superbill.model import Decision, Finding, WhatIf
from tests.unit.adjudication.steps import Told
from tests.unit.benefits.stays import payers, stay

MEDICARE: dict[str, Any] = {"kind": "medicare_part_a", "name": "Medicare"}
MEDIGAP: dict[str, Any] = {"kind": "medigap", "name": "Medigap", "plan": "G"}
PLAN: dict[str, Any] = {
    "kind": "plan",
    "name": "Plan",
    "terms": {"method": "drg_base_rate", "base_rate": "9000.00"},
}
USED_UP = MEDICARE | {
    "benefit_period": {
        "full_days_used": 60,
        "coinsurance_days_used": 30,
        "lifetime_reserve_days_left": 0,
    }
}


def balanced(decision: Decision) -> bool:
    parts = decision.paid + decision.written_off + decision.patient + decision.undetermined
    return parts == decision.charges == sum(share.amount for share in decision.shares)


def test_edits_then_group_then_price_then_split() -> None:
    told = Told()
    decision = adjudicate(stay(payers=payers(MEDICARE, MEDIGAP)), engine=told)
    assert told.asked == ["edits", "group", "price"]
    assert decision.grouping is not None
    assert decision.payment is not None
    assert decision.grouping.drg == "291"
    # 1.3454 × 10,000 = 13,454.00; − 1,736.00 = 11,718.00; − 2 % (234.36) = 11,483.64.
    assert [p.paid for p in decision.payers] == [Decimal("11483.64"), Decimal("1736.00")]
    assert decision.patient == decision.undetermined == 0
    assert decision.lock == "abc123"
    assert balanced(decision)


def test_one_trace_leads_from_the_rate_to_the_cent() -> None:
    decision = adjudicate(stay(payers=payers(MEDICARE, MEDIGAP)), engine=Told(), explain=True)
    assert [step.name for step in decision.trace][-2:] == ["Medicare Part A", "Medigap plan G"]
    assert adjudicate(stay(payers=payers(MEDICARE)), engine=Told(), explain=False).trace == ()


def test_a_contract_by_weight_asks_no_price() -> None:
    told = Told()
    decision = adjudicate(stay(payers=payers(PLAN)), engine=told)
    assert told.asked == ["edits", "group", "weight"]
    assert decision.payment is None
    # 9,000.00 × 1.3454
    assert decision.paid == Decimal("12108.60")


@pytest.mark.parametrize(
    ("missing", "documents", "group", "payment", "said"),
    [
        ("group", (MEDICARE,), False, False, ["The group:", "The share of Medicare:"]),
        ("price", (MEDICARE,), True, False, ["The payment:", "The share of Medicare:"]),
        ("weight", (PLAN,), True, False, ["The weight:", "The share of Plan:"]),
        ("group", (PLAN,), False, False, ["The group:", "The share of Plan:"]),
    ],
)
def test_what_is_missing_takes_nothing_else_with_it(
    missing: str, documents: tuple[dict[str, Any], ...], group: bool, payment: bool, said: list[str]
) -> None:
    told = Told(missing=frozenset({missing}))
    decision = adjudicate(stay(payers=payers(*documents)), engine=told)
    assert decision.edits.ran == ("integrity",)
    assert (decision.grouping is not None, decision.payment is not None) == (group, payment)
    assert [
        reason[: len(start)] for reason, start in zip(decision.not_covered, said, strict=True)
    ] == said
    assert decision.undetermined == decision.charges
    assert balanced(decision)


def test_a_missing_price_that_no_payer_follows_is_not_missed() -> None:
    told = Told(missing=frozenset({"price"}))
    plan = PLAN | {"terms": {"method": "percent_of_charges", "percent": "0.5"}}
    decision = adjudicate(stay(payers=payers(plan)), engine=told)
    assert decision.not_covered == ()
    assert decision.paid == Decimal("10000.00")


def test_a_stay_that_the_pricer_refuses_keeps_its_payment_record() -> None:
    decision = adjudicate(stay(payers=payers(MEDICARE)), engine=Told(return_code="62"))
    assert decision.payment is not None
    assert decision.payment.return_code == "62"
    assert "code 62" in decision.not_covered[0]
    assert decision.undetermined == decision.charges


def test_without_payers_the_stay_is_grouped_and_nothing_is_split() -> None:
    told = Told()
    decision = adjudicate(stay(), engine=told)
    assert told.asked == ["edits", "group"]
    assert decision.grouping is not None
    assert decision.undetermined == decision.charges
    assert "none are given" in decision.not_covered[0]


def finding(rule: str, where: str) -> Finding:
    return Finding(rule=rule, where=where, message="cannot be.", remedy="Mend it.")


def test_every_problem_is_told_at_once_and_nothing_answered() -> None:
    told = Told(
        findings=(
            finding("integrity.unknown_code", "diagnoses[0].code"),
            finding("integrity.days_exceed_stay", "covered_days"),
            finding("mce.invalid_diagnosis_code", "diagnoses[0]"),
        )
    )
    with pytest.raises(Invalid) as raised:
        adjudicate(stay(payers=payers(MEDIGAP), covered_days=99), engine=told)
    # The days are said once, though two checks see them.
    assert [problem.path for problem in raised.value.problems] == [
        "diagnoses[0].code",
        "covered_days",
        "payers[0]",
    ]
    assert told.asked == ["edits"]


def test_a_finding_that_is_not_fatal_stops_nothing() -> None:
    told = Told(findings=(finding("mce.unacceptable_principal_diagnosis", "diagnoses[0]"),))
    decision = adjudicate(stay(payers=payers(MEDICARE)), engine=told)
    assert decision.edits.findings == told.findings
    assert decision.undetermined == 0


@pytest.mark.parametrize(
    ("documents", "covered", "reserve"),
    [
        # The whole stay of five days is covered: nothing is changed.
        ((MEDICARE,), None, 0),
        # Two regular days left.
        (
            (MEDICARE | {"benefit_period": {"full_days_used": 60, "coinsurance_days_used": 28}},),
            2,
            0,
        ),
        # Reserve days only.
        (
            (MEDICARE | {"benefit_period": {"full_days_used": 60, "coinsurance_days_used": 30}},),
            5,
            5,
        ),
        # Medigap's own days follow Medicare's price for the whole stay.
        ((USED_UP, MEDIGAP), None, 0),
    ],
)
def test_the_pricer_sees_the_days_that_the_benefit_period_leaves(
    documents: tuple[dict[str, Any], ...], covered: int | None, reserve: int
) -> None:
    told = Told()
    adjudicate(stay(payers=payers(*documents)), engine=told)
    (priced,) = told.priced
    assert (priced.covered_days, priced.lifetime_reserve_days) == (covered, reserve)


def test_a_stay_whose_days_are_used_up_is_not_priced() -> None:
    told = Told()
    decision = adjudicate(stay(payers=payers(USED_UP)), engine=told)
    assert told.priced == []
    assert decision.patient == decision.charges
    assert decision.not_covered == ()


CASES = (
    WhatIf(where="diagnoses[0]", code="I5023", drg="293", title="group 293", changes=True),
    WhatIf(where="diagnoses[1]", code="J9601", drg="291", title="group 291", changes=False),
)
TWO = [{"code": "I5023", "poa": "Y"}, {"code": "J9601", "poa": "Y"}]


def test_each_code_with_the_weight_and_payment_without_it() -> None:
    told = Told(cases=CASES)
    encounter = stay(payers=payers(MEDICARE), diagnoses=TWO)
    decision = adjudicate(encounter, engine=told, what_if=True)
    assert decision.grouping is not None
    assert [(case.weight, case.payment) for case in decision.grouping.what_if] == [
        (Decimal("0.5899"), Decimal("5899.00")),
        (Decimal("1.3454"), Decimal("13454.00")),
    ]
    # The stay itself, then without each code.
    assert [tuple(d.code for d in asked.diagnoses) for asked in told.priced] == [
        ("I5023", "J9601"),
        ("J9601",),
        ("I5023",),
    ]


def test_what_a_code_is_worth_stays_open_where_it_is_not_covered() -> None:
    told = Told(cases=CASES, missing=frozenset({"weight"}), return_code="62")
    encounter = stay(payers=payers(MEDICARE), diagnoses=TWO)
    decision = adjudicate(encounter, engine=told, what_if=True)
    assert decision.grouping is not None
    assert {(case.weight, case.payment) for case in decision.grouping.what_if} == {(None, None)}
    assert [case.drg for case in decision.grouping.what_if] == ["293", "291"]


def test_no_what_if_unless_asked() -> None:
    told = Told(cases=CASES)
    decision = adjudicate(stay(payers=payers(MEDICARE), diagnoses=TWO), engine=told)
    assert decision.grouping is not None
    assert decision.grouping.what_if == ()
    assert len(told.priced) == 1


def test_weights_without_a_price_where_nobody_pays_by_it() -> None:
    told = Told(cases=CASES)
    encounter = stay(payers=payers(PLAN), diagnoses=TWO)
    decision = adjudicate(encounter, engine=told, what_if=True)
    assert decision.grouping is not None
    assert [(case.weight, case.payment) for case in decision.grouping.what_if] == [
        (Decimal("0.5899"), None),
        (Decimal("1.3454"), None),
    ]
    assert told.priced == []


def test_many_at_once_are_answered_as_one_by_one_and_in_order() -> None:
    stays = [
        stay(payers=payers(MEDICARE, MEDIGAP)),
        stay(payers=payers(MEDIGAP)),
        stay(),
        stay(payers=payers(PLAN)),
    ]
    ask = Ask(explain=True, what_if=True)
    answers = adjudicate_each(stays, engine=Told(cases=CASES[:1]), ask=ask)
    assert isinstance(answers[1], Invalid)
    assert [problem.path for problem in answers[1].problems] == ["payers[0]"]
    for place in (0, 2, 3):
        alone = Told(cases=CASES[:1])
        assert answers[place] == adjudicate(stays[place], engine=alone, explain=True, what_if=True)


def test_none_at_once_is_no_answer() -> None:
    assert adjudicate_each([], engine=Told(), ask=Ask()) == []


@pytest.mark.parametrize("where", ["lines[0]", "diagnoses", "diagnoses[x]"])
def test_only_codes_can_be_left_out(where: str) -> None:
    with pytest.raises(ValueError, match="place of a code"):
        without(stay(), where)


def test_a_procedure_left_out() -> None:
    encounter = stay(procedures=[{"code": "0DTJ4ZZ"}, {"code": "5A09357"}])
    assert [p.code for p in without(encounter, "procedures[0]").procedures] == ["5A09357"]
