"""A JSON document as events, of which only the small parts are built.

``ijson`` reads the stream; numbers come as ``int`` or ``Decimal``, exactly as written. A walk over
an object or a list gives each member's first event; whoever walks builds it, skips it or walks
on inside.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import InvalidOperation
from typing import Any

import ijson

from superbill.errors import Invalid
from superbill.interop.mrf.opening import AGAIN, CHUNK

type Event = tuple[str, Any]
type Events = Iterator[Event]

OBJECT, LIST = "start_map", "start_array"
_OPENS = frozenset({OBJECT, LIST})
_CLOSES = frozenset({"end_map", "end_array"})


class Place:
    """Where in the document a walk is, for the message when the document ends there."""

    __slots__ = ("path",)

    def __init__(self) -> None:
        self.path = ""


class _Guarded:
    """A stream without numbers that the parser cannot hold.

    It turns whole numbers into ``int``, which Python refuses beyond 4,300 digits, and does not
    survive the refusal. A chunk is far longer than that, so that one of the two that a number may
    be cut into has a thousand of them.
    """

    __slots__ = ("_place", "_stream")

    def __init__(self, stream: io.BufferedIOBase, place: Place) -> None:
        self._stream = stream
        self._place = place

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if _ENDLESS.search(data):
            raise Invalid.at(self._place.path, "A number of more than 1,000 digits.", _MEND)
        return data


_ENDLESS = re.compile(rb"[0-9]{1000}")


@contextmanager
def reading(stream: io.BufferedIOBase) -> Iterator[tuple[Events, Place]]:
    """The events of a document, and a place for the walk to keep.

    Raises ``Invalid`` where the document is cut off or no JSON, saying where.
    """
    place = Place()
    try:
        yield ijson.basic_parse(_Guarded(stream, place), buf_size=CHUNK), place
    except ijson.IncompleteJSONError as error:
        said = _said(error)
        if "EOF" in said or "incomplete" in said.lower():
            raise Invalid.at(
                place.path, "The file is cut off: it ends inside this part.", AGAIN
            ) from None
        raise Invalid.at(place.path, f"This is not JSON: {said}.", _MEND) from None
    except ijson.JSONError as error:
        raise Invalid.at(place.path, f"This is not JSON: {_said(error)}.", _MEND) from None
    except InvalidOperation:
        raise Invalid.at(place.path, "A number beyond any measure.", _MEND) from None
    except UnicodeDecodeError as error:
        raise Invalid.at(place.path, f"Text that is not UTF-8 ({error.reason}).", _MEND) from None


_MEND = "Publish it again as JSON in UTF-8."


def _said(error: ijson.JSONError) -> str:
    """The parser's own first line, which names what it met."""
    what = error.args[0] if error.args else ""
    text = what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)
    return (text.strip().splitlines() or ["unreadable"])[0].rstrip(".")[:100]


def members(events: Events) -> Iterator[str]:
    """The names in an object that was opened; the value of each must be consumed."""
    for event, value in events:
        if event == "end_map":
            return
        yield value


def elements(events: Events) -> Iterator[Event]:
    """The first event of each element of a list that was opened; the rest must be consumed."""
    for event in events:
        if event[0] == "end_array":
            return
        yield event


def skip(events: Events, first: Event) -> None:
    """Pass over a value whose first event was taken."""
    if first[0] not in _OPENS:
        return
    depth = 1
    for event, _ in events:
        if event in _OPENS:
            depth += 1
        elif event in _CLOSES:
            depth -= 1
            if not depth:
                return


def build(events: Events, first: Event) -> Any:
    """A value whose first event was taken."""
    kind, value = first
    if kind not in _OPENS:
        return value
    top: Any = {} if kind == OBJECT else []
    stack: list[Any] = [top]
    names: list[str] = [""]
    current: Any = top
    for kind, value in events:
        if kind == "map_key":
            names[-1] = value
            continue
        if kind in _CLOSES:
            stack.pop()
            names.pop()
            if not stack:
                return top
            current = stack[-1]
            continue
        made: Any = value
        if kind == OBJECT:
            made = {}
        elif kind == LIST:
            made = []
        if type(current) is dict:
            current[names[-1]] = made
        else:
            current.append(made)
        if kind in _OPENS:
            stack.append(made)
            names.append("")
            current = made
    return top
