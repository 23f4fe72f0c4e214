"""A JSON object decoded into a type: quickly, and where that refuses, slowly with every reason."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from superbill.errors import Invalid, Problem
from superbill.model import _json, _shape

LARGE = 65_536
"""From this size on, every text of a document is measured, also those that types do not limit."""


def decode[T: msgspec.Struct](
    data: bytes, decode: Callable[[bytes], T], kind: type[T], line: int
) -> T:
    """The record, by the quick decoder; where it refuses, by the slow one that says why."""
    try:
        value = decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as refusal:
        found = _shape.problems(_json.loads(data, line), kind)
        raise Invalid(found or [unexplained(refusal)]) from None
    # An escape can hide a control character, and a large document a text that no type limits.
    if b"\\" in data or len(data) > LARGE:
        found = _shape.problems(_json.loads(data, line), kind)
        if found:
            raise Invalid(found)
    return value


def unexplained(refusal: Exception) -> Problem:
    """What the quick decoder says, where the slow one finds nothing wrong."""
    what, _, where = str(refusal).partition(" - at `$")
    path = where.rstrip("`").lstrip(".") or _json.DOCUMENT
    return Problem(path, f"{what}.", "Compare it with the published schema.")
