"""The people, providers and payers of a claim, as segments."""

from __future__ import annotations

from collections.abc import Sequence

from superbill.interop.x12.claims import extras
from superbill.interop.x12.claims.people import named_alike
from superbill.interop.x12.claims.read_parties import ROLES, TAXONOMY_OF
from superbill.interop.x12.segments import Builder, d8
from superbill.model import (
    Address,
    Claim,
    ClaimAdjustment,
    Contact,
    Coverage,
    Extra,
    Individual,
    Provider,
    Reference,
)

CODES = {role: code for code, role in ROLES.items()}

_NAME, _FIRST, _MIDDLE, _SUFFIX, _NUMBER = 60, 35, 25, 10, 80
_CALLED = 256
_REASONS = 6
_ADJUSTMENT_SEGMENTS = 5


def address(b: Builder, at: Address | None, path: str) -> None:
    """N3 and N4, as far as there is something to say."""
    if at is None:
        return
    if at.street or at.street2:
        b.add(
            "N3", b.text(at.street, f"{path}.street", 55), b.text(at.street2, f"{path}.street2", 55)
        )
    if at.city or at.state or at.zip:
        b.add(
            "N4",
            b.text(at.city, f"{path}.city", 30),
            b.text(at.state, f"{path}.state", 2),
            b.text(at.zip, f"{path}.zip", 15),
        )


def references(b: Builder, given: Sequence[Reference], path: str) -> None:
    """REF of each number."""
    for i, one in enumerate(given):
        at = f"{path}.references[{i}]"
        payer = b.text(one.payer_id, f"{at}.payer_id", 50)
        b.add(
            "REF",
            b.text(one.qualifier, f"{at}.qualifier", 3, required="Say what number it is."),
            b.text(one.value, f"{at}.value", 50, required="Give the number."),
            "",
            b.composite("2U", payer) if payer else "",
        )


def contacts(b: Builder, given: Sequence[Contact], path: str) -> None:
    """PER of each contact; three ways of reaching it fit."""
    for i, one in enumerate(given):
        at = f"{path}.contacts[{i}]"
        ways = [
            element
            for code, name in (
                ("TE", "phone"),
                ("EX", "extension"),
                ("FX", "fax"),
                ("EM", "email"),
            )
            if (value := getattr(one, name))
            for element in (code, b.text(value, f"{at}.{name}", _CALLED))
        ]
        if len(ways) > 6:
            b.problem(at, "has four ways of reaching it; three fit.", "Leave one out.")
        b.add("PER", "IC", b.text(one.name, f"{at}.name", 60), *ways)


def provider(
    b: Builder, who: Provider, path: str, *, kind: str, loop: str, part: bool = False
) -> None:
    """The loop of a provider. ``part``: the speciality stands elsewhere."""
    code = CODES.get(who.role, "")
    if not code:
        b.problem(f"{path}.role", "is missing.", "Say what part the provider had.")
    start = len(b.segments)
    name(b, code, who, path)
    if who.taxonomy and not part:
        speciality(b, who, path)
    address(b, who.address, f"{path}.address")
    if who.tax_id:
        b.add("REF", "EI", b.text(who.tax_id, f"{path}.tax_id", 50))
    if who.ssn:
        b.add("REF", "SY", b.text(who.ssn, f"{path}.ssn", 50))
    references(b, who.references, path)
    contacts(b, who.contacts, path)
    extras.own(b, start, who.extra, path, kind=kind, loops={loop[:4], loop}, head=f"{loop}/{code}")


def providers(b: Builder, given: Sequence[Provider], path: str, *, kind: str, loop: str) -> None:
    """The loops of several providers: in the guide's order, or as they were sent."""
    numbered = list(enumerate(given))
    if len(numbered) > 1 and not b.lenient:
        rank = extras.ranks(kind, loop)
        numbered.sort(key=lambda each: rank.get(CODES.get(each[1].role, ""), len(rank)))
    for i, who in numbered:
        provider(b, who, f"{path}[{i}]", kind=kind, loop=loop)


def name(b: Builder, code: str, who: Provider, path: str) -> None:
    """NM1 of a provider."""
    qualifier = "XX" if who.npi else who.id_qualifier
    b.add(
        "NM1",
        code,
        "1" if who.person else "2",
        b.text(who.name, f"{path}.name", _NAME),
        b.text(who.first_name, f"{path}.first_name", _FIRST),
        b.text(who.middle_name, f"{path}.middle_name", _MIDDLE),
        "",
        b.text(who.suffix, f"{path}.suffix", _SUFFIX),
        b.text(qualifier, f"{path}.id_qualifier", 2),
        b.text(who.npi, f"{path}.npi", 10) if who.npi else b.text(who.id, f"{path}.id", _NUMBER),
    )


def speciality(b: Builder, who: Provider, path: str) -> None:
    """PRV."""
    code = TAXONOMY_OF.get(who.role, "OT")
    b.add("PRV", code, "PXC", b.text(who.taxonomy, f"{path}.taxonomy", 50))


def billing(b: Builder, claim: Claim) -> None:
    """Loops 2000A to 2010AC below the HL: who bills, and where payment goes."""
    who, kind, start = claim.billing, claim.kind, len(b.segments)
    extra: Sequence[Extra] = ()
    if who is not None:
        extra = who.extra
        if who.taxonomy:
            speciality(b, who, "billing")
        extras.own(b, start, extra, "billing", kind=kind, loops={"2000A"}, head="2000A")
        provider(b, who, "billing", kind=kind, loop="2010AA", part=True)
    elif not b.lenient:
        b.problem("billing", "is missing.", "Say who bills.")
    if claim.pay_to is not None:
        start = len(b.segments)
        b.add("NM1", "87", "1" if who is not None and who.person else "2")
        address(b, claim.pay_to, "pay_to")
        extras.own(b, start, extra, "billing", kind=kind, loops={"2010AB"}, head="2010AB")
    else:
        extras.loops(b, extra, "billing", {"2010AB"})
    if claim.pay_to_plan is not None:
        provider(b, claim.pay_to_plan, "pay_to_plan", kind=kind, loop="2010AC")


_PEOPLE = frozenset({"2010BA", "2010CA", "2330A"})


def _person(
    b: Builder, code: str, who: Individual, path: str, *, kind: str, head: str, member: str = ""
) -> None:
    """NM1 to PER of a patient or subscriber."""
    start = len(b.segments)
    b.add(
        "NM1",
        code,
        "2" if who.organisation else "1",
        b.text(who.last_name, f"{path}.last_name", _NAME),
        b.text(who.first_name, f"{path}.first_name", _FIRST),
        b.text(who.middle_name, f"{path}.middle_name", _MIDDLE),
        "",
        b.text(who.suffix, f"{path}.suffix", _SUFFIX),
        "MI" if member else "",
        member,
    )
    address(b, who.address, f"{path}.address")
    if who.birth_date is not None:
        b.add("DMG", "D8", d8(who.birth_date), b.text(who.sex, f"{path}.sex", 1))
    elif who.sex:
        b.problem(f"{path}.birth_date", "is missing, and sex is given.", "Give both or none.")
    references(b, who.references, path)
    contacts(b, who.contacts, path)
    extras.own(b, start, who.extra, path, kind=kind, loops=_PEOPLE, head=head)


def _facts(b: Builder, who: Individual | None, path: str, relationship: str = "") -> None:
    """PAT, where there is something to say."""
    if who is None or not (
        relationship or who.death_date or who.pregnant or who.weight is not None
    ):
        return
    weighed = who.weight is not None
    b.add(
        "PAT",
        relationship,
        "",
        "",
        "",
        "D8" if who.death_date else "",
        d8(who.death_date) if who.death_date else "",
        "01" if weighed else "",
        b.quantity(who.weight, f"{path}.weight") if who.weight is not None else "",
        "Y" if who.pregnant else "",
    )


def _insurance(b: Builder, at: Coverage, path: str, relationship: str) -> None:
    """SBR."""
    b.add(
        "SBR",
        b.text(at.sequence, f"{path}.sequence", 1),
        relationship,
        b.text(at.group_number, f"{path}.group_number", 50),
        b.text(at.group_name, f"{path}.group_name", 60),
        b.text(at.insurance_type, f"{path}.insurance_type", 3),
        b.text(at.coordination, f"{path}.coordination", 1),
        "",
        "",
        b.text(at.filing, f"{path}.filing", 2),
    )


def _payer(b: Builder, at: Coverage, path: str) -> None:
    """NM1 to N4 of a payer."""
    b.add(
        "NM1",
        "PR",
        "2",
        b.text(at.payer_name, f"{path}.payer_name", _NAME),
        "",
        "",
        "",
        "",
        b.text(at.payer_id_qualifier, f"{path}.payer_id_qualifier", 2),
        b.text(at.payer_id, f"{path}.payer_id", _NUMBER),
    )
    address(b, at.payer_address, f"{path}.payer_address")


def subscriber_level(b: Builder, claim: Claim, at: Coverage, path: str) -> None:
    """Loops 2000B to 2010BB below the HL."""
    kind, patient = claim.kind, claim.patient
    subscriber = at.subscriber if at.subscriber is not None else patient
    own = at.subscriber is None
    start = len(b.segments)
    _insurance(b, at, path, b.text(at.relationship, f"{path}.relationship", 2) if own else "")
    who = "patient" if own else f"{path}.subscriber"
    _facts(b, subscriber, who)
    more = (*at.extra, *(patient.extra if own and patient is not None else ()))
    extras.own(b, start, more, path, kind=kind, loops={"2000B", "2000C", "2320"}, head="2000B")
    if subscriber is not None:
        member = b.text(at.member_id, f"{path}.member_id", _NUMBER)
        _person(b, "IL", subscriber, who, kind=kind, head="2010BA", member=member)
    start = len(b.segments)
    _payer(b, at, path)
    references(b, at.references, path)
    extras.own(b, start, at.extra, path, kind=kind, loops={"2010BB", "2330B"}, head="2010BB")
    if own:
        extras.loops(b, at.extra, path, {"2010", "2330"})


def patient_level(b: Builder, claim: Claim, at: Coverage, path: str) -> None:
    """Loops 2000C and 2010CA below the HL, of a patient who is not the subscriber."""
    who = claim.patient
    if who is None:
        b.problem("patient", "is missing.", "Say who was treated.")
        return
    start = len(b.segments)
    _facts(b, who, "patient", b.text(at.relationship, f"{path}.relationship", 2))
    extras.own(
        b, start, who.extra, "patient", kind=claim.kind, loops={"2000B", "2000C"}, head="2000C"
    )
    _person(b, "QC", who, "patient", kind=claim.kind, head="2010CA")
    extras.loops(b, at.extra, path, {"2010", "2330"})


def other_payer(b: Builder, claim: Claim, at: Coverage, path: str) -> None:
    """Loops 2320 to 2330: another payer, and what it decided."""
    kind, start = claim.kind, len(b.segments)
    _insurance(b, at, path, b.text(at.relationship, f"{path}.relationship", 2))
    adjustments(b, at.adjustments, f"{path}.adjustments")
    for code, value, field in (
        ("D", at.paid, "paid"),
        ("A8", at.noncovered, "noncovered"),
        ("EAF", at.remaining_liability, "remaining_liability"),
    ):
        if value is not None:
            b.add("AMT", code, b.amount(value, f"{path}.{field}", negative=True))
    b.add(
        "OI",
        "",
        "",
        b.text(at.benefits_assigned, f"{path}.benefits_assigned", 1),
        b.text(at.patient_signature, f"{path}.patient_signature", 1),
        "",
        b.text(at.release_of_information, f"{path}.release_of_information", 1),
    )
    if b.segments[-1] == "OI":
        b.segments.pop()
    if at.covered_days is not None:
        b.add("MIA", b.amount(at.covered_days, f"{path}.covered_days", negative=True))
    extras.own(b, start, at.extra, path, kind=kind, loops={"2320", "2000B"}, head="2320")
    subscriber = at.subscriber
    if subscriber is None:
        subscriber = named_alike(claim.patient)
    if subscriber is not None:
        who = "patient" if at.subscriber is None else f"{path}.subscriber"
        member = b.text(at.member_id, f"{path}.member_id", _NUMBER)
        _person(b, "IL", subscriber, who, kind=kind, head="2330A", member=member)
    start = len(b.segments)
    if at.payer_name or at.payer_id:
        _payer(b, at, path)
    if at.paid_on is not None:
        b.add("DTP", "573", "D8", d8(at.paid_on))
    own_numbers(b, at, path)
    references(b, at.references, path)
    extras.own(b, start, at.extra, path, kind=kind, loops={"2330B", "2010BB"}, head="2330B")
    providers(b, at.providers, f"{path}.providers", kind=kind, loop="2330")
    extras.loops(b, at.extra, path, {"2330", "2010"})


def own_numbers(b: Builder, at: Coverage, path: str) -> None:
    """REF of the numbers that a payer gave: authorization, referral, its number of the claim."""
    for code, field in (
        ("G1", "prior_authorization"),
        ("9F", "referral"),
        ("F8", "claim_control_number"),
    ):
        value = b.text(getattr(at, field), f"{path}.{field}", 50)
        if value:
            b.add("REF", code, value)


def adjustments(b: Builder, given: Sequence[ClaimAdjustment], path: str) -> None:
    """CAS: one for each group, six reasons in each."""
    segment: list[str] = []
    written = 0
    for i, one in enumerate(given):
        at = f"{path}[{i}]"
        group = b.text(one.group, f"{at}.group", 2, required="Give the group code.")
        if segment and (segment[0] != group or len(segment) > 3 * _REASONS):
            b.add("CAS", *segment)
            written += 1
            segment = []
        segment = segment or [group]
        segment += [
            b.text(one.reason, f"{at}.reason", 5, required="Give the adjustment reason code."),
            b.amount(one.amount, f"{at}.amount", negative=True),
            "" if one.quantity is None else b.amount(one.quantity, f"{at}.quantity", negative=True),
        ]
    if segment:
        b.add("CAS", *segment)
        written += 1
    if written > _ADJUSTMENT_SEGMENTS:
        b.problem(
            path,
            f"need {written} segments; {_ADJUSTMENT_SEGMENTS} fit.",
            "Combine adjustments that have the same group.",
        )
