"""Whatever the stay, what is written says it: counts, totals, hierarchy and codes."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from superbill.errors import Invalid
from superbill.identifiers import npi
from superbill.interop.x12 import (
    InstitutionalClaim,
    Partner,
    SequentialControlNumbers,
    write_837i,
)
from superbill.interop.x12.segments import BASIC, EXTENDED
from superbill.model import (
    Address,
    Adjustment,
    Decision,
    Diagnosis,
    EditReport,
    Encounter,
    Facility,
    Line,
    Medicaid,
    MedicarePartA,
    Medigap,
    OccurrenceCode,
    OccurrenceSpan,
    Payer,
    PayerDecision,
    Person,
    Plan,
    Practitioner,
    Procedure,
    SelfPay,
    ValueCode,
)
from tests.unit.interop.readback import File, pyx12_errors
from tests.unit.interop.stays import PARTNER, PATIENT, diagnoses, lines, partner, stay

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001
MARKS = "*:^~"


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Text that both character sets can send, without a blank at either end."""
    inside = st.text(sorted(BASIC - set(MARKS)), min_size=least, max_size=most)
    return inside.map(str.strip).filter(lambda t: len(t) >= least)


def codes(form: str) -> st.SearchStrategy[str]:
    return st.from_regex(form, fullmatch=True)


amounts = st.decimals(0, 99_999, places=2)
days = st.dates(date(2024, 1, 1), date(2027, 9, 30))
identifiers = words(20, least=2)

addresses = st.builds(
    Address,
    street=words(55).filter(lambda t: "BOX" not in t),
    street2=st.one_of(st.just(""), words(55)),
    city=words(30, least=2),
    state=st.sampled_from(["OH", "PR", "CA"]),
    zip=codes("[0-9]{5}"),
)
people = st.builds(
    Person,
    last_name=words(60),
    first_name=st.one_of(st.just(""), words(35)),
    middle_name=st.one_of(st.just(""), words(25)),
    birth_date=st.dates(date(1901, 1, 1), date(2024, 1, 1)),
    sex=st.sampled_from("MFU"),
    address=addresses,
)
practitioners = st.builds(
    Practitioner,
    last_name=words(60),
    first_name=words(35),
    npi=codes("[12][0-9]{8}").map(lambda nine: nine + npi.check_digit(nine)),
    taxonomy=st.sampled_from(["", "208M00000X"]),
)
facilities = st.builds(
    Facility,
    name=words(60),
    ccn=st.just("360870"),
    npi=codes("[12][0-9]{8}").map(lambda nine: nine + npi.check_digit(nine)),
    tax_id=codes("[0-9]{9}"),
    taxonomy=st.sampled_from(["", "282N00000X"]),
    address=addresses.map(lambda a: msgspec.structs.replace(a, zip=a.zip + "0001")),
)


@st.composite
def payers(draw: st.DrawFn, i: int) -> Payer:
    common: dict[str, Any] = {
        "name": draw(words(40)) + str(i),
        "payer_id": draw(identifiers),
        "group_number": draw(st.one_of(st.just(""), words(50))),
        "prior_authorization": draw(st.one_of(st.just(""), words(50))),
        "claim_control_number": draw(words(30)),
        "address": draw(st.one_of(st.none(), addresses)),
        "member_id": draw(identifiers),
    }
    kind = draw(st.sampled_from(["medicare", "medigap", "medicaid", "plan", "self"]))
    if kind == "medicare":
        return MedicarePartA(**common | {"member_id": "1EG4TE5MK73"})
    if kind == "self":
        return SelfPay(**common)
    relationship = draw(st.sampled_from(["18", "01", "19", "G8"]))
    common |= {
        "relationship": relationship,
        "subscriber": None if relationship == "18" else draw(people),
    }
    if kind == "medigap":
        return Medigap(plan="G", **common)
    if kind == "medicaid":
        return Medicaid(state="OH", **common)
    return Plan(**common)


@st.composite
def service_lines(draw: st.DrawFn) -> Line:
    charge = draw(amounts)
    hcpcs = draw(st.sampled_from(["", "J1940", "G0378"]))
    return Line(
        revenue_code=draw(st.integers(100, 999).map(lambda n: f"0{n}")),
        charge=charge,
        units=draw(st.decimals(0, 999, places=draw(st.integers(0, 3)))),
        hcpcs=hcpcs,
        modifiers=tuple(draw(st.lists(codes("[0-9A-Z]{2}"), max_size=4))) if hcpcs else (),
        service_date=draw(st.one_of(st.none(), days)),
        noncovered=draw(st.sampled_from([Decimal("0.00"), charge])),
    )


diagnosis = st.builds(
    Diagnosis,
    code=codes(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?"),
    poa=st.sampled_from(["Y", "N", "U", "W", "1", ""]),
)
nubc = codes("[0-9A-Z]{2}")


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    admitted = draw(days)
    stayed = draw(st.integers(0, 120))
    asked = tuple(draw(payers(i)) for i in range(draw(st.integers(1, 4))))
    if all(isinstance(p, SelfPay) for p in asked):
        asked += (Plan(name="Plan", payer_id="P1", member_id="M1", claim_control_number="1"),)
    spans = draw(st.lists(st.tuples(nubc, days, st.integers(0, 99)), max_size=24))
    return Encounter(
        id=draw(words(38)),
        patient=draw(people),
        facility=draw(facilities),
        admission_date=admitted,
        admission_hour=draw(st.sampled_from(["", "00", "23", "99"])),
        discharge_date=admitted + timedelta(days=stayed),
        discharge_hour=draw(st.sampled_from(["00", "07", "23"])),
        discharge_status=draw(st.sampled_from(["01", "06", "20", "30"])),
        type_of_bill=draw(st.sampled_from(["0111", "0112", "0117", "0118", "112"])),
        diagnoses=tuple(draw(st.lists(diagnosis, min_size=1, max_size=25))),
        admitting_diagnosis=draw(codes(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")),
        procedures=tuple(
            draw(st.lists(st.builds(Procedure, code=codes("[0-9A-Z]{7}"), date=days), max_size=25))
        ),
        lines=tuple(draw(st.lists(service_lines(), min_size=1, max_size=30))),
        condition_codes=tuple(draw(st.lists(nubc, max_size=24))),
        occurrence_codes=tuple(
            draw(st.lists(st.builds(OccurrenceCode, code=nubc, date=days), max_size=24))
        ),
        occurrence_spans=tuple(
            OccurrenceSpan(code=code, start=day, end=day + timedelta(days=n))
            for code, day, n in spans
        ),
        value_codes=tuple(
            draw(
                st.lists(
                    st.builds(
                        ValueCode, code=nubc.filter(lambda c: c[0] not in "48"), amount=amounts
                    ),
                    max_size=18,
                )
            )
        ),
        covered_days=draw(st.one_of(st.none(), st.integers(0, stayed))),
        attending=draw(practitioners),
        operating=draw(st.one_of(st.none(), practitioners)),
        medical_record_number=draw(st.one_of(st.just(""), words(50))),
        payers=asked,
    )


@st.composite
def claims(draw: st.DrawFn) -> InstitutionalClaim:
    """A stay, with decisions that balance for the payers before the one that is billed."""
    encounter = draw(encounters())
    asked = [p for p in encounter.payers if not isinstance(p, SelfPay)]
    answers = []
    for position, payer in enumerate(asked, 1):
        left = total = encounter.total_charges
        adjustments = []
        for group in draw(st.lists(st.sampled_from(["CO", "PR", "OA", "PI"]), max_size=8)):
            amount = draw(st.decimals(-9, 9_999, places=2))
            reason = str(draw(st.integers(1, 300)))
            adjustments.append(
                Adjustment(group=group, reason=reason, amount=amount, meaning="")  # type: ignore[arg-type]
            )
            left -= amount
        answers.append(
            PayerDecision(
                payer=payer.name,
                kind=str(payer.__struct_config__.tag),
                position=position,
                billed=total,
                allowed=left,
                paid=left,
                adjustments=tuple(adjustments),
            )
        )
    decision = Decision(
        encounter_id=encounter.id,
        edits=EditReport(),
        grouping=None,
        payment=None,
        payers=tuple(answers),
        charges=encounter.total_charges,
        paid=Decimal(0),
        written_off=Decimal(0),
        patient=Decimal(0),
        shares=(),
    )
    position = draw(st.integers(1, len(asked)))
    dates = dict.fromkeys(range(1, position), encounter.discharge_date)
    return InstitutionalClaim(encounter, decision, position, dates)


def write(items: list[InstitutionalClaim], to: Partner = PARTNER) -> bytes:
    return write_837i(items, partner=to, control=SequentialControlNumbers(), created=CREATED)


slow = settings(deadline=None, suppress_health_check=list(HealthCheck))
slower = settings(slow, max_examples=25)


@slow
@given(claims())
def test_every_claim_says_what_the_stay_says(item: InstitutionalClaim) -> None:
    e = item.encounter
    file = File(write([item]))
    file.check_envelope()
    file.check_hierarchy()

    clm = file.one("CLM")
    charged = file.all("SV2")
    assert clm[1] == e.id
    assert Decimal(clm[2]) == sum(Decimal(s[3]) for s in charged) == e.total_charges
    assert len(charged) == len(file.all("LX")) == len(e.lines)
    assert [Decimal(s[5]) for s in charged] == [line.units for line in e.lines]
    assert sum(Decimal(s[7]) for s in charged if s[7]) == sum(n.noncovered for n in e.lines)

    def bare(code: str) -> str:
        return code.replace(".", "")

    assert [c[1] for c in file.codes("ABK")] == [bare(e.diagnoses[0].code)]
    others = [c[1] for c in (*file.codes("ABN"), *file.codes("ABF"))]
    assert sorted(others) == sorted(bare(d.code) for d in e.diagnoses[1:])
    done = [(c[1], c[3]) for c in (*file.codes("BBR"), *file.codes("BBQ"))]
    assert done == [(p.code, f"{p.date:%Y%m%d}") for p in e.procedures]
    assert [c[1] for c in file.codes("BG")] == list(e.condition_codes)
    assert [c[1] for c in file.codes("BH")] == [c.code for c in e.occurrence_codes]
    assert [c[1] for c in file.codes("BI")] == [c.code for c in e.occurrence_spans]
    values = [(c[1], Decimal(c[4])) for c in file.codes("BE")]
    given = [(v.code, v.amount) for v in e.value_codes]
    assert values[: len(given)] == given
    counted = dict(values[len(given) :])
    stated = max(e.length_of_stay, 1)
    stated += e.discharge_status == "30" and e.length_of_stay > 0
    assert counted["80"] + counted.get("81", 0) == stated

    people = [p for p in e.payers if not isinstance(p, SelfPay)]
    assert len(file.all("SBR")) == len(file.all("NM1", "PR")) == len(people)
    assert bool(file.all("PAT")) == (people[item.position - 1].relationship != "18")
    for sbr in file.all("SBR")[1 : item.position]:
        loop = file.after(sbr, "SBR", "LX")
        (paid,) = (Decimal(s[2]) for s in loop if s.id == "AMT" and s[1] == "D")
        assert paid + file.adjusted(sbr) == e.total_charges


@slower
@given(st.lists(claims(), min_size=1, max_size=4))
def test_pyx12_accepts_every_claim(items: list[InstitutionalClaim]) -> None:
    assert pyx12_errors(write(items)) == []


@slow
@given(
    st.text(sorted(EXTENDED), min_size=1, max_size=60).filter(lambda t: t.strip()),
    st.permutations("*:^~|>!'\x1d\x1e").map(lambda p: "".join(p[:4])),
)
def test_what_is_sent_comes_back_and_what_cannot_be_sent_is_refused(name: str, marks: str) -> None:
    # E-mail, names and numbers of the partner and the stay hold none of these delimiters.
    other = partner(delimiters=marks)
    e = stay(patient=msgspec.structs.replace(PATIENT, last_name=name))
    if set(name.strip()) & set(marks):
        with pytest.raises(Invalid) as caught:
            write([InstitutionalClaim(e)], other)
        assert [p.path for p in caught.value.problems] == ["patient.last_name"]
    else:
        file = File(write([InstitutionalClaim(e)], other))
        assert file.one("NM1", "IL")[3] == name.strip()


def test_a_thousand_claims_take_well_under_a_second() -> None:
    item = InstitutionalClaim(stay(diagnoses=diagnoses(12), lines=lines(14)))
    write([item])
    started = time.process_time()
    content = write([item] * 1_000)
    assert time.process_time() - started < 1
    assert content.count(b"~CLM*") == 1_000
