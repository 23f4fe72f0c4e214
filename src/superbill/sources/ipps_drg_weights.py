"""MS-DRG relative weights and lengths of stay: Table 5 of CMS's inpatient final rule.

CMS publishes Table 5 with each year's final rule, as tab-separated text and spreadsheets; it
counts for discharges of that federal fiscal year. Read here: Table 5 as published (from
FY 2024, when the column of weights after the 10 percent cap on decreases first appears), and
the project's CSV layout of an older year's table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ipps_csv import flag, headed, lines, number, text_of, year_in_name
from superbill.sources.release_names import fiscal_year_period

COLUMNS = (
    "drg",
    "weight",
    "gmlos",
    "amlos",
    "post_acute_flag",
    "special_pay_flag",
    "description_26",
)

TABLE_5 = "IPPS Table 5"

_TITLE = re.compile(r"TABLE 5\..*?FY (\d{4})", re.DOTALL)
_DRG = re.compile(r"\d{3}")
_HEADER = re.compile(
    r"MS-DRG\s*\tFY \d{4}[^\t]*Post-Acute DRG\s*\tFY \d{4}[^\t]*Special Pay DRG\s*\tMDC\s*\tTYPE\s*"
    r"\tMS-DRG Title\s*\tWeights - Before Cap\s*\tWeights - 10% Cap Applied\s*"
    r"\tGeometric mean LOS\s*\tArithmetic mean LOS\s*"
)
_CELLS = 10


class DrgWeight(NamedTuple):
    """One MS-DRG: relative weight, mean stays in days, and how transfers from it are paid.

    ``post_acute``: a discharge to post-acute care is paid as a transfer; ``special_pay``: by
    the half-and-half rule. ``weight_before_cap`` is the weight without the cap on decreases.
    """

    drg: str
    weight: Decimal
    geometric_mean_stay: Decimal
    arithmetic_mean_stay: Decimal
    post_acute: bool
    special_pay: bool
    title: str
    mdc: str = ""
    type: str = ""
    weight_before_cap: Decimal | None = None


def table_5_year(text: str) -> int | None:
    """The fiscal year that the head of ``text`` names, where it is a Table 5 as published."""
    found = _TITLE.search(text[:400])
    return int(found.group(1)) if found else None


def table_5(text: str) -> Iterator[DrgWeight]:
    """The rows of Table 5 as published, tab-separated.

    DRGs printed without a weight (998 and 999, which Medicare does not pay) are left out.
    """
    header = False
    for line, cells in _published_rows(text):
        if not header:
            header = bool(_HEADER.fullmatch("\t".join(cells)))
            continue
        if not "".join(cells).strip():
            continue
        if len(cells) != _CELLS or not _DRG.fullmatch(cells[0].strip()):
            raise BadRow(TABLE_5, line, "\t".join(cells), f"{_CELLS} cells, the first an MS-DRG")
        drg, post_acute, special, mdc, kind, title, uncapped, weight, geometric, arithmetic = (
            cell.strip() for cell in cells
        )
        if weight == ".":
            continue
        yield DrgWeight(
            drg,
            number(weight, TABLE_5, line, "the weight"),
            number(geometric, TABLE_5, line, "the geometric mean stay"),
            number(arithmetic, TABLE_5, line, "the arithmetic mean stay"),
            flag(post_acute, TABLE_5, line, "post-acute DRG", yes="Yes", no="No"),
            flag(special, TABLE_5, line, "special pay DRG", yes="Yes", no="No"),
            title,
            mdc,
            kind,
            number(uncapped, TABLE_5, line, "the weight before the cap"),
        )
    if not header:
        raise BadRow(TABLE_5, 1, text[:80], "the column heads of Table 5")


def csv_rows(text: str) -> Iterator[DrgWeight]:
    """The rows of a weights file in the project's CSV layout (:data:`COLUMNS`)."""
    dataset = "IPPS DRG weights"
    for line, (drg, weight, geometric, arithmetic, post_acute, special, title) in lines(
        text, dataset, COLUMNS
    ):
        if not _DRG.fullmatch(drg):
            raise BadRow(dataset, line, drg, "an MS-DRG of three digits")
        yield DrgWeight(
            drg,
            number(weight, dataset, line, "weight"),
            number(geometric, dataset, line, "gmlos"),
            number(arithmetic, dataset, line, "amlos"),
            flag(post_acute, dataset, line, "post_acute_flag"),
            flag(special, dataset, line, "special_pay_flag"),
            title,
        )


def _published_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Tab-separated rows with their line numbers; a quoted heading may run over lines."""
    reader = csv.reader(text.splitlines(), delimiter="\t")
    for cells in reader:
        yield reader.line_num, cells


# --- As releases of the reference store ----------------------------------------------------------

_ENCODING = "cp1252"


def _recognise_table_5(document: Document) -> Period | None:
    year = table_5_year(document.head.decode(_ENCODING, "replace"))
    return None if year is None else fiscal_year_period(year)


def _table_5_rows(document: Document, _: Period) -> Iterator[Row]:
    yield from (_cells(row) for row in table_5(text_of(document, _ENCODING)))


def _recognise_csv(document: Document) -> Period | None:
    if not headed(document, COLUMNS):
        return None
    return year_in_name(document, "IPPS DRG weights")


def _csv_rows(document: Document, _: Period) -> Iterator[Row]:
    yield from (_cells(row) for row in csv_rows(text_of(document)))


def _cells(row: DrgWeight) -> Row:
    return (*row[:4], int(row.post_acute), int(row.special_pay), *row[6:])


TABLE_5_TEXT = Layout("IPPS Table 5, text", _recognise_table_5, _table_5_rows, (700, 1_100))
CSV = Layout("IPPS DRG weights, CSV", _recognise_csv, _csv_rows, (700, 1_100))
