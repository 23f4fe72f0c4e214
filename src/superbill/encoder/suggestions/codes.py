"""From what a term leads to, to the code that a record supports: side, episode and detail.

The order file of the day (else the nearest held) says what each code is called, the code editor's
master or the order file which may be reported. Where a record leaves a choice open, the code that
says "unspecified" is taken, the first encounter is assumed, and the answer names what is missing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from superbill.codes.titles import distance
from superbill.encoder.index.below import Codes
from superbill.encoder.index.detail import missing_detail
from superbill.encoder.suggestions.words import meanings, stems_of
from superbill.store.open import Store

_SIDES = {"right": "right", "left": "left", "bilateral": "bilateral", "both": "bilateral"}
_SIDE = re.compile(r"(?i)\b(right|left|bilateral|both)\b")
_LOOKED_AT = 120
_UNTOLD = frozenset(
    stems_of("unspecified without with initial encounter closed not having achieved")
)
_INITIAL = ("A", "B")


class Resolved(NamedTuple):
    """A code that may be reported, how many there were to choose from, and what would say more."""

    code: str
    of: int
    missing: str
    fit: float


class DayCodes:
    """The diagnosis codes of a day with their titles."""

    def __init__(self, store: Store, *, on: date) -> None:
        codes = Codes(store, on=on)
        self.all: list[str] = codes.starting("")
        self.titles = _titles(store, on)
        self._stems: dict[str, tuple[str, ...]] = {}
        self._valid = set(self.all)
        self._below: dict[str, list[str]] = {}
        self._sided: dict[tuple[str, str], str] = {}

    def __contains__(self, code: object) -> bool:
        return code in self._valid

    def title(self, code: str) -> str:
        """The title of a code or heading; empty where none is held."""
        return self.titles.get(code, "")

    def below(self, stem: str) -> list[str]:
        """The codes that may be reported and start with ``stem``."""
        if stem not in self._below:
            first = bisect_left(self.all, stem)
            last = bisect_left(self.all, stem + "[")
            self._below[stem] = self.all[first:last]
        return self._below[stem]

    def words(self, code: str) -> tuple[str, ...]:
        """The classes of a title's words."""
        if code not in self._stems:
            group = meanings().group
            self._stems[code] = tuple(group.get(s, s) for s in stems_of(self.title(code)))
        return self._stems[code]

    def resolve(self, stem: str, near: Collection[str], side: str) -> Resolved | None:
        """The code below ``stem`` that the classes ``near`` and the ``side`` support best."""
        if stem in self._valid:
            return Resolved(stem, 1, "", 1.0)
        codes = self.below(stem)
        if not codes:
            return None
        first = [code for code in codes if len(code) < 7 or code[6] in _INITIAL]
        codes_left = (first or codes)[:_LOOKED_AT]
        if len(codes_left) == 1:
            return Resolved(codes_left[0], len(codes), "", 0.8)
        words = {code: self.words(code) for code in codes_left}
        shared = set.intersection(*(set(each) for each in words.values()))
        best: tuple[float, str] | None = None
        for code in codes_left:
            score = self._fit(code, [w for w in words[code] if w not in shared], near, side)
            if best is None or score > best[0]:
                best = (score, code)
        assert best is not None
        others = [code for code in codes_left if code[:-1] == best[1][:-1]] or codes_left
        missing = missing_detail(others[:8], [self.title(code) for code in others[:8]])
        if not missing and "unspecified" in self.title(best[1]).lower():
            missing = "detail"
        return Resolved(best[1], len(codes), missing, best[0])

    def other_side(self, code: str, side: str) -> str:
        """The code of a ``side`` in the place of one of an unspecified side; empty where none."""
        title = self.title(code).lower()
        if not side or "unspecified" not in title:
            return ""
        key = (code, side)
        if key not in self._sided:
            wanted = [
                other
                for other in self.below(code[:-1])
                if len(other) == len(code)
                and side_of(self.title(other).lower().replace(",", " ").split()) == side
            ]
            # Only where the codes differ in the side alone: as many words, all but one the same.
            words = set(self.words(code))
            same = [other for other in wanted if len(set(self.words(other)) - words) <= 1]
            self._sided[key] = same[0] if len(same) == 1 else ""
        return self._sided[key]

    def _fit(self, code: str, own: Iterable[str], near: Collection[str], side: str) -> float:
        title = self.title(code).lower()
        sides = {_SIDES[each.lower()] for each in _SIDE.findall(title)}
        score = 0.0
        if sides:
            score += 3.0 if side in sides else -1.5 if not side else -4.0
        # What a code is without needs no word in the record.
        group = meanings().group
        without = {group.get(s, s) for s in stems_of(title.partition("without")[2])}
        for word in own:
            if word in near and word not in without:
                score += 1.0
            elif word not in _SIDES and word not in _UNTOLD and word not in without:
                score -= 0.4
        if "dominant side" in title and "dominant" not in near:
            # Unless said, the right side is the dominant one, and the left is not (I.C.6.a).
            score += 0.7 * ((side == "left") == ("nondominant" in title))
        if "without complication" in title:
            score += 1.2
        if "unspecified" in title:
            score += 1.0
        if title.endswith(("in remission", "in relapse")) and not {"remission", "relaps"} & set(
            near
        ):
            score -= 1.0
        if re.search(r"\bother\b", title):
            score -= 0.8
        return score - 0.01 * len(code)


def _titles(store: Store, on: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, column in (("order", "long_title"), ("titles", "long_title"), ("tabular", "title")):
        name = f"icd10cm.{part}"
        held = sorted(store.coverage(name), key=lambda pair: distance(pair[0], on))
        for _, release in held[:1]:
            rows = store.query(
                f"SELECT code, {column} FROM {store.info(name).table} WHERE release = ?",  # noqa: S608
                release.id,
            )
            for code, title in rows:
                found.setdefault(str(code), str(title))
    return found


def side_of(words: Iterable[str]) -> str:
    """The one side that words name; empty where none or both are named apart."""
    said = {_SIDES[word] for word in words if word in _SIDES}
    return next(iter(said)) if len(said) == 1 else ""
