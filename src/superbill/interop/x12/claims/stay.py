"""The claim of a stay: an :class:`~superbill.model.Encounter` as it stands on an 837I.

What implementation 005010X223A2 (45 CFR 162.1102) requires of an inpatient claim is required here:
a stay that lacks it is refused with every gap named by its place in the stay, and nothing is made
up. Codes of the form (type of bill, value, occurrence, condition, revenue) are the National Uniform
Billing Committee's. Days and codes come from the stay, the DRG and what earlier payers did from the
decision; nothing is looked up, so no date selects anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.identifiers import bill_type, revenue_code
from superbill.interop.x12.claims import stay_parties
from superbill.interop.x12.claims.drug import drug
from superbill.interop.x12.claims.stay_codes import STILL_A_PATIENT, health_care_codes
from superbill.interop.x12.coordination import Placed, coverage, in_order, no_payer
from superbill.interop.x12.segments import LARGEST_AMOUNT, Builder, Syntax
from superbill.model import (
    Claim,
    ClaimLine,
    Decision,
    Encounter,
    Line,
    Provider,
    Reference,
    Service,
)
from superbill.money import ZERO

MOST_LINES = 999
_PLAIN = Syntax()

# Frequencies that refer to an earlier claim, whose number at the payer must be given.
_REFERS_BACK = frozenset("78")

# Revenue codes whose HCPCS field holds a HIPPS rate code: skilled nursing, home health and
# inpatient rehabilitation (Medicare Claims Processing Manual, chapter 25, section 75.4).
_HIPPS = frozenset({"0022", "0023", "0024"})

_ONE = re.compile(r"[0-9A-Z]")
_STATUS = re.compile(r"[0-9]{2}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_HOUR = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])?")
_HOUR_UNKNOWN = "99"


def claim_of(
    encounter: Encounter,
    decision: Decision | None = None,
    *,
    position: int = 1,
    check_dates: Mapping[int, date] = {},
    syntax: Syntax = _PLAIN,
) -> Claim:
    """The claim of a stay to the payer at ``position``, 1 for the first.

    A later payer needs the ``decision``, which tells what the earlier ones did, and in
    ``check_dates`` the day on which each of them answered, by position. ``syntax`` says which
    characters a partner takes.

    Raises :class:`~superbill.errors.Invalid` with everything that is missing or cannot be sent.
    """
    b = Builder(syntax)
    billing = stay_parties.hospital(b, encounter.facility)
    placed = in_order(encounter, decision)
    to = destination(placed, position)
    total = _total_charge(b, encounter)
    billed = coverage(b, encounter, to, billed=position, total=total, check_dates=check_dates)
    patient = stay_parties.patient(b, encounter)
    bill = b.checked(bill_type.validate, encounter.type_of_bill, "type_of_bill")
    name = b.text(encounter.id, "id", 38, required="Give the patient control number.")
    admitted, left = _hours(b, encounter)
    admission_type = b.coded(
        _ONE, encounter.admission_type, "admission_type", "Give one character."
    )
    admission_source = b.coded(
        _ONE, encounter.admission_source, "admission_source", "Give one character."
    )
    status = b.coded(_STATUS, encounter.discharge_status, "discharge_status", "Give two digits.")
    billed = replace(
        billed,
        prior_authorization=b.text(
            to.payer.prior_authorization, f"{to.path}.prior_authorization", 50
        ),
        claim_control_number=_original(b, to, bill[3:]),
    )
    record = b.text(encounter.medical_record_number, "medical_record_number", 50)
    codes = health_care_codes(b, encounter, decision, placed, position, total)
    providers = _practitioners(b, encounter)
    coverages = tuple(
        billed
        if each is to
        else coverage(b, encounter, each, billed=position, total=total, check_dates=check_dates)
        for each in placed
    )
    lines = _lines(b, encounter)
    if b.problems:
        raise Invalid(b.problems)
    return Claim(
        kind="837I",
        id=name,
        charge=total,
        type_of_bill=bill,
        frequency=bill[3:],
        accepts_assignment=encounter.accepts_assignment,
        benefits_assigned=encounter.benefits_assigned,
        release_of_information=encounter.release_of_information,
        patient=patient,
        billing=billing,
        coverages=coverages,
        providers=providers,
        diagnoses=codes.diagnoses,
        drg=codes.drg,
        procedures=codes.procedures,
        condition_codes=codes.condition_codes,
        occurrence_codes=codes.occurrence_codes,
        occurrence_spans=codes.occurrence_spans,
        value_codes=codes.value_codes,
        admission_type=admission_type,
        admission_source=admission_source,
        discharge_status=status,
        statement_from=encounter.statement_from or encounter.admission_date,
        statement_to=encounter.discharge_date,
        admission_date=encounter.admission_date,
        admission_hour=admitted,
        discharge_hour=left,
        references=(Reference(qualifier="EA", value=record),) if record else (),
        lines=lines,
    )


def destination(placed: Sequence[Placed], position: int) -> Placed:
    """The payer at ``position``. Raises :class:`~superbill.errors.Invalid` where there is none."""
    if not placed:
        raise Invalid([no_payer()])
    if not 1 <= position <= len(placed):
        raise Invalid.at(
            "position", f"{position} is not the place of a payer.", f"Give 1 to {len(placed)}."
        )
    return placed[position - 1]


def _total_charge(b: Builder, encounter: Encounter) -> Decimal:
    """The sum of the charges. A line that is no number is told with its line."""
    charges = [line.charge for line in encounter.lines if line.charge.is_finite()]
    total = sum(charges, ZERO)
    if total > LARGEST_AMOUNT >= max(charges):
        b.problem(
            "lines",
            f"add up to {total:,}; a claim is for {LARGEST_AMOUNT:,} at most.",
            "Split the bill.",
        )
    return total


def _hours(b: Builder, encounter: Encounter) -> tuple[str, str]:
    """The hours of admission and discharge, where the days are in order."""
    admitted, discharged = encounter.admission_date, encounter.discharge_date
    first = encounter.statement_from or admitted
    if discharged < admitted:
        b.problem("discharge_date", "is before the admission.", "Mend one of the two dates.")
    if first > admitted:
        b.problem(
            "statement_from", "is after the admission.", "Leave it out, or give an earlier day."
        )
    left = ""
    if encounter.discharge_status != STILL_A_PATIENT:
        left = _hour(b, encounter.discharge_hour, "discharge_hour")
        said = encounter.discharge_hour
        if not left and (not said.strip() or said == _HOUR_UNKNOWN):
            b.problem(
                "discharge_hour",
                "is missing, and the claim for a stay that has ended must tell it.",
                "Give two digits, 00 to 23.",
            )
    return _hour(b, encounter.admission_hour, "admission_hour"), left


def _hour(b: Builder, hour: str, path: str) -> str:
    """Hour and minute of an NUBC hour code, or of four digits; empty where it is not known."""
    bare = hour.strip()
    if not bare or bare == _HOUR_UNKNOWN:
        return ""
    if _HOUR.fullmatch(bare) is None:
        return b.problem(path, "is not an hour.", "Give two digits, 00 to 23, or 99 if unknown.")
    return bare if len(bare) == 4 else bare + "00"


def _original(b: Builder, to: Placed, frequency: str) -> str:
    """The payer's number of the claim that a replacement or void refers to."""
    if not frequency or frequency not in _REFERS_BACK:
        return ""
    return b.text(
        to.payer.claim_control_number,
        f"{to.path}.claim_control_number",
        50,
        required="Give the payer's number of the claim that this one replaces or voids.",
    )


def _practitioners(b: Builder, encounter: Encounter) -> tuple[Provider, ...]:
    """Who attended and who operated."""
    found = []
    if encounter.attending is None:
        b.problem(
            "attending",
            "is missing, and an inpatient claim must name the attending physician.",
            "Give name and NPI.",
        )
    else:
        found.append(stay_parties.practitioner(b, encounter.attending, "attending", "attending"))
    if encounter.operating is not None:
        found.append(stay_parties.practitioner(b, encounter.operating, "operating", "operating"))
    return tuple(found)


def _lines(b: Builder, encounter: Encounter) -> tuple[ClaimLine, ...]:
    """The lines, in the order given. The rate is not sent: 5010 has no place for it."""
    if not encounter.lines:
        b.problem("lines", "has none.", "Give the charges by revenue code.")
    if len(encounter.lines) > MOST_LINES:
        b.problem(
            "lines",
            f"has {len(encounter.lines):,}; a claim holds {MOST_LINES}.",
            "Roll charges up by revenue code, or split the bill.",
        )
    return tuple(_line(b, line, i) for i, line in enumerate(encounter.lines))


def _line(b: Builder, line: Line, i: int) -> ClaimLine:
    path = f"lines[{i}]"
    revenue = b.checked(revenue_code.validate, line.revenue_code, f"{path}.revenue_code")
    service = _service(b, line, revenue, path) if line.hcpcs or line.modifiers else None
    b.amount(line.charge, f"{path}.charge")
    b.quantity(line.units, f"{path}.units")
    charge, noncovered = line.charge, line.noncovered
    if noncovered:
        b.amount(noncovered, f"{path}.noncovered")
    if noncovered and charge.is_finite() and noncovered.is_finite() and 0 <= charge < noncovered:
        b.problem(f"{path}.noncovered", "is more than the charge.", "Give at most the charge.")
    return ClaimLine(
        number=i + 1,
        revenue_code=revenue,
        service=service,
        charge=charge,
        unit="DA" if revenue and revenue_code.is_accommodation(revenue) else "UN",
        units=line.units,
        noncovered=noncovered or None,
        service_from=line.service_date,
        drug=drug(b, line, path),
    )


def _service(b: Builder, line: Line, revenue: str, path: str) -> Service:
    if len(line.modifiers) > 4:
        b.problem(f"{path}.modifiers", f"has {len(line.modifiers)}; four fit.", "Leave four.")
    return Service(
        qualifier="HP" if revenue in _HIPPS else "HC",
        code=b.coded(_HCPCS, line.hcpcs, f"{path}.hcpcs", "Give five characters."),
        modifiers=tuple(
            b.coded(_MODIFIER, m, f"{path}.modifiers[{k}]", "Give two characters.")
            for k, m in enumerate(line.modifiers)
        ),
    )
