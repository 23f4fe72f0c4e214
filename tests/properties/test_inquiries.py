"""Whatever is asked or answered about coverage and claims is read back as it was written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.inquiries import read, write_270, write_271, write_276, write_277
from superbill.model import (
    Address,
    Benefit,
    ClaimDate,
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    DeliveryPattern,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityQuestion,
    Figure,
    InquiryMember,
    InquiryParty,
    InquiryTrace,
    LineInquiry,
    Reference,
    Rejection,
    Service,
    StatusCode,
    StatusInformation,
)
from tests.unit.interop.stays import PARTNER

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
many = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

words = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=10)
maybe = st.one_of(st.just(""), words)
codes = st.text("ABCDEFGHIJ0123456789", min_size=2, max_size=3)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
figures = st.one_of(st.none(), st.integers(-(10**6), 10**6).map(lambda n: Decimal(n).scaleb(-2)))
amounts = st.integers(0, 10**8).map(lambda n: Decimal(n).scaleb(-2))


def few(of: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=most).map(tuple)


references = st.builds(Reference, qualifier=codes, value=words)
services = st.builds(
    Service, qualifier=st.sampled_from(["HC", "AD"]), code=words, modifiers=few(codes, 4)
)


@st.composite
def whens(draw: st.DrawFn) -> ClaimDate:
    return ClaimDate(code=draw(codes), start=draw(days), end=draw(st.one_of(st.none(), days)))


addresses = st.builds(
    Address, street=words, street2=maybe, city=words, state=st.sampled_from(["", "OH"]), zip=maybe
)
parties = st.builds(
    InquiryParty,
    entity=st.sampled_from(["PR", "1P", "41"]),
    person=st.booleans(),
    name=maybe,
    first_name=maybe,
    id_qualifier=st.just("PI"),
    id=words,
    address=st.one_of(st.none(), addresses),
    provider_code=st.just("BI"),
    taxonomy=maybe,
    references=few(references),
)
members = st.builds(
    InquiryMember,
    last_name=words,
    first_name=maybe,
    middle_name=maybe,
    organisation=st.booleans(),
    id_qualifier=st.just("MI"),
    id=words,
    birth_date=st.one_of(st.none(), days),
    sex=st.sampled_from(["M", "F", ""]),
    relationship=st.sampled_from(["18", "01", "19", ""]),
    address=st.one_of(st.none(), addresses),
    references=few(references),
    dates=few(whens()),
)
persons = st.builds(
    InquiryMember,
    last_name=words,
    first_name=maybe,
    id_qualifier=st.just("MI"),
    id=words,
    birth_date=st.one_of(st.none(), days),
    sex=st.sampled_from(["M", "F", ""]),
)
traces = st.builds(InquiryTrace, kind=st.sampled_from("12"), number=words, originator=maybe)
questions = st.builds(
    EligibilityQuestion,
    services=few(codes, 3),
    procedure=st.one_of(st.none(), services),
    coverage_level=st.sampled_from(["", "FAM"]),
    dates=few(whens()),
    references=few(references),
)
inquiries = st.builds(
    EligibilityInquiry,
    payer=parties,
    provider=parties,
    subscriber=members,
    dependent=st.one_of(st.none(), members),
    traces=few(traces),
    questions=st.lists(questions, min_size=1, max_size=3).map(tuple),
)


def rejections(*places: str) -> st.SearchStrategy[tuple[Rejection, ...]]:
    """Some at each place, in the order in which they are read."""
    kinds = [
        few(
            st.builds(
                Rejection,
                reason=codes,
                follow_up=st.sampled_from(["", "C", "N"]),
                valid=st.booleans(),
                at=st.just(place),
            )
        )
        for place in places
    ]
    return st.tuples(*kinds).map(lambda found: tuple(each for some in found for each in some))


patterns = st.builds(
    DeliveryPattern,
    quantity_qualifier=st.just("VS"),
    quantity=figures,
    period=maybe,
    periods=figures,
)
benefits = st.builds(
    Benefit,
    kind=st.sampled_from(["1", "6", "A", "C", "G", "R"]),
    coverage_level=st.sampled_from(["", "IND"]),
    services=few(codes, 3),
    plan=maybe,
    period=st.sampled_from(["", "23", "29"]),
    amount=figures,
    percent=figures,
    quantity=figures,
    authorization=st.sampled_from(["", "Y", "N", "U"]),
    in_network=st.sampled_from(["", "Y", "N", "W"]),
    procedure=st.one_of(st.none(), services),
    patterns=few(patterns),
    references=few(references),
    dates=few(whens()),
    rejections=rejections("benefit"),
    messages=few(words),
    conditions=few(references, 1),
    parties=few(parties),
)


@st.composite
def answers(draw: st.DrawFn) -> EligibilityAnswer:
    payer, provider = draw(parties), draw(parties)
    who = draw(st.sampled_from(["payer", "provider", "subscriber", "dependent"]))
    told = {
        "payer": ("payer",),
        "provider": ("payer", "provider"),
        "subscriber": ("payer", "provider", "subscriber"),
        "dependent": ("payer", "provider", "subscriber", "dependent"),
    }[who]
    found = who in {"subscriber", "dependent"}
    return EligibilityAnswer(
        payer=payer,
        provider=provider if "provider" in told else None,
        subscriber=draw(members) if found else None,
        dependent=draw(members) if who == "dependent" else None,
        traces=draw(few(traces)) if found else (),
        rejections=draw(rejections(*told)),
        benefits=draw(few(benefits, 3)) if found else (),
    )


status_codes = st.builds(
    StatusCode,
    category=codes,
    status=words,
    entity=st.sampled_from(["", "PR"]),
    pharmacy=st.booleans(),
)
informations = st.builds(
    StatusInformation,
    codes=st.lists(status_codes, min_size=1, max_size=3).map(tuple),
    on=st.one_of(st.none(), days),
    action=st.sampled_from(["", "WQ", "U"]),
    charge=figures,
    paid=figures,
    finalized_on=st.one_of(st.none(), days),
    payment_method=maybe,
    paid_on=st.one_of(st.none(), days),
    payment_number=maybe,
    message=maybe,
)
status_lines = st.builds(
    LineInquiry,
    service=st.one_of(st.none(), services),
    charge=figures,
    paid=figures,
    revenue_code=maybe,
    units=figures,
    statuses=few(informations),
    references=few(references),
    dates=few(whens()),
)
claim_inquiries = st.builds(
    ClaimStatusInquiry,
    payer=parties,
    receiver=parties,
    provider=parties,
    subscriber=persons,
    dependent=st.one_of(st.none(), persons),
    trace=words,
    charge=st.one_of(st.none(), amounts),
    references=few(references),
    dates=few(whens()),
    lines=few(
        st.builds(LineInquiry, service=services, charge=figures, units=figures, dates=few(whens()))
    ),
)


@st.composite
def claim_answers(draw: st.DrawFn, kind: str) -> ClaimStatusAnswer:
    level = draw(st.sampled_from(["payer", "receiver", "provider", "claim"]))
    claim = level == "claim"
    return ClaimStatusAnswer(
        kind=kind,  # type: ignore[arg-type]
        level=level,  # type: ignore[arg-type]
        payer=draw(parties),
        receiver=draw(parties) if level != "payer" else None,
        provider=draw(parties) if level in {"provider", "claim"} else None,
        subscriber=draw(persons) if claim else None,
        dependent=draw(st.one_of(st.none(), persons)) if claim and kind == "277" else None,
        trace=draw(words),
        statuses=draw(few(informations)),
        references=draw(few(references)),
        dates=draw(few(whens())),
        amounts=draw(few(st.builds(Figure, code=codes, value=amounts))),
        quantities=draw(few(st.builds(Figure, code=codes, value=amounts))),
        lines=draw(few(status_lines)) if claim else (),
    )


def same(writer: Any, found: list[Any]) -> None:
    content = writer(found, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)
    assert list(read(content)) == found


@many
@given(st.lists(inquiries, min_size=1, max_size=3))
def test_eligibility_questions(found: list[EligibilityInquiry]) -> None:
    same(write_270, found)


@many
@given(st.lists(answers(), min_size=1, max_size=3))
def test_eligibility_answers(found: list[EligibilityAnswer]) -> None:
    same(write_271, found)


@many
@given(st.lists(claim_inquiries, min_size=1, max_size=3))
def test_questions_about_claims(found: list[ClaimStatusInquiry]) -> None:
    same(write_276, found)


@many
@given(st.lists(claim_answers("277"), min_size=1, max_size=3))
def test_answers_about_claims(found: list[ClaimStatusAnswer]) -> None:
    same(write_277, found)


@many
@given(st.lists(claim_answers("277CA"), min_size=1, max_size=3))
def test_acknowledgements_of_claims(found: list[ClaimStatusAnswer]) -> None:
    same(write_277, found)
