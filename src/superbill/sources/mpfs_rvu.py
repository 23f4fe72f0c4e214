"""The national relative value file: relative values and payment indicators of each service.

CMS publishes it each quarter as ``PPRRVUyyyy_Mmm_nonQPP.csv`` (and, since 2026, the same with the
conversion factor of qualifying participants in advanced alternative payment models as
``…_QPP.csv``); the date of service selects the quarter. One row for each code and modifier
(``26``, ``TC``, ``53``). The last header line names 31 columns; since 2026 there is one more,
between team surgery and endoscopic base, which is not used here. Codes of any kind are read: CPT
codes belong to the AMA, and only users who are licensed for them have files that hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.mpfs_csv import Numbered, columns, head, number, quarter, rows

_SURGERY = ("PROC", "SURG", "SURG", "SURG", "SURG")
_HEADER = (
    *("HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR", "PE RVU"),
    *("INDICATOR", "RVU", "TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", *_SURGERY),
    *("BASE", "FACTOR", "PROCEDURES", "FLAG", "INDICATOR", "AMOUNT", "AMOUNT", "AMOUNT"),
)
_NEW_COLUMN = 23
_HEADER_2026 = (*_HEADER[:_NEW_COLUMN], "IND", *_HEADER[_NEW_COLUMN:])
_CODE = re.compile(r"[0-9A-Z]{5}")
_MODIFIER = re.compile(r"|[0-9A-Z]{2}")
_APM = re.compile(r"(?<!non)(?<!non[-_ ])QPP", re.IGNORECASE)
_KIND = "the relative value file of the physician fee schedule"

_NUMBERS = {
    5: "work RVU",
    6: "non-facility practice expense RVU",
    8: "facility practice expense RVU",
    10: "malpractice RVU",
    15: "preoperative share",
    16: "intraoperative share",
    17: "postoperative share",
    24: "conversion factor",
    28: "non-facility practice expense of the OPPS amount",
    29: "facility practice expense of the OPPS amount",
    30: "malpractice of the OPPS amount",
}


def _header(document: Document) -> Numbered | None:
    """The header line: the last of the stacked ones, which begins with HCPCS."""
    for line, cells in head(document):
        if cells[:3] == ["HCPCS", "MOD", "DESCRIPTION"]:
            return line, cells
    return None


def _recognise(document: Document, *, apm: bool) -> Period | None:
    found = _header(document)
    if found is None or bool(_APM.search(document.name)) is not apm:
        return None
    line, cells = found
    wanted = _HEADER_2026 if cells[_NEW_COLUMN : _NEW_COLUMN + 1] == ["IND"] else _HEADER
    columns(cells, wanted, document.where, line)
    return quarter(document, _KIND)


def _lines(document: Document) -> Iterator[Numbered]:
    """Each row in the 31 columns of :data:`_HEADER`."""
    width = 0
    for line, cells in rows(document):
        if not width:
            if cells[:3] == ["HCPCS", "MOD", "DESCRIPTION"]:
                width = len(_HEADER) + (cells[_NEW_COLUMN] == "IND")
            continue
        if not any(cells):
            continue
        if len(cells) < width or any(cells[width:]):
            raise BadRow(document.where, line, ",".join(cells), f"{width} cells")
        if width == len(_HEADER_2026):
            del cells[_NEW_COLUMN]
        yield line, cells


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the columns of ``mpfs.relative_values``."""
    where = document.where
    for line, cells in _lines(document):
        code, modifier = cells[0], cells[1]
        if not _CODE.fullmatch(code) or not _MODIFIER.fullmatch(modifier):
            raise BadRow(where, line, f"{code},{modifier}", "a code of five characters, a modifier")
        if len(cells[3]) != 1:
            raise BadRow(where, line, cells[3], "a status code of one letter")
        figures = {
            place: number(cells[place], where, line, what) for place, what in _NUMBERS.items()
        }
        for practice, total in ((6, 11), (8, 12)):
            added = figures[5] + figures[practice] + figures[10]
            if added != number(cells[total], where, line, "total RVUs"):
                raise BadRow(
                    where, line, cells[total], f"{added}, the sum of the values, as {code}'s total"
                )
        yield (
            code,
            modifier,
            cells[2],
            cells[3],
            *(figures[place] for place in (5, 6)),
            cells[7],
            figures[8],
            cells[9],
            figures[10],
            cells[13],
            cells[14],
            *(figures[place] for place in (15, 16, 17)),
            *cells[18:24],
            figures[24],
            cells[25],
            cells[26],
            cells[27],
            *(figures[place] for place in (28, 29, 30)),
        )


def _factors(document: Document, _: Period) -> Iterator[Row]:
    """Yield the one conversion factor of the file."""
    factors: dict[Decimal, int] = {}
    for line, cells in _lines(document):
        factors.setdefault(number(cells[24], document.where, line, "conversion factor"), line)
    if len(factors) != 1:
        seen = ", ".join(str(factor) for factor in factors) or "none"
        line = max(factors.values(), default=1)
        raise BadRow(document.where, line, seen, "one conversion factor in all rows")
    yield (next(iter(factors)),)


def _recognise_values(document: Document) -> Period | None:
    return _recognise(document, apm=False)


def _recognise_apm(document: Document) -> Period | None:
    return _recognise(document, apm=True)


VALUES = Layout("PPRRVU, CSV", _recognise_values, _parse, rows=(4_000, 30_000))
FACTOR = Layout("PPRRVU, conversion factor, CSV", _recognise_values, _factors, rows=(1, 1))
APM_FACTOR = Layout("PPRRVU QPP, conversion factor, CSV", _recognise_apm, _factors, rows=(1, 1))
