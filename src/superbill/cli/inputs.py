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
import msgspec

from superbill.errors import Invalid, Problem
from superbill.model.read import RECORD_LIMIT

STDIN = Path("-")
BOM = b"\xef\xbb\xbf"

PATH = click.Path(path_type=Path, allow_dash=True)


class Source(NamedTuple):
    """A file that was opened: a ``document``, or where that is ``None``, ``lines`` of them.

    ``fhir``: the lines are FHIR Bundles, each for :func:`stay_of`.
    """

    name: str
    document: bytes | None
    lines: Iterator[bytes]
    fhir: bool = False


@contextmanager
def source(path: Path, *, fhir_as_it_is: bool = False) -> Iterator[Source]:
    """Open ``path`` and find out whether it holds one document or many.

    A FHIR Bundle of one stay is given as the stay that it holds, unless ``fhir_as_it_is``.

    Raises ``OSError`` where it cannot be read and ``Invalid`` where there is nothing in it.
    """
    name = "stdin" if path == STDIN else str(path)
    with _open(path) as file:
        lines = _lines(file)
        begun = list(_begin(lines))
        if not begun:
            raise Invalid([Problem("", "There is nothing in it.", "Give a document as JSON.")])
        begun[0] = begun[0].removeprefix(BOM)
        fhir = not fhir_as_it_is and is_fhir(begun[-1])
        if _says_lines(path):
            yield Source(name, None, chain(begun, lines), fhir)
            return
        if _whole(begun[-1]):
            for line in lines:
                begun.append(line)
                if line.strip():
                    yield Source(name, None, chain(begun, lines), fhir)
                    return
        document = short_enough(b"".join(_pieces(chain(begun, lines))))
        yield Source(name, document if fhir_as_it_is else stay_of(document, name), iter(()))


class _Resource(msgspec.Struct):
    """What tells a FHIR resource from a document of ours."""

    resourceType: str = ""  # noqa: N815 - FHIR's own name


def is_fhir(document: bytes) -> bool:
    """Whether a document is a FHIR resource."""
    if b'"resourceType"' not in document:
        return False
    try:
        return bool(msgspec.json.decode(document, type=_Resource).resourceType)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def stay_of(document: bytes, name: str) -> bytes:
    """A document in our own form: the stay of a FHIR Bundle, or what was given.

    What of the bundle was passed over is said on stderr. Raises ``Invalid`` with places in FHIR.
    """
    if not is_fhir(document):
        return document
    from superbill.interop.fhir import read_stay

    reading = read_stay(document)
    for note in reading.notes:
        click.echo(f"note: {name}: {note}", err=True)
    return msgspec.json.encode(reading.stay)


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
