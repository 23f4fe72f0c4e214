"""From the code of an index entry to a code that may be reported: the last steps, in the tabular.

Which codes there are on the day is said by the Medicare Code Editor's master or the order file of
the day (:mod:`superbill.codes.validity`); what they are called, by the titles held. The index may
print a code that is no more, or that never was: what took its place is found here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.codes.answer import System
from superbill.codes.titles import title as any_title
from superbill.codes.validity import dataset
from superbill.store.open import Store

_SYSTEM: System = "ICD-10-CM"
_CONVERSION = "icd10cm.conversion"


class Below(NamedTuple):
    """A code or heading below a stem: its title, and how many codes may be reported with it."""

    code: str
    title: str
    codes: int
    billable: bool


class Codes:
    """The diagnosis codes of a day, by their first characters."""

    def __init__(self, store: Store, *, on: date) -> None:
        self._store = store
        self._day = on
        for part in ("validity", "order"):
            self._dataset = dataset(_SYSTEM, part)
            if store.covers(self._dataset, on=on):
                break
        self._release = store.release(self._dataset, on=on)
        self._table = store.info(self._dataset).table
        self._valid = "" if self._dataset.endswith("validity") else "AND billable = 1 "

    def starting(self, stem: str) -> list[str]:
        """The codes that may be reported and start with ``stem``, in order."""
        day = self._day.isoformat()
        rows = self._store.query(
            f"SELECT code FROM {self._table} WHERE code >= ? AND code < ? AND release = ? "  # noqa: S608
            f"AND valid_from <= ? AND valid_to > ? {self._valid}ORDER BY code",
            *(stem, stem + "[", self._release.id, day, day),
        )
        return [str(row[0]) for row in rows]

    def steps(self, stem: str) -> list[Below]:
        """The next places below ``stem`` at which codes part, with what each is called.

        Places with a single way on, such as a filler X, are passed over. One place that is the
        stem itself says that it may be reported as it is.
        """
        codes = self.starting(stem)
        if codes == [stem]:
            return [Below(stem, self.title(stem), 1, billable=True)]
        size = len(stem)
        while len({code[: size + 1] for code in codes}) == 1 and size < 7:
            size += 1
            if codes[0][:size] == codes[0] and len(codes) == 1:
                return [Below(codes[0], self.title(codes[0]), 1, billable=True)]
        parts: dict[str, list[str]] = {}
        for code in codes:
            parts.setdefault(code[: size + 1], []).append(code)
        return [
            Below(
                below[0] if len(below) == 1 else start,
                self.title(below[0] if len(below) == 1 else start),
                len(below),
                billable=len(below) == 1,
            )
            for start, below in parts.items()
        ]

    def title(self, code: str) -> str:
        """The text of a code or heading; where no title is held, what its codes share."""
        found = any_title(self._store, _SYSTEM, code, on=self._day)
        if found is not None:
            return found.text
        texts = [
            text.text
            for below in self.starting(code)[:12]
            if (text := any_title(self._store, _SYSTEM, below, on=self._day))
        ]
        return _shared(texts)

    def successors(self, code: str) -> list[str]:
        """The codes of the day that took the place of ``code``, by the conversion table.

        Empty where the table is not held or names none.
        """
        return sorted(self._successors(code, frozenset()))

    @functools.cached_property
    def _conversions(self) -> list[tuple[str, str, str, bool]]:
        if not self._store.covers(_CONVERSION, on=self._day):
            return []
        table = self._store.info(_CONVERSION).table
        rows = self._store.query(
            f"SELECT code, previous, previous_last, below FROM {table} "  # noqa: S608 - own names
            "WHERE release = ? AND valid_from <= ? AND previous != ''",
            *(self._store.release(_CONVERSION, on=self._day).id, self._day.isoformat()),
        )
        return [(str(new), str(old), str(last), bool(below)) for new, old, last, below in rows]

    def _successors(self, code: str, seen: frozenset[str]) -> Iterator[str]:
        for new, old, last, below in self._conversions:
            # A retired code of five characters may be named by one of its seven.
            hit = old == code or old.startswith(code) or (below and code.startswith(old))
            if not hit and old != last:
                hit = old <= code[: len(old)] <= last
            if not hit or new in seen or new == code:
                continue
            if self.starting(new):
                yield new
            else:
                yield from self._successors(new, seen | {code, new})

    def nearest(self, code: str) -> str:
        """The longest beginning of ``code`` below which there are codes on the day."""
        for size in range(len(code), 2, -1):
            if self.starting(code[:size]):
                return code[:size]
        return ""


def _shared(texts: list[str]) -> str:
    """The words that several titles begin with."""
    if not texts:
        return ""
    words = [text.split() for text in texts]
    kept = []
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        kept.append(column[0])
    return " ".join(kept).rstrip(",")
