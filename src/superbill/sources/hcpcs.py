"""HCPCS Level II: supplies, drugs, ambulance and other services that are not physicians' own.

CMS publishes the codes each quarter as ``HCPCyyyy_QQQ_ANWEB``: one fixed-width record a line, as
``HCPCyyyy_recordlayout.txt`` of the same archive lays it out (record HCPCSyyC). A code or modifier
has a first record with its details and, where its description is longer than 80 characters,
further records with the rest. The quarter of the date of service selects the file; within it, a
code may be used from the day it was added to its termination date, which is the last such day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from superbill.dates import FOREVER
from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row

_NAME = re.compile(r"HCPC(\d{4})_(JAN|APR|JUL|OCT)_ANWEB[^/]*\.txt$", re.IGNORECASE)
_MONTHS = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}
# The first record of the file: a modifier (three blanks) or a code, 00100, the record's kind.
_FIRST = re.compile(rb"(?:   [0-9A-Z]{2}|[A-Z][0-9]{4})00100[37]")
_CODE = re.compile(r"[A-Z][0-9]{4}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_KINDS = {"3": "code", "7": "modifier"}
_CONTINUES = {"4": "code", "8": "modifier"}


def _recognise(document: Document) -> Period | None:
    if not _FIRST.match(document.head):
        return None
    name = _NAME.search(document.name)
    if name is None:
        return None
    year, month = int(name[1]), _MONTHS[name[2].upper()]
    start = date(year, month, 1)
    after = date(year + (month == 10), month % 12 + 3 if month < 10 else 1, 1)
    return Period(f"{start:%B} {year}", start, after)


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield the days of use, then the columns of ``hcpcs.codes``."""
    held: tuple[int, str] | None = None
    more: list[str] = []
    for number, line in document.lines("ascii"):
        if not line.strip():
            continue
        record = line[10:11]
        if record in _KINDS:
            if held is not None:
                yield _row(document.where, *held, more)
            held, more = (number, line), []
        elif record in _CONTINUES and held is not None and line[:5] == held[1][:5]:
            more.append(line[11:91].strip())
        else:
            raise BadRow(
                document.where, number, line, "a record of kind 3, 4, 7 or 8 after its first one"
            )
    if held is not None:
        yield _row(document.where, *held, more)


def _row(where: str, number: int, line: str, more: list[str]) -> Row:
    kind = _KINDS[line[10]]
    code = line[:5].strip()
    if not (_CODE if kind == "code" else _MODIFIER).fullmatch(code):
        raise BadRow(where, number, line, "a HCPCS Level II code or modifier in columns 1 to 5")
    added = _day(where, number, line[268:276], "the day the code was added (columns 269 to 276)")
    effective = _day(where, number, line[276:284], "the action's day (columns 277 to 284)")
    if added is None or effective is None:
        raise BadRow(where, number, line[268:284], "two days in columns 269 to 284")
    last = _day(where, number, line[284:292], "the last day of use (columns 285 to 292)")
    end = FOREVER if last is None else last + timedelta(days=1)
    return (
        added,
        end,
        code,
        kind,
        " ".join([line[11:91].strip(), *more]).strip(),
        line[91:119].strip(),
        line[119:121].strip(),
        line[127:128].strip(),
        line[229:230].strip(),
        line[256:259].strip(),
        line[260:265].strip(),
        line[252:256].strip(),
        added,
        effective,
        last,
        line[292:293].strip(),
    )


def _day(where: str, number: int, cell: str, expected: str) -> date | None:
    """A day written YYYYMMDD; ``None`` where the columns are blank."""
    text = cell.strip()
    if not text:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise BadRow(where, number, text, expected) from None


LAYOUT = Layout("HCPCS Level II, quarterly file", _recognise, _parse, rows=(6_000, 20_000))
