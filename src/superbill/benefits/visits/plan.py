"""A commercial or employer plan, a state's Medicaid, or the patient alone, line by line.

The plan's contract says what each line is worth (a share of charges, or of what Medicare allows),
its benefits what the member pays: copay first, then deductible, then coinsurance, each used up in
the order of the lines, the sum held to what is left of the out-of-pocket maximum. Medicaid pays
last (42 CFR 433.139), a patient alone pays the charge less the biller's discount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from superbill.benefits.reasons import (
    ABOVE_CHARGES,
    COINSURANCE,
    COPAY,
    DEDUCTIBLE,
    NOT_COVERED_PATIENT,
)
from superbill.benefits.visits.lines import DISCOUNT, WRITTEN_OFF, Line, answer
from superbill.benefits.visits.part_b import price_of
from superbill.errors import NotCovered
from superbill.model import (
    LineDecision,
    LinePrice,
    Medicaid,
    PercentOfCharges,
    PercentOfMedicare,
    Plan,
    SelfPay,
    Trace,
)
from superbill.money import ZERO, half_up


class _Member:
    """What the member still has to meet, as the lines use it up."""

    def __init__(self, plan: Plan) -> None:
        benefits, met = plan.benefits, plan.benefits.accumulators
        self._copay = benefits.copay_per_admission + benefits.copay_per_day
        self._deductible = max(benefits.deductible - met.deductible_met, ZERO)
        self._share = benefits.coinsurance
        most = benefits.out_of_pocket_maximum
        self._left = None if most is None else max(most - met.out_of_pocket_met, ZERO)

    def owes(self, allowed: Decimal, trace: Trace) -> tuple[Decimal, Decimal, Decimal]:
        """Copay, deductible and coinsurance of a line."""
        copay = min(self._copay, allowed)
        deductible = min(self._deductible, allowed - copay)
        coinsurance = half_up((allowed - copay - deductible) * self._share)
        self._copay -= copay
        self._deductible -= deductible
        owed = trace(
            "Member owes",
            copay + deductible + coinsurance,
            formula="copay + deductible + (allowed − copay − deductible) × coinsurance",
            rounding="half up to the cent",
            allowed=allowed,
            copay=copay,
            deductible=deductible,
            coinsurance=self._share,
        )
        if self._left is not None:
            if owed > self._left:
                trace(
                    "Out-of-pocket maximum",
                    self._left,
                    formula="the member pays no more than what is left of the maximum",
                    without_maximum=owed,
                )
                copay = min(copay, self._left)
                deductible = min(deductible, self._left - copay)
                coinsurance = min(coinsurance, self._left - copay - deductible)
            self._left -= copay + deductible + coinsurance
        return copay, deductible, coinsurance


def first(lines: Sequence[Line], plan: Plan, trace: Trace) -> Iterator[LineDecision]:
    """A plan that pays first.

    Raises :class:`~superbill.errors.NotCovered` where its contract does not price lines.
    """
    member = _Member(plan)
    for line in lines:
        with trace.part(f"Line {line.number}, {line.code}, {plan.name}"):
            allowed = _allowed(line, plan, trace)
            copay, deductible, coinsurance = member.owes(allowed, trace)
            paid = trace(
                "Plan pays",
                allowed - copay - deductible - coinsurance,
                formula="allowed − what the member pays",
                allowed=allowed,
                member=copay + deductible + coinsurance,
            )
        above = line.charge - allowed
        yield answer(
            line,
            allowed=allowed,
            paid=paid,
            parts=(
                (COPAY, copay),
                (DEDUCTIBLE, deductible),
                (COINSURANCE, coinsurance),
                (WRITTEN_OFF if above > 0 else ABOVE_CHARGES, above),
            ),
        )


def later(lines: Sequence[Line], plan: Plan, trace: Trace) -> Iterator[LineDecision]:
    """A plan after other payers: its own benefit, on what the payer before it allowed.

    With *standard* coordination up to what the patient would otherwise owe, with *carve-out* less
    what was paid before.
    """
    member = _Member(plan)
    for line in lines:
        with trace.part(f"Line {line.number}, {line.code}, {plan.name} after other payers"):
            allowed = (
                _allowed(line, plan, trace) if plan.terms is not None else line.allowed or ZERO
            )
            own = allowed - sum(member.owes(allowed, trace), ZERO)
            if plan.coordination == "carve_out":
                own = max(own - line.paid, ZERO)
            paid = trace(
                "Plan pays",
                min(own, line.open),
                formula="own benefit, at most what the patient would owe",
                own_benefit=own,
                patient_owes=line.open,
                paid_before=line.paid,
            )
        yield answer(line, allowed=allowed, paid=paid, parts=((COINSURANCE, line.open - paid),))


def _allowed(line: Line, plan: Plan, trace: Trace) -> Decimal:
    terms = plan.terms
    match terms:
        case PercentOfCharges():
            amount = trace(
                "Share of charges",
                half_up(line.charge * terms.percent),
                formula="charge × percent",
                rounding="half up to the cent",
                charge=line.charge,
                percent=terms.percent,
            )
        case PercentOfMedicare():
            price = price_of(line)
            amount = trace(
                "Share of Medicare",
                half_up(price.allowed * terms.percent) if price.status == "priced" else ZERO,
                formula="what Medicare allows × percent",
                rounding="half up to the cent",
                medicare=price.allowed,
                percent=terms.percent,
            )
        case _:
            raise NotCovered(
                f"What {plan.name} allows for {line.code}",
                on=line.day,
                remedy="Give terms that price a line: percent_of_charges or percent_of_medicare.",
            )
    return min(amount, line.charge) if terms.lesser_of_charges else amount


def medicaid(
    lines: Sequence[Line],
    state: Medicaid,
    prices: Sequence[LinePrice],
    trace: Trace,
    *,
    after_medicare: bool,
) -> Iterator[LineDecision]:
    """Medicaid: what the state allows less what was paid, at most what is left to the patient.

    ``prices`` are the state's own, by line; an open one says why there is no amount. With
    ``lesser_of`` false the state pays all of Medicare's cost sharing. After Medicare the rest may
    be collected from nobody (42 U.S.C. 1396a(n)).
    """
    copay = state.copay
    for line, price in zip(lines, prices, strict=True):
        with trace.part(f"Line {line.number}, {line.code}, Medicaid of {state.state}"):
            if after_medicare and not state.lesser_of:
                worth = line.paid + line.open
            elif price.status == "open":
                raise NotCovered(
                    f"What Medicaid of {state.state} allows for {line.code} (line {line.number})",
                    on=line.day,
                    remedy=price.meaning,
                )
            else:
                _retell(price, trace)
                worth = price.allowed
                if not after_medicare:
                    worth = trace(
                        "Lesser of schedule and charge",
                        min(price.allowed, line.charge),
                        schedule=(price.allowed, price.release),
                        charge=line.charge,
                    )
            share = trace(
                "Medicaid's share",
                min(max(worth - line.paid, ZERO), line.open),
                formula="what the state allows − what was paid before, at most what is open",
                cite="42 U.S.C. 1396a(n); 42 CFR 447.20",
                allowed=worth,
                paid_before=line.paid,
                open=line.open,
            )
            own = min(copay, share)
            copay -= own
            paid = trace("Medicaid pays", share - own, formula="share − copay", copay=own)
        yield answer(
            line,
            allowed=worth,
            paid=paid,
            parts=((COPAY, own), (WRITTEN_OFF, line.open - share)),
        )


def _retell(price: LinePrice, trace: Trace) -> None:
    """The steps by which the state's amount was found, among those of its share."""
    for step in price.trace:
        trace(
            step.name,
            step.value,
            formula=step.formula,
            rounding=step.rounding,
            cite=step.citation,
            **{each.name: (each.value, each.source) for each in step.inputs},
        )


def alone(lines: Sequence[Line], patient: SelfPay, trace: Trace) -> Iterator[LineDecision]:
    """The patient as the only payer: what is not discounted is the patient's."""
    for line in lines:
        discount = trace(
            f"Line {line.number}, {line.code}: discount",
            half_up(line.charge * patient.discount),
            formula="charge × discount",
            rounding="half up to the cent",
            charge=line.charge,
            discount=patient.discount,
        )
        owed = line.charge - discount
        yield answer(
            line,
            allowed=owed,
            paid=ZERO,
            parts=((DISCOUNT, discount), (NOT_COVERED_PATIENT, owed)),
        )
