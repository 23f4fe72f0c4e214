"""Elements and segments: how values become X12 text, in the characters a partner takes.

X12 has no way to escape a delimiter, so data that holds one is refused, never altered. Nor is
anything cut to fit: a value that is too long for its element is a problem with a path. The
character sets are those of the X12 standard (X12.5 and X12.6, "basic" and "extended").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from superbill.errors import Invalid, Problem

CharacterSet = Literal["basic", "extended"]
Accents = Literal["refuse", "fold"]

BASIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()*+,-./:;?= ")
EXTENDED = BASIC | frozenset("abcdefghijklmnopqrstuvwxyz%@[]_{}\\|<>~#$^`")

# A monetary amount (element 782) in the 5010 guides has at most ten digits, cents included.
LARGEST_AMOUNT = Decimal("99999999.99")
# A quantity (element 380) in an 837I has at most eight digits before and three after the point.
LARGEST_QUANTITY = Decimal("99999999.999")


class Delimiters(NamedTuple):
    """What stands between elements, components and repetitions, and after a segment."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


class Syntax(NamedTuple):
    """How one partner's text is written: delimiters, characters, and line breaks between segments.

    With the basic set letters are written in upper case, for it has no others. ``accents`` says
    whether a letter with an accent, which neither set has, is refused or written without it.
    """

    delimiters: Delimiters = Delimiters()
    character_set: CharacterSet = "extended"
    accents: Accents = "refuse"
    line_breaks: bool = False

    @property
    def alphabet(self) -> frozenset[str]:
        """The characters that data may hold: those of the set, less the delimiters."""
        whole = BASIC if self.character_set == "basic" else EXTENDED
        return whole - frozenset(self.delimiters)

    @property
    def terminator(self) -> str:
        """What ends a segment."""
        return self.delimiters.segment + ("\n" if self.line_breaks else "")


class Builder:
    """Gathers the segments of one claim, and everything that is wrong with it.

    The methods that turn a value into an element return ``""`` and note a problem where the value
    will not do; :attr:`problems` is read once, at the end, so that a user learns of all of them.

    ``lenient`` passes on what somebody else sent, however long it is.
    """

    __slots__ = (
        "_clean",
        "_component",
        "_element",
        "_fold",
        "_upper",
        "lenient",
        "marks",
        "problems",
        "segments",
    )

    def __init__(self, syntax: Syntax, *, lenient: bool = False) -> None:
        self.lenient = lenient
        self.segments: list[str] = []
        self.problems: list[Problem] = []
        self._element = syntax.delimiters.element
        self._component = syntax.delimiters.component
        self._upper = syntax.character_set == "basic"
        self.marks = syntax.delimiters
        self._fold = syntax.accents == "fold"
        self._clean = _permitted(syntax).fullmatch

    def add(self, *elements: str) -> None:
        """Append a segment: its identifier and elements, less empty ones at the end."""
        self.segments.append(self._element.join(elements).rstrip(self._element))

    def composite(self, *parts: str) -> str:
        """Components joined into one element, less empty ones at the end."""
        return self._component.join(parts).rstrip(self._component)

    def problem(self, path: str, message: str, remedy: str = "") -> str:
        """Note a problem; returns the empty element that stands in for the value."""
        self.problems.append(Problem(path, message, remedy))
        return ""

    def text(
        self, value: str, path: str, longest: int, *, shortest: int = 1, required: str = ""
    ) -> str:
        """``value`` as an element; ``required`` is the way out where it must not be missing.

        No message shows the value, which may tell who a patient is.
        """
        value = value.strip()
        if not value:
            if not required or self.lenient:
                return ""
            return self.problem(path, "is missing.", required)
        if self._upper:
            value = value.upper()
        if self._clean(value) is None:
            if self._fold and not value.isascii():
                value = _without_accents(value)
            if self._clean(value) is None:
                return self._unclean(value, path)
        if not shortest <= len(value) <= longest and not self.lenient:
            return self.problem(
                path,
                f"has {len(value):,} characters; {shortest} to {longest} fit.",
                "Shorten it yourself: nothing is cut off silently."
                if len(value) > longest
                else "Write it in full.",
            )
        return value

    def exact(self, value: str, path: str) -> str:
        """``value`` as it is, blanks and all, if its characters can be sent."""
        return value if self._clean(value) else self._unclean(value, path)

    def _unclean(self, value: str, path: str) -> str:
        at, bad = next((i, c) for i, c in enumerate(value, 1) if self._clean(c) is None)
        shown = repr(bad) if bad.isprintable() else f"U+{ord(bad):04X}"
        if bad in self.marks:
            why, remedy = "is a delimiter", "Take it out, or give the partner other delimiters."
        elif self._fold or bad.isascii():
            why, remedy = "is not in the character set", "Take it out."
        else:
            why = "is not in the character set"
            remedy = (
                'Take it out, or say accents = "fold" in the partner\'s [text] to write letters '
                "without their accents."
            )
        return self.problem(path, f"has {shown} in place {at}, which {why} here.", remedy)

    def coded(self, form: re.Pattern[str], value: str, path: str, remedy: str) -> str:
        """A short code of a known form, in upper case."""
        bare = value.strip().upper()
        if form.fullmatch(bare) is None:
            message = f"{value[:20]!a} has not the form of this code." if bare else "is missing."
            return self.problem(path, message, remedy)
        return bare

    def checked(self, validate: Callable[[str, str], str], value: str, path: str) -> str:
        """``value`` as one of the identifier modules' ``validate`` returns it."""
        try:
            return validate(value, path)
        except Invalid as error:
            self.problems.extend(error.problems)
            return ""

    def amount(self, value: Decimal, path: str, *, negative: bool = False) -> str:
        """Dollars and cents as an element of type R: ``1234.5``, ``.5``, ``0``."""
        return self._number(value, path, LARGEST_AMOUNT, 2, negative)

    def quantity(self, value: Decimal, path: str) -> str:
        """A count as an element of type R, with at most three decimals."""
        return self._number(value, path, LARGEST_QUANTITY, 3, negative=False)

    def figure(self, value: Decimal, path: str) -> str:
        """A number that may be below zero, with at most three decimals."""
        return self._number(value, path, LARGEST_QUANTITY, 3, negative=True)

    def _number(
        self, value: Decimal, path: str, largest: Decimal, places: int, negative: bool
    ) -> str:
        if not value.is_finite():
            return self.problem(path, f"{value} is not a number.", "Give a plain number.")
        if value < 0 and not negative:
            return self.problem(path, f"{value} is negative.", "Give zero or more.")
        if abs(value) > largest:
            return self.problem(
                path, f"{value} is more than {largest:,}, the most that fits.", "Split it."
            )
        text = plain(value)
        if len(text.partition(".")[2]) > places:
            return self.problem(
                path,
                f"{value} has more than {places} decimals.",
                "Round it yourself: nothing is rounded silently.",
            )
        return text


@lru_cache(maxsize=32)
def _permitted(syntax: Syntax) -> re.Pattern[str]:
    """What a whole value must match to be sent."""
    return re.compile(f"[{''.join(re.escape(c) for c in sorted(syntax.alphabet))}]*")


def plain(value: Decimal) -> str:
    """A number without needless zeros, as X12 wants type R.

    >>> [plain(Decimal(s)) for s in ("120.00", "0.50", "-0.50", "0", "1E+3", "7.125")]
    ['120', '.5', '-.5', '0', '1000', '7.125']
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("0."):
        return text[1:]
    if text.startswith("-0"):
        return "-" + text[2:] if len(text) > 2 else "0"
    return text


def d8(day: date) -> str:
    """A day as format D8.

    >>> d8(date(2026, 3, 1))
    '20260301'
    """
    return day.isoformat().replace("-", "")


def rd8(first: date, last: date) -> str:
    """A range of days as format RD8.

    >>> rd8(date(2026, 2, 23), date(2026, 3, 1))
    '20260223-20260301'
    """
    return f"{d8(first)}-{d8(last)}"


def _without_accents(value: str) -> str:
    parts = unicodedata.normalize("NFKD", value)
    return "".join(c for c in parts if not unicodedata.combining(c))
