"""Whether charges, days and payers of a stay can be what they say, before anything is split.

Each problem names the field, what was seen and a way out. A stay with a problem is not
adjudicated; a stay without one still meets the edits, which state facts and stop nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from superbill.benefits.part_a import (
    COINSURANCE_DAYS,
    FULL_DAYS,
    LIFETIME_RESERVE_DAYS,
)
from superbill.errors import Problem
from superbill.model import (
    CaseRate,
    ContractTerms,
    DrgBaseRate,
    Encounter,
    Medicaid,
    MedicarePartA,
    Medigap,
    PercentOfCharges,
    PercentOfMedicare,
    PerDiem,
    Plan,
    PlanBenefits,
    SelfPay,
    StopLoss,
)
from superbill.money import half_up

# Larger than any bill; what is above it is a slip, and would not fit the fields of a claim.
LARGEST = Decimal(10) ** 9
CENT = Decimal("0.01")
MEDIGAP_DAYS = 365

SHARE = "Write 20 % as 0.20."
DOLLARS = "Write dollars and cents, such as 1250.00."


def check(encounter: Encounter) -> list[Problem]:
    """Everything about charges, days and payers that cannot be. Empty where all of it can."""
    problems: list[Problem] = []
    if not encounter.plainly_charged:
        problems += _lines(encounter)
    problems += _stay(encounter)
    problems += _order(encounter)
    for place, payer in enumerate(encounter.payers):
        path = f"payers[{place}]"
        match payer:
            case MedicarePartA():
                problems += _benefit_period(encounter, payer, f"{path}.benefit_period")
            case Medigap():
                problems += _medigap(payer, path)
            case Medicaid():
                problems += _medicaid(payer, path)
            case Plan():
                problems += plan_problems(payer, path)
            case SelfPay():
                problems += share(f"{path}.discount", payer.discount)
    return problems


def _lines(encounter: Encounter) -> Iterator[Problem]:
    for place, line in enumerate(encounter.lines):
        charge, noncovered = line.charge, line.noncovered
        wrong = [
            *dollars(f"lines[{place}].charge", charge),
            *dollars(f"lines[{place}].noncovered", noncovered),
        ]
        yield from wrong
        if not wrong and noncovered > charge:
            yield Problem(
                f"lines[{place}].noncovered",
                f"{noncovered} is more than the line's charge of {charge}.",
                "Give at most the charge.",
            )


def _stay(encounter: Encounter) -> Iterator[Problem]:
    stay = encounter.length_of_stay
    if stay < 0:
        yield Problem(
            "discharge_date",
            f"{encounter.discharge_date} is before the admission on {encounter.admission_date}.",
            "Check both dates.",
        )
        return
    longest = stay or 1
    reserve, covered = encounter.lifetime_reserve_days, encounter.covered_days
    if covered is not None and not 0 <= covered <= longest:
        yield Problem(
            "covered_days",
            f"{covered} days in a stay of {longest}.",
            f"Give 0 to {longest}, or leave it out where the whole stay counts.",
        )
    limit = longest if covered is None else covered
    if not 0 <= reserve <= max(limit, 0):
        yield Problem(
            "lifetime_reserve_days",
            f"{reserve} reserve days of {limit} covered days.",
            "Reserve days are part of the covered days.",
        )


def _order(encounter: Encounter) -> Iterator[Problem]:
    medicare = medicaid = False
    last = len(encounter.payers) - 1
    for place, payer in enumerate(encounter.payers):
        path = f"payers[{place}]"
        match payer:
            case MedicarePartA():
                if medicare:
                    yield Problem(path, "Medicare is named twice.", "Name it once.")
                medicare = True
            case Medigap() if not medicare:
                yield Problem(
                    path,
                    "a Medigap plan supplements Medicare, which is not named before it.",
                    'Put {"kind": "medicare_part_a"} before it.',
                )
            case Medicaid() if medicaid:
                yield Problem(path, "Medicaid is named twice.", "Name one state's programme.")
            case Medicaid():
                medicaid = True
                if place != last:
                    yield Problem(
                        path,
                        "Medicaid pays after every other payer (42 CFR 433.139).",
                        "Put it last.",
                    )
            case SelfPay() if last:
                yield Problem(
                    path,
                    "self-pay means that nobody else pays.",
                    "Leave it out: what other payers leave to the patient is split off anyway.",
                )
            case Plan() if not place and payer.terms is None:
                yield Problem(
                    f"{path}.terms",
                    "the plan pays first, and nothing says what it allows.",
                    'Give the hospital\'s contract, such as {"method": "percent_of_charges", '
                    '"percent": "0.65"}.',
                )
            case _:
                pass


def _benefit_period(encounter: Encounter, medicare: MedicarePartA, path: str) -> Iterator[Problem]:
    period = medicare.benefit_period
    counts = (
        ("full_days_used", period.full_days_used, FULL_DAYS),
        ("coinsurance_days_used", period.coinsurance_days_used, COINSURANCE_DAYS),
        ("lifetime_reserve_days_left", period.lifetime_reserve_days_left, LIFETIME_RESERVE_DAYS),
    )
    wrong = False
    for name, count, most in counts:
        if not 0 <= count <= most:
            wrong = True
            yield Problem(f"{path}.{name}", f"{count} days.", f"Give 0 to {most}.")
    if period.deductible_paid is not None:
        yield from dollars(f"{path}.deductible_paid", period.deductible_paid)
    if period.began is not None and period.began > encounter.admission_date:
        yield Problem(
            f"{path}.began",
            f"{period.began} is after the admission on {encounter.admission_date}.",
            "Give the first inpatient day of the benefit period, or leave it out.",
        )
    if period.coinsurance_days_used and period.full_days_used < FULL_DAYS:
        wrong = True
        yield Problem(
            f"{path}.coinsurance_days_used",
            f"{period.coinsurance_days_used} days, with {period.full_days_used} of the "
            f"{FULL_DAYS} full days used.",
            f"Coinsurance days follow the full days: full_days_used would be {FULL_DAYS}.",
        )
    if wrong:
        return
    reserve = encounter.lifetime_reserve_days
    if reserve and not period.use_lifetime_reserve:
        yield Problem(
            "lifetime_reserve_days",
            f"{reserve} days, which the patient chose not to use.",
            f"Give 0, or set {path}.use_lifetime_reserve to true.",
        )
    if reserve > period.lifetime_reserve_days_left:
        yield Problem(
            "lifetime_reserve_days",
            f"{reserve} days with {period.lifetime_reserve_days_left} left.",
            f"Give at most what {path}.lifetime_reserve_days_left says.",
        )
    if encounter.covered_days is not None:
        left = FULL_DAYS + COINSURANCE_DAYS - period.full_days_used - period.coinsurance_days_used
        if encounter.covered_days - reserve > left:
            yield Problem(
                "covered_days",
                f"{encounter.covered_days} days, {reserve} of them reserve days, with {left} "
                "regular days left in the benefit period.",
                "Leave covered_days out to have the days counted, or correct the benefit period.",
            )


def _medigap(payer: Medigap, path: str) -> Iterator[Problem]:
    yield from dollars(f"{path}.out_of_pocket_met", payer.out_of_pocket_met)
    if not 0 <= payer.extra_days_left <= MEDIGAP_DAYS:
        yield Problem(
            f"{path}.extra_days_left",
            f"{payer.extra_days_left} days.",
            f"Give 0 to {MEDIGAP_DAYS}.",
        )


def _medicaid(payer: Medicaid, path: str) -> Iterator[Problem]:
    if payer.allowed is not None:
        yield from dollars(f"{path}.allowed", payer.allowed)
    yield from dollars(f"{path}.copay", payer.copay)


def plan_problems(payer: Plan, path: str) -> Iterator[Problem]:
    """What cannot be in a plan's benefits and terms."""
    yield from _benefits(payer.benefits, f"{path}.benefits")
    if payer.terms is not None:
        yield from _terms(payer.terms, f"{path}.terms")


def _benefits(benefits: PlanBenefits, path: str) -> Iterator[Problem]:
    met = benefits.accumulators
    for name, amount in (
        ("deductible", benefits.deductible),
        ("copay_per_admission", benefits.copay_per_admission),
        ("copay_per_day", benefits.copay_per_day),
        ("out_of_pocket_maximum", benefits.out_of_pocket_maximum),
        ("accumulators.deductible_met", met.deductible_met),
        ("accumulators.out_of_pocket_met", met.out_of_pocket_met),
    ):
        if amount is not None:
            yield from dollars(f"{path}.{name}", amount)
    yield from share(f"{path}.coinsurance", benefits.coinsurance)
    if benefits.copay_day_limit is not None and benefits.copay_day_limit < 0:
        yield Problem(
            f"{path}.copay_day_limit",
            f"{benefits.copay_day_limit} days.",
            "Give the most days that a copay is asked for, or leave it out.",
        )


def _terms(terms: ContractTerms, path: str) -> Iterator[Problem]:
    match terms:
        case DrgBaseRate():
            yield from dollars(f"{path}.base_rate", terms.base_rate)
        case PerDiem():
            yield from _tiers(terms, f"{path}.tiers")
        case CaseRate():
            yield from _case_rates(terms, path)
        case PercentOfCharges():
            yield from share(f"{path}.percent", terms.percent)
        case PercentOfMedicare():
            # Contracts pay from below Medicare to several times it; a higher figure is a per cent.
            if not (terms.percent.is_finite() and 0 <= terms.percent <= 10):
                yield Problem(
                    f"{path}.percent",
                    f"{terms.percent} times Medicare.",
                    "Write 150 % of Medicare as 1.50.",
                )
    if terms.stop_loss is not None:
        yield from _stop_loss(terms.stop_loss, f"{path}.stop_loss")


def _tiers(terms: PerDiem, path: str) -> Iterator[Problem]:
    starts = [tier.first_day for tier in terms.tiers]
    if 1 not in starts or min(starts) < 1 or len(set(starts)) < len(starts):
        yield Problem(
            path,
            f"tiers start on days {', '.join(map(str, starts)) or 'none'}.",
            "Give one tier from first_day 1, each other from a later day of its own.",
        )
    for place, tier in enumerate(terms.tiers):
        yield from dollars(f"{path}[{place}].rate", tier.rate)


def _case_rates(terms: CaseRate, path: str) -> Iterator[Problem]:
    if terms.rate is None and not terms.by_drg:
        yield Problem(path, "a case rate without a rate.", "Give rate, by_drg or both.")
    if terms.rate is not None:
        yield from dollars(f"{path}.rate", terms.rate)
    for drg, rate in terms.by_drg.items():
        yield from dollars(f"{path}.by_drg.{drg}", rate)
        if len(drg) != 3 or not drg.isdigit():
            yield Problem(f"{path}.by_drg.{drg}", "not a DRG.", "Write three digits, such as 291.")


def _stop_loss(clause: StopLoss, path: str) -> Iterable[Problem]:
    yield from dollars(f"{path}.threshold", clause.threshold)
    yield from share(f"{path}.percent_of_charges", clause.percent_of_charges)


def dollars(path: str, amount: Decimal) -> Iterator[Problem]:
    """What keeps ``amount`` from being dollars and cents of a claim."""
    if not amount.is_finite():
        yield Problem(path, f"{amount} is not an amount.", DOLLARS)
    elif amount < 0:
        yield Problem(path, f"{amount} is negative.", "Give zero or more dollars.")
    elif amount > LARGEST:
        yield Problem(path, f"{amount:E} dollars.", f"Give at most {LARGEST:,} dollars.")
    elif half_up(amount) != amount:
        yield Problem(path, f"{amount} has parts of a cent.", DOLLARS)


def share(path: str, value: Decimal) -> Iterator[Problem]:
    """What keeps ``value`` from being a share."""
    if not (value.is_finite() and 0 <= value <= 1):
        yield Problem(path, f"{value} is not a share between 0 and 1.", SHARE)
