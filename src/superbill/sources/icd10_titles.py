"""Code lists of ICD-10-CM and ICD-10-PCS: the billable codes with their long titles.

Published beside the order files (``icd10cm_codes_2026.txt``, ``icd10pcs_codes_2026.txt``): the
code in columns 1 to 7, the title from column 9. Packages carry
the same lists as comma-separated values without a heading. They hold no headings above codes
and no short titles. The release of the discharge day counts.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row, Undated
from superbill.sources.release_names import period_of

_LINE = re.compile(r"([A-Z0-9]{3,7}) +(\S.*)")


class _System(NamedTuple):
    """One of the two code systems, told apart by the first code of its list."""

    name: str
    first_code: bytes
    code: re.Pattern[str]

    def recognise_text(self, document: Document) -> Period | None:
        head = document.head
        if not head.startswith(self.first_code + b" ") or head[:8].strip() != self.first_code:
            return None
        return self._period(document)

    def recognise_csv(self, document: Document) -> Period | None:
        first = document.head.split(b"\n", 1)[0].replace(b'"', b"")
        if not first.startswith(self.first_code + b","):
            return None
        return self._period(document)

    def _period(self, document: Document) -> Period:
        period = period_of(document.name)
        if period is None:
            raise Undated(document.where, f"an {self.name} code list", "its name states no year")
        return period

    def parse_text(self, document: Document, _: Period) -> Iterator[Row]:
        """Yield ``code, long_title``."""
        for number, line in document.lines(cut_short=False):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line)
            if match is None or not self.code.fullmatch(match[1]):
                raise BadRow(document.where, number, line, f"an {self.name} code and its title")
            yield match[1], match[2].strip()

    def parse_csv(self, document: Document, _: Period) -> Iterator[Row]:
        """Yield ``code, long_title``."""
        for number, row in enumerate(
            csv.reader(line for _, line in document.lines(cut_short=False)), start=1
        ):
            if len(row) != 2 or not self.code.fullmatch(row[0]) or not row[1].strip():
                raise BadRow(
                    document.where, number, ",".join(row), f"an {self.name} code and its title"
                )
            yield row[0], row[1].strip()


_CM = _System("ICD-10-CM", b"A000", re.compile(r"[A-Z][0-9A-Z]{2,6}"))
_PCS = _System("ICD-10-PCS", b"0016070", re.compile(r"[0-9A-HJ-NP-Z]{7}"))

CM_TEXT = Layout("ICD-10-CM code list", _CM.recognise_text, _CM.parse_text, rows=(68_000, 95_000))
CM_CSV = Layout("ICD-10-CM code list, CSV", _CM.recognise_csv, _CM.parse_csv, rows=(68_000, 95_000))
PCS_TEXT = Layout(
    "ICD-10-PCS code list", _PCS.recognise_text, _PCS.parse_text, rows=(70_000, 100_000)
)
PCS_CSV = Layout(
    "ICD-10-PCS code list, CSV", _PCS.recognise_csv, _PCS.parse_csv, rows=(70_000, 100_000)
)
