"""What is wrong with one segment, element by element: levels 1 and 2.

Called only for a text that does not fit its pattern (see
:mod:`superbill.interop.x12.guides.pattern`); the two agree, which a property test holds. Level 1
is the standard's: types, lengths, dates, characters, relational notes. Level 2 is the guide's:
required and unused elements, codes, repetitions.

Fault codes are those of the 999 (IK403): 1 missing, 2 missing by a relational note, 3 too many
elements, 4 too short, 5 too long, 6 invalid character, 7 invalid code, 8 invalid date, 9 invalid
time, 10 excluded by a relational note, 12 too many repetitions, 13 too many components, I10 not
used, I12 not of the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from superbill.interop.x12.guides.pattern import FORMATS, text_class, value_pattern
from superbill.interop.x12.guides.spec import Element, Note, Segment
from superbill.interop.x12.segments import Delimiters


class Fault(NamedTuple):
    """One thing wrong with an element, or (``element`` empty) with the segment as a whole."""

    snip: int
    rule: str
    element: str
    message: str
    mend: str
    code: str
    number: str = ""
    sent: str = ""


def faults(segment: Segment, elements: Sequence[str], marks: Delimiters) -> Iterator[Fault]:
    """Everything wrong with ``elements``, whose first is the identifier."""
    sent = list(elements[1:])
    if sent and sent[-1] == "":
        yield Fault(
            1,
            "element.trailing",
            f"{segment.id}{len(sent):02}",
            "The segment ends with a delimiter and nothing after it.",
            "Leave out delimiters at the end of a segment.",
            "3",
        )
        while sent and sent[-1] == "":
            sent.pop()
    if not sent and not elements[1:] and not segment.elements:
        return
    known = len(segment.elements)
    if len(sent) > known:
        yield Fault(
            1,
            "element.too_many",
            f"{segment.id}{known + 1:02}",
            f"The segment has {len(sent)} elements; {segment.id} has {known} at most.",
            "Take the rest out, or look for a stray delimiter inside a value.",
            "3",
        )
    form = ""
    for place, element in enumerate(segment.elements, 1):
        value = sent[place - 1] if place <= len(sent) else ""
        name = f"{segment.id}{place:02}"
        period = form if element.number == "1251" else ""
        yield from _element(element, value, name, marks, period)
        form = value if element.number == "1250" else ""
    yield from _pairs(segment.elements, sent, segment.id, "")
    yield from _notes(segment.notes, segment.elements, sent, segment.id, "")


def _element(
    element: Element, value: str, name: str, marks: Delimiters, form: str
) -> Iterator[Fault]:
    if value == "":
        if element.usage == "R":
            yield Fault(
                2,
                "element.required",
                name,
                f"{name} is missing, and the guide requires it here.",
                f"Send {name}.",
                "1",
                element.number,
            )
        return
    if element.usage == "N":
        yield Fault(
            2,
            "element.not_used",
            name,
            f"{name} is sent, and the guide does not use it here.",
            f"Leave {name} empty.",
            "I10",
            element.number,
        )
        return
    repetition = marks.repetition
    if repetition and repetition in value:
        values = value.split(repetition)
        if len(values) > element.repeat:
            yield Fault(
                1,
                "element.repetitions",
                name,
                f"{name} is sent {len(values)} times; {element.repeat} fit.",
                "Leave out the others, or repeat the segment.",
                "12",
                element.number,
            )
            if element.repeat == 1:
                return
    else:
        values = [value]
    for one in values:
        if one == "":
            yield _empty_repetition(name, element)
        elif element.parts:
            yield from _composite(element, one, name, marks)
        else:
            yield from _value(element, one, name, marks, form)


def _composite(element: Element, value: str, name: str, marks: Delimiters) -> Iterator[Fault]:
    parts = value.split(marks.component)
    if parts[-1] == "":
        yield Fault(
            1,
            "component.trailing",
            f"{name}-{len(parts)}",
            "The element ends with a component delimiter and nothing after it.",
            "Leave out component delimiters at the end of an element.",
            "13",
            element.number,
        )
        while len(parts) > 1 and parts[-1] == "":
            parts.pop()
    if len(parts) > len(element.parts):
        yield Fault(
            1,
            "component.too_many",
            f"{name}-{len(element.parts) + 1}",
            f"{name} has {len(parts)} components; {len(element.parts)} fit.",
            "Take the rest out, or look for a stray delimiter inside a value.",
            "13",
            element.number,
        )
    form = ""
    for place, part in enumerate(element.parts, 1):
        one = parts[place - 1] if place <= len(parts) else ""
        period = form if part.number == "1251" else ""
        yield from _element(part, one, f"{name}-{place}", marks, period)
        form = one if part.number == "1250" else ""
    yield from _pairs(element.parts, parts, name, "-")
    yield from _notes(element.notes, element.parts, parts, name, "-")


def _value(
    element: Element, value: str, name: str, marks: Delimiters, form: str
) -> Iterator[Fault]:
    if value_pattern(element, marks, form).fullmatch(value):
        return
    foreign = re.sub(text_class(marks), "", value)
    if foreign:
        yield _foreign(element, foreign[0], name)
        return
    if element.codes:
        length = len(value.strip())
        if not element.least <= length <= element.most and element.most:
            yield from _length(element, value, length, name)
            return
        yield Fault(
            2,
            "element.code",
            name,
            f"{name} is {value[:20]!a}, which is not among the codes of the guide here.",
            f"One of {_some(element.codes)}.",
            "7",
            element.number,
            value[:35],
        )
        return
    kind = element.kind
    if element.pattern:
        yield Fault(
            2,
            "element.pattern",
            name,
            f"{name} has not the form that the guide asks for here.",
            f"It must fit {element.pattern}.",
            "I12",
            element.number,
        )
    elif form in FORMATS or kind in {"DT", "TM"}:
        time = form == "TM" or kind == "TM"
        yield Fault(
            1,
            "element.time" if time else "element.date",
            name,
            f"{name} is not a {'time' if time else 'date that there is'}, written "
            f"{_WRITTEN[form or (kind if element.most > 6 or time else 'D6')]}.",
            "Give it in this form.",
            "9" if time else "8",
            element.number,
        )
    elif kind == "R" or kind.startswith("N"):
        digits = sum(c.isdigit() for c in value)
        if _is_number(value, kind):
            yield from _length(element, value, digits, name)
        else:
            yield Fault(
                1,
                "element.number",
                name,
                f"{name} is {value[:20]!a}, which is not a number as X12 writes it.",
                "Write digits, with a leading minus and, for amounts, a decimal point if needed.",
                "6",
                element.number,
                value[:35],
            )
    elif value != value.rstrip(" ") and len(value.rstrip(" ")) >= element.least:
        yield Fault(
            1,
            "element.trailing_blank",
            name,
            f"{name} ends with blanks.",
            "Take the blanks out.",
            "6",
            element.number,
        )
    elif not value.strip(" "):
        yield Fault(
            1,
            "element.blank",
            name,
            f"{name} holds nothing but blanks.",
            "Leave it empty, or say what belongs there.",
            "6",
            element.number,
        )
    else:
        yield from _length(element, value, len(value), name)


_WRITTEN = {
    "D8": "CCYYMMDD",
    "DT": "CCYYMMDD",
    "RD8": "CCYYMMDD-CCYYMMDD",
    "D6": "YYMMDD",
    "TM": "HHMM",
}


def _is_number(value: str, kind: str) -> bool:
    form = r"-?(?:\d+(?:\.\d+)?|\.\d+)" if kind == "R" else r"-?\d+"
    return value.isascii() and re.fullmatch(form, value) is not None


def _length(element: Element, value: str, length: int, name: str) -> Iterator[Fault]:
    short = length < element.least
    bounds = (
        f"{element.most}" if element.least == element.most else f"{element.least} to {element.most}"
    )
    unit = "digits" if element.kind[:1] in {"R", "N"} else "characters"
    yield Fault(
        1,
        "element.too_short" if short else "element.too_long",
        name,
        f"{name} has {length} {unit}; {bounds} fit.",
        "Send it in full." if short else "Shorten it: receivers refuse or cut what is too long.",
        "4" if short else "5",
        element.number,
        value[:35] if element.codes else "",
    )


def _foreign(element: Element, character: str, name: str) -> Fault:
    if character.isascii():
        what = f"U+{ord(character):04X}" if not character.isprintable() else repr(character)
        mend = "Take it out."
    else:
        what = f"byte {ord(character):02X}, which is not ASCII"
        mend = "Write letters without their accents, in plain ASCII."
    return Fault(
        1,
        "element.character",
        name,
        f"{name} holds {what}, and X12's character sets do not have it.",
        mend,
        "6",
        element.number,
    )


def _empty_repetition(name: str, element: Element) -> Fault:
    return Fault(
        1,
        "element.repetitions",
        name,
        f"One of the repetitions of {name} is empty.",
        "Leave out the repetition delimiter.",
        "12",
        element.number,
    )


def _pairs(
    elements: Sequence[Element], sent: Sequence[str], name: str, dash: str
) -> Iterator[Fault]:
    """A format without its date, or a date without its format."""
    for place in range(1, len(elements)):
        first, second = elements[place - 1], elements[place]
        if first.number != "1250" or second.number != "1251" or first.usage != "S":
            continue
        has = [bool(sent[at]) if at < len(sent) else False for at in (place - 1, place)]
        if has[0] != has[1]:
            missing = place + has[0]
            at = f"{name}{dash}{missing}" if dash else f"{name}{missing:02}"
            yield _missing_by_note(at, elements[missing - 1], "P")


def _notes(
    notes: Sequence[Note],
    elements: Sequence[Element],
    sent: Sequence[str],
    name: str,
    dash: str,
) -> Iterator[Fault]:
    def at(place: int) -> str:
        return f"{name}{dash}{place}" if dash else f"{name}{place:02}"

    def there(place: int) -> bool:
        return place <= len(sent) and bool(sent[place - 1])

    for note in notes:
        first, *rest = note.places
        have = [place for place in note.places if there(place)]
        lack = [place for place in note.places if not there(place)]
        lack = [place for place in lack if elements[place - 1].usage != "R"]  # said already
        missing: list[int] = []
        match note.kind:
            case "P":
                missing = lack if have else []
            case "R":
                missing = lack[:1] if not have else []
            case "C":
                missing = [place for place in lack if place in rest] if there(first) else []
            case "L":
                missing = lack[:1] if there(first) and len(have) == 1 else []
            case _:
                if len(have) > 1:
                    yield Fault(
                        1,
                        "element.excluded",
                        at(have[-1]),
                        f"Only one of {' and '.join(map(at, have))} may be sent ({note}).",
                        "Leave one of them out.",
                        "10",
                        elements[have[-1] - 1].number,
                    )
        if elements[first - 1].number == "1250":
            continue  # told with the pair
        for place in missing:
            yield _missing_by_note(at(place), elements[place - 1], str(note))


def _missing_by_note(name: str, element: Element, note: str) -> Fault:
    return Fault(
        1,
        "element.related",
        name,
        f"{name} is missing, and what is sent beside it needs it ({note}).",
        f"Send {name}, or leave the other out.",
        "2",
        element.number,
    )


def _some(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:24])
    return f"{shown} and {len(codes) - 24} more" if len(codes) > 24 else shown


def segment_id(name: str) -> str | None:
    """``name`` if it has the form of a segment identifier: two or three letters and digits."""
    return name if re.fullmatch("[A-Z][A-Z0-9]{1,2}", name) else None
