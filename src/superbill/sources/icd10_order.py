"""The order files of ICD-10-CM (CDC/NCHS and CMS) and ICD-10-PCS (CMS).

One line for each code and each heading above codes, fixed width, as ``icd10OrderFiles.pdf`` and
``icd10pcsOrderFile.pdf`` of the same archives lay it out: order number in columns 1 to 5, code
in 7 to 13, in column 15 whether it is a valid code (1) or a heading (0), short title (60
characters) from column 17, long title from column 78. The release of the discharge day counts.

The archive holds an addenda file that lists what changed, and ends with counts that name the
file before and after. Where both bear the same name, the file is the update of 1 April and not
the release of 1 October, although its own name is the same for both. An update that changed
nothing says what October's file said, and so speaks for the whole year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of, update_period

_LINE = re.compile(r"(\d{5}) ([A-Z0-9]{3,7}) +([01]) (.{60})(?: (.*))?")
_ADDENDA = re.compile(r"order.*addend", re.IGNORECASE)
_COUNT = re.compile(r"\s*(\d+) (?:headers|codes) in (\S+?)\.txt\s*")
_CHANGES = re.compile(r"\s*(\d+) (?:additions|deletions|revisions)\s*")


class _System(NamedTuple):
    """One of the two code systems, whose order files share a layout.

    ICD-10-CM opens with A00, ICD-10-PCS with 001: the first line tells them apart.
    """

    name: str
    first_line: re.Pattern[bytes]
    code: re.Pattern[str]

    def recognise(self, document: Document) -> Period | None:
        if not self.first_line.match(document.head):
            return None
        period = period_of(document.name)
        if period is None:
            raise Undated(document.where, f"an {self.name} order file", "its name states no year")
        if period.valid_from.month == 10 and _is_update(document):
            return update_period(date(period.valid_from.year + 1, 4, 1))
        return period

    def parse(self, document: Document, _: Period) -> Iterator[Row]:
        """Yield ``code, order_number, billable, short_title, long_title``."""
        expected = 0
        for number, line in document.lines("ascii", cut_short=False):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.ljust(76))
            if match is None:
                raise BadRow(document.where, number, line, f"a line of the {self.name} order file")
            order, code, valid, short, long = match.groups()
            if not self.code.fullmatch(code):
                raise BadRow(document.where, number, code, f"an {self.name} code")
            expected += 1
            if int(order) != expected:
                raise BadRow(document.where, number, order, f"order number {expected:05d}")
            yield code, expected, int(valid), short.strip(), (long or short).strip()
        stated = _stated_rows(document)
        if stated is not None and stated != expected:
            raise BadRow(
                document.where, expected, f"{expected} lines", f"{stated}, as its addenda count"
            )


def _is_update(document: Document) -> bool:
    """Whether the addenda beside the file say that it changed a file of the same year."""
    addenda = _addenda(document)
    return addenda is not None and addenda.changes > 0 and len({n for n, _ in addenda.counts}) == 1


def _stated_rows(document: Document) -> int | None:
    """How many lines the addenda beside the file count in it."""
    addenda = _addenda(document)
    if addenda is None:
        return None
    after = addenda.counts[1::2]
    if {name for name, _ in after} != {_stem(document)}:
        return None
    return sum(count for _, count in after)


class _Addenda(NamedTuple):
    """The tail of an addenda file: lines of the files before and after, in turn, and changes."""

    counts: tuple[tuple[str, int], ...]
    changes: int


def _addenda(document: Document) -> _Addenda | None:
    """The addenda that lie beside an order file and speak of it, where there are any."""
    for beside in document.beside:
        if not _ADDENDA.search(beside.name):
            continue
        counts: list[tuple[str, int]] = []
        changes = 0
        for _, line in beside.lines("ascii"):
            counted = _COUNT.fullmatch(line)
            changed = _CHANGES.fullmatch(line)
            if counted:
                counts.append((counted[2].lower(), int(counted[1])))
            elif changed:
                changes += int(changed[1])
        if _stem(document) in {name for name, _ in counts}:
            return _Addenda(tuple(counts), changes)
    return None


def _stem(document: Document) -> str:
    return document.name.lower().rsplit(".", 1)[0]


_CM = _System("ICD-10-CM", re.compile(rb"00001 A00 +0 \S"), re.compile(r"[A-Z][0-9A-Z]{2,6}"))
_PCS = _System(
    "ICD-10-PCS",
    re.compile(rb"00001 001 +0 \S"),
    re.compile(r"[0-9A-HJ-NP-Z]{3}(?:[0-9A-HJ-NP-Z]{4})?"),
)

CM = Layout("ICD-10-CM order file", _CM.recognise, _CM.parse, rows=(90_000, 125_000))
PCS = Layout("ICD-10-PCS order file", _PCS.recognise, _PCS.parse, rows=(70_000, 105_000))
