r"""A segment of a guide as one regular expression: does a text fit it, yes or no.

Nearly every segment of a nearly correct file is right, so the common question is asked once for
the whole segment, in C, and only a text that does not fit is taken apart element by element (see
:mod:`superbill.interop.x12.check.elements`, which agrees with these expressions). Elements, usage,
types, lengths, codes, dates with their leap years, repetition and relational notes are inside; a
composite whose parts are related is taken apart where it repeats.

Dates and times follow X12 005010: CCYYMMDD, HHMM with optional seconds and hundredths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from superbill.interop.x12.guides.spec import Element, Note, Segment
from superbill.interop.x12.segments import EXTENDED, Delimiters

NEVER = "(?!)"

_MONTHS = (
    r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP = r"(?:0[48]|[2468][048]|[13579][26])"
_DATE = rf"(?:(?:1[89]|2[0-9])[0-9]{{2}}{_MONTHS}|(?:(?:1[89]|2[0-9]){_LEAP}|2[048]00)0229)"
_SHORT_DATE = rf"(?:[0-9]{{2}}{_MONTHS}|(?:00|{_LEAP})0229)"
_HOUR = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"
_TIME = rf"{_HOUR}(?:[0-5][0-9](?:[0-9]{{1,2}})?)?"

FORMATS = {
    "D8": _DATE,
    "RD8": rf"{_DATE}-{_DATE}",
    "DT": rf"{_DATE}{_HOUR}(?:[0-5][0-9])?",
    "TM": _TIME,
    "D6": _SHORT_DATE,
}
"""What a date period (element 1251) must look like, by the format that element 1250 names."""


def segment_pattern(segment: Segment, marks: Delimiters) -> re.Pattern[str]:
    """The expression that a right segment fits from end to end."""
    writer = _Writer(marks)
    body = writer.sequence(segment.elements, segment.notes, marks.element, leads=False)
    return re.compile(re.escape(segment.id) + body)


@lru_cache(maxsize=4096)
def value_pattern(element: Element, marks: Delimiters, form: str = "") -> re.Pattern[str]:
    """The expression of one simple value; ``form`` is the format of a date period."""
    return re.compile(_Writer(marks).value(element, form))


@lru_cache(maxsize=64)
def text_class(marks: Delimiters, *, blank: bool = True) -> str:
    """The characters that data may hold, as a class: the extended set less the delimiters."""
    allowed = EXTENDED - frozenset("".join(marks)) - (frozenset() if blank else {" "})
    points = sorted(map(ord, allowed))
    ranges: list[list[int]] = []
    for point in points:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return f"[{''.join(f'{_point(first)}-{_point(last)}' for first, last in ranges)}]"


def _point(point: int) -> str:
    return re.escape(chr(point))


class _Writer:
    def __init__(self, marks: Delimiters) -> None:
        self.marks = marks
        self.any = text_class(marks)
        self.ink = text_class(marks, blank=False)
        self.groups = 0

    def sequence(
        self, elements: Sequence[Element], notes: Iterable[Note], mark: str, *, leads: bool
    ) -> str:
        """Elements of a segment, or (``leads``: nothing before the first) parts of a composite."""
        used = len(elements)
        while used and elements[used - 1].usage == "N":
            used -= 1
        notes = [*notes, *_free_periods(elements[:used])]
        related = {place for note in notes for place in note.places}
        end = re.escape(mark)
        held: dict[int, str] = {}
        units: list[tuple[str, bool]] = []
        place = 1
        while place <= used:
            element = elements[place - 1]
            paired = place < used and _is_period(element, elements[place])
            text = self._unit(element, elements[place] if paired else None, end)
            places = [place, place + 1] if paired else [place]
            place += len(places)
            if element.usage == "R":
                held.update(dict.fromkeys(places, "R"))
                units.append((text, True))
                continue
            if text and related.intersection(places):
                self.groups += 1
                text = f"({text})"
                held.update(dict.fromkeys(places, str(self.groups)))
            if paired:  # both or neither, and neither is two empty elements
                text = f"(?:{text}|{end})"
            elif text:
                text = f"(?:{text})?"
            units.append((text, False))
        body = _chain(units, end, leads=leads)
        trailing = f"(?<!{end})" if used else ""
        return body + trailing + "".join(_relation(note, held) for note in notes)

    def _unit(self, element: Element, period: Element | None, end: str) -> str:
        """One element when it is sent, or a format with its date period."""
        if element.usage == "N":
            return ""
        if period is None:
            return self._repeated(element)
        forms: dict[str, list[str]] = {}
        for code in element.codes:
            forms.setdefault(self.value(period, code), []).append(code)
        return _either(f"{_codes(codes)}{end}{form}" for form, codes in forms.items())

    def _repeated(self, element: Element) -> str:
        before = self.groups
        value = self.composite(element) if element.parts else self.value(element)
        if element.repeat > 1 and self.marks.repetition and self.groups == before:
            again = re.escape(self.marks.repetition)
            if element.parts:  # all of its parts may be left out, but then it is not sent
                value = f"(?![{again}{re.escape(self.marks.element)}]|\\Z){value}"
            return f"{value}(?:{again}{value}){{0,{element.repeat - 1}}}"
        return value

    def composite(self, element: Element) -> str:
        """The parts of a composite that is sent."""
        mark = self.marks.component
        return f"(?:{self.sequence(element.parts, element.notes, mark, leads=True)})"

    def value(self, element: Element, form: str = "") -> str:
        """One simple value that is sent."""
        if element.codes:
            return _codes(element.codes)
        if element.pattern:
            return f"(?:{element.pattern})"
        if form:
            return FORMATS.get(form) or self._text(element.least, element.most)
        match element.kind:
            case "R":
                return self._number(element)
            case "DT":
                return _SHORT_DATE if element.most == 6 else _DATE
            case "TM":
                return _TIME
            case "AN" | "ID":
                return self._text(element.least, element.most)
            case _:
                sign = "" if "-" in self.marks else "-?"
                return f"{sign}[0-9]{{{element.least},{element.most}}}"

    def _number(self, element: Element) -> str:
        sign = "" if "-" in self.marks else "-?"
        if "." in self.marks:
            return f"{sign}[0-9]{{{element.least},{element.most}}}"
        least = rf"(?=(?:\.?[0-9]){{{element.least}}})" if element.least > 1 else ""
        most = rf"(?!(?:\.?[0-9]){{{element.most + 1}}})"
        return rf"{sign}{least}{most}(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"

    def _text(self, least: int, most: int) -> str:
        """No blank at the end, unless it fills up a text to the shortest length.

        A text of one length only, as in the ISA, may be blank.
        """
        if least == most > 1:
            return f"{self.any}{{{most}}}"
        if least == 1:
            return self.ink if most == 1 else f"{self.any}{{0,{most - 1}}}{self.ink}"
        inked = f"{self.any}{{{least - 1},{most - 1}}}{self.ink}"
        return f"(?:{inked}|(?! {{{least}}}){self.any}{{{least}}})"


def _chain(units: list[tuple[str, bool]], end: str, *, leads: bool) -> str:
    """Units one after another; those at the end that are not required may be left out."""
    last = units[-1] if units else ("", True)
    alike = 0
    if not last[1] and not last[0].startswith("(?:("):
        while alike < len(units) - leads and units[-1 - alike] == last:
            alike += 1
    body, needed = "", False
    if alike > 2:
        body = f"(?:{end}{last[0]}){{0,{alike}}}"
        units = units[:-alike]
    for index in range(len(units) - 1, -1, -1):
        text, required = units[index]
        needed = needed or required
        one = text if leads and not index else end + text
        body = one + body if needed else f"(?:{one}{body})?"
    return body


def _is_period(element: Element, after: Element) -> bool:
    return (
        element.number == "1250"
        and after.number == "1251"
        and bool(element.codes)
        and after.usage == element.usage != "N"
    )


def _free_periods(elements: Sequence[Element]) -> list[Note]:
    """A date period goes with its format, also where the guide does not say which formats."""
    return [
        Note("P", (place, place + 1))
        for place, (first, second) in enumerate(pairwise(elements), 1)
        if first.number == "1250" and second.number == "1251" and first.usage == "S"
        if not _is_period(first, second)
    ]


def _relation(note: Note, held: dict[int, str]) -> str:
    """An assertion at the end: ``held`` says R (always there) or the group of each place."""
    states = [held.get(place, "") for place in note.places]
    if len({*states}) == 1:
        # All always there, all never there, or one format with its period.
        return NEVER if note.kind == "R" and states[0] == "" else ""
    first, rest = states[0], states[1:]
    match note.kind:
        case "P":
            needs, without = "".join(map(_there, rest)), "".join(map(_absent, rest))
            return _if(first, needs, without)
        case "R":
            return _one_of(states)
        case "C":
            return _if(first, "".join(map(_there, rest)), "")
        case "L":
            return _if(first, _one_of(rest), "")
        case _:
            return "".join(
                _if(state, "".join(map(_absent, states[i + 1 :])), "")
                for i, state in enumerate(states)
            )


def _if(state: str, there: str, absent: str) -> str:
    if state in {"R", ""} or there == absent:
        return there if state == "R" else absent
    return f"(?({state}){there}|{absent})"


def _there(state: str) -> str:
    return _if(state, "", NEVER)


def _absent(state: str) -> str:
    return _if(state, NEVER, "")


def _one_of(states: list[str]) -> str:
    return _if(states[0], "", _one_of(states[1:])) if states else NEVER


def _codes(codes: Iterable[str]) -> str:
    """An expression for exactly these codes, first letters first, so that few are tried."""
    by_first: dict[str, list[str]] = {}
    for code in codes:
        by_first.setdefault(code[:1], []).append(code[1:])
    if set(by_first) == {""}:
        return ""
    single = [first for first, rest in by_first.items() if rest == [""]]
    found = []
    if len(single) > 1:
        found.append(f"[{''.join(map(re.escape, single))}]")
        for first in single:
            del by_first[first]
    for first, rest in by_first.items():
        if not first:
            continue
        tail = _codes(rest)
        optional = "?" if "" in rest and tail else ""
        found.append(f"{re.escape(first)}{f'(?:{tail})' if optional else tail}{optional}")
    return _either(found)


def _either(texts: Iterable[str]) -> str:
    found = list(texts)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
