"""Every example stay, split between its payers, can be billed to each of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from superbill import benefits
from superbill.interop.x12 import (
    InstitutionalClaim,
    SequentialControlNumbers,
    direct_partner,
    write_837i,
)
from superbill.interop.x12.coordination import in_order
from superbill.model import Encounter, Payment, read
from tests.unit.interop.readback import File, pyx12_errors
from tests.unit.interop.stays import CREATED, FACILITY, decided

EXAMPLES = Path(__file__).parents[3] / "examples"
# Made to be refused, a stay that only the patient pays for, visits, and orders.
NOT_BILLED = {
    "bad_stay.json",
    "self_pay.json",
    "office_visit.json",
    "outpatient_surgery.json",
    "member.json",
    "self_pay_estimate.json",
    "insured_estimate.json",
}
STAYS = [p for p in sorted(EXAMPLES.glob("*.json")) if p.name not in NOT_BILLED]

# What Medicare's system would yield does not matter to the form of a claim.
PAYMENT = Payment(
    system="made up", version="", return_code="00", meaning="", total=Decimal("9000.00")
)


def with_phone(encounter: Encounter) -> Encounter:
    facility = msgspec.structs.replace(encounter.facility, phone=FACILITY.phone)
    return msgspec.structs.replace(encounter, facility=facility)


@pytest.mark.parametrize("path", STAYS, ids=[p.stem for p in STAYS])
def test_billed_to_every_payer(path: Path) -> None:
    encounter = with_phone(read.encounter(path.read_bytes()))
    split = benefits.split(encounter, PAYMENT, drg="291", drg_weight=Decimal("1.2"), explain=False)
    decision = decided(encounter, *split.payers)
    places = [placed.place for placed in in_order(encounter, decision)]
    assert places
    for place in places:
        dates = dict.fromkeys(range(1, place), encounter.discharge_date)
        claim = InstitutionalClaim(encounter, decision, place, dates)
        content = write_837i(
            [claim],
            partner=direct_partner(claim),
            control=SequentialControlNumbers(),
            created=CREATED,
        )
        assert pyx12_errors(content) == []
        file = File(content)
        for sbr in file.all("SBR")[1:place]:
            (paid,) = (
                Decimal(s[2]) for s in file.after(sbr, "SBR", "LX") if s.id == "AMT" and s[1] == "D"
            )
            assert paid + file.adjusted(sbr) == encounter.total_charges


def test_a_stay_that_the_patient_pays_for_has_no_claim() -> None:
    encounter = read.encounter((EXAMPLES / "self_pay.json").read_bytes())
    assert in_order(encounter, None) == ()
