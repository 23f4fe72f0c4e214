"""A published table that lies in many files of one folder, read as one document.

The folder holds ``_carriers.txt.gz`` and ``_localities.txt.gz``, the values that two columns
number, and the rows in ``NN.tsv.gz`` by the first two digits of the ZIP code: ZIP code, its four
further digits or nothing, first year, last year (``9999`` where it is open), number of the
carrier, number of the locality. As one document it is a table of tab-separated lines with the
values in place of the numbers.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from superbill.errors import BadRow
from superbill.sources.document import Document

MARKERS = frozenset({"_carriers.txt.gz"})
"""A folder that holds a file of this name is one table."""

HEADER = "zip\tplus4\tfirst_year\tlast_year\tcarrier\tlocality"


class Parted(Document):
    """The table of the folder that the marker file lies in."""

    __slots__ = ("_bytes",)

    def __init__(self, marker: Path) -> None:
        super().__init__(f"{marker.parent.name}.tsv", self._whole, where=marker.parent.name)
        self.path = marker
        self._bytes: bytes | None = None

    def _whole(self) -> IO[bytes]:
        if self._bytes is None:
            self._bytes = "".join(f"{line}\n" for line in self._rows()).encode()
            self.size = len(self._bytes)
        return io.BytesIO(self._bytes)

    def _rows(self) -> Iterator[str]:
        assert self.path is not None
        folder = self.path.parent
        carriers = _values(self.path)
        localities = _values(folder / "_localities.txt.gz")
        yield HEADER
        for part in sorted(folder.glob("[0-9][0-9].tsv.gz")):
            for number, line in enumerate(_text(part).splitlines(), 1):
                cells = line.split("\t")
                try:
                    carrier, locality = carriers[int(cells[4])], localities[int(cells[5])]
                except (IndexError, ValueError):
                    raise BadRow(
                        f"{self.where}/{part.name}",
                        number,
                        line,
                        "six cells, the last two the places of a carrier and a locality",
                    ) from None
                yield "\t".join((*cells[:4], carrier, locality))


def _values(path: Path) -> list[str]:
    return [line.strip() for line in _text(path).splitlines() if line.strip()]


def _text(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode("ascii")
    except (EOFError, zlib.error, UnicodeDecodeError, gzip.BadGzipFile) as fault:
        raise BadRow(path.name, 1, str(fault), "a whole file compressed by gzip") from fault
