"""The bill itself: its type, the patient's status, the admission, charges and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from superbill.edits.integrity.rule import NOTHING, Question, reason
from superbill.identifiers import bill_type, revenue_code
from superbill.model import Encounter, Finding, Line
from superbill.money import half_up

# What the grouper and the code editor take on an inpatient claim. 40 to 42 (expired at home, in a
# facility, at an unknown place) are for hospice claims, 09 for outpatient ones.
STATUSES = frozenset(
    {
        *("01", "02", "03", "04", "05", "06", "07", "20", "21", "30", "43", "50", "51"),
        *("61", "62", "63", "64", "65", "66", "69", "70"),
        *(str(status) for status in range(81, 96)),
    }
)
_EXPIRED = "20"
_STILL_PATIENT = "30"
_UNFINISHED = frozenset("23")
_ADMISSION_TYPES = frozenset("123459")
_ADMISSION_SOURCES = frozenset("1245689DEFG")
_NEWBORN_SOURCES = frozenset("56")
_FL = "Medicare Claims Processing Manual, chapter 25, section"
_MOST_LINES = 999
_ORDINARY = "0111"
_CLAIM_CODE = re.compile(r"[0-9A-Z]{2}")

# A batch has few codes of these kinds, each many times.
_is_claim_code = lru_cache(4096)(_CLAIM_CODE.fullmatch)
_is_revenue_code = lru_cache(4096)(
    lambda code: len(code) == 4 and code.isdigit() and code > "0001" and code.isascii()
)


def type_of_bill(case: Question) -> Iterable[Finding]:
    """The bill is an inpatient hospital's."""
    number = case.stay.type_of_bill
    return NOTHING if number == _ORDINARY else _other_bill(number)


def _other_bill(number: str) -> Iterator[Finding]:
    if not bill_type.is_valid(number):
        yield Finding(
            rule="integrity.bill_type",
            where="type_of_bill",
            message=reason(bill_type.validate, number),
            remedy=bill_type.REMEDY,
            facts={"type_of_bill": number},
            citation=f"{_FL} 75.1 (FL 4)",
        )
    elif number[:3] == bill_type.INPATIENT_PART_B:
        yield Finding(
            rule="integrity.bill_type",
            where="type_of_bill",
            message=f"{number} bills Part B for an inpatient: {bill_type.words(number)}.",
            severity="warning",
            remedy="Bill a stay that Part A pays as 0111.",
            facts={"type_of_bill": number},
            citation=f"{_FL} 75.1 (FL 4)",
        )
    elif number[:3] != bill_type.INPATIENT_PART_A:
        yield Finding(
            rule="integrity.bill_type",
            where="type_of_bill",
            message=f"{number} is no inpatient hospital's bill: {bill_type.words(number)}.",
            remedy=bill_type.REMEDY,
            facts={"type_of_bill": number},
            citation=f"{_FL} 75.1 (FL 4)",
        )


def status_known(case: Question) -> Iterable[Finding]:
    """The discharge status is one that an inpatient claim may have."""
    status = case.stay.discharge_status
    if status in STATUSES:
        return NOTHING
    return (
        Finding(
            rule="integrity.discharge_status",
            where="discharge_status",
            message=f"{status} is no discharge status of an inpatient claim.",
            remedy="Use the status of where the patient went: 01 home, 02 another hospital, 03"
            " skilled nursing, 06 home health, 20 expired.",
            facts={"discharge_status": status},
            citation=f"{_FL} 75.2 (FL 17)",
        ),
    )


def status_fits_bill(case: Question) -> Iterable[Finding]:
    """Still a patient (30) goes with an interim bill, and only with one."""
    stay = case.stay
    frequency = stay.type_of_bill[3:4]
    unfinished = frequency in _UNFINISHED
    if unfinished == (stay.discharge_status == _STILL_PATIENT):
        return NOTHING
    if unfinished:
        message = f"The bill {stay.type_of_bill} is interim, and the patient was discharged"
        message += f" ({stay.discharge_status})."
        remedy = "Bill the end of the stay with frequency 1 or 4, or give status 30."
    else:
        message = f"The patient is still one (30), and the bill {stay.type_of_bill} is final."
        remedy = "Give where the patient went, or bill with frequency 2 or 3."
    return (
        Finding(
            rule="integrity.status_contradicts_bill",
            where="discharge_status",
            message=message,
            remedy=remedy,
            facts={"discharge_status": stay.discharge_status, "type_of_bill": stay.type_of_bill},
            citation="Medicare Claims Processing Manual, chapter 1, section 50.2",
        ),
    )


def death_dated(case: Question) -> Iterable[Finding]:
    """A patient who expired has the day of death on the claim (occurrence code 55)."""
    stay = case.stay
    return NOTHING if stay.discharge_status != _EXPIRED else _deaths(stay)


def _deaths(stay: Encounter) -> Iterator[Finding]:
    deaths = [
        (index, event.date)
        for index, event in enumerate(stay.occurrence_codes)
        if event.code == "55"
    ]
    if not deaths:
        yield Finding(
            rule="integrity.death_not_dated",
            where="occurrence_codes",
            message="The patient expired (20), and no occurrence code 55 gives the day of death.",
            severity="warning",
            remedy="Add occurrence code 55 with the day of death.",
            citation="CMS Change Request 7792, from October 1, 2012",
        )
    for index, day in deaths:
        if not stay.admission_date <= day <= stay.discharge_date:
            yield Finding(
                rule="integrity.death_outside_stay",
                where=f"occurrence_codes[{index}].date",
                message=f"The day of death, {day}, is outside the stay"
                f" ({stay.admission_date} to {stay.discharge_date}).",
                remedy="Correct the day of death or the discharge.",
                facts={"date": day.isoformat()},
                citation="CMS Change Request 7792, from October 1, 2012",
            )


def admission(case: Question) -> Iterable[Finding]:
    """Type and source of the admission are such as are in use, and fit one another."""
    stay = case.stay
    kind, source = stay.admission_type, stay.admission_source
    if kind in _ADMISSION_TYPES and kind != "4" and source in _ADMISSION_SOURCES:
        return NOTHING
    return _admission(stay, kind, source)


def _admission(stay: Encounter, kind: str, source: str) -> Iterator[Finding]:
    if kind not in _ADMISSION_TYPES:
        yield Finding(
            rule="integrity.admission_type",
            where="admission_type",
            message=f'"{kind}" is no type of admission.',
            remedy="1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma, 9 not known.",
            facts={"admission_type": kind},
            citation=f"{_FL} 75.1 (FL 14)",
        )
    if kind == "4":
        if source not in _NEWBORN_SOURCES:
            yield Finding(
                rule="integrity.admission_source",
                where="admission_source",
                message=f'"{source}" is no source of a newborn.',
                remedy="5 born in this hospital, 6 born outside it.",
                facts={"admission_source": source},
                citation=f"{_FL} 75.1 (FL 15)",
            )
        if (stay.admission_date - stay.patient.birth_date).days > 28:
            yield Finding(
                rule="integrity.newborn_age",
                where="admission_type",
                message="The admission is a newborn's, and the patient is more than 28 days old.",
                severity="warning",
                remedy="Correct the type of admission or the birth date.",
                citation=f"{_FL} 75.1 (FL 14)",
            )
    elif source not in _ADMISSION_SOURCES:
        yield Finding(
            rule="integrity.admission_source",
            where="admission_source",
            message=f'"{source}" is no source of an admission.',
            remedy="1 from home, 2 clinic or office, 4 another hospital, 5 nursing facility, 6"
            " other facility, 8 court or police, 9 not known.",
            facts={"admission_source": source},
            citation=f"{_FL} 75.1 (FL 15)",
        )


def revenue_codes(case: Question) -> Iterable[Finding]:
    """Every line has a revenue code of four digits, and none is the total of the claim."""
    return [
        _no_revenue_code(index, line.revenue_code)
        for index, line in enumerate(case.stay.lines)
        if not _is_revenue_code(line.revenue_code)
    ]


def _no_revenue_code(index: int, code: str) -> Finding:
    return Finding(
        rule="integrity.revenue_code",
        where=f"lines[{index}].revenue_code",
        message=reason(revenue_code.validate, code),
        remedy="Leave the total out; it is the sum of the lines."
        if code == "0001"
        else revenue_code.REMEDY,
        facts={"revenue_code": code},
        citation=f"{_FL} 75.4 (FL 42)",
    )


def lines_once(case: Question) -> Iterable[Finding]:
    """No line stands twice, alike in every field."""
    lines = case.stay.lines
    if len({line.revenue_code for line in lines}) == len(lines):
        return NOTHING
    first: dict[Line, int] = {}
    return [
        Finding(
            rule="integrity.duplicate_line",
            where=f"lines[{index}]",
            message=f"It is the same as lines[{earlier}] in every field: revenue code"
            f" {line.revenue_code}, charge {line.charge}.",
            remedy="Take it out; where the service was given twice, put both on one line with"
            " the units and the charge added up, or give each its service date.",
            facts={"first": f"lines[{earlier}]", "charge": str(line.charge)},
            citation=f"{_FL} 75.4 (FL 42): charges are added up by revenue code",
        )
        for index, line in enumerate(lines)
        if (earlier := first.setdefault(line, index)) != index
    ]


def charged(case: Question) -> Iterable[Finding]:
    """There are charges, and no more lines than a claim carries."""
    lines = case.stay.lines
    if len(lines) <= _MOST_LINES and case.stay.total_charges:
        return NOTHING
    return _charged(lines)


def _charged(lines: tuple[Line, ...]) -> Iterator[Finding]:
    if not any(line.charge for line in lines):
        yield Finding(
            rule="integrity.no_charges",
            where="lines",
            message="There are no charges; neither an outlier nor a share of charges can be found.",
            severity="warning",
            remedy="Give the charges by revenue code.",
            facts={"lines": str(len(lines))},
        )
    if len(lines) > _MOST_LINES:
        yield Finding(
            rule="integrity.too_many_lines",
            where="lines",
            message=f"There are {len(lines)} lines, and an electronic claim carries {_MOST_LINES}.",
            remedy="Add up the lines of the same revenue code.",
            facts={"count": str(len(lines)), "most": str(_MOST_LINES)},
        )


def rates_fit(case: Question) -> Iterable[Finding]:
    """Units at their rate make the charge, where a rate is given."""
    return [
        _rate_disagrees(index, line, product)
        for index, line in enumerate(case.stay.lines)
        if line.rate is not None and (product := half_up(line.rate * line.units)) != line.charge
    ]


def _rate_disagrees(index: int, line: Line, product: Decimal) -> Finding:
    return Finding(
        rule="integrity.rate_disagrees",
        where=f"lines[{index}].charge",
        message=f"{line.units} units at {line.rate} make {product}, and the charge is"
        f" {line.charge}.",
        severity="warning",
        remedy="Correct the units, the rate or the charge, or leave the rate out.",
        facts={"expected": str(product), "charge": str(line.charge)},
    )


def claim_codes(case: Question) -> Iterable[Finding]:
    """Condition, occurrence and value codes have two letters or digits."""
    stay = case.stay
    codes = [*stay.condition_codes]
    codes += [event.code for event in stay.occurrence_codes]
    codes += [span.code for span in stay.occurrence_spans]
    codes += [value.code for value in stay.value_codes]
    for code in codes:
        if not _is_claim_code(code):
            return _no_claim_codes(stay)
    return NOTHING


def _no_claim_codes(stay: Encounter) -> Iterator[Finding]:
    for what, codes in (
        ("condition_codes[{}]", stay.condition_codes),
        ("occurrence_codes[{}].code", [event.code for event in stay.occurrence_codes]),
        ("occurrence_spans[{}].code", [span.code for span in stay.occurrence_spans]),
        ("value_codes[{}].code", [value.code for value in stay.value_codes]),
    ):
        for index, code in enumerate(codes):
            if not _is_claim_code(code):
                yield Finding(
                    rule="integrity.claim_code",
                    where=what.format(index),
                    message=f'"{code}" has not the form of such a code: two capital letters or'
                    " digits.",
                    remedy="Write both characters, with the leading zero.",
                    facts={"code": code},
                    citation=f"{_FL} 75.2 and 75.3",
                )
