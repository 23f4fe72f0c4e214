"""National standardized amounts and factors of the IPPS.

CMS publishes them in Tables 1A to 1E of each year's final rule; they count for discharges of
that federal fiscal year. Read here: the text of Tables 1A to 1E, and the project's CSV layouts
of the labour and non-labour amounts and of the two-midnight factor (a factor by area code that
gave single hospitals back the 2014 reduction).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from superbill.dates import Span, fiscal_span, fiscal_year
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ipps_csv import day, flag, headed, lines, number, period_of_rows, text_of
from superbill.sources.release_names import fiscal_year_period

COLUMNS = (
    "table",
    "quality_ind_is_1",
    "ehr_reduction",
    "wage_index_gt_1",
    "labor",
    "nonlabor",
    "eff_date",
)
TWO_MIDNIGHT_COLUMNS = ("msa_geo_loc", "factor")

TABLES_1 = "IPPS Tables 1A-1E"

_HEAD = re.compile(r"FY (\d{4}) (?:FINAL RULE|CN)[\s-]*TABLES 1A-1E")
_AMOUNTS = re.compile(r"(?P<who>.*?)\s*\([^)]*Percent\)\t\$(?P<labor>[\d,.]+)\t\$(?P<rest>[\d,.]+)")
_CAPITAL = re.compile(r"TABLE 1D\. CAPITAL STANDARD FEDERAL PAYMENT RATE\tNational\t\$([\d,.]+)")


class StandardizedAmount(NamedTuple):
    """The labour and non-labour amounts in dollars for one kind of hospital.

    ``quality``: it submitted quality data; ``ehr_user``: it is a meaningful user of electronic
    health records; ``high_wage``: its wage index is above 1.
    """

    quality: bool
    ehr_user: bool
    high_wage: bool
    labor: Decimal
    nonlabor: Decimal
    span: Span


class Tables1(NamedTuple):
    """Tables 1A to 1E of one fiscal year. ``capital_rate`` is Table 1D's, in dollars."""

    span: Span
    amounts: tuple[StandardizedAmount, ...]
    capital_rate: Decimal


def tables_1_year(text: str) -> int | None:
    """The fiscal year that the head of ``text`` names, where it is Tables 1A to 1E."""
    found = _HEAD.search(text[:200].upper())
    return int(found.group(1)) if found else None


def tables_1(text: str) -> Tables1:
    """Tables 1A to 1E as text, one row a line, cells divided by tabs.

    Raises :class:`~superbill.errors.BadRow` where an amount is missing or the labour and
    non-labour amounts of Tables 1A and 1B do not add up to the same total.
    """
    year = tables_1_year(text)
    if year is None:
        raise BadRow(TABLES_1, 1, text[:80], "a heading 'FY YYYY FINAL RULE- TABLES 1A-1E'")
    span = fiscal_span(year)
    amounts: list[StandardizedAmount] = []
    capital: Decimal | None = None
    section = ""
    for at, line in enumerate(text.splitlines(), start=1):
        if found := re.match(r"TABLE (1[A-E])\.", line):
            section = found.group(1)
        if found := _CAPITAL.match(line):
            capital = _dollars(found.group(1), at)
        elif section in ("1A", "1B") and (found := _AMOUNTS.fullmatch(line.strip())):
            who = found["who"]
            amounts.append(
                StandardizedAmount(
                    "Did NOT Submit" not in who,
                    "NOT a Meaningful" not in who,
                    section == "1A",
                    _dollars(found["labor"], at),
                    _dollars(found["rest"], at),
                    span,
                )
            )
    _check(amounts)
    if capital is None:
        raise BadRow(TABLES_1, 1, text[:80], "Table 1D with the capital rate")
    return Tables1(span, tuple(amounts), capital)


def csv_rows(text: str) -> Iterator[StandardizedAmount]:
    """The rows of an amounts file in the project's CSV layout (:data:`COLUMNS`)."""
    dataset = "IPPS standardized amounts"
    for line, (_, quality, ehr, high, labor, nonlabor, effective) in lines(text, dataset, COLUMNS):
        start = day(effective, dataset, line, "eff_date")
        yield StandardizedAmount(
            flag(quality, dataset, line, "quality_ind_is_1", no="N"),
            flag(ehr, dataset, line, "ehr_reduction", yes="blank", no="Y"),
            flag(high, dataset, line, "wage_index_gt_1", no="N"),
            number(labor, dataset, line, "labor"),
            number(nonlabor, dataset, line, "nonlabor"),
            Span(start, fiscal_span(fiscal_year(start)).end),
        )


def two_midnight(text: str) -> Iterator[tuple[str, Decimal]]:
    """Area code and factor, from a file with the columns :data:`TWO_MIDNIGHT_COLUMNS`."""
    dataset = "IPPS two-midnight factor"
    for line, (area, factor) in lines(text, dataset, TWO_MIDNIGHT_COLUMNS):
        if not re.fullmatch(r"\d{4}", area):
            raise BadRow(dataset, line, area, "an area code of four digits")
        yield area, number(factor, dataset, line, "factor")


def _dollars(text: str, line: int) -> Decimal:
    return number(text.replace(",", ""), TABLES_1, line, "an amount")


def _check(amounts: list[StandardizedAmount]) -> None:
    kinds = {(a.quality, a.ehr_user, a.high_wage): a.labor + a.nonlabor for a in amounts}
    if len(amounts) != 8 or len(kinds) != 8:
        raise BadRow(TABLES_1, 1, f"{len(amounts)} rows", "four kinds of hospital in 1A and in 1B")
    for (quality, ehr_user, high), total in kinds.items():
        if high and total != kinds[quality, ehr_user, False]:
            raise BadRow(TABLES_1, 1, str(total), "the same total in Table 1A and in Table 1B")


# --- As releases of the reference store ----------------------------------------------------------

TWO_MIDNIGHT_DAYS = Span(fiscal_span(2018).start, fiscal_span(2021).end)
"""The years whose pricer reads the factor; from FY 2022 on it is 1 for every hospital."""


def _recognise_tables_1(document: Document) -> Period | None:
    year = tables_1_year(document.head.decode("utf-8-sig", "replace"))
    return None if year is None else fiscal_year_period(year)


def _tables_1_amounts(document: Document, _: Period) -> Iterator[Row]:
    yield from (_cells(row) for row in tables_1(text_of(document)).amounts)


def _tables_1_capital(document: Document, _: Period) -> Iterator[Row]:
    yield ("1D", tables_1(text_of(document)).capital_rate)


def _recognise_csv(document: Document) -> Period | None:
    if not headed(document, COLUMNS):
        return None
    return period_of_rows((row.span for row in csv_rows(text_of(document))), "amounts")


def _csv_amounts(document: Document, _: Period) -> Iterator[Row]:
    yield from (_cells(row) for row in csv_rows(text_of(document)))


def _cells(row: StandardizedAmount) -> Row:
    flags = (int(row.quality), int(row.ehr_user), int(row.high_wage))
    return (*row.span, *flags, row.labor, row.nonlabor)


def _recognise_two_midnight(document: Document) -> Period | None:
    if not headed(document, TWO_MIDNIGHT_COLUMNS):
        return None
    return Period("two-midnight factor", *TWO_MIDNIGHT_DAYS)


def _two_midnight_rows(document: Document, _: Period) -> Iterator[Row]:
    yield from two_midnight(text_of(document))


TABLES_1_AMOUNTS = Layout(
    "IPPS Tables 1A to 1E, standardized amounts", _recognise_tables_1, _tables_1_amounts, (8, 8)
)
TABLES_1_CAPITAL = Layout(
    "IPPS Tables 1A to 1E, capital rate", _recognise_tables_1, _tables_1_capital, (1, 1)
)
CSV = Layout("IPPS standardized amounts, CSV", _recognise_csv, _csv_amounts, (8, 200))
TWO_MIDNIGHT = Layout(
    "IPPS two-midnight factor, CSV", _recognise_two_midnight, _two_midnight_rows, (1, 1_000)
)
