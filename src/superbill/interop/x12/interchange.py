"""The head of an interchange: the ISA, a record of fixed widths that says how to read the rest.

The ISA has 106 characters with its terminator. The fourth is what parts elements, the 105th what
parts components, the 106th what ends a segment, and since version 00501 the 83rd is what parts
repetitions. Nothing else in a file tells, so an ISA whose elements are not where they must be is
refused with the element that is wrong: guessing would read somebody's claim as something else.

Source: ASC X12 standard 005010, X12.5 (interchange control structures).
"""

from __future__ import annotations

from typing import NamedTuple

from superbill.interop.x12.segments import Delimiters

LENGTH = 106

_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ENDS = tuple(3 + sum(_WIDTHS[:i]) + i for i in range(16))
"""Where the sixteen element separators stand."""


class Trouble(NamedTuple):
    """Text that cannot be read as X12. ``offset`` is a byte, ``number`` a segment, from 1."""

    rule: str
    message: str
    mend: str
    offset: int
    number: int


class Interchange(NamedTuple):
    """One ISA as it was sent. ``elements[0]`` is ``ISA``, so that ISA13 is ``elements[13]``.

    ``delimiters.repetition`` is empty where the version has none. ``offset`` counts bytes of the
    file from 0, ``number`` its segments from 1.
    """

    elements: tuple[str, ...]
    delimiters: Delimiters
    offset: int
    number: int

    @property
    def version(self) -> str:
        """ISA12: the version of the envelope, such as ``00501``."""
        return self.elements[12]

    @property
    def control(self) -> str:
        """ISA13: what the sender numbers the interchange, and an acknowledgement refers to."""
        return self.elements[13]

    @property
    def sender(self) -> str:
        """Qualifier and identifier of the sender, such as ``ZZ:EGH001``."""
        return f"{self.elements[5]}:{self.elements[6].strip()}"

    @property
    def receiver(self) -> str:
        """Qualifier and identifier of the receiver."""
        return f"{self.elements[7]}:{self.elements[8].strip()}"

    @property
    def text(self) -> str:
        """The ISA as it was sent, with its terminator."""
        marks = self.delimiters
        return marks.element.join(self.elements) + marks.segment


def head(text: str, offset: int, number: int) -> Interchange | Trouble:
    """The ISA that ``text`` begins with, or what is wrong with it."""
    isa = text[:LENGTH]
    if len(isa) < LENGTH:
        return _trouble(
            f"The file ends inside the ISA, after {len(isa)} characters.", offset, number
        )
    element = isa[3]
    if _is_data(element):
        return _trouble(
            f"The character after ISA is {element!a}, which cannot part elements.", offset, number
        )
    start = 4
    for position, end in enumerate(_ENDS[1:], 1):
        found = isa.find(element, start)
        if found != end:
            width = _WIDTHS[position - 1]
            line = next((i for i in range(start, min(end, LENGTH)) if isa[i] in "\r\n"), 0)
            if line and (found < 0 or line < found):
                return _trouble(
                    f"The ISA is broken by the end of a line after {line} characters.",
                    offset,
                    number,
                    "Send it without line breaks inside segments.",
                )
            sent = (found if found >= 0 else LENGTH) - start
            much = f"{sent} characters" if found >= 0 else "no end"
            return _trouble(
                f"ISA{position:02} has {much}; the ISA is of fixed widths, and it must have "
                f"{width}.",
                offset,
                number,
                f"Pad ISA{position:02} with blanks, or cut it, to {width}.",
            )
        start = end + 1
    component, segment = isa[104], isa[105]
    for mark, place in ((component, 105), (segment, 106)):
        if _is_data(mark):
            return _trouble(
                f"Character {place} of the ISA is {mark!a}, which cannot be a delimiter.",
                offset,
                number,
            )
    if (early := isa.find(segment)) < LENGTH - 1:
        return _trouble(
            f"Character 106 of the ISA, {segment!a}, ends segments, and it is inside the ISA too "
            f"(character {early + 1}).",
            offset,
            number,
        )
    elements = (*isa[:104].split(element), component)
    repetition = elements[11] if elements[12] >= "00402" else ""
    if _is_data(repetition or "A"):
        repetition = ""
    marks = Delimiters(element, component, repetition, segment)
    if len({*marks} - {""}) != len([m for m in marks if m]):
        return _trouble(
            f"Two delimiters are the same: {' '.join(ascii(m) for m in marks if m)}.",
            offset,
            number,
            "Choose four different characters that no data holds.",
        )
    return Interchange(elements, marks, offset, number)


def _is_data(mark: str) -> bool:
    return mark == " " or (mark.isascii() and mark.isalnum())


def _trouble(message: str, offset: int, number: int, mend: str = "") -> Trouble:
    mend = mend or "Mend the ISA where the file is made: its 106 characters have fixed places."
    return Trouble("envelope.isa", message, mend, offset, number)
