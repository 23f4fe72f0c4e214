"""CMS's provider-specific file for inpatient hospitals: one record a hospital and effective date.

CMS publishes it as CSV, exported from the records of its contractors (Medicare Claims Processing
Manual, chapter 3, addendum A, names the fields). The record that counts for a stay is the last
one effective on or before the discharge date. Read here: the CSV export, by the names of its
columns, and the fixed-width record of 310 characters that CMS's mainframe pricer held
(pricer release 2021.5). A number is ``None`` where the file holds none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources.document import Cell, Document, Layout, Period, Row

FIXED_WIDTH = 310


class Item(NamedTuple):
    """One field: our name, its type, the name in CSV, and its place in the fixed-width record.

    ``first`` is the position of its first character, counted from 1; ``decimals`` are implied.
    """

    name: str
    type: str
    column: str
    first: int = 0
    length: int = 0
    decimals: int = 0


ITEMS: tuple[Item, ...] = (
    Item("ccn", "text", "providerCcn", 11, 6),
    Item("effective_date", "date", "effectiveDate", 17, 8),
    Item("fiscal_year_begin_date", "date", "fiscalYearBeginDate", 25, 8),
    Item("termination_date", "date", "terminationDate", 41, 8),
    Item("waiver", "flag", "waiverIndicator", 49, 1),
    Item("provider_type", "text", "providerType", 55, 2),
    Item("census_division", "text", "censusDivision", 57, 1),
    Item("msa_geographic_location", "text", "msaActualGeographicLocation", 59, 4),
    Item("low_volume", "flag", "temporaryReliefIndicator", 74, 1),
    Item("state_code", "text", "stateCode", 76, 2),
    Item(
        "hospital_specific_rate",
        "decimal",
        "caseMixAdjustedCostPerDischarge_PpsFacilitySpecificRate",
        81,
        7,
        2,
    ),
    Item("cola", "decimal", "costOfLivingAdjustment", 88, 4, 3),
    Item("intern_to_bed_ratio", "decimal", "internsToBedsRatio", 92, 5, 4),
    Item("bed_size", "integer", "bedSize", 97, 5),
    Item("operating_cost_to_charge_ratio", "decimal", "operatingCostToChargeRatio", 102, 4, 3),
    Item("case_mix_index", "decimal", "caseMixIndex", 106, 5, 4),
    Item("ssi_ratio", "decimal", "supplementalSecurityIncomeRatio", 111, 4, 4),
    Item("medicaid_ratio", "decimal", "medicaidRatio", 115, 4, 4),
    Item("special_payment_indicator", "text", "specialPaymentIndicator", 138, 1),
    Item("hospital_quality_indicator", "text", "hospitalQualityIndicator", 139, 1),
    Item("cbsa_geographic", "text", "cbsaActualGeographicLocation", 140, 5),
    Item("cbsa_wage_index", "text", "cbsaWageIndexLocation", 145, 5),
    Item("cbsa_standardized_amount", "text", "cbsaStandardizedAmountLocation", 150, 5),
    Item("special_wage_index", "decimal", "specialWageIndex", 155, 6, 4),
    Item("pass_through_capital", "decimal", "passThroughAmountForCapital", 161, 6, 2),
    Item(
        "pass_through_direct_medical_education",
        "decimal",
        "passThroughAmountForDirectMedicalEducation",
        167,
        6,
        2,
    ),
    Item(
        "pass_through_organ_acquisition",
        "decimal",
        "passThroughAmountForOrganAcquisition",
        173,
        6,
        2,
    ),
    Item("pass_through_total", "decimal", "passThroughTotalAmount", 179, 6, 2),
    Item("capital_pps_payment_code", "text", "capitalPpsPaymentCode", 185, 1),
    Item("capital_hospital_specific_rate", "decimal", "hospitalSpecificCapitalRate", 186, 6, 2),
    Item("capital_old_harm_rate", "decimal", "oldCapitalHoldHarmlessRate", 192, 6, 2),
    Item("capital_new_harm_ratio", "decimal", "newCapitalHoldHarmlessRate", 198, 5, 4),
    Item("capital_cost_to_charge_ratio", "decimal", "capitalCostToChargeRatio", 203, 4, 3),
    Item("new_hospital", "flag", "newHospital", 207, 1),
    Item("capital_ime_ratio", "decimal", "capitalIndirectMedicalEducationRatio", 208, 5, 4),
    Item("capital_exception_amount", "decimal", "capitalExceptionPaymentRate", 213, 6, 2),
    Item("vbp_participant", "text", "vbpParticipantIndicator", 219, 1),
    Item("vbp_adjustment", "decimal", "vbpAdjustment", 220, 12, 11),
    Item("hrr_participant", "text", "hrrParticipantIndicator", 232, 1),
    Item("hrr_adjustment", "decimal", "hrrAdjustment", 233, 5, 4),
    Item("model1_bundle_discount", "decimal", "bundleModel1Discount", 238, 3, 3),
    Item("hac_reduction_indicator", "text", "hacReductionParticipantIndicator", 241, 1),
    Item("uncompensated_care_amount", "decimal", "uncompensatedCareAmount", 242, 9, 2),
    Item("ehr_reduction_indicator", "text", "ehrReductionIndicator", 251, 1),
    Item("low_volume_adjustment", "decimal", "lowVolumeAdjustmentFactor", 252, 7, 6),
    Item("county_code", "text", "countyCode", 259, 5),
    Item("supplemental_wage_index_indicator", "text", "supplementalWageIndexIndicator", 264, 1),
    Item("supplemental_wage_index", "decimal", "supplementalWageIndex", 265, 6, 4),
    Item("pass_through_supply_chain", "decimal", "passThroughAmountForSupplyChain"),
)
"""The fields that inpatient pricing knows, in the order of the rows."""

LATER = frozenset({"pass_through_supply_chain"})
"""Columns that older exports lack."""

_WIDTHS = {
    "ccn": 6,
    "provider_type": 2,
    "state_code": 2,
    "county_code": 5,
    "cbsa_geographic": 2,
    "cbsa_wage_index": 2,
    "cbsa_standardized_amount": 2,
}

_EXPORT_DATE = "exportDate"
_EXPORT_AT = (33, 8)
_CCN = re.compile(r"[0-9A-Z]{6}")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"\d*\.?\d+|\d+\.")


def csv_rows(document: Document, _: Period) -> Iterator[Row]:
    """Rows of the CSV export: ``valid_from, valid_to``, then the fields of :data:`ITEMS`."""
    return _dated(_csv_records(document))


def fixed_rows(document: Document, _: Period) -> Iterator[Row]:
    """Rows of a file of fixed-width records, in the same form."""
    return _dated(_fixed_records(document))


def is_csv(document: Document) -> bool:
    """Whether the document is the CSV export, by the names of its columns."""
    first = document.head.split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    names = _header(first)
    return _wanted() <= set(names)


def is_fixed(document: Document) -> bool:
    """Whether the document holds fixed-width records, by the first one's length and dates."""
    first = document.head.split(b"\n", 1)[0].rstrip(b"\r")
    if len(first) != FIXED_WIDTH or not first.isascii():
        return False
    text = first.decode("ascii")
    return bool(_CCN.fullmatch(text[10:16]) and _day(text[16:24]) is not None)


def _recognise(
    test: Callable[[Document], bool], records: Callable[[Document], Iterable[Row]]
) -> Callable[[Document], Period | None]:
    def recognise(document: Document) -> Period | None:
        if not test(document):
            return None
        effective = [row[1] for row in records(document)]
        exported = _exported(document)
        label = "provider-specific file" if exported is None else f"exported {exported}"
        first = min((day for day in effective if isinstance(day, date)), default=date(1983, 10, 1))
        return Period(label, first, FOREVER, exported)

    return recognise


def _exported(document: Document) -> date | None:
    """The export date of the first record."""
    lines = document.lines(cut_short=True)
    _, first = next(lines, (0, ""))
    if len(first) == FIXED_WIDTH:
        at, length = _EXPORT_AT
        return _day(first[at - 1 : at - 1 + length])
    names = _header(first)
    _, record = next(lines, (0, ""))
    cells = next(csv.reader([record]), [])
    if _EXPORT_DATE in names and len(cells) == len(names):
        return _day(cells[names.index(_EXPORT_DATE)].strip())
    return None


def _header(line: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line.rstrip("\r")]), [])]


def _wanted() -> set[str]:
    return {item.column for item in ITEMS if item.name not in LATER}


def _csv_records(document: Document) -> Iterator[Row]:
    lines = document.lines()
    number, first = next(lines, (1, ""))
    names = _header(first)
    missing = _wanted() - set(names)
    if missing:
        raise BadRow(document.where, number, first, f"the column {min(missing)}")
    places = [names.index(item.column) if item.column in names else None for item in ITEMS]
    for number, line in lines:
        if not line.strip():
            continue
        cells = next(csv.reader([line]))
        if len(cells) != len(names):
            raise BadRow(document.where, number, line, f"{len(names)} cells")
        yield _row(
            document,
            number,
            ("" if place is None else cells[place].strip() for place in places),
            implied=False,
        )


def _fixed_records(document: Document) -> Iterator[Row]:
    for number, line in document.lines("ascii"):
        if not line.strip():
            continue
        if len(line) != FIXED_WIDTH:
            raise BadRow(document.where, number, line, f"{FIXED_WIDTH} characters")
        yield _row(
            document,
            number,
            (line[item.first - 1 : item.first - 1 + item.length].strip() for item in ITEMS),
            implied=True,
        )


def _row(document: Document, number: int, texts: Iterable[str], *, implied: bool) -> Row:
    cells: list[Cell] = []
    for item, text in zip(ITEMS, texts, strict=True):
        if item.type == "date":
            cells.append(_day(text))
        elif item.type == "flag":
            cells.append(int(text == "Y"))
        elif item.type == "integer":
            cells.append(int(text) if _DIGITS.fullmatch(text) else None)
        elif item.type == "decimal":
            cells.append(_implied(text, item) if implied else _plain(text))
        else:
            cells.append(_padded(item, text))
    ccn, effective = cells[0], cells[1]
    if not isinstance(ccn, str) or not _CCN.fullmatch(ccn):
        raise BadRow(document.where, number, str(ccn), "a CCN of six characters")
    if effective is None:
        raise BadRow(document.where, number, str(ccn), "an effective date CCYYMMDD")
    return tuple(cells)


def _padded(item: Item, text: str) -> str:
    """Text with the leading zeros that a spreadsheet may have taken."""
    width = _WIDTHS.get(item.name, 0)
    return text.zfill(width) if text.isdigit() else text


def _day(text: str) -> date | None:
    """A day CCYYMMDD; ``None`` for zeros, nines, blanks and what is no day."""
    if len(text) != 8 or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _plain(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _implied(text: str, item: Item) -> Decimal | None:
    """A number whose decimal point is not written."""
    if len(text) != item.length or not text.isdigit():
        return None
    return Decimal(text).scaleb(-item.decimals)


def _dated(records: Iterable[Row]) -> Iterator[Row]:
    """Each record with the days for which it is the last one effective.

    Of two records of a hospital with one effective date the later in the file counts.
    """
    held: dict[Cell, dict[date, Row]] = {}
    for row in records:
        effective = row[1]
        assert isinstance(effective, date)
        held.setdefault(row[0], {})[effective] = row
    for by_day in held.values():
        days = sorted(by_day)
        for start, end in zip(days, [*days[1:], FOREVER], strict=True):
            yield (start, end, *by_day[start])


CSV = Layout(
    "Inpatient provider-specific file, CSV export",
    _recognise(is_csv, _csv_records),
    csv_rows,
    (1, 2_000_000),
)
FIXED = Layout(
    "Inpatient provider-specific file, records of 310 characters",
    _recognise(is_fixed, _fixed_records),
    fixed_rows,
    (1, 2_000_000),
)
