"""The body of an institutional claim: the head of loop 2300, physicians and service lines.

See :mod:`superbill.interop.x12.institutional` for what governs it. The order of segments is the
implementation's.
"""

from __future__ import annotations

import re
from decimal import Decimal

from superbill.identifiers import bill_type, revenue_code, taxonomy
from superbill.interop.x12 import parties
from superbill.interop.x12.coordination import Placed
from superbill.interop.x12.segments import LARGEST_AMOUNT, Builder, d8, plain, rd8
from superbill.model import Encounter, Line
from superbill.money import ZERO

MOST_LINES = 999

# Frequencies that refer to an earlier claim, whose number at the payer must be given.
_REFERS_BACK = frozenset("78")
STILL_A_PATIENT = "30"

# Revenue codes whose HCPCS field holds a HIPPS rate code: skilled nursing, home health and
# inpatient rehabilitation (Medicare Claims Processing Manual, chapter 25, section 75.4).
_HIPPS = frozenset({"0022", "0023", "0024"})

_ONE = re.compile(r"[0-9A-Z]")
_STATUS = re.compile(r"[0-9]{2}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_HOUR = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])?")
_HOUR_UNKNOWN = "99"
_NDC = re.compile(r"[0-9]{11}")


def total_charge(b: Builder, encounter: Encounter) -> Decimal:
    """The sum of the charges, which CLM02 tells. A line that is no number is told with its line."""
    charges = [line.charge for line in encounter.lines if line.charge.is_finite()]
    total = sum(charges, ZERO)
    if total > LARGEST_AMOUNT >= max(charges):
        b.problem(
            "lines",
            f"add up to {total:,}; a claim is for {LARGEST_AMOUNT:,} at most.",
            "Split the bill.",
        )
    return total


def information(b: Builder, encounter: Encounter, to: Placed, total: Decimal) -> None:
    """CLM, the dates, CL1 and REF: what stands at the head of loop 2300."""
    bill = b.checked(bill_type.validate, encounter.type_of_bill, "type_of_bill")
    frequency = bill[3:]
    b.add(
        "CLM",
        b.text(encounter.id, "id", 38, required="Give the patient control number."),
        plain(total),
        "",
        "",
        b.composite(bill[1:3], "A", frequency),
        "",
        encounter.accepts_assignment,
        encounter.benefits_assigned,
        encounter.release_of_information,
    )
    _dates(b, encounter)
    b.add(
        "CL1",
        b.coded(_ONE, encounter.admission_type, "admission_type", "Give one character."),
        b.coded(_ONE, encounter.admission_source, "admission_source", "Give one character."),
        b.coded(_STATUS, encounter.discharge_status, "discharge_status", "Give two digits."),
    )
    _references(b, encounter, to, frequency)


def _dates(b: Builder, encounter: Encounter) -> None:
    admitted, discharged = encounter.admission_date, encounter.discharge_date
    first = encounter.statement_from or admitted
    if discharged < admitted:
        b.problem("discharge_date", "is before the admission.", "Mend one of the two dates.")
    if first > admitted:
        b.problem(
            "statement_from",
            "is after the admission.",
            "Leave it out, or give an earlier day.",
        )
    if encounter.discharge_status != STILL_A_PATIENT:
        hour = _hour(b, encounter.discharge_hour, "discharge_hour")
        if hour:
            b.add("DTP", "096", "TM", hour)
        elif not encounter.discharge_hour.strip() or encounter.discharge_hour == _HOUR_UNKNOWN:
            b.problem(
                "discharge_hour",
                "is missing, and the claim for a stay that has ended must tell it.",
                "Give two digits, 00 to 23.",
            )
    b.add("DTP", "434", "RD8", rd8(first, discharged))
    hour = _hour(b, encounter.admission_hour, "admission_hour")
    if hour:
        b.add("DTP", "435", "DT", d8(admitted) + hour)
    else:
        b.add("DTP", "435", "D8", d8(admitted))


def _hour(b: Builder, hour: str, path: str) -> str:
    """Hour and minute of an NUBC hour code, or of four digits; empty where it is not known."""
    bare = hour.strip()
    if not bare or bare == _HOUR_UNKNOWN:
        return ""
    if _HOUR.fullmatch(bare) is None:
        return b.problem(path, "is not an hour.", "Give two digits, 00 to 23, or 99 if unknown.")
    return bare if len(bare) == 4 else bare + "00"


def _references(b: Builder, encounter: Encounter, to: Placed, frequency: str) -> None:
    authorization = b.text(to.payer.prior_authorization, f"{to.path}.prior_authorization", 50)
    if authorization:
        b.add("REF", "G1", authorization)
    if frequency and frequency in _REFERS_BACK:
        original = b.text(
            to.payer.claim_control_number,
            f"{to.path}.claim_control_number",
            50,
            required="Give the payer's number of the claim that this one replaces or voids.",
        )
        b.add("REF", "F8", original)
    record = b.text(encounter.medical_record_number, "medical_record_number", 50)
    if record:
        b.add("REF", "EA", record)


def practitioners(b: Builder, encounter: Encounter) -> None:
    """Loops 2310A and 2310B: who attended and who operated."""
    attending = encounter.attending
    if attending is None:
        b.problem(
            "attending",
            "is missing, and an inpatient claim must name the attending physician.",
            "Give name and NPI.",
        )
    else:
        parties.practitioner(b, "71", attending, "attending")
        if attending.taxonomy.strip():
            code = b.checked(taxonomy.validate, attending.taxonomy, "attending.taxonomy")
            b.add("PRV", "AT", "PXC", code)
    if encounter.operating is not None:
        parties.practitioner(b, "72", encounter.operating, "operating")


def service_lines(b: Builder, encounter: Encounter) -> None:
    """Loop 2400: the lines, in the order given. The rate is not sent: 5010 has no place for it."""
    if not encounter.lines:
        b.problem("lines", "has none.", "Give the charges by revenue code.")
    if len(encounter.lines) > MOST_LINES:
        b.problem(
            "lines",
            f"has {len(encounter.lines):,}; a claim holds {MOST_LINES}.",
            "Roll charges up by revenue code, or split the bill.",
        )
    for i, line in enumerate(encounter.lines):
        _line(b, line, i)


def _line(b: Builder, line: Line, i: int) -> None:
    path = f"lines[{i}]"
    revenue = b.checked(revenue_code.validate, line.revenue_code, f"{path}.revenue_code")
    b.add("LX", str(i + 1))
    b.add(
        "SV2",
        revenue,
        _service(b, line, revenue, path) if line.hcpcs or line.modifiers else "",
        b.amount(line.charge, f"{path}.charge"),
        "DA" if revenue and revenue_code.is_accommodation(revenue) else "UN",
        b.quantity(line.units, f"{path}.units"),
        "",
        b.amount(line.noncovered, f"{path}.noncovered") if line.noncovered else "",
    )
    charge, noncovered = line.charge, line.noncovered
    if noncovered and charge.is_finite() and noncovered.is_finite() and 0 <= charge < noncovered:
        b.problem(f"{path}.noncovered", "is more than the charge.", "Give at most the charge.")
    if line.service_date is not None:
        b.add("DTP", "472", "D8", d8(line.service_date))
    if line.ndc:
        _drug(b, line, path)


def _service(b: Builder, line: Line, revenue: str, path: str) -> str:
    if len(line.modifiers) > 4:
        b.problem(f"{path}.modifiers", f"has {len(line.modifiers)}; four fit.", "Leave four.")
    return b.composite(
        "HP" if revenue in _HIPPS else "HC",
        b.coded(_HCPCS, line.hcpcs, f"{path}.hcpcs", "Give five characters."),
        *(
            b.coded(_MODIFIER, m, f"{path}.modifiers[{k}]", "Give two characters.")
            for k, m in enumerate(line.modifiers)
        ),
    )


def _drug(b: Builder, line: Line, path: str) -> None:
    """Loop 2410: which drug, and how much of it."""
    ndc = line.ndc.replace("-", "").strip()
    b.add("LIN", "", "N4", b.coded(_NDC, ndc, f"{path}.ndc", "Give eleven digits (5-4-2)."))
    if line.ndc_quantity is None or not line.ndc_unit:
        b.problem(
            f"{path}.ndc_quantity",
            "is missing, or its unit is; a drug is billed with how much of it was given.",
            "Give ndc_quantity and ndc_unit, or leave out ndc.",
        )
        return
    b.add("CTP", "", "", "", b.quantity(line.ndc_quantity, f"{path}.ndc_quantity"), line.ndc_unit)
