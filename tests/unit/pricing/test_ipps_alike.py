"""Bills priced as one that was priced before are paid what each is paid alone."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from msgspec.structs import replace

from superbill.errors import NotCovered
from superbill.model import Hospital, Payment
from superbill.pricing.ipps import Bill, Tables, price
from superbill.sources.ipps_new_technology import Technology
from tests.oracle import ipps
from tests.oracle.common import records
from tests.unit.pricing.ipps_tables import DAY, bill, hospital, tables_2026

ALL = pytest.mark.parametrize("year", [2019, 2020, 2021])


def answer(bill: Bill, hospital: Hospital, tables: Tables, *, fields: bool) -> Payment | str:
    """The payment without its output fields, or what is not covered."""
    try:
        found = price(bill, hospital, on=DAY, tables=tables, fields=fields)
    except NotCovered as missing:
        return str(missing)
    return replace(found, figures={})


@pytest.mark.shared
@ALL
def test_published_claims_are_paid_the_same_in_any_order_and_at_any_charges(year: int) -> None:
    path = ipps.FOLDER / f"fy{year}.jsonl"
    if not path.exists():
        pytest.skip(f"needs ../shared/oracles/ipps/fy{year}.jsonl")
    cases = [record for record in records(path) if record.get("wage_index_record") is None]
    chance = random.Random(year)
    shares = [Decimal(share) for share in ("0.1", "0.5", "1", "2", "20")]
    # Few hospitals, so that bills of one come together.
    profiles = [ipps.hospital(record["provider"]) for record in chance.sample(cases, 12)]
    tables = ipps.tables(year)
    tables.paid.clear()
    same = 0
    for record in [*cases, *cases]:
        on = ipps.day(record["bill"]["discharge_date"])
        one = ipps.bill(record["bill"], record.get("pc_flags", {}))
        if one.charges is not None:
            one = replace(one, charges=one.charges * chance.choice(shares))
        profile = chance.choice([*profiles, ipps.hospital(record["provider"])])
        before = set(map(id, tables.paid.values()))
        quick = price(one, profile, on=on, tables=tables, fields=False)
        whole = price(one, profile, on=on, tables=tables)
        same += quick.return_code < "50" and set(map(id, tables.paid.values())) == before
        assert replace(quick, figures={}) == replace(whole, figures={}), record["id"]
    assert same > 20  # some were indeed priced as another was


def test_random_bills_are_paid_the_same_in_any_order() -> None:
    chance = random.Random(7)
    tables = tables_2026()
    drgs = ["291", "292", "470", "018", "871", "065", "789", "999"]
    hospitals = [
        hospital(),
        hospital(bed_size=300, ssi_ratio="0.1", medicaid_ratio="0.2", intern_to_bed_ratio="0.3"),
        hospital(hac_reduction_indicator="Y", vbp_participant="Y", vbp_adjustment="1.01"),
        hospital(hrr_participant="1", hrr_adjustment="0.98", uncompensated_care_amount="400"),
        hospital(provider_type="16", hospital_specific_rate="9000"),
        hospital(low_volume=True, low_volume_adjustment="0.1"),
        hospital(operating_cost_to_charge_ratio="0", capital_cost_to_charge_ratio="0"),
        hospital(hrr_participant="9"),
    ]
    for _ in range(3000):
        stay = chance.randint(0, 12)
        one = bill(
            drg=chance.choice(drgs),
            length_of_stay=stay,
            covered_days=chance.choice((stay, max(stay - 1, 0))),
            charges=Decimal(chance.randrange(10_000, 90_000_000)) / 100,
            review_code=chance.choice(("00", "00", "03", "09", "07", "06", "11", "55")),
            diagnoses=chance.choice((("I5023",), ("I5023", "Z006"), ("U071",))),
            procedures=chance.choice(((), (), ("02HV33Z",), ("XW033E5",))),
            condition_codes=chance.choice(((), ("66",), ("ZC",))),
            managed_care=chance.random() < 0.1,
            outlier_days_exceeded=chance.random() < 0.1,
        )
        profile = chance.choice(hospitals)
        assert answer(one, profile, tables, fields=False) == answer(
            one, profile, tables, fields=True
        )


def pair(first: Bill, second: Bill, tables: Tables | None = None) -> tuple[Payment, Payment]:
    held = tables or tables_2026()
    paying = hospital(operating_cost_to_charge_ratio="0.3", capital_cost_to_charge_ratio="0.02")
    return (
        price(first, paying, on=DAY, tables=held, fields=False),
        price(second, paying, on=DAY, tables=held, fields=False),
    )


@pytest.mark.parametrize("charges", [9_000, 40_000, 41_000])
def test_a_bill_of_other_ordinary_charges_is_not_priced_again(charges: int) -> None:
    first, second = pair(
        bill(drg="291", charges=Decimal(40_000)), bill(drg="291", charges=Decimal(charges))
    )
    assert second is first


@pytest.mark.parametrize(
    "other",
    [
        bill(drg="291", charges=Decimal(400_000)),
        bill(drg="292", charges=Decimal(40_000)),
        bill(drg="291", charges=Decimal(40_000), review_code="07"),
        bill(drg="291", charges=Decimal(40_000), length_of_stay=1),
        bill(drg="291", charges=Decimal(40_000), procedures=("02HV33Z",)),
        bill(drg="291", charges=Decimal(40_000), managed_care=True),
    ],
    ids=["charges", "group", "review code", "days", "procedure", "managed care"],
)
def test_a_bill_that_differs_in_what_counts_is(other: Bill) -> None:
    first, second = pair(bill(drg="291", charges=Decimal(40_000)), other)
    assert second is not first


def test_a_transfer_after_the_mean_stay_is_paid_as_any_discharge() -> None:
    # Table 5 of FY2026: DRG 291 is a post-acute one with a mean stay of less than 10 days.
    first, second = pair(
        bill(drg="291", length_of_stay=10, charges=Decimal(40_000)),
        bill(drg="291", length_of_stay=12, charges=Decimal(40_000), review_code="09"),
    )
    assert second is first
    short, shorter = pair(
        bill(drg="291", length_of_stay=2, charges=Decimal(40_000), review_code="09"),
        bill(drg="291", length_of_stay=1, charges=Decimal(40_000), review_code="09"),
    )
    assert shorter.total < short.total


def test_an_outlier_is_never_kept() -> None:
    one = bill(drg="291", charges=Decimal(900_000))
    first, second = pair(one, one)
    assert first == second
    assert first.return_code in {"02", "16"}
    assert second is not first


def test_a_new_technology_is_never_kept() -> None:
    listed = Technology("a valve", Decimal(9_000), Decimal("0.65"), (frozenset({"02HV33Z"}),))
    one = bill(drg="291", charges=Decimal(60_000), procedures=("02HV33Z",))
    first, second = pair(one, one, tables_2026(technologies=[listed]))
    assert first == second
    assert "new technology" in {part.name for part in first.components}
    assert second is not first
