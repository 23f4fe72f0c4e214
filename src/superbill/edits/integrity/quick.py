"""A quick look at a stay, which most pass: no rule that needs the stay alone can find anything.

:func:`unremarkable` may say no of a stay with which nothing is wrong, and the rules are run; it
never says yes of one on which a rule of :data:`SETTLED` would find something. It exists for bulk
work: the rules themselves, each with its words, take three times as long.
"""

from __future__ import annotations

import re
from functools import lru_cache

from superbill.edits.integrity import billing, coding, parties, timing
from superbill.identifiers import mbi, postal
from superbill.model import Address, Encounter, MedicarePartA
from superbill.money import ZERO, half_up

SETTLED = frozenset(
    {
        coding.diagnoses_once,
        coding.procedures_once,
        coding.not_too_many,
        timing.procedures_within,
        timing.services_within,
        timing.occurrences_within,
        timing.value_code_days,
        timing.accommodation_days,
        timing.age_fits,
        billing.type_of_bill,
        billing.status_known,
        billing.status_fits_bill,
        billing.death_dated,
        billing.admission,
        billing.revenue_codes,
        billing.lines_once,
        billing.charges,
        billing.claim_codes,
        parties.npis,
        parties.certification_number,
        parties.beneficiary,
        parties.payers_once,
        parties.places,
        parties.taxonomies,
        parties.reserve_days,
    }
)
"""The rules that a yes settles: all but those that look codes up."""

_FINAL = "0111"
_ORDINARY = billing.STATUSES - {"20", "30"}
_NEWBORN = "4"
_CODE = re.compile(r"(?!00)[0-9A-Z]{2}").fullmatch
_CODES, _LINES, _OLDEST = 25, 999, 124
_is_revenue_code = lru_cache(4096)(
    lambda code: len(code) == 4 and code.isdigit() and code.isascii() and code > "0001"
)


def unremarkable(stay: Encounter) -> bool:
    """Whether no rule of :data:`SETTLED` can find anything in ``stay``."""
    return (
        stay.type_of_bill == _FINAL
        and stay.discharge_status in _ORDINARY
        and stay.admission_type != _NEWBORN
        and stay.admission_type in billing.ADMISSION_TYPES
        and stay.admission_source in billing.ADMISSION_SOURCES
        and stay.age_years is None
        and stay.age_days is None
        and 0 <= stay.admission_date.year - stay.patient.birth_date.year < _OLDEST
        and not stay.lifetime_reserve_days
        and _codes(stay)
        and _lines(stay)
        and _claim_codes(stay)
        and _parties(stay)
    )


def _codes(stay: Encounter) -> bool:
    """No more codes than fit, none twice, and every procedure dated within the stay."""
    diagnoses, procedures = stay.diagnoses, stay.procedures
    if len(diagnoses) > _CODES or len({each.code for each in diagnoses}) < len(diagnoses):
        return False
    if not procedures:
        return True
    if len(procedures) > _CODES or len({each.code for each in procedures}) < len(procedures):
        return False
    first, last = stay.admission_date, stay.discharge_date
    for procedure in procedures:
        day = procedure.date
        if day is None or not first <= day <= last:
            return False
    return True


def _lines(stay: Encounter) -> bool:
    """Charges by revenue code, each once and of no day, beds for no more nights than there were."""
    lines = stay.lines
    beds = ZERO
    charged = False
    seen = set()
    for line in lines:
        code = line.revenue_code
        if not _is_revenue_code(code) or line.service_date is not None:
            return False
        if line.rate is not None and half_up(line.rate * line.units) != line.charge:
            return False
        if code <= "0219" and code >= "0100":
            beds += line.units
        charged = charged or bool(line.charge)
        seen.add(code)
    fits = beds <= max(1, stay.length_of_stay)
    return charged and fits and len(seen) == len(lines) <= _LINES


def _claim_codes(stay: Encounter) -> bool:
    """Codes of two characters, none of an event after the discharge; days that fit the stay."""
    if stay.occurrence_spans:
        return False
    for code in stay.condition_codes:
        if not _CODE(code):
            return False
    for event in stay.occurrence_codes:
        if not _CODE(event.code) or event.date > stay.discharge_date:
            return False
    covered = stay.covered_days
    for value in stay.value_codes:
        code, amount = value.code, value.amount
        if not _CODE(code) or code in ("81", "82", "83"):
            return False
        if code == "80" and (amount > max(1, stay.length_of_stay) or covered not in (None, amount)):
            return False
    return True


def _parties(stay: Encounter) -> bool:
    """Identifiers that are well formed, and no payer of a kind that stands before it."""
    facility = stay.facility
    if not (
        parties.is_npi(facility.npi)
        and parties.is_ccn(facility.ccn)
        and (not facility.taxonomy or parties.is_taxonomy(facility.taxonomy))
        and (stay.hospital is None or stay.hospital.ccn == facility.ccn)
        and _address(facility.address)
        and _address(stay.patient.address)
    ):
        return False
    for person in (stay.attending, stay.operating):
        if person is not None and not (
            parties.is_npi(person.npi)
            and (not person.taxonomy or parties.is_taxonomy(person.taxonomy))
        ):
            return False
    kinds = set()
    for payer in stay.payers:
        kinds.add(type(payer))
        if isinstance(payer, MedicarePartA) and not mbi.is_valid(payer.member_id):
            return False
    return len(kinds) == len(stay.payers)


def _address(address: Address | None) -> bool:
    return address is None or (address.state in postal.STATES and _is_zip(address.zip))


_is_zip = lru_cache(65536)(postal.is_valid)
