"""Where X12 text comes from: a path, bytes, or an open file, plain or compressed with gzip.

Whatever it is, it is read a piece at a time, so that a file may be longer than the memory. Gzip is
known by its first two bytes, not by a file's name. A compressed file that grows beyond reason is
refused before it has been unpacked: claims shrink ten- or twentyfold, never a thousandfold.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from superbill.errors import Invalid

type Source = Path | str | bytes | IO[bytes]

PIECE = 65_536
"""Bytes that are read at a time."""

_GZIP = b"\x1f\x8b"
# What a compressed file may grow to: this many bytes, or this many times its own size.
_FREE_GROWTH = 256 * 1024**2
_GROWTH = 200

_UNREADABLE = {
    b"PK\x03\x04": ("a zip archive", "Unpack it first, or compress the file with gzip."),
    b"\xff\xfe": ("UTF-16 text", "Save it as plain ASCII."),
    b"\xfe\xff": ("UTF-16 text", "Save it as plain ASCII."),
    b"\xc9\xe2\xc1": ("EBCDIC text", "Convert it to ASCII when it leaves the mainframe."),
    b"%PDF": ("a PDF", "Give the X12 file itself."),
}


def pieces(source: Source) -> Iterator[bytes]:
    """The bytes of ``source``, unpacked, in pieces of some :data:`PIECE` bytes.

    Raises :class:`~superbill.errors.Invalid` for a kind of file that is not X12 text, and for a
    compressed file that is damaged or a bomb; ``OSError`` where a path cannot be read.
    """
    raw = _raw(source)
    first = next(raw, b"")
    while len(first) < 4 and (more := next(raw, b"")):
        first += more
    for magic, (what, mend) in _UNREADABLE.items():
        if first.startswith(magic):
            raise Invalid.at("byte 0", f"This is {what}, not X12.", mend)
    if first.startswith(_GZIP):
        yield from _unpacked(first, raw)
        return
    yield first
    yield from raw


def _raw(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, len(source), PIECE):
            yield source[start : start + PIECE]
    elif isinstance(source, Path | str):
        with Path(source).open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                yield piece
    else:
        while piece := source.read(PIECE):
            yield piece


def _unpacked(first: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    """The members of a gzip file, one after another."""
    taken = given = 0
    member = zlib.decompressobj(wbits=31)
    piece = first
    try:
        while piece:
            taken += len(piece)
            while piece:
                out = member.decompress(piece, PIECE)
                given += len(out)
                if given > _FREE_GROWTH and given > _GROWTH * taken:
                    raise Invalid.at(
                        f"byte {given}",
                        f"The compressed file grows more than {_GROWTH} times.",
                        "No file of claims does so; find out what it is before you unpack it.",
                    )
                if out:
                    yield out
                if member.eof:
                    piece = member.unused_data.lstrip(b"\0")
                    if piece:
                        member = zlib.decompressobj(wbits=31)
                else:
                    piece = member.unconsumed_tail
                    if not out and not piece:
                        break
            piece = next(raw, b"")
            if piece and member.eof:
                member = zlib.decompressobj(wbits=31)
        if not member.eof:
            raise _damaged(given)
    except zlib.error as error:
        raise _damaged(given) from error


def _damaged(at: int) -> Invalid:
    return Invalid.at(
        f"byte {at}", "The compressed file is damaged or ends early here.", "Fetch it anew."
    )
