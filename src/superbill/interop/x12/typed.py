"""Typed values out of X12 files: claims of any 837, remittances of an 835.

For each guide one reader, loaded when the first transaction of its kind comes. What cannot be typed
is told with its place, and what stands beside it comes all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, Protocol

from superbill.errors import Invalid, Problem
from superbill.interop.x12.guides import versions
from superbill.interop.x12.interchange import Trouble
from superbill.interop.x12.passages import End, Head, Passage, passages
from superbill.interop.x12.sources import Source

READERS: dict[str, str] = {
    "837P": "superbill.interop.x12.claims.reader:ClaimReader",
    "837I": "superbill.interop.x12.claims.reader:ClaimReader",
    "837D": "superbill.interop.x12.claims.reader:ClaimReader",
    "835": "superbill.interop.x12.remits.reader:RemittanceReader",
    "270": "superbill.interop.x12.inquiries.reader:InquiryReader",
    "271": "superbill.interop.x12.inquiries.reader:InquiryReader",
    "276": "superbill.interop.x12.inquiries.reader:InquiryReader",
    "277": "superbill.interop.x12.inquiries.reader:InquiryReader",
    "277CA": "superbill.interop.x12.inquiries.reader:InquiryReader",
}
"""For each guide, by its name in :data:`~.guides.GUIDES`, the class that reads it."""

type Refused = Callable[[Invalid], None]
"""What is told of each claim or transaction that cannot be typed."""

_MOST_KEPT = 100


class TypedReader(Protocol):
    """What reads one transaction. Made with the guide's name, the head, and whom to tell."""

    def __init__(self, guide: str, head: Head, refused: Refused) -> None: ...

    def take(self, passage: Passage) -> Iterable[Any]:
        """Read on; the values that are whole now."""
        ...

    def end(self, end: End) -> Iterable[Any]:
        """The transaction is over; the values that were still open."""
        ...


def read(source: Source, *, refused: Refused | None = None) -> Iterator[Any]:
    """The claims (:class:`~superbill.model.Claim`) and remittances of ``source``, one by one.

    In flat memory, whatever the size. ``refused`` is told of each claim, transaction or stretch of
    text that cannot be read, with the byte where it begins; without it, one
    :class:`~superbill.errors.Invalid` that names them all is raised when the rest has been read.
    """
    if refused is not None:
        yield from _read(source, refused)
        return
    problems: list[Problem] = []

    def keep(error: Invalid) -> None:
        problems.extend(error.problems[: _MOST_KEPT - len(problems)])

    yield from _read(source, keep)
    if problems:
        raise Invalid(problems)


def _read(source: Source, refused: Refused) -> Iterator[Any]:
    reader: TypedReader | None = None
    for part in passages(source):
        if isinstance(part, Passage):
            if reader is not None:
                yield from reader.take(part)
        elif isinstance(part, Head):
            reader = _reader(part, refused)
        elif isinstance(part, End):
            if reader is not None:
                yield from reader.end(part)
            reader = None
        else:
            refused(_trouble(part))


def _trouble(trouble: Trouble) -> Invalid:
    return Invalid.at(f"byte {trouble.offset}", trouble.message, trouble.mend)


def _reader(head: Head, refused: Refused) -> TypedReader | None:
    named = versions().get((head.set_id, head.version))
    where = READERS.get(named[0]) if named else None
    if named is None or where is None:
        refused(_unknown(head))
        return None
    module, _, name = where.partition(":")
    made: TypedReader = getattr(import_module(module), name)(named[0], head, refused)
    return made


def _unknown(head: Head) -> Invalid:
    shown = f"{head.set_id[:10]!a} {head.version[:20]!a}"
    known = ", ".join(
        version for (set_id, version), (name, own) in versions().items() if own and name in READERS
    )
    return Invalid.at(
        f"byte {head.offset}",
        f"The transaction that begins here is {shown}, which holds no claims that are read.",
        f"Give a file of one of {known}.",
    )
