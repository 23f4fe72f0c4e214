"""The professional claim of a visit: written, accepted, read back; and what it is refused for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.benefits import visits
from superbill.errors import Invalid
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.check import check_file
from superbill.interop.x12.claims.visit import claim_of_visit
from superbill.interop.x12.claims.writer import ClaimWriter
from superbill.interop.x12.partner import Interchange, Partner, Receiver, Submitter
from superbill.model import Claim, EditReport, LinePrice, Visit, VisitDecision, read
from tests.unit.interop.readback import File, pyx12_errors

EXAMPLES = Path(__file__).parents[4] / "examples"
DAY = date(2026, 6, 1)
PARTNER = Partner(
    submitter=Submitter(name="EXAMPLE BILLING", id="EB0001", phone="2125550100"),
    receiver=Receiver(name="EXAMPLE CLEARINGHOUSE", id="EC0001"),
    interchange=Interchange(sender="EB0001", receiver="EC0001"),
)


def example(name: str = "office_visit", **more: Any) -> Visit:
    visit = read.visit((EXAMPLES / f"{name}.json").read_bytes())
    return replace(visit, **more) if more else visit


def decided(visit: Visit) -> VisitDecision:
    """The visit's split, each line worth 90.00 to Medicare."""
    prices = [
        LinePrice(line=number, code=line.code, allowed=Decimal("90.00"))
        for number, line in enumerate(visit.lines, 1)
    ]
    split = visits.split(visit, prices, state_prices=lambda _: (), explain=False)
    assert split.not_covered == ()
    return VisitDecision(
        visit_id=visit.id,
        edits=EditReport(),
        prices=tuple(prices),
        payers=split.payers,
        charges=split.charges,
        paid=split.paid,
        written_off=split.written_off,
        patient=split.patient,
        shares=split.shares,
    )


def written(*claims: Claim) -> bytes:
    with ClaimWriter(PARTNER) as writer:
        for claim in claims:
            writer.add(claim)
        return writer.write(SequentialControlNumbers(), datetime(2026, 6, 2, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("name", ["office_visit", "outpatient_surgery"])
def test_the_examples_are_accepted_by_us_and_by_pyx12(name: str) -> None:
    visit = example(name)
    content = written(claim_of_visit(visit))
    found = check_file(content, level=4)
    assert [str(each) for each in found.findings] == []
    assert pyx12_errors(content) == []


@pytest.mark.parametrize("name", ["office_visit", "outpatient_surgery"])
def test_to_the_second_payer_with_what_the_first_did(name: str) -> None:
    visit = example(name)
    claim = claim_of_visit(visit, decided(visit), position=2, check_dates={1: DAY})
    content = written(claim)
    assert [str(each) for each in check_file(content, level=4).findings] == []
    assert pyx12_errors(content) == []
    file = File(content)
    paid = sum((Decimal(svd[2]) for svd in file.all("SVD")), Decimal(0))
    (told,) = (amt for amt in file.all("AMT") if amt[1] == "D")
    assert Decimal(told[2]) == paid
    assert len(file.all("SVD")) == len(visit.lines)


def test_a_claim_says_what_the_visit_says() -> None:
    visit = example(medical_record_number="MRN1")
    claim = claim_of_visit(visit)
    assert (claim.kind, claim.charge) == ("837P", Decimal("370.00"))
    assert [each.code for each in claim.diagnoses] == ["Z0000", "I10", "E119"]
    assert [line.diagnosis_pointers for line in claim.lines] == [(1,), (1,), (3,)]
    assert claim.reference("EA") == "MRN1"
    assert [each.filing for each in claim.coverages] == ["MB", "CI"]
    assert claim.provider("rendering") is not None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"form": "outpatient"}, "form"),
        ({"payers": ()}, "payers"),
        ({"diagnoses": ("Z0000",) * 13}, "diagnoses"),
        ({"biller": replace(example().biller, address=None)}, "biller.address"),
        ({"biller": replace(example().biller, tax_id="1")}, "biller.tax_id"),
        ({"biller": replace(example().biller, npi="1234567890")}, "biller.npi"),
        ({"patient": replace(example().patient, address=None)}, "patient.address"),
        (
            {"payers": (replace(example().payers[0], member_id="1"),)},
            "payers[0].member_id",
        ),
        (
            {"lines": (replace(example().lines[0], ndc="12345678901"),)},
            "lines[0].ndc_quantity",
        ),
    ],
)
def test_what_is_missing_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        claim_of_visit(example(**change))
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_a_later_payer_needs_the_earlier_answers() -> None:
    visit = example()
    with pytest.raises(Invalid, match="has not answered"):
        claim_of_visit(visit, position=2)
    with pytest.raises(Invalid, match="day that is not known"):
        claim_of_visit(visit, decided(visit), position=2)
    with pytest.raises(Invalid, match="not the place of a payer"):
        claim_of_visit(visit, position=3)
