"""Those on the claim: the hospital, physicians, the patient's address, and who pays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from superbill.edits.integrity.rule import Question, reason
from superbill.identifiers import ccn, mbi, npi, postal, taxonomy
from superbill.model import Address, Finding, MedicarePartA

# A batch names few hospitals and physicians, each many times.
is_npi = lru_cache(8192)(npi.is_valid)
is_ccn = lru_cache(8192)(ccn.is_valid)
is_taxonomy = lru_cache(1024)(taxonomy.is_valid)


def npis(case: Question) -> Iterator[Finding]:
    """Every National Provider Identifier has its check digit."""
    stay = case.stay
    for name, holder in (
        ("facility", stay.facility),
        ("attending", stay.attending),
        ("operating", stay.operating),
    ):
        if holder is not None and not is_npi(holder.npi):
            yield Finding(
                rule="integrity.npi",
                where=f"{name}.npi",
                message=reason(npi.validate, holder.npi),
                remedy=npi.REMEDY,
                citation="45 CFR 162.406",
            )


def certification_number(case: Question) -> Iterator[Finding]:
    """The facility is a certified one, and the one whose profile is given."""
    stay = case.stay
    number = stay.facility.ccn
    if not is_ccn(number):
        yield Finding(
            rule="integrity.ccn",
            where="facility.ccn",
            message=reason(ccn.validate, number),
            remedy=ccn.REMEDY,
            facts={"ccn": number},
            citation="State Operations Manual, chapter 2, section 2779A",
        )
    if (
        stay.hospital is not None
        and stay.hospital.ccn != number
        and ccn.compact(stay.hospital.ccn) != number
    ):
        yield Finding(
            rule="integrity.ccn_disagrees",
            where="hospital.ccn",
            message=f"The profile is that of {stay.hospital.ccn}, and {number} bills.",
            remedy="Give the profile of the hospital that bills.",
            facts={"profile": stay.hospital.ccn, "facility": number},
        )


def beneficiary(case: Question) -> Iterator[Finding]:
    """A Medicare payer has the patient's Medicare Beneficiary Identifier."""
    for index, payer in enumerate(case.stay.payers):
        if isinstance(payer, MedicarePartA) and not mbi.is_valid(payer.member_id):
            missing = not payer.member_id
            yield Finding(
                rule="integrity.mbi",
                where=f"payers[{index}].member_id",
                message="There is no Medicare Beneficiary Identifier."
                if missing
                else reason(mbi.validate, payer.member_id),
                severity="warning" if missing else "error",
                remedy=mbi.REMEDY,
                citation="CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format",
            )


def payers_once(case: Question) -> Iterator[Finding]:
    """No payer stands twice."""
    payers = case.stay.payers
    for index, payer in enumerate(payers):
        for earlier in range(index):
            other = payers[earlier]
            if type(other) is type(payer) and (other.payer_id, other.member_id, other.name) == (
                payer.payer_id,
                payer.member_id,
                payer.name,
            ):
                yield Finding(
                    rule="integrity.duplicate_payer",
                    where=f"payers[{index}]",
                    message=f"It is the same payer as payers[{earlier}].",
                    remedy="Give each payer once, in the order in which they pay.",
                    facts={"first": f"payers[{earlier}]"},
                )


def places(case: Question) -> Iterator[Finding]:
    """States and ZIP codes have the form that the Postal Service gives them."""
    stay = case.stay
    addresses: list[tuple[str, Address | None]] = [
        ("facility.address", stay.facility.address),
        ("patient.address", stay.patient.address),
    ]
    for where, address in addresses:
        if address is None:
            continue
        if address.state not in postal.STATES:
            yield Finding(
                rule="integrity.state",
                where=f"{where}.state",
                message="It is no abbreviation of a state or territory.",
                severity="warning",
                remedy="Write two capital letters, for example OH.",
                citation="USPS Publication 28, appendix B",
            )
        if not postal.is_valid(address.zip):
            yield Finding(
                rule="integrity.zip",
                where=f"{where}.zip",
                message=reason(postal.validate, address.zip),
                severity="warning",
                remedy=postal.REMEDY,
                citation="USPS Publication 28, section 225",
            )


def taxonomies(case: Question) -> Iterator[Finding]:
    """Taxonomy codes have their form."""
    stay = case.stay
    for name, holder in (
        ("facility", stay.facility),
        ("attending", stay.attending),
        ("operating", stay.operating),
    ):
        if holder is not None and holder.taxonomy and not is_taxonomy(holder.taxonomy):
            yield Finding(
                rule="integrity.taxonomy",
                where=f"{name}.taxonomy",
                message=reason(taxonomy.validate, holder.taxonomy),
                severity="warning",
                remedy=taxonomy.REMEDY,
                facts={"taxonomy": holder.taxonomy},
            )


def reserve_days(case: Question) -> Iterator[Finding]:
    """Reserve days used in the stay are no more than are left."""
    stay = case.stay
    used = stay.lifetime_reserve_days
    if not used:
        return
    for index, payer in enumerate(stay.payers):
        if isinstance(payer, MedicarePartA):
            left = payer.benefit_period.lifetime_reserve_days_left
            if used > left:
                yield Finding(
                    rule="integrity.reserve_days_exceed_left",
                    where="lifetime_reserve_days",
                    message=f"{used} lifetime reserve days are used, and payers[{index}] has"
                    f" {left} left.",
                    remedy="Correct the days used, or those left before this stay.",
                    facts={"used": str(used), "left": str(left)},
                    citation="42 CFR 409.61(a)(2)",
                )
