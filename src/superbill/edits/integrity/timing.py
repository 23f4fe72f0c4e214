"""Days: procedures and services within the stay, days that fit it, an age that fits the birth date.

Outpatient services of the three days before the admission belong to the inpatient bill (one day
for hospitals outside the inpatient payment system), so a date may lie so far back, or as far as
the bill itself says that it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from superbill.edits.integrity.rule import NOTHING, Question
from superbill.model import Encounter, Finding, Procedure

_WINDOW = timedelta(days=3)
_WINDOW_LAW = "42 CFR 412.2(c)(5): services of the three days before the admission"
_DAYS = (
    "Medicare Benefit Policy Manual, chapter 3, section 20.1: the day of discharge is not counted"
)


def length(stay: Encounter) -> int:
    """The days that the stay counts: the day of discharge is not one, unless it is the only one.

    Somebody still a patient (30) was there on the last day of the bill too.
    """
    return max(1, stay.length_of_stay + (stay.discharge_status == "30"))


def _first_day(stay: Encounter) -> date:
    start = stay.admission_date - _WINDOW
    return start if stay.statement_from is None else min(start, stay.statement_from)


def procedures_within(case: Question) -> Iterable[Finding]:
    """Every procedure has a date, from three days before the admission to the discharge."""
    stay = case.stay
    procedures = stay.procedures
    if not procedures:
        return NOTHING
    start, end = _first_day(stay), stay.discharge_date
    return [
        _undated(index, procedure)
        if procedure.date is None
        else _outside(
            "procedure",
            f"procedures[{index}].date",
            procedure.code,
            procedure.date,
            start,
            stay,
        )
        for index, procedure in enumerate(procedures)
        if procedure.date is None or not start <= procedure.date <= end
    ]


def _undated(index: int, procedure: Procedure) -> Finding:
    return Finding(
        rule="integrity.procedure_date_missing",
        where=f"procedures[{index}].date",
        message=f"{procedure.code} has no date.",
        severity="warning",
        code=procedure.code,
        remedy="Give the day on which it was done; a claim needs it.",
        facts={"code": procedure.code},
        citation="Medicare Claims Processing Manual, chapter 25, section 75.5 (FL 74)",
    )


def services_within(case: Question) -> Iterable[Finding]:
    """Every service date lies from three days before the admission to the discharge."""
    stay = case.stay
    dated = [index for index, line in enumerate(stay.lines) if line.service_date is not None]
    if not dated:
        return NOTHING
    return _services(stay, dated)


def _services(stay: Encounter, dated: list[int]) -> Iterator[Finding]:
    start, end = _first_day(stay), stay.discharge_date
    for index in dated:
        line = stay.lines[index]
        day = line.service_date
        if day is not None and not start <= day <= end:
            what = f"revenue code {line.revenue_code}"
            yield _outside("service", f"lines[{index}].service_date", what, day, start, stay)


def _outside(kind: str, where: str, what: str, day: date, start: date, stay: Encounter) -> Finding:
    return Finding(
        rule=f"integrity.{kind}_outside_stay",
        where=where,
        message=f"{what} is dated {day}, outside the stay ({stay.admission_date} to"
        f" {stay.discharge_date}, and from {start} for services before the admission).",
        remedy="Correct the date, or bill the service apart.",
        facts={
            "date": day.isoformat(),
            "first": start.isoformat(),
            "last": stay.discharge_date.isoformat(),
        },
        citation=_WINDOW_LAW,
    )


def occurrences_within(case: Question) -> Iterable[Finding]:
    """No event of the claim lies after the discharge."""
    stay = case.stay
    events, spans, end = stay.occurrence_codes, stay.occurrence_spans, stay.discharge_date
    if not events and not spans:
        return NOTHING
    return [
        _after(f"occurrence_codes[{index}].date", event.code, event.date, stay)
        for index, event in enumerate(events)
        if event.date > end
    ] + [
        _after(f"occurrence_spans[{index}].end", span.code, span.end, stay)
        for index, span in enumerate(spans)
        if span.end > end
    ]


def _after(where: str, code: str, day: date, stay: Encounter) -> Finding:
    return Finding(
        rule="integrity.occurrence_after_discharge",
        where=where,
        message=f"Occurrence {code} is dated {day}, after the discharge on {stay.discharge_date}.",
        severity="warning",
        remedy="Correct the date; an event after the bill does not bear on it.",
        facts={"code": code, "date": day.isoformat()},
        citation="Medicare Claims Processing Manual, chapter 25, section 75.3 (FL 31 to 36)",
    )


def value_code_days(case: Question) -> Iterable[Finding]:
    """Covered and noncovered days by value code (80 to 83) fit the stay and the covered days."""
    stay = case.stay
    given = {
        value.code: (index, value.amount)
        for index, value in enumerate(stay.value_codes)
        if value.code in _DAY_CODES
    }
    if not given:
        return NOTHING
    if len(given) == 1 and "80" in given:
        # The usual case, told at once: the covered days alone, which both places say the same.
        covered = given["80"][1]
        if covered <= length(stay) and stay.covered_days in (None, covered):
            return NOTHING
    return _days_given(stay, given)


_DAY_CODES = ("80", "81", "82", "83")


def _days_given(stay: Encounter, given: dict[str, tuple[int, Decimal]]) -> Iterator[Finding]:
    days = length(stay)
    for code, (index, amount) in given.items():
        if amount > days:
            yield Finding(
                rule="integrity.days_exceed_stay",
                where=f"value_codes[{index}].amount",
                message=f"Value code {code} gives {amount} days, and the stay has {days}.",
                remedy="Correct the days or the dates; the day of discharge is not counted.",
                facts={"code": code, "days": str(amount), "stay": str(days)},
                citation=_DAYS,
            )
    if "80" in given and stay.covered_days is not None:
        index, amount = given["80"]
        if amount != stay.covered_days:
            yield Finding(
                rule="integrity.covered_days_disagree",
                where=f"value_codes[{index}].amount",
                message=f"Value code 80 gives {amount} covered days, and covered_days"
                f" {stay.covered_days}.",
                remedy="Let the two say the same.",
                facts={"value_code": str(amount), "covered_days": str(stay.covered_days)},
                citation=_DAYS,
            )
    elif "80" in given and "81" in given and given["80"][1] + given["81"][1] != days:
        total = given["80"][1] + given["81"][1]
        yield Finding(
            rule="integrity.covered_days_disagree",
            where=f"value_codes[{given['81'][0]}].amount",
            message=f"Covered and noncovered days make {total}, and the stay has {days}.",
            remedy="Let the two add up to the days of the stay.",
            facts={"days": str(total), "stay": str(days)},
            citation=_DAYS,
        )


_BEDS = frozenset(f"{code:04}" for code in range(100, 220))


def accommodation_days(case: Question) -> Iterable[Finding]:
    """Days charged for a bed (revenue codes 0100 to 0219) are no more than the stay has."""
    stay = case.stay
    beds = [index for index, line in enumerate(stay.lines) if line.revenue_code in _BEDS]
    if not beds:
        return NOTHING
    units = sum([stay.lines[index].units for index in beds], Decimal(0))
    days = length(stay)
    if units <= days:
        return NOTHING
    return (
        Finding(
            rule="integrity.accommodation_exceeds_stay",
            where=f"lines[{beds[-1]}].units",
            message=f"{units} days are charged for a bed, and the stay has {days}.",
            remedy="Charge one bed a night; the day of discharge is not counted.",
            facts={"charged": str(units), "stay": str(days)},
            citation="Medicare Claims Processing Manual, chapter 25, section 75.5 (FL 46)",
        ),
    )


def age_fits(case: Question) -> Iterable[Finding]:
    """An age that is given fits the birth date, and is one that people reach."""
    stay = case.stay
    born, admitted = stay.patient.birth_date, stay.admission_date
    if stay.age_years is None and stay.age_days is None and admitted.year - born.year <= _OLDEST:
        return NOTHING
    return _ages(stay, born, admitted)


_OLDEST = 124


def _ages(stay: Encounter, born: date, admitted: date) -> Iterator[Finding]:
    years = admitted.year - born.year - ((admitted.month, admitted.day) < (born.month, born.day))
    given = stay.age_years
    if given is not None and given != years:
        yield Finding(
            rule="integrity.age_disagrees",
            where="age_years",
            message=f"The age is given as {given}, and by the birth date it is {years}.",
            severity="warning",
            remedy="Leave age_years out, or correct it or the birth date.",
            facts={"given": str(given), "by_birth_date": str(years)},
        )
    if years > _OLDEST:
        yield Finding(
            rule="integrity.age_implausible",
            where="patient.birth_date",
            message=f"By the birth date the patient is {years} years old.",
            severity="warning",
            remedy="Correct the year of birth.",
            facts={"age": str(years)},
            citation="Medicare Code Editor: ages run from 0 to 124",
        )
    if stay.age_days is not None and stay.age_days != (admitted - born).days:
        yield Finding(
            rule="integrity.age_disagrees",
            where="age_days",
            message=f"The age is given as {stay.age_days} days, and by the birth date it is"
            f" {(admitted - born).days}.",
            severity="warning",
            remedy="Leave age_days out, or correct it or the birth date.",
            facts={"given": str(stay.age_days), "by_birth_date": str((admitted - born).days)},
        )
