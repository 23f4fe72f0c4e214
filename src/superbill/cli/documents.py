"""The documents of a file one after another, whatever they are: stays or visits."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from superbill.cli.inputs import Source
from superbill.errors import Invalid
from superbill.model import Encounter, Visit, read


def documents(found: Source) -> Iterator[tuple[int | None, Encounter | Visit | Invalid]]:
    """Each stay or visit of a file with its line or its number in a list, or what is wrong."""
    if found.document is None:
        for number, line in enumerate(found.lines, 1):
            if line.strip():
                yield number, _read(line)
        return
    whole = found.document.strip()
    if not whole.startswith(b"["):
        yield None, _read(whole)
        return
    try:
        items = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield None, _read(whole)  # says what is wrong with it
        return
    if not items:
        yield None, Invalid.at("(document)", "there is nothing in the list.", "Put one in it.")
    for number, item in enumerate(items, 1):
        yield number, _read(bytes(item))


def _read(data: bytes) -> Encounter | Visit | Invalid:
    try:
        if read.is_order(data):
            what = "this is an order, of care that has not been given."
            return Invalid.at("primary_service", what, "superbill estimate tells what it may cost.")
        return read.visit(data) if read.is_visit(data) else read.encounter(data)
    except Invalid as invalid:
        return invalid
