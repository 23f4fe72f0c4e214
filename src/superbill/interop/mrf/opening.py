"""Opens a price-transparency file: plain or gzip, a path or standard input, as a stream of bytes.

What it is is told by its bytes, never by its name. A progress callback is called with how much of
the file as it lies on disk was read.
"""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from superbill.errors import Invalid

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BOM = b"\xef\xbb\xbf"
CHUNK = 1 << 18
STDIN = Path("-")

Told = Callable[[int], None]


class Opened(NamedTuple):
    """A stream after its byte-order mark, and its first bytes that are not blank."""

    stream: io.BufferedIOBase
    begins: bytes


class _Counting(io.RawIOBase):
    """Bytes of a file, counted as they are read."""

    def __init__(self, file: IO[bytes], told: Told | None) -> None:
        self._file = file
        self._told = told
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data
        self._count += len(data)
        if self._told is not None:
            self._told(self._count)
        return len(data)


@contextmanager
def opening(path: Path, told: Told | None = None) -> Iterator[Opened]:
    """Open ``path`` (``-`` is standard input).

    Raises ``Invalid`` where it is empty, or of a form that is never read; ``OSError`` where the
    system cannot open it. Inside, a gzip stream that is cut or broken is raised as ``Invalid``.
    """
    if path == STDIN:
        with _told_plainly():
            yield _opened(sys.stdin.buffer, told)
        return
    with path.open("rb", buffering=0) as file, _told_plainly():
        yield _opened(file, told)


def _opened(file: IO[bytes], told: Told | None) -> Opened:
    stream: io.BufferedReader[Any] = io.BufferedReader(_Counting(file, told), CHUNK)
    start = stream.peek(4)
    if start.startswith(b"\x1f\x8b"):
        # A GzipFile reads as a raw stream does; the buffer around it makes its reads long.
        unpacked: Any = gzip.GzipFile(fileobj=stream)
        stream = io.BufferedReader(unpacked, CHUNK)
        start = stream.peek(4)
    if start.startswith(b"PK\x03\x04"):
        raise Invalid.at("", "It is a ZIP archive.", "Unpack it, or pack it with gzip instead.")
    if start.startswith(b"SQLi"):
        fix = 'It was checked when it was imported; ask it with "contract price".'
        raise Invalid.at("", "It is a SQLite file, perhaps a book of prices already.", fix)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid.at("", "It is text in UTF-16.", "Save it as UTF-8.")
    if start.startswith(BOM):
        stream.read(len(BOM))
    begins = stream.peek(CHUNK).lstrip()
    if not begins:
        raise Invalid.at("", "There is nothing in it.", "Bring the file as it was published.")
    return Opened(stream, begins)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except EOFError:
        raise Invalid.at(
            "", "The file is cut off: its gzip stream ends before its end.", AGAIN
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Invalid.at("", f"The gzip stream is damaged ({error}).", AGAIN) from None


AGAIN = "Fetch it again and compare its size; nothing of it was imported."
