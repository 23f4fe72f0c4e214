"""What a command is given to read: documents, one a file, or many in JSON Lines.

A file is JSON Lines if its name says so (``.jsonl``, ``.ndjson``, either with ``.gz``), or if its
first line is a whole JSON object and another line follows. ``-`` is standard input. Lines are
read one at a time, so that a file may be longer than the memory.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

import click

from superbill.errors import Invalid, Problem
from superbill.model.read import RECORD_LIMIT

STDIN = Path("-")
BOM = b"\xef\xbb\xbf"

PATH = click.Path(path_type=Path, allow_dash=True)


class Source(NamedTuple):
    """A file that was opened: a ``document``, or where that is ``None``, ``lines`` of them."""

    name: str
    document: bytes | None
    lines: Iterator[bytes]


@contextmanager
def source(path: Path) -> Iterator[Source]:
    """Open ``path`` and find out whether it holds one document or many.

    Raises ``OSError`` where it cannot be read and ``Invalid`` where there is nothing in it.
    """
    name = "stdin" if path == STDIN else str(path)
    with _open(path) as file:
        lines = _lines(file)
        begun = list(_begin(lines))
        if not begun:
            raise Invalid([Problem("", "There is nothing in it.", "Give a document as JSON.")])
        begun[0] = begun[0].removeprefix(BOM)
        if _says_lines(path):
            yield Source(name, None, chain(begun, lines))
            return
        if _whole(begun[-1]):
            for line in lines:
                begun.append(line)
                if line.strip():
                    yield Source(name, None, chain(begun, lines))
                    return
        document = b"".join(_pieces(chain(begun, lines)))
        yield Source(name, short_enough(document), iter(()))


def _begin(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The first line that is not blank, with the blank ones before it; nothing if there is none."""
    blank: list[bytes] = []
    for line in lines:
        blank.append(line)
        if line.removeprefix(BOM).strip():
            yield from blank
            return


def short_enough(document: bytes) -> bytes:
    """``document`` itself; raises ``Invalid`` where it is longer than :data:`RECORD_LIMIT`."""
    if len(document) > RECORD_LIMIT:
        limit = f"A document may have at most {RECORD_LIMIT // 1024**2} MB."
        raise Invalid.at("", limit, "Write many stays as JSON Lines, one a line.")
    return document


def _pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """So much of the lines as shows whether they are too long together."""
    length = 0
    for line in lines:
        yield line
        length += len(line)
        if length > RECORD_LIMIT:
            return


# Larger than Python's own: many stays are long lines, each some thousand characters.
_BUFFER = 1024**2


def _open(path: Path) -> IO[bytes] | nullcontext[IO[bytes]]:
    if path == STDIN:
        return nullcontext(sys.stdin.buffer)
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]  # it reads bytes as a file does
    return path.open("rb", buffering=_BUFFER)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; one that is too long is cut just beyond the limit."""
    try:
        while line := file.readline(RECORD_LIMIT + 1):
            yield line
            while len(line) > RECORD_LIMIT and not line.endswith(b"\n"):
                line = file.readline(RECORD_LIMIT + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        damaged = "The compressed file is damaged or ends early."
        raise Invalid.at("", damaged, "Compress it anew.") from None


def _says_lines(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    return name.endswith((".jsonl", ".ndjson"))


def _whole(line: bytes) -> bool:
    return line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}")
