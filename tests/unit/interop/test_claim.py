"""What stands in each segment of a claim."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.interop.x12 import InstitutionalClaim, SequentialControlNumbers, write_837i
from superbill.model import (
    BenefitDays,
    Diagnosis,
    Line,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)
from tests.unit.interop import stays
from tests.unit.interop.readback import File
from tests.unit.interop.stays import (
    ADMITTED,
    CREATED,
    DISCHARGED,
    MEDICARE,
    PARENT,
    PARTNER,
    PLAN,
    decided,
    grouping,
    stay,
)
from tests.unit.interop.written import read, refused

CASES = Path(__file__).parents[2] / "cases"


def elements(file: File, id_: str, first: str | None = None) -> tuple[str, ...]:
    return file.one(id_, first).elements


def test_the_same_input_gives_the_same_bytes() -> None:
    def write() -> bytes:
        return write_837i(
            [InstitutionalClaim(stay())],
            partner=PARTNER,
            control=SequentialControlNumbers(),
            created=CREATED,
        )

    assert write() == write()


def test_envelope() -> None:
    file = read(stay())
    isa = file.segments[0]
    assert [len(e) for e in isa.elements] == [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]
    assert (isa[9], isa[10], isa[13], isa[15]) == ("260303", "1020", "000000907", "T")
    assert elements(file, "GS") == (
        "HC",
        "EGH001",
        "EC0001",
        "20260303",
        "1020",
        "907",
        "X",
        "005010X223A2",
    )
    assert elements(file, "ST") == ("837", "0001", "005010X223A2")
    assert elements(file, "BHT") == ("0019", "00", "0000009070001", "20260303", "1020", "CH")
    assert elements(file, "PER") == (
        "IC",
        "Billing office",
        "TE",
        "5555550100",
        "EM",
        "billing@example.org",
    )


def test_hospital() -> None:
    file = read(stay())
    assert elements(file, "PRV", "BI") == ("BI", "PXC", "282N00000X")
    assert file.one("NM1", "85")[9] == "1234567893"
    assert elements(file, "REF", "EI") == ("EI", "000000000")
    assert file.all("N4")[0].elements == ("Springfield", "OH", "455010001")


def test_patient_who_is_the_subscriber() -> None:
    file = read(stay())
    assert elements(file, "SBR") == ("P", "18", "", "", "", "", "", "", "MA")
    il = file.one("NM1", "IL")
    # The dashes of a Medicare card are no part of the number.
    assert (il[3], il[4], il[5], il[9]) == ("Sample", "Eleanor", "Q", "1EG4TE5MK73")
    assert elements(file, "DMG") == ("D8", "19440517", "F")
    assert not file.all("PAT")


def test_patient_who_is_not_the_subscriber() -> None:
    child = msgspec.structs.replace(PLAN, relationship="19", subscriber=PARENT)
    file = read(stay(payers=(child,)))
    assert elements(file, "SBR") == ("P", "", "GRP9", "", "", "", "", "", "CI")
    assert file.one("NM1", "IL")[4] == "Robert"
    assert elements(file, "PAT") == ("19",)
    assert file.one("NM1", "QC").elements == ("QC", "1", "Sample", "Eleanor", "Q")
    # Address and birth date are the patient's; of the subscriber name and number are enough.
    assert len(file.all("DMG")) == 1
    assert file.segments.index(file.one("DMG")) > file.segments.index(file.one("PAT"))


def test_claim_and_dates() -> None:
    file = read(stay())
    clm = file.one("CLM")
    assert (clm[1], clm[5], clm[7], clm[8], clm[9]) == ("EX-001", "11:A:1", "A", "Y", "Y")
    assert elements(file, "DTP", "096") == ("096", "TM", "1100")
    assert elements(file, "DTP", "434") == ("434", "RD8", "20260223-20260301")
    assert elements(file, "DTP", "435") == ("435", "DT", "202602231400")
    assert elements(file, "CL1") == ("1", "1", "06")
    assert elements(file, "REF", "EA") == ("EA", "MRN1")


def test_statement_that_begins_before_the_admission() -> None:
    file = read(stay(statement_from=date(2026, 2, 21)))
    assert file.one("DTP", "434")[3] == "20260221-20260301"
    assert file.one("DTP", "435")[3].startswith("20260223")


def test_minutes_of_admission_and_an_unknown_hour() -> None:
    assert read(stay(admission_hour="1437")).one("DTP", "435")[3] == "202602231437"
    assert elements(read(stay(admission_hour="99")), "DTP", "435") == ("435", "D8", "20260223")


def test_still_a_patient_has_no_hour_of_discharge() -> None:
    file = read(stay(type_of_bill="112", discharge_status="30", discharge_hour=""))
    assert not file.all("DTP", "096")
    assert file.one("CLM")[5] == "11:A:2"


@pytest.mark.parametrize(
    ("poa", "sent"),
    [
        ("Y", ["ABK", "I5023", "", "", "", "", "", "", "Y"]),
        ("N", ["ABK", "I5023", "", "", "", "", "", "", "N"]),
        ("U", ["ABK", "I5023", "", "", "", "", "", "", "U"]),
        ("W", ["ABK", "I5023", "", "", "", "", "", "", "W"]),
        # CMS change request 7024: in 5010 an exempt code is left blank, no longer given a 1.
        ("1", ["ABK", "I5023"]),
        ("", ["ABK", "I5023"]),
    ],
)
def test_present_on_admission(poa: Any, sent: list[str]) -> None:
    assert read(stay(diagnoses=(Diagnosis(code="i50.23", poa=poa),))).codes("ABK") == [sent]


def test_diagnoses_keep_their_order_in_segments_of_twelve() -> None:
    file = read(stay(diagnoses=stays.diagnoses(25)))
    given = [d.code for d in stays.diagnoses(25)]
    assert [c[1] for c in file.codes("ABK")] == given[:1]
    assert [c[1] for c in file.codes("ABF")] == given[1:]
    assert [len(s.elements) for s in file.all("HI") if s[1].startswith("ABF")] == [12, 12]


def test_external_causes_stand_apart_until_their_places_are_full() -> None:
    causes = tuple(Diagnosis(code=f"Y92.{i:02d}", poa="1") for i in range(13))
    file = read(stay(diagnoses=(*stays.diagnoses(2), *causes)))
    assert [c[1] for c in file.codes("ABN")] == [f"Y92{i:02d}" for i in range(12)]
    assert [c[1] for c in file.codes("ABF")] == ["A001", "Y9212"]


def test_too_many_diagnoses_are_refused_not_cut() -> None:
    assert refused(stay(diagnoses=stays.diagnoses(26))) == ["diagnoses"]


def test_drg_comes_from_the_decision_only() -> None:
    e = stay()
    assert read(e).codes("DR") == []
    assert read(e, decision=decided(e)).codes("DR") == []
    assert read(e, decision=decided(e, grouped=grouping("008"))).codes("DR") == [["DR", "008"]]


def test_procedures() -> None:
    file = read(stay(procedures=stays.procedures(25)))
    given = [p.code for p in stays.procedures(25)]
    assert file.codes("BBR") == [["BBR", given[0], "D8", "20260223"]]
    assert [c[1] for c in file.codes("BBQ")] == given[1:]
    assert refused(stay(procedures=stays.procedures(26))) == ["procedures"]


def test_codes_of_the_form() -> None:
    file = read(
        stay(
            occurrence_codes=(OccurrenceCode(code="11", date=ADMITTED),),
            occurrence_spans=(OccurrenceSpan(code="74", start=ADMITTED, end=DISCHARGED),),
            value_codes=(ValueCode(code="01", amount=Decimal("1875.50")),),
            condition_codes=("C1", "09"),
        )
    )
    assert file.codes("BH") == [["BH", "11", "D8", "20260223"]]
    assert file.codes("BI") == [["BI", "74", "RD8", "20260223-20260301"]]
    assert file.codes("BE")[0] == ["BE", "01", "", "", "1875.5"]
    assert file.codes("BG") == [["BG", "C1"], ["BG", "09"]]


DAYS = tomllib.loads((CASES / "covered_days.toml").read_text())["case"]


@pytest.mark.parametrize("case", DAYS, ids=[c["name"] for c in DAYS])
def test_covered_days(case: dict[str, Any]) -> None:
    e = stay(
        admission_date=date.fromisoformat(str(case["admitted"])),
        discharge_date=date.fromisoformat(str(case["discharged"])),
        discharge_status=case.get("status", "01"),
        covered_days=case.get("covered_days"),
        lifetime_reserve_days=case.get("lifetime_reserve_days", 0),
        value_codes=tuple(
            ValueCode(code=code, amount=Decimal(n)) for code, n in case.get("given", {}).items()
        ),
        procedures=(),
    )
    sent = {c[1]: c[4] for c in read(e).codes("BE")}
    assert sent == case["sent"]


def test_covered_days_as_medicare_counted_them() -> None:
    e = stay()
    answer = msgspec.structs.replace(
        stays.medicare_answer(e),
        days=BenefitDays(full=1, coinsurance=2, lifetime_reserve=2, noncovered=1),
    )
    sent = {c[1]: c[4] for c in read(e, decision=decided(e, answer)).codes("BE")}
    assert sent == {"80": "5", "81": "1", "82": "2", "83": "2"}


def test_lines() -> None:
    file = read(
        stay(
            lines=(
                Line(revenue_code="120", charge=Decimal("7500.00"), units=Decimal(4)),
                Line(
                    revenue_code="0636",
                    charge=Decimal("0.50"),
                    units=Decimal("2.500"),
                    hcpcs="j0696",
                    modifiers=("JZ", "GA"),
                    service_date=ADMITTED,
                    noncovered=Decimal("0.25"),
                    ndc="00000-0000-00",
                    ndc_quantity=Decimal("2.50"),
                    ndc_unit="ML",
                ),
                Line(revenue_code="0024", charge=Decimal(0), hcpcs="A0101"),
            )
        )
    )
    room, drug, rate = file.all("SV2")
    # Accommodation is counted in days, everything else in units.
    assert room.elements == ("0120", "", "7500", "DA", "4")
    assert drug.elements == ("0636", "HC:J0696:JZ:GA", ".5", "UN", "2.5", "", ".25")
    assert rate.elements == ("0024", "HP:A0101", "0", "UN", "1")
    assert elements(file, "DTP", "472") == ("472", "D8", "20260223")
    assert elements(file, "LIN") == ("", "N4", "00000000000")
    assert elements(file, "CTP") == ("", "", "", "2.5", "ML")
    assert [s[1] for s in file.all("LX")] == ["1", "2", "3"]


def test_replacement_needs_the_number_of_the_original() -> None:
    assert refused(stay(type_of_bill="0117")) == ["payers[0].claim_control_number"]
    numbered = msgspec.structs.replace(MEDICARE, claim_control_number="ICN1")
    assert elements(read(stay(type_of_bill="0117", payers=(numbered,))), "REF", "F8") == (
        "F8",
        "ICN1",
    )
    # A first bill has no original to refer to.
    assert not read(stay(payers=(numbered,))).all("REF", "F8")
