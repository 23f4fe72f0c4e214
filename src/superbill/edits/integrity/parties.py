"""Those on the claim: the hospital, physicians, the patient's address, and who pays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from superbill.edits.integrity.rule import NOTHING, Question, reason
from superbill.identifiers import ccn, mbi, npi, postal, taxonomy
from superbill.model import Address, Encounter, Facility, Finding, MedicarePartA, Practitioner

# A batch names few hospitals and physicians, each many times, and some patients more than once.
_is_npi = lru_cache(8192)(npi.is_valid)
_is_ccn = lru_cache(8192)(ccn.is_valid)
_is_taxonomy = lru_cache(1024)(taxonomy.is_valid)
_is_zip = lru_cache(8192)(postal.is_valid)
_is_mbi = lru_cache(8192)(mbi.is_valid)


def _holders(stay: Encounter) -> list[tuple[str, Facility | Practitioner]]:
    """Those with an NPI, and where they stand."""
    holders: list[tuple[str, Facility | Practitioner]] = [("facility", stay.facility)]
    if stay.attending is not None:
        holders.append(("attending", stay.attending))
    if stay.operating is not None:
        holders.append(("operating", stay.operating))
    return holders


def npis(case: Question) -> Iterable[Finding]:
    """Every National Provider Identifier has its check digit."""
    return [
        Finding(
            rule="integrity.npi",
            where=f"{name}.npi",
            message=reason(npi.validate, holder.npi),
            remedy=npi.REMEDY,
            citation="45 CFR 162.406",
        )
        for name, holder in _holders(case.stay)
        if not _is_npi(holder.npi)
    ]


def certification_number(case: Question) -> Iterable[Finding]:
    """The facility is a certified one, and the one whose profile is given."""
    stay = case.stay
    number, profile = stay.facility.ccn, stay.hospital
    if _is_ccn(number) and (profile is None or profile.ccn == number):
        return NOTHING
    return _certification_number(number, number if profile is None else profile.ccn)


def _certification_number(number: str, profile: str) -> Iterator[Finding]:
    if not _is_ccn(number):
        yield Finding(
            rule="integrity.ccn",
            where="facility.ccn",
            message=reason(ccn.validate, number),
            remedy=ccn.REMEDY,
            facts={"ccn": number},
            citation="State Operations Manual, chapter 2, section 2779A",
        )
    if profile != number and ccn.compact(profile) != number:
        yield Finding(
            rule="integrity.ccn_disagrees",
            where="hospital.ccn",
            message=f"The profile is that of {profile}, and {number} bills.",
            remedy="Give the profile of the hospital that bills.",
            facts={"profile": profile, "facility": number},
        )


def beneficiary(case: Question) -> Iterable[Finding]:
    """A Medicare payer has the patient's Medicare Beneficiary Identifier."""
    return [
        _no_mbi(index, payer.member_id)
        for index, payer in enumerate(case.stay.payers)
        if isinstance(payer, MedicarePartA) and not _is_mbi(payer.member_id)
    ]


def _no_mbi(index: int, number: str) -> Finding:
    return Finding(
        rule="integrity.mbi",
        where=f"payers[{index}].member_id",
        message=reason(mbi.validate, number)
        if number
        else "There is no Medicare Beneficiary Identifier.",
        severity="error" if number else "warning",
        remedy=mbi.REMEDY,
        citation="CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format",
    )


def payers_once(case: Question) -> Iterable[Finding]:
    """No payer stands twice."""
    payers = case.stay.payers
    if len(payers) < 2:
        return NOTHING
    named = [(payer.__class__, payer.payer_id, payer.member_id, payer.name) for payer in payers]
    if len(set(named)) == len(named):
        return NOTHING
    return [
        Finding(
            rule="integrity.duplicate_payer",
            where=f"payers[{index}]",
            message=f"It is the same payer as payers[{earlier}].",
            remedy="Give each payer once, in the order in which they pay.",
            facts={"first": f"payers[{earlier}]"},
        )
        for index, payer in enumerate(named)
        for earlier in range(index)
        if named[earlier] == payer
    ]


def places(case: Question) -> Iterable[Finding]:
    """States and ZIP codes have the form that the Postal Service gives them."""
    stay = case.stay
    addresses = (
        ("facility.address", stay.facility.address),
        ("patient.address", stay.patient.address),
    )
    for _, address in addresses:
        if address is not None and not (address.state in postal.STATES and _is_zip(address.zip)):
            return _places(addresses)
    return NOTHING


def _places(addresses: Iterable[tuple[str, Address | None]]) -> Iterator[Finding]:
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
        if not _is_zip(address.zip):
            yield Finding(
                rule="integrity.zip",
                where=f"{where}.zip",
                message=reason(postal.validate, address.zip),
                severity="warning",
                remedy=postal.REMEDY,
                citation="USPS Publication 28, section 225",
            )


def taxonomies(case: Question) -> Iterable[Finding]:
    """Taxonomy codes have their form."""
    return [
        Finding(
            rule="integrity.taxonomy",
            where=f"{name}.taxonomy",
            message=reason(taxonomy.validate, holder.taxonomy),
            severity="warning",
            remedy=taxonomy.REMEDY,
            facts={"taxonomy": holder.taxonomy},
        )
        for name, holder in _holders(case.stay)
        if holder.taxonomy and not _is_taxonomy(holder.taxonomy)
    ]


def reserve_days(case: Question) -> Iterable[Finding]:
    """Reserve days used in the stay are no more than are left."""
    stay = case.stay
    used = stay.lifetime_reserve_days
    if not used:
        return NOTHING
    return [
        _too_many_used(index, used, payer.benefit_period.lifetime_reserve_days_left)
        for index, payer in enumerate(stay.payers)
        if isinstance(payer, MedicarePartA)
        and used > payer.benefit_period.lifetime_reserve_days_left
    ]


def _too_many_used(index: int, used: int, left: int) -> Finding:
    return Finding(
        rule="integrity.reserve_days_exceed_left",
        where="lifetime_reserve_days",
        message=f"{used} lifetime reserve days are used, and payers[{index}] has {left} left.",
        remedy="Correct the days used, or those left before this stay.",
        facts={"used": str(used), "left": str(left)},
        citation="42 CFR 409.61(a)(2)",
    )
