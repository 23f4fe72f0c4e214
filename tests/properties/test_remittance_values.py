"""Any remittance of the model is read back as it was written; mangled ones are refused in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from superbill.errors import Invalid
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.ack import read as read_acks
from superbill.interop.x12.inquiries import each as each_inquiry
from superbill.interop.x12.remits import RemittanceFile, each, remittances, write_835
from superbill.interop.x12.remits.compare import compare
from superbill.interop.x12.remits.report import document
from superbill.model import (
    Address,
    BankAccount,
    ClaimAdjustment,
    ClaimDate,
    ClaimGroup,
    Extra,
    Figure,
    InpatientOutcome,
    OutpatientOutcome,
    PayerContact,
    ProviderAdjustment,
    Reference,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceName,
    RemittanceParty,
    Service,
)
from tests.unit.interop.reader.files import clean
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
amounts = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))
figures = st.one_of(st.none(), amounts)


def few(of: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=most).map(tuple)


references = st.builds(Reference, qualifier=codes, value=words)
dates = st.builds(ClaimDate, code=codes, start=days)
numbers = st.builds(Figure, code=codes, value=amounts)
services = st.builds(
    Service, qualifier=codes, code=words, modifiers=few(codes, 4), description=maybe
)
adjustments = st.builds(
    ClaimAdjustment,
    group=st.sampled_from(["CO", "PR", "OA", "PI"]),
    reason=codes,
    amount=amounts,
    quantity=figures,
)
contacts = st.builds(PayerContact, function=codes, name=maybe, numbers=few(references, 3))
addresses = st.builds(
    Address, street=words, street2=maybe, city=words, state=st.sampled_from(["", "OH"]), zip=maybe
)
parties = st.builds(
    RemittanceParty,
    name=words,
    id_qualifier=st.just("XX"),
    id=words,
    address=st.one_of(st.none(), addresses),
    references=few(references),
    contacts=few(contacts),
)
names = st.builds(
    RemittanceName,
    role=st.sampled_from(["patient", "insured", "corrected", "rendering", "crossover"]),
    person=st.booleans(),
    name=maybe,
    first_name=maybe,
    suffix=maybe,
    id_qualifier=st.just("MI"),
    id=maybe,
)
lines = st.builds(
    RemittanceLine,
    charge=amounts,
    paid=amounts,
    service=st.one_of(st.none(), services),
    revenue_code=maybe,
    units_paid=figures,
    submitted=st.one_of(st.none(), services),
    units_billed=figures,
    dates=few(dates),
    adjustments=few(adjustments, 9),
    references=few(references),
    amounts=few(numbers),
    quantities=few(numbers),
    remarks=few(references),
    extra=few(st.just(Extra(loop="2110", elements=(("ZZZ",), ("A", "B"), ("",), ("C",))))),
)
inpatient = st.builds(
    InpatientOutcome, covered_days=amounts, drg_amount=figures, remarks=few(codes, 5)
)
outpatient = st.builds(OutpatientOutcome, rate=figures, esrd=figures, remarks=few(codes, 5))
accounts = st.builds(BankAccount, bank_qualifier=codes, bank=words, kind=codes, number=words)


def claims(groups: int) -> st.SearchStrategy[RemittanceClaim]:
    return st.builds(
        RemittanceClaim,
        id=words,
        status=st.sampled_from(["1", "2", "4", "22"]),
        charge=amounts,
        paid=amounts,
        patient_responsibility=figures,
        filing=maybe,
        control_number=words,
        facility_type=maybe,
        frequency=maybe,
        drg=maybe,
        drg_weight=figures,
        discharge_fraction=figures,
        group=st.integers(0, groups - 1),
        adjustments=few(adjustments, 9),
        names=few(names, 3),
        inpatient=st.one_of(st.none(), inpatient),
        outpatient=st.one_of(st.none(), outpatient),
        references=few(references),
        dates=few(dates),
        contacts=few(contacts),
        amounts=few(numbers),
        quantities=few(numbers),
        lines=few(lines, 3),
        extra=few(st.just(Extra(loop="2100", elements=(("N3",), ("STREET",))))),
    )


@st.composite
def values(draw: st.DrawFn) -> Remittance:
    groups = draw(
        st.lists(
            st.builds(
                ClaimGroup,
                number=words,
                provider=maybe,
                fiscal_period_end=st.one_of(st.none(), days),
                claims=figures,
                charge=figures,
            ),
            min_size=1,
            max_size=3,
        ).map(tuple)
    )
    held = draw(few(claims(len(groups)), 3))
    return Remittance(
        payer=draw(parties),
        payee=draw(parties),
        number=draw(words),
        amount=draw(amounts),
        paid_on=draw(st.one_of(st.none(), days)),
        method=draw(st.sampled_from(["CHK", "ACH", "NON"])),
        handling=draw(st.sampled_from(["I", "H", "C"])),
        debit=draw(st.booleans()),
        format=draw(maybe),
        payer_account=draw(st.one_of(st.none(), accounts)),
        payee_account=draw(st.one_of(st.none(), accounts)),
        payer_number=draw(maybe),
        currency=draw(maybe),
        receiver=draw(maybe),
        version=draw(maybe),
        produced=draw(st.one_of(st.none(), days)),
        groups=groups,
        # In the order in which their groups come.
        claims=tuple(sorted(held, key=lambda claim: claim.group)),
        provider_adjustments=draw(
            few(
                st.builds(
                    ProviderAdjustment,
                    provider=words,
                    fiscal_period_end=days,
                    reason=codes,
                    reference=maybe,
                    amount=amounts,
                ),
                8,
            )
        ),
    )


@many
@given(st.lists(values(), min_size=1, max_size=2))
def test_any_remittance_is_read_back_as_it_was_written(found: list[Remittance]) -> None:
    content = write_835(found, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)
    assert list(remittances(content)) == found
    assert RemittanceFile.read(content).bytes() == content
    # What adds up to nothing is told all the same.
    assert document("x", found, compare(found, []))


GOOD = [clean(name) for name in ("835", "270", "271", "276", "277", "277CA", "999")]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 30)), max_size=4
    ),
)
def test_mangled_files_give_values_or_words(
    content: bytes, changes: list[tuple[int, bytes, int]]
) -> None:
    for at, put, taken in changes:
        place = 106 + at % (len(content) - 106)
        content = content[:place] + put + content[place + taken :]
    told: list[Invalid] = []
    for reading in (each, each_inquiry, read_acks, RemittanceFile.read):
        try:
            found = reading(content)
            if isinstance(found, RemittanceFile):
                assert found.bytes() == content
            else:
                list(found)
        except Invalid as error:
            told.append(error)
    assert all(problem.path for error in told for problem in error.problems)
