"""JSON text read slowly and told plainly: where it breaks off, what is repeated, what is no number.

The quick decoder says only that something is wrong. When it does, the text is read again here, so
that a person is told the line and column, what was expected there, and what to do.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from superbill.errors import Invalid, Problem

DOCUMENT = "(document)"
"""The path of a problem that belongs to the text as a whole."""

_BOM = b"\xef\xbb\xbf"
_LONGEST_NUMBER = 60


class NotANumber(NamedTuple):
    """A number that JSON or money has no use for: ``NaN``, ``Infinity``, or far too many digits."""

    text: str


class Repeated(dict[str, object]):
    """An object in which a name stood more than once; the last value is kept."""

    names: tuple[str, ...] = ()


def without_bom(data: bytes | str) -> bytes:
    """The document as UTF-8 bytes, without the mark that some editors put at the start.

    Raises :class:`~superbill.errors.Invalid` for UTF-16, which some spreadsheets write, and for
    text that has no UTF-8 form.
    """
    if isinstance(data, str):
        try:
            data = data.encode()
        except UnicodeEncodeError:
            raise Invalid.at(
                DOCUMENT,
                "the text holds half of a surrogate pair, which is no character.",
                "Read the file as UTF-8.",
            ) from None
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Invalid.at(DOCUMENT, "the document is UTF-16.", "Save it as UTF-8.")
    return data[3:] if data.startswith(_BOM) else data


def loads(data: bytes, first_line: int = 1) -> object:
    """The document as plain values, amounts as ``Decimal``.

    Raises :class:`~superbill.errors.Invalid` where it is no JSON; ``first_line`` is the number of
    its first line in the file that it came from.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as wrong:
        line = first_line + data.count(b"\n", 0, wrong.start)
        raise Invalid.at(
            DOCUMENT,
            f"byte {wrong.start + 1}, on line {line}, is not UTF-8.",
            "Save the document as UTF-8.",
        ) from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=NotANumber,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except json.JSONDecodeError as wrong:
        raise Invalid([_broken(text, wrong, first_line)]) from None
    except RecursionError:
        raise Invalid.at(
            DOCUMENT,
            "brackets stand inside brackets too deep to be a document of ours.",
            "Compare it with the examples.",
        ) from None


def repeats_a_name(data: bytes) -> bool:
    """Whether some object of a well-formed document holds a name twice."""
    repeated = False

    def look(pairs: list[tuple[str, object]]) -> None:
        nonlocal repeated
        repeated = repeated or len({name for name, _ in pairs}) != len(pairs)

    json.loads(data, object_pairs_hook=look, parse_int=len, parse_float=len)
    return repeated


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    names = []
    for name, _ in pairs:
        if name in seen:
            names.append(name)
        seen.add(name)
    marked = Repeated(plain)
    marked.names = tuple(dict.fromkeys(names))
    return marked


def _decimal(text: str) -> Decimal | NotANumber:
    if len(text) > _LONGEST_NUMBER:
        return NotANumber(f"a number of {len(text):,} characters")
    try:
        return Decimal(text)
    except InvalidOperation:
        return NotANumber(text)


def _integer(text: str) -> int | NotANumber:
    if len(text) > _LONGEST_NUMBER:
        return NotANumber(f"a number of {len(text):,} digits")
    return int(text)


def _broken(text: str, wrong: json.JSONDecodeError, first_line: int) -> Problem:
    """What is wrong with the JSON, where, and the way out."""
    if not text.strip():
        return Problem(DOCUMENT, "it is empty.", "A stay is a JSON object; see the examples.")
    line = first_line + wrong.lineno - 1
    rest = text[wrong.pos :].strip()
    cut_word = any(word.startswith(rest) for word in ("true", "false", "null", "-"))
    if not rest or cut_word or wrong.msg.startswith("Unterminated string"):
        end = len(text.rstrip())
        last = first_line + text.count("\n", 0, end)
        column = end - (text.rfind("\n", 0, end) + 1) + 1
        byte = len(text[:end].encode())
        return Problem(
            DOCUMENT,
            f"the document ends in the middle, at line {last}, column {column} (byte {byte}).",
            "It was probably cut off: copy or export it again.",
        )
    before = text[: wrong.pos].rstrip()[-1:]
    message, remedy = _SAYINGS.get(wrong.msg, ("it is not JSON", "Compare it with the examples."))
    if before == "," and rest[:1] in {"}", "]"}:
        message, remedy = f"a comma stands before {rest[0]!r}", "Take the comma out."
    elif rest[:1] == "'":
        message, remedy = "a single quote stands here", 'JSON puts text in double quotes: "…".'
    return Problem(DOCUMENT, f"{message}, at line {line}, column {wrong.colno}.", remedy)


_SAYINGS = {
    "Expecting property name enclosed in double quotes": (
        "the name of a field in double quotes is expected",
        'Write it as "name": value.',
    ),
    "Expecting ',' delimiter": (
        "a comma or a closing bracket is expected",
        "Put a comma between two values.",
    ),
    "Expecting ':' delimiter": (
        "a colon is expected after the name of a field",
        'Write it as "name": value.',
    ),
    "Expecting value": (
        "a value is expected",
        "A value is text in double quotes, a number, true, false, null, {…} or […].",
    ),
    "Extra data": (
        "something follows the end of the document",
        "To give many stays, put each on a line of its own, or all in one list […].",
    ),
    "Invalid control character at": (
        "a line break or another control character stands inside a text",
        r"Write it as \n, or take it out.",
    ),
    "Invalid \\escape": (
        "a backslash stands before a character that it cannot go with",
        r"Write a backslash as \\.",
    ),
    "Illegal trailing comma before end of object": (
        "a comma stands before '}'",
        "Take the comma out.",
    ),
    "Illegal trailing comma before end of array": (
        "a comma stands before ']'",
        "Take the comma out.",
    ),
}
