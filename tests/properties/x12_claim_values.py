"""What a random claim is made of, within what the guides allow: codes, people, payers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from superbill.model import (
    Address,
    Ambulance,
    Attachment,
    Certification,
    ClaimAdjustment,
    ClaimDate,
    ClaimKind,
    Contact,
    Contract,
    Coverage,
    Individual,
    Provider,
    Reference,
    Repricing,
    Service,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
MARKS = " .,-/()'&+=!?;\""

FILING = [
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "AM",
    "BL",
    "CH",
    "CI",
    "DS",
    "FI",
    "HM",
    "LM",
    "MA",
    "MB",
    "MC",
    "OF",
    "TV",
    "VA",
    "WC",
    "ZZ",
]
DEPENDENT = ["01", "19", "20", "21", "39", "40", "53", "G8"]
REPORTS = {"837P": ["03", "04", "CT", "OZ"], "837I": ["03", "04", "CT", "OZ"], "837D": ["RB", "DA"]}

ROLES: dict[str, dict[str, str]] = {
    # The role, and how it may be named: person, organisation, with taxonomy, with address.
    "837P": {
        "referring": "p",
        "rendering": "pot",
        "facility": "oa",
        "supervising": "p",
    },
    "837I": {
        "attending": "pt",
        "operating": "p",
        "other_operating": "p",
        "rendering": "p",
        "facility": "oa",
        "referring": "p",
    },
    "837D": {
        "referring": "pt",
        "rendering": "pot",
        "facility": "oa",
        "assistant_surgeon": "pot",
        "supervising": "p",
    },
}
LINE_ROLES = {
    "837P": {"rendering": "pot", "facility": "oa", "supervising": "p", "referring": "p"},
    "837I": {"operating": "p", "other_operating": "p", "rendering": "p", "referring": "p"},
    "837D": {"rendering": "pot", "assistant_surgeon": "pot", "supervising": "p", "facility": "oa"},
}
OTHER_ROLES = {
    "837P": {"rendering": "po", "facility": "o", "supervising": "p", "billing": "po"},
    "837I": {"attending": "p", "operating": "p", "rendering": "p", "billing": "o"},
    "837D": {"rendering": "po", "supervising": "p", "billing": "po", "facility": "o"},
}
NUMBERS = {
    "837P": ["F5", "EW", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J"],
    "837I": ["9A", "9C", "D9", "LU", "EA", "P4", "G4"],
    "837D": ["G3", "9A", "9C", "D9"],
}
LINE_NUMBERS = {
    "837P": ["9B", "9D", "6R", "X4", "BT"],
    "837I": ["6R", "9B", "9D"],
    "837D": ["6R", "9A", "9C"],
}
DAYS = {
    "837P": ["431", "454", "304", "453", "439", "484", "455", "471", "297", "296", "444", "050"],
    "837I": ["050"],
    "837D": ["439", "452", "472", "050"],
}
LINE_DAYS = {
    "837P": ["471", "607", "463", "461", "304", "011", "455", "454"],
    "837I": [],
    "837D": ["441", "452", "446", "196", "198"],
}
UNCHECKED_NPI = ("1234567893", "1245319599", "1003000126")

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
amounts = st.decimals(0, Decimal("99999.99"), places=2)
counts = st.decimals(Decimal("0.5"), 9999, places=1)
maybe_amount = st.none() | amounts


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Text that begins and ends with a letter or digit."""
    inner = st.text(LETTERS + DIGITS + MARKS, max_size=max(most - 2, 0))
    ends = st.text(LETTERS, min_size=1, max_size=1)
    whole = st.builds(lambda a, m, z: a + m + z, ends, inner, ends)
    return whole.filter(lambda text: least <= len(text) <= most)


def codes(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(LETTERS + DIGITS, min_size=least, max_size=most)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


def some(each: st.SearchStrategy[Any], most: int = 2, **unique: Any) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=most, **unique).map(tuple)


def references(allowed: list[str], most: int = 3) -> st.SearchStrategy[Any]:
    one = st.builds(Reference, qualifier=st.sampled_from(allowed), value=codes(30))
    return some(one, most, unique_by=lambda r: r.qualifier)


addresses = st.builds(
    Address,
    street=words(55),
    street2=st.just("") | words(55),
    city=words(30, 2),
    state=st.sampled_from(["OH", "CA", "NY"]),
    zip=digits(9),
)
contacts = st.builds(
    Contact,
    name=words(60),
    phone=digits(10),
    extension=st.just("") | digits(4),
    email=st.just("") | st.just("BILLING@EXAMPLE.ORG"),
)


@st.composite
def providers(draw: Any, role: str, how: str, *, other: bool = False) -> Provider:
    person = "p" in how and ("o" not in how or draw(st.booleans()))
    if other:
        number = Reference(qualifier="G2" if role == "billing" else "LU", value=draw(codes(20)))
        return Provider(role=role, person=person, references=(number,))  # type: ignore[arg-type]
    return Provider(
        role=role,  # type: ignore[arg-type]
        person=person,
        name=draw(words(60)),
        first_name=draw(st.just("") | words(35)) if person else "",
        middle_name=draw(st.just("") | words(25)) if person else "",
        suffix=draw(st.just("") | st.just("JR")) if person else "",
        npi=draw(st.sampled_from(UNCHECKED_NPI)),
        taxonomy=draw(st.just("") | st.just("207R00000X")) if "t" in how else "",
        address=draw(addresses) if "a" in how else None,
        references=draw(references(["G2"], 1)),
    )


def some_of(
    draw: Any, roles: dict[str, str], most: int, *, other: bool = False
) -> tuple[Provider, ...]:
    chosen = draw(st.lists(st.sampled_from(sorted(roles)), unique=True, max_size=most))
    chosen.sort(key=list(roles).index)
    return tuple(draw(providers(role, roles[role], other=other)) for role in chosen)


def billing(kind: ClaimKind) -> st.SearchStrategy[Provider]:
    person = st.just(False) if kind == "837I" else st.booleans()

    @st.composite
    def build(draw: Any) -> Provider:
        is_person = draw(person)
        return Provider(
            role="billing",
            person=is_person,
            name=draw(words(60)),
            first_name=draw(words(35)) if is_person else "",
            npi="1234567893",
            taxonomy=draw(st.just("") | st.just("207R00000X")),
            tax_id=draw(digits(9)),
            address=draw(addresses),
            contacts=draw(some(contacts)),
        )

    return build()


def individuals(*, whole: bool) -> st.SearchStrategy[Individual]:
    fields: dict[str, Any] = {
        "last_name": words(60),
        "first_name": words(35),
        "middle_name": st.just("") | words(25),
        "suffix": st.just("") | st.just("III"),
    }
    if whole:
        fields |= {
            "address": addresses,
            "birth_date": days,
            "sex": st.sampled_from("MFU"),
        }
    return st.builds(Individual, **fields)


services = st.builds(
    Service,
    qualifier=st.just("HC"),
    code=st.builds(lambda a, b: a + b, st.sampled_from("AEGJ"), digits(4)),
    modifiers=some(codes(2, 2), 4),
)
dental_services = st.builds(
    Service,
    qualifier=st.just("AD"),
    code=digits(4).map("D{}".format),
    modifiers=some(codes(2, 2), 4),
)


@st.composite
def adjustments(draw: Any) -> tuple[ClaimAdjustment, ...]:
    groups = draw(st.lists(st.sampled_from(["CO", "PR", "OA", "PI"]), unique=True, max_size=3))
    one = st.tuples(codes(3), st.decimals(-999, 9999, places=2), st.none() | counts)
    return tuple(
        ClaimAdjustment(group=group, reason=reason, amount=amount, quantity=quantity)
        for group in groups
        for reason, amount, quantity in draw(st.lists(one, min_size=1, max_size=6))
    )


@st.composite
def coverages(draw: Any, kind: ClaimKind) -> tuple[Coverage, ...]:
    sequences = draw(st.lists(st.sampled_from("PSTAB"), unique=True, min_size=1, max_size=3))
    sequences.sort(key="PSTAB".index)
    billed = draw(st.sampled_from(sequences))
    return tuple(draw(_coverage(kind, sequence, sequence == billed)) for sequence in sequences)


@st.composite
def _coverage(draw: Any, kind: ClaimKind, sequence: str, billed: bool) -> Coverage:
    own = draw(st.booleans())
    fields: dict[str, Any] = {
        "sequence": sequence,
        "billed": billed,
        "payer_name": draw(words(60)),
        "payer_id": draw(codes(20, 2)),
        "payer_address": draw(st.none() | addresses),
        "filing": draw(st.sampled_from(FILING)),
        "member_id": draw(codes(20, 2)),
        "group_number": draw(st.just("") | codes(20)),
        "relationship": "18" if own else draw(st.sampled_from(DEPENDENT)),
        "subscriber": None if own else draw(individuals(whole=False)),
        "prior_authorization": draw(st.just("") | codes(20)),
        "referral": draw(st.just("") | codes(20)),
        "claim_control_number": draw(st.just("") | codes(20)),
        "references": draw(references(["2U", "FY"], 1)),
    }
    if not fields["group_number"]:
        fields["group_name"] = draw(st.just("") | words(60))
    if not billed:
        fields |= {
            "benefits_assigned": draw(st.sampled_from("YNW")),
            "release_of_information": draw(st.sampled_from("YI")),
            "paid": draw(maybe_amount),
            "noncovered": draw(maybe_amount),
            "remaining_liability": draw(maybe_amount),
            "paid_on": draw(st.none() | days),
            "adjustments": draw(adjustments()),
            "providers": some_of(draw, OTHER_ROLES[kind], 2, other=True),
        }
    return Coverage(**fields)


attachments = {
    kind: st.builds(
        Attachment,
        report_type=st.sampled_from(allowed),
        transmission=st.sampled_from(["BM", "EL", "FX"]),
        control_number=codes(40, 2),
    )
    for kind, allowed in REPORTS.items()
}
contracts = st.none() | st.builds(
    Contract,
    type=st.sampled_from(["02", "04", "09"]),
    amount=maybe_amount,
    percent=st.none() | st.decimals(0, 100, places=2),
    code=st.just("") | codes(20),
    version=st.just("") | codes(10),
)
ambulances = st.none() | st.builds(
    Ambulance,
    reason=st.sampled_from("ABCDE"),
    miles=st.decimals(0, 999, places=1),
    weight=st.none() | st.decimals(1, 500, places=0),
    round_trip=st.just("") | words(80),
    stretcher=st.just("") | words(80),
)
certifications = st.builds(
    Certification,
    category=st.just("07"),
    applies=st.sampled_from("YN"),
    conditions=st.lists(
        st.sampled_from(["01", "04", "05"]), min_size=1, max_size=3, unique=True
    ).map(tuple),
)
repricings = st.none() | st.builds(
    Repricing,
    method=st.sampled_from(["00", "01", "02"]),
    allowed=amounts,
    savings=maybe_amount,
    organization_id=st.just("") | codes(20),
)
spans = st.tuples(days, days).map(sorted)


def dates(allowed: list[str]) -> st.SearchStrategy[Any]:
    if not allowed:
        return st.just(())
    one = st.builds(ClaimDate, code=st.sampled_from(allowed), start=days)
    return some(one, 3, unique_by=lambda d: d.code)
