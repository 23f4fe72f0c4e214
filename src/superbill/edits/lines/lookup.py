"""The reference store as the edits of services by line ask it.

What was looked up of a code is kept, since claims share most of their codes; a store does not
change while it is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.codes.validity import is_valid
from superbill.edits.lines.rule import CodeStanding, Pair, Primaries, Units
from superbill.store.open import Store

PARTS = (1, 2, 3, 4)
_HCPCS = "hcpcs.codes"
_ADD_ON = "ncci.add_on"
_MOST = 50_000


class _Part(NamedTuple):
    """A part of the list of pairs on a day: where it is, and the span of its first codes."""

    sql: str
    low: str
    high: str
    release: str


class StoreLookup:
    """Answers from an open store, for :func:`superbill.edits.lines.check`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[tuple[str, date], tuple[tuple[_Part, ...], str]] = {}
        self._units: dict[tuple[str, str, date], Units | None] = {}
        self._primaries: dict[tuple[str, date], Primaries | None] = {}
        self._standing: dict[tuple[str, str, date], CodeStanding] = {}
        self._diagnoses: dict[tuple[str, date], bool] = {}

    def pairs(self, codes: frozenset[str], kind: str, *, on: date) -> Iterator[Pair]:
        """Every pair of which both codes are among ``codes``, by first and second code.

        Raises :class:`~superbill.errors.NotCovered` where no part of the list is held for the day.
        """
        parts, _ = self._held(kind, on)
        if not parts:
            raise self._store.not_covered(f"ncci.ptp_{kind}_1", on=on)
        ordered, day = sorted(codes), on.isoformat()
        for part in parts:
            for first in ordered:
                if part.low <= first <= part.high:
                    for second in ordered:
                        if second != first:
                            for modifier, rationale in self._store.query(
                                part.sql, first, second, day, day
                            ):
                                yield Pair(
                                    first, second, str(modifier), str(rationale), part.release
                                )

    def missing_pairs(self, kind: str, *, on: date) -> str:
        """Which parts of the list are not held, in words."""
        return self._held(kind, on)[1]

    def _held(self, kind: str, on: date) -> tuple[tuple[_Part, ...], str]:
        held = self._parts.get((kind, on))
        if held is None:
            if len(self._parts) >= _MOST:
                self._parts.clear()
            held = self._parts[kind, on] = self._find_parts(kind, on)
        return held

    def _find_parts(self, kind: str, on: date) -> tuple[tuple[_Part, ...], str]:
        found, missing = [], []
        for number in PARTS:
            dataset = f"ncci.ptp_{kind}_{number}"
            if not self._store.covers(dataset, on=on):
                missing.append(str(number))
                continue
            release = self._store.release(dataset, on=on)
            table = self._store.info(dataset).table  # the store's own name, never from a file
            ((low, high),) = self._store.query(
                f"SELECT min(column1), max(column1) FROM {table}"  # noqa: S608
            )
            sql = (
                f"SELECT modifier, rationale FROM {table} WHERE column1 = ? AND column2 = ?"  # noqa: S608
                f" AND release = {release.id} AND valid_from <= ? AND valid_to > ?"
            )
            found.append(_Part(sql, str(low), str(high), f"{dataset} {release.label}"))
        if not missing:
            return tuple(found), ""
        return tuple(found), (
            f"Part {', '.join(missing)} of the NCCI pairs ({kind}) is not held for {on}: pairs "
            "whose first code is in it were not looked up."
        )

    def units(self, code: str, kind: str, *, on: date) -> Units | None:
        """The most units of a code."""
        key = (code, kind, on)
        if key not in self._units:
            dataset = f"ncci.mue_{kind}"
            row = self._store.find(dataset, on=on, code=code)
            if len(self._units) >= _MOST:
                self._units.clear()
            self._units[key] = (
                None
                if row is None
                else Units(
                    row.integer("units"),
                    row.text("indicator"),
                    row.text("rationale"),
                    f"{dataset} {row.release.label}",
                )
            )
        return self._units[key]

    def primaries(self, code: str, *, on: date) -> Primaries | None:
        """The primaries of an add-on code; ``None`` for a code that is none."""
        key = (code, on)
        if key not in self._primaries:
            rows = self._store.rows(_ADD_ON, on=on, code=code)
            if len(self._primaries) >= _MOST:
                self._primaries.clear()
            self._primaries[key] = (
                Primaries(
                    frozenset(row.text("primary_code") for row in rows),
                    rows[0].text("type"),
                    f"{_ADD_ON} {rows[0].release.label}",
                )
                if rows
                else None
            )
        return self._primaries[key]

    def hcpcs(self, code: str, *, on: date) -> CodeStanding:
        """Whether a HCPCS Level II code may be used on the day."""
        return self._level_two(code, "code", on)

    def modifier(self, modifier: str, *, on: date) -> CodeStanding:
        """Whether a Level II modifier may be used on the day."""
        return self._level_two(modifier, "modifier", on)

    def _level_two(self, code: str, kind: str, on: date) -> CodeStanding:
        key = (code, kind, on)
        if key not in self._standing:
            release = self._store.release(_HCPCS, on=on)
            label = f"{_HCPCS} {release.label}"
            if self._store.find(_HCPCS, on=on, code=code, kind=kind) is not None:
                standing = CodeStanding(valid=True, known=True, release=label)
            else:
                rows = self._store.history(_HCPCS, code=code, kind=kind)
                last = max((day for row in rows if (day := row.day("terminated"))), default=None)
                standing = CodeStanding(valid=False, known=bool(rows), last=last, release=label)
            if len(self._standing) >= _MOST:
                self._standing.clear()
            self._standing[key] = standing
        return self._standing[key]

    def diagnosis(self, code: str, *, on: date) -> bool:
        """Whether a diagnosis may be billed on the day."""
        key = (code, on)
        if key not in self._diagnoses:
            if len(self._diagnoses) >= _MOST:
                self._diagnoses.clear()
            self._diagnoses[key] = is_valid(self._store, "ICD-10-CM", code, on=on)
        return self._diagnoses[key]
