"""Fields of an object against the published schema; what is wrong is gathered with its place."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from superbill.errors import Problem

SHOWN = 100
"""So many problems are kept; all are counted."""

SETTINGS = ("inpatient", "outpatient", "both")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST = 12  # digits before the point: no price is a trillion dollars
_SMALLEST = -12


class Problems:
    """The problems of a file, the first :data:`SHOWN` of them kept."""

    __slots__ = ("count", "first")

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Problem] = []

    def add(self, path: str, message: str, remedy: str = "") -> None:
        """Note one."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(Problem(path, message, remedy))


def shown(value: object) -> str:
    """A value as a message shows it."""
    match value:
        case str():
            return repr(value if len(value) <= 40 else value[:40] + "…")
        case bool() | None:
            return str(value).lower().replace("none", "null")
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return str(value)[:40]


class Fields:
    """Reads the fields of one JSON object; a missing or wrong one is noted, and an empty one given.

    ``at`` is the object's place; a field's is ``at.name``.
    """

    __slots__ = ("_at", "_found", "_problems")

    def __init__(self, found: dict[str, Any], at: str, problems: Problems) -> None:
        self._found = found
        self._at = at
        self._problems = problems

    def place(self, name: str) -> str:
        """Where a field stands."""
        return f"{self._at}.{name}" if self._at else name

    def wrong(self, name: str, message: str, remedy: str = "") -> None:
        """Note that a field is wrong."""
        self._problems.add(self.place(name), message, remedy)

    def has(self, name: str) -> bool:
        """Whether the field is there at all."""
        return self._found.get(name) is not None

    def get(self, name: str) -> Any:
        """The field as it stands."""
        return self._found.get(name)

    def _missing(self, name: str, needed: bool | str) -> None:
        if needed:
            why = needed if isinstance(needed, str) else "The schema requires it."
            self.wrong(name, "is missing.", why)

    def text(self, name: str, *, needed: bool | str = True) -> str:
        """Text that is not empty."""
        value = self._found.get(name)
        if value is None:
            self._missing(name, needed)
            return ""
        if not isinstance(value, str):
            self.wrong(name, f"expected text, saw {shown(value)}.", "Put it in quotation marks.")
            return ""
        if not value.strip():
            self.wrong(name, "is empty.", "Give its text, or leave it out where it may be.")
        return value.strip()

    def one_of(self, name: str, allowed: Collection[str], *, needed: bool | str = True) -> str:
        """One of the values that the schema lists."""
        value = self._found.get(name)
        if isinstance(value, str) and value in allowed:
            return value
        if value is None:
            self._missing(name, needed)
        else:
            self.wrong(
                name, f"{shown(value)} is not allowed.", f"One of: {', '.join(sorted(allowed))}."
            )
        return ""

    def amount(self, name: str, *, needed: bool | str = True) -> Decimal | None:
        """A number above 0, exactly as written."""
        value = self._found.get(name)
        if value is None:
            self._missing(name, needed)
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(
                name, f"expected a number, saw {shown(value)}.", "No quotes, $ or commas: 1234.50."
            )
            return None
        exact = Decimal(value)
        if (wrong := amount_problem(exact)) is not None:
            self.wrong(name, *wrong)
            return None
        return exact

    def day(self, name: str, *, needed: bool | str = True) -> date | None:
        """A day, YYYY-MM-DD."""
        value = self._found.get(name)
        if value is None:
            self._missing(name, needed)
            return None
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.wrong(
            name, f"{shown(value)} is not a date.", "Write it as YYYY-MM-DD; 9999-12-31 is no end."
        )
        return None

    def texts(
        self,
        name: str,
        *,
        needed: bool | str = True,
        at_least: int = 1,
        pattern: re.Pattern[str] | None = None,
        means: str = "text",
        unique: bool = False,
    ) -> tuple[str, ...]:
        """A list of texts, each of ``pattern``."""
        value = self._found.get(name)
        if value is None:
            self._missing(name, needed)
            return ()
        if not isinstance(value, list):
            self.wrong(name, f"expected a list, saw {shown(value)}.", 'Write ["…", "…"].')
            return ()
        if len(value) < at_least:
            self.wrong(name, "is an empty list.", f"Give at least {at_least}.")
        found = []
        for number, each in enumerate(value):
            if not isinstance(each, str) or not each.strip():
                self.wrong(f"{name}[{number}]", f"expected {means}, saw {shown(each)}.")
            elif pattern is not None and not pattern.fullmatch(each):
                self.wrong(f"{name}[{number}]", f"{shown(each)} is no {means}.")
            else:
                found.append(each.strip())
        if unique and len(set(found)) < len(found):
            self.wrong(name, "says a value twice.", "Each may stand once.")
        return tuple(found)

    def objects(
        self, name: str, *, needed: bool | str = True, at_least: int = 1
    ) -> list[tuple[str, dict[str, Any]]]:
        """A list of objects, each with its place."""
        value = self._found.get(name)
        if value is None:
            self._missing(name, needed)
            return []
        if not isinstance(value, list):
            self.wrong(name, f"expected a list, saw {shown(value)}.", "Write [{…}, {…}].")
            return []
        if len(value) < at_least:
            self.wrong(name, "is an empty list.", f"Give at least {at_least}.")
        found = []
        for number, each in enumerate(value):
            if isinstance(each, dict):
                found.append((self.place(f"{name}[{number}]"), each))
            else:
                self.wrong(f"{name}[{number}]", f"expected an object, saw {shown(each)}.")
        return found


def amount_problem(value: Decimal) -> tuple[str, str] | None:
    """What is wrong with an amount, and the way out; ``None`` where nothing is."""
    if not value.is_finite() or value.adjusted() > _LARGEST:
        return f"{str(value)[:20]} is no price.", "Write the dollars, or the percentage."
    if value <= 0:
        return f"{value} is not above 0.", "Leave out what has no amount."
    if int(value.as_tuple().exponent) < _SMALLEST:
        return f"{str(value)[:30]}… has too many decimals.", "At most 12."
    return None
