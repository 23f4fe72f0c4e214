"""Medigap after Medicare Part B, line by line.

What each letter pays is fixed by the model regulation of the National Association of Insurance
Commissioners (model 651, section 9.1; recognized in 82 FR 41684, 2017-09-01): the coinsurance
of Part B in full, but half of it under plan K and three quarters under plan L; the Part B
deductible under plans C and F alone; charges above what Medicare allows under plans F and G.

Not modelled: plan N's copays for office and emergency visits, since no list of the codes that
count as such is held, and the high-deductible forms of F and G.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from superbill.benefits import dated
from superbill.benefits.reasons import COINSURANCE, DEDUCTIBLE
from superbill.benefits.visits.lines import BALANCE, Line, answer
from superbill.errors import NotCovered
from superbill.model import LineDecision, Medigap, PayerDecision, Trace
from superbill.money import ZERO, half_up

COINSURANCE_SHARE = {letter: Decimal(1) for letter in "ABCDFGM"} | {
    "K": Decimal("0.50"),
    "L": Decimal("0.75"),
}
PAYS_DEDUCTIBLE = frozenset("CF")
PAYS_EXCESS = frozenset("FG")

STANDARD = "NAIC model regulation 651, section 9.1 (82 FR 41684)"


def decide(
    lines: list[Line], plan: Medigap, medicare: PayerDecision, trace: Trace
) -> Iterator[LineDecision]:
    """What the plan adds to Medicare's answer, line by line.

    Raises :class:`~superbill.errors.NotCovered` for plan N where there is coinsurance, and where
    a year's limit of plans K and L is not held.
    """
    met = plan.out_of_pocket_met
    for line, before in zip(lines, medicare.lines, strict=True):
        left = {a.reason: a.amount for a in before.adjustments if a.group == "PR"}
        deductible = min(left.get("1", ZERO), line.open)
        coinsurance = min(left.get("2", ZERO), line.open - deductible)
        excess = min(left.get("45", ZERO), line.open - deductible - coinsurance)
        with trace.part(
            f"Line {line.number}, {line.code}, Medigap plan {plan.plan}", cite=STANDARD
        ):
            own = ZERO if plan.plan in PAYS_DEDUCTIBLE else deductible
            share = _share(line, plan, coinsurance, met, trace)
            met += share
            over = ZERO if plan.plan in PAYS_EXCESS else excess
            paid = trace(
                "Medigap pays",
                deductible + coinsurance + excess - own - share - over,
                formula="what Medicare left to the patient − what the plan leaves",
                deductible=deductible,
                coinsurance=coinsurance,
                excess_charge=excess,
                left_to_patient=own + share + over,
            )
        beyond = line.open - paid - own - share - over
        yield answer(
            line,
            allowed=paid + own + share + over,
            paid=paid,
            parts=(
                (DEDUCTIBLE, own),
                (COINSURANCE, share),
                (BALANCE, over),
                (_same(before), beyond),
            ),
        )


def _share(line: Line, plan: Medigap, coinsurance: Decimal, met: Decimal, trace: Trace) -> Decimal:
    """The part of the coinsurance that the plan leaves to the patient."""
    if not coinsurance:
        return ZERO
    pays = COINSURANCE_SHARE.get(plan.plan)
    if pays is None:
        raise NotCovered(
            f"Medigap plan {plan.plan} for services by line",
            on=line.day,
            remedy="Its copays turn on which codes are office or emergency visits, a list that is "
            "not held: ask the plan.",
        )
    if pays == 1:
        return ZERO
    limit = dated.row("medigap.toml", "limit", "Medigap K and L out-of-pocket limit", line.day)
    return trace(
        "Coinsurance left to the patient",
        min(half_up(coinsurance * (1 - pays)), max(limit.figures[plan.plan] - met, ZERO)),
        formula="coinsurance × (1 − the plan's share), at most what is left of the year's limit",
        cite="section 1882(w)(2) of the Social Security Act",
        coinsurance=coinsurance,
        plan_share=pays,
        limit=(limit.figures[plan.plan], limit.source),
        met=met,
    )


def _same(before: LineDecision) -> tuple[str, str, str]:
    """What Medicare denied at the patient's cost stays so, under Medicare's own reason."""
    for each in before.adjustments:
        if each.group == "PR" and each.reason not in {"1", "2", "45"}:
            return ("PR", each.reason, each.meaning)
    return ("PR", "96", "not covered, owed by the patient")
