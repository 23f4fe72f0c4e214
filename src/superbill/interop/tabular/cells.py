r"""Cells: the values of a row as text (CSV), as JSON, and as Arrow holds them; and back.

In CSV the parts of a list are joined by ``|``; a ``|`` or a backslash inside one has a backslash
before it. An empty cell says nothing; ``\e`` is a text, or a list of one text, that is empty. A
single text that begins with a backslash has another before it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from superbill.errors import Problem
from superbill.interop.tabular.tables import ITEM, Type

EMPTY = "\\e"
BETWEEN = "|"
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_SPECIAL = re.compile(r"[\\|]")
_PART = re.compile(r"(?:[^\\|]|\\.)*")
_FLAGS = {"true": True, "false": False}


def to_text(value: Any, type_: Type) -> str:
    r"""A value as a cell of CSV.

    >>> to_text(["25", "a|b"], "texts"), to_text(None, "text"), to_text("", "text")
    ('25|a\\|b', '', '\\e')
    """
    if value is None:
        return ""
    item = ITEM.get(type_)
    if item is None:
        text = _plain(value)
        return EMPTY if text == "" else f"\\{text}" if text.startswith("\\") else text
    parts = ["" if each is None else _SPECIAL.sub(r"\\\g<0>", _plain(each)) for each in value]
    return EMPTY if parts == [""] else BETWEEN.join(parts)


def from_text(cell: str, type_: Type) -> Any:
    r"""The value of a cell of CSV; raises ``ValueError`` with what is expected.

    >>> from_text("25|a\\|b", "texts"), from_text("1.50|", "dollars*"), from_text("", "date")
    (['25', 'a|b'], [Decimal('1.50'), None], None)
    """
    if cell == "":
        return None
    item = ITEM.get(type_)
    if item is None:
        if type_ != "text":
            return _value(cell, type_)
        return "" if cell == EMPTY else cell.removeprefix("\\")
    if cell == EMPTY:
        return [""] if item == "text" else [None]
    found, place = [], 0
    while True:
        part = _PART.match(cell, place)
        assert part is not None  # it matches nothing too
        text = re.sub(r"\\(.)", r"\1", part[0])
        found.append(text if item == "text" else _value(text, item) if text else None)
        place = part.end()
        if place >= len(cell):
            return found
        place += 1


def to_json(value: Any) -> Any:
    """A value as JSON has it: amounts and days as text."""
    if isinstance(value, list):
        return [to_json(each) for each in value]
    return _plain(value) if isinstance(value, Decimal | date) else value


def from_json(value: Any, type_: Type) -> Any:
    """The value of a JSON field; raises ``ValueError`` with what is expected."""
    if value is None:
        return None
    item = ITEM.get(type_)
    if item is not None:
        if not isinstance(value, list):
            raise ValueError("a list")
        return [None if each is None else from_json(each, item) for each in value]
    match type_:
        case "text":
            ok = isinstance(value, str)
        case "flag":
            ok = isinstance(value, bool)
        case "integer":
            ok = isinstance(value, int) and not isinstance(value, bool)
        case _:
            if isinstance(value, date | Decimal):
                return value
            ok = isinstance(value, str) or (
                type_ != "date" and isinstance(value, int) and not isinstance(value, bool)
            )
            if ok:
                return _value(str(value), type_)
    if not ok:
        raise ValueError(WANTED[type_])
    return value


WANTED: dict[Type, str] = {
    "text": "text",
    "integer": "a whole number",
    "dollars": "an amount such as 1250.00, without sign or commas",
    "quantity": "a number such as 2.5",
    "date": "a day as YYYY-MM-DD",
    "flag": "true or false",
}


def wrong(column: str, saw: Any, expected: str) -> Problem:
    """What is wrong with a cell. Its value is not repeated: it may be a patient's."""
    length = f"{len(saw)} characters of text" if isinstance(saw, str) else type(saw).__name__
    return Problem(column, f"{expected} is expected; {length} stand here.", "Correct the cell.")


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _value(text: str, type_: Type) -> Any:
    try:
        match type_:
            case "text":
                return text
            case "integer" if _INTEGER.fullmatch(text):
                return int(text)
            case "dollars" | "quantity":
                number = Decimal(text)
                if number.is_finite():
                    return number
            case "date" if len(text) == 10:
                return date.fromisoformat(text)
            case "flag" if text in _FLAGS:
                return _FLAGS[text]
    except (ValueError, InvalidOperation):
        pass
    raise ValueError(WANTED[type_])
