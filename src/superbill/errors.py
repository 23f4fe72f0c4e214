"""The errors that the project raises on purpose.

Every message says what is wrong, where it was seen and what would mend it. Everything else
that escapes is a defect of ours, and is left to surface as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


class SuperbillError(Exception):
    """Base of every error that a caller may want to catch."""


class NotCovered(SuperbillError):
    """The answer would need data or law that is not held for the day asked about.

    ``what`` names the missing thing, ``on`` the day, ``remedy`` the way to get it (a command,
    a file to bring, or the plain statement that there is none).
    """

    def __init__(self, what: str, *, on: date | None, remedy: str) -> None:
        self.what = what
        self.on = on
        self.remedy = remedy
        day = "" if on is None else f" on {on.isoformat()}"
        super().__init__(f"{what} is not covered{day}. {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        # The message alone would not make it anew in another process.
        return _not_covered, (self.what, self.on, self.remedy)


def _not_covered(what: str, on: date | None, remedy: str) -> NotCovered:
    return NotCovered(what, on=on, remedy=remedy)


class Problem:
    """One thing that is wrong with an input document.

    ``path`` is the place in the document (``diagnoses[2].code``), ``message`` what was seen and
    what was expected, ``remedy`` a way out.
    """

    __slots__ = ("message", "path", "remedy")

    def __init__(self, path: str, message: str, remedy: str = "") -> None:
        self.path = path
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.path}: {self.message}{tail}"

    def __repr__(self) -> str:
        return f"Problem({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class Invalid(SuperbillError):
    """An input that cannot be used. Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return Invalid, (self.problems,)

    @classmethod
    def at(cls, path: str, message: str, remedy: str = "") -> Invalid:
        """An ``Invalid`` with a single problem."""
        return cls([Problem(path, message, remedy)])


class BadRow(SuperbillError):
    """A published file that does not read as its layout says: file, line, and what was seen."""

    def __init__(self, dataset: str, line: int, saw: str, expected: str) -> None:
        self.dataset = dataset
        self.line = line
        self.saw = saw
        self.expected = expected
        super().__init__(f"{dataset}, line {line}: expected {expected}, saw {saw[:80]!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return BadRow, (self.dataset, self.line, self.saw, self.expected)


class BuildFailed(SuperbillError):
    """A reference store that was not built; what was there before is untouched."""
