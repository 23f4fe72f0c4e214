"""Two datasets that say the same thing are held against each other, row by row.

On the first day that a release of each speaks for, both must agree, except where
``known_differences.toml`` says otherwise with the reason. On later days of the same releases an
update may have changed one of them alone: what the file of October does not hold of April's
update. Where that is listed, it must be exactly so; where not, it is told and does not fail.
A listed difference that is gone fails as an unexpected one does: the list stays true.

A user whose files differ from what is embedded can bring a list of the same form.
"""

from __future__ import annotations

import sqlite3
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from superbill.dates import Span
from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.store.catalog import Dataset

_SHOWN = 12


class Side(NamedTuple):
    """One side of a comparison: which rows, by code, and which columns."""

    dataset: str
    columns: tuple[str, ...] = ()
    condition: str = "1"


class Comparison(NamedTuple):
    """Two datasets and what they must agree on.

    ``subset``: the left side may lack rows of the right one. ``plain_letters``: accents are put
    aside, since the order files are written without them.
    """

    left: Side
    right: Side
    subset: bool = False
    plain_letters: bool = False


_CODES = "billable = 1"
_BELOW_SECTIONS = "kind NOT IN ('chapter', 'section')"

COMPARISONS = (
    Comparison(Side("icd10cm.order", condition=_CODES), Side("icd10cm.validity")),
    Comparison(Side("icd10cm.titles"), Side("icd10cm.validity")),
    Comparison(Side("icd10cm.tabular", condition=_CODES), Side("icd10cm.validity")),
    Comparison(
        Side("icd10cm.order", ("long_title",), _CODES), Side("icd10cm.titles", ("long_title",))
    ),
    Comparison(
        Side("icd10cm.order", ("billable", "long_title")),
        Side("icd10cm.tabular", ("billable", "title"), _BELOW_SECTIONS),
        plain_letters=True,
    ),
    Comparison(Side("icd10cm.poa_exempt"), Side("icd10cm.validity"), subset=True),
    Comparison(Side("icd10cm.severity"), Side("icd10cm.validity")),
    Comparison(Side("icd10pcs.order", condition=_CODES), Side("icd10pcs.validity")),
    Comparison(Side("icd10pcs.titles"), Side("icd10pcs.validity")),
    Comparison(
        Side("icd10pcs.order", ("long_title",), _CODES), Side("icd10pcs.titles", ("long_title",))
    ),
    Comparison(Side("icd10pcs.operating_room"), Side("icd10pcs.validity")),
)


class Difference(Value, frozen=True, kw_only=True):
    """A difference that is known, between two releases on a day, with the reason."""

    left: str
    left_release: str
    right: str
    right_release: str
    on: date
    reason: str
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()


class Outcome(Value, frozen=True, kw_only=True):
    """What came of holding two releases against each other on one day.

    ``outcome`` is ``agree``, ``known`` (differs as listed), ``update`` (an update on a later day
    that one side does not hold), or ``unexpected``, which fails a build.
    """

    left: str
    left_release: str
    right: str
    right_release: str
    on: date
    outcome: Literal["agree", "known", "update", "unexpected"]
    compared: int
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    reason: str = ""

    @property
    def differences(self) -> int:
        """How many rows differ."""
        return len(self.only_left) + len(self.only_right) + len(self.differ)

    def __str__(self) -> str:
        head = f"{self.left} {self.left_release} and {self.right} {self.right_release} on {self.on}"
        if not self.differences:
            told = f": agree on {self.compared:,} rows"
            return head + told + (f". {self.reason}" if self.reason else "")
        parts = [
            f"{len(codes):,} {what} ({', '.join(codes[:_SHOWN])}{', …' * (len(codes) > _SHOWN)})"
            for codes, what in (
                (self.only_left, f"only in {self.left}"),
                (self.only_right, f"only in {self.right}"),
                (self.differ, "said differently"),
            )
            if codes
        ]
        return f"{head}: {'; '.join(parts)}" + (f". {self.reason}" if self.reason else "")


class _List(Value, frozen=True, kw_only=True):
    difference: tuple[Difference, ...] = ()


def known_differences(extra: Path | None = None) -> tuple[Difference, ...]:
    """The differences that the project knows of, and those of the file ``extra``."""
    own = (files("superbill.store") / "known_differences.toml").read_text("utf-8")
    found = msgspec.convert(tomllib.loads(own), _List).difference
    if extra is None:
        return found
    try:
        more = msgspec.convert(tomllib.loads(extra.read_text("utf-8")), _List)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.MsgspecError) as fault:
        raise Invalid.at(
            str(extra),
            f"is no list of known differences ({fault}).",
            "See docs/data-and-licences.md.",
        ) from None
    return found + more.difference


class _Reader:
    """Reads the rows of one side on a day; the last few are kept, as days repeat."""

    def __init__(self, connection: sqlite3.Connection, datasets: Mapping[str, Dataset]) -> None:
        self._connection = connection
        self._datasets = datasets

    def rows(self, side: Side, release: int, day: date) -> dict[str, tuple[object, ...]]:
        """Code to columns."""
        dataset = self._datasets[side.dataset]
        query = (
            f"SELECT {', '.join((dataset.table.key[0], *side.columns))} FROM {dataset.table.name} "  # noqa: S608 - names of the catalog
            f"WHERE release = ? AND valid_from <= ? AND valid_to > ? AND {side.condition}"
        )
        found = self._connection.execute(query, (release, day.isoformat(), day.isoformat()))
        return {row[0]: row[1:] for row in found}

    def changes(self, side: Side, release: int, window: Span) -> set[date]:
        """The days inside the window (not its first) on which rows of the side change."""
        dataset = self._datasets[side.dataset]
        if not dataset.dated_rows:
            return set()
        bounds = (release, window.start.isoformat(), window.end.isoformat())
        days: set[date] = set()
        for column in ("valid_from", "valid_to"):
            query = (
                f"SELECT DISTINCT {column} FROM {dataset.table.name} "  # noqa: S608
                f"WHERE release = ? AND {column} > ? AND {column} < ?"
            )
            days |= {date.fromisoformat(row[0]) for row in self._connection.execute(query, bounds)}
        return days


Answers = Mapping[str, Sequence[tuple[Span, int, str]]]
"""For each dataset the spans on which a release answers, its number and its label."""


def compare(
    connection: sqlite3.Connection,
    datasets: Mapping[str, Dataset],
    answers: Answers,
    known: Sequence[Difference],
    progress: Callable[[str, int, int], None],
    comparisons: Sequence[Comparison] = COMPARISONS,
) -> Iterator[Outcome]:
    """Hold every pair of releases that share days against each other."""
    reader = _Reader(connection, datasets)
    for done, comparison in enumerate(comparisons):
        progress(
            f"{comparison.left.dataset} and {comparison.right.dataset}", done, len(comparisons)
        )
        for left_span, left, left_label in answers.get(comparison.left.dataset, ()):
            for right_span, right, right_label in answers.get(comparison.right.dataset, ()):
                if not left_span.overlaps(right_span):
                    continue
                window = Span(
                    max(left_span.start, right_span.start), min(left_span.end, right_span.end)
                )
                days = reader.changes(comparison.left, left, window)
                days |= reader.changes(comparison.right, right, window)
                for day in sorted(days | {window.start}):
                    yield _outcome(
                        reader,
                        comparison,
                        (left, left_label),
                        (right, right_label),
                        day,
                        known,
                        first=day == window.start,
                    )


def _outcome(
    reader: _Reader,
    comparison: Comparison,
    left: tuple[int, str],
    right: tuple[int, str],
    day: date,
    known: Sequence[Difference],
    *,
    first: bool,
) -> Outcome:
    a = reader.rows(comparison.left, left[0], day)
    b = reader.rows(comparison.right, right[0], day)
    only_left = tuple(sorted(a.keys() - b.keys()))
    only_right = () if comparison.subset else tuple(sorted(b.keys() - a.keys()))
    common = a.keys() & b.keys()
    differ: tuple[str, ...] = ()
    if comparison.left.columns:
        differ = tuple(
            sorted(
                code
                for code in common
                if a[code] != b[code]
                and not (comparison.plain_letters and _plain(a[code]) == _plain(b[code]))
            )
        )
    listed = [
        d
        for d in known
        if (d.left, d.left_release, d.right, d.right_release, d.on)
        == (comparison.left.dataset, left[1], comparison.right.dataset, right[1], day)
    ]
    expected = (
        tuple(sorted(code for d in listed for code in d.only_left)),
        tuple(sorted(code for d in listed for code in d.only_right)),
        tuple(sorted(code for d in listed for code in d.differ)),
    )
    seen = (only_left, only_right, differ)
    outcome: Literal["agree", "known", "update", "unexpected"]
    reason = " ".join(d.reason for d in listed)
    if seen == expected:
        outcome = "known" if listed else "agree"
    elif not first and not listed:
        outcome = "update"
        reason = "An update changed one of them after its files were made."
    else:
        outcome = "unexpected"
        gone = [c for want, have in zip(expected, seen, strict=True) for c in want if c not in have]
        if gone:
            reason = f"Listed, but no longer so: {', '.join(gone[:_SHOWN])}"
    return Outcome(
        left=comparison.left.dataset,
        left_release=left[1],
        right=comparison.right.dataset,
        right_release=right[1],
        on=day,
        outcome=outcome,
        compared=len(common),
        only_left=only_left,
        only_right=only_right,
        differ=differ,
        reason=reason,
    )


def _plain(cells: tuple[object, ...]) -> tuple[object, ...]:
    """The cells with accents taken off letters."""
    return tuple(
        "".join(c for c in unicodedata.normalize("NFKD", cell) if not unicodedata.combining(c))
        if isinstance(cell, str)
        else cell
        for cell in cells
    )
