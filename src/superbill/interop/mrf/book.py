"""A book of prices: one file that was read, in SQLite, so that a price is found without reading it.

It is written aside and takes its name when it is whole; a book that was begun is never seen. It
holds what the publisher's file holds, in the publisher's words, and belongs to whoever has that
file. Memory stays the same however large the file: rows go to disk in batches.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from superbill.errors import Invalid
from superbill.interop.mrf.values import (
    ContainedCode,
    Header,
    ProviderGroup,
    StandardCharge,
)
from superbill.model.base import Value

FORM = 1
_MAGIC = b"SQLite format 3\0"
_BATCH = 2_000
_RECENT = 50_000
ALL_CODES, ALL_TYPES = "CSTM-00", "CSTM-ALL"

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID;
CREATE TABLE reference (id TEXT PRIMARY KEY, networks BLOB, groups BLOB);
CREATE TABLE npi (npi TEXT, reference TEXT);
CREATE TABLE used (id TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID;
CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT, code_type TEXT, body BLOB);
CREATE TABLE price (item INTEGER, refs TEXT, body BLOB);
CREATE TABLE charge (id INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE charge_code (code TEXT, code_type TEXT, charge INTEGER);
"""
# After the rows: an index that is filled in any order is read and written over and over.
_INDEXES = """
CREATE INDEX npi_npi ON npi (npi);
CREATE INDEX item_code ON item (code);
CREATE INDEX price_item ON price (item);
CREATE INDEX charge_code_code ON charge_code (code);
"""


class Item(Value, frozen=True, kw_only=True):
    """An item or service of an in-network file, without its prices."""

    arrangement: str
    name: str
    code_type: str
    code_version: str
    code: str
    description: str
    severity_of_illness: str
    bundled: tuple[ContainedCode, ...]
    covered: tuple[ContainedCode, ...]
    path: str


class Price(Value, frozen=True, kw_only=True):
    """One price of it."""

    negotiated_type: str
    rate: Decimal
    expires: date
    billed_as: str
    setting: str
    service_codes: tuple[str, ...]
    modifiers: tuple[str, ...]
    additional_information: str
    path: str


def key(code: str) -> str:
    """A code as it is looked up: without dots, hyphens and blanks, upper case.

    Zeros before a code of digits do not tell two apart: publishers write revenue codes and groups
    with and without them.

    >>> key("81.54"), key("10135-0729-62"), key("0450"), key("001"), key("g0439"), key("CSTM-00")
    ('8154', '10135072962', '450', '1', 'G0439', 'CSTM00')
    """
    compact = code.upper().replace(".", "").replace("-", "").replace(" ", "")
    if compact.isdigit() and len(compact) < 5:
        return compact.lstrip("0") or "0"
    return compact


class Book:
    """A book that is being written.

    ``codes`` are the only ones whose prices are kept (and those for all codes); ``None`` keeps
    everything.
    """

    def __init__(self, path: Path, codes: frozenset[str] | None = None) -> None:
        self._codes = None if codes is None else {key(code) for code in (*codes, ALL_CODES)}
        self._nothing = codes is not None and not codes
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4000;" + _TABLES
        )
        self.connection.execute("BEGIN")
        self.items = self.prices = self.groups = self.kept = self.left_out = 0
        self._rows: list[tuple[int, str, bytes]] = []
        self._used: list[tuple[str, str]] = []
        self._recent: set[str] = set()
        self._inline = 0
        self._of_item = self._kept_of_item = 0
        self._encode = msgspec.json.Encoder().encode

    def wants(self, code: str) -> bool:
        """Whether prices of a code are kept."""
        return not self._nothing and (self._codes is None or key(code) in self._codes)

    def passes_over(self, code: str) -> bool:
        """Whether prices of a code need not even be read: others are asked for."""
        return not self._nothing and not self.wants(code)

    def add_reference(
        self, group: str, networks: tuple[str, ...], groups: tuple[ProviderGroup, ...]
    ) -> bool:
        """A provider reference; false where its number was there before."""
        self.groups += 1
        added = self.connection.execute(
            "INSERT OR IGNORE INTO reference VALUES (?, ?, ?)",
            (group, self._encode(networks), self._encode(groups)),
        ).rowcount
        if added and not self._nothing:
            self.connection.executemany(
                "INSERT INTO npi VALUES (?, ?)",
                ((npi, group) for each in groups for npi in each.npis),
            )
        return bool(added)

    def begin_item(self) -> int:
        """The number under which an item's prices come, before it is known itself."""
        self.items += 1
        self._of_item = self._kept_of_item = 0
        return self.items

    def add_rates(
        self,
        item: int,
        references: tuple[str, ...],
        groups: tuple[ProviderGroup, ...],
        prices: Sequence[Price | None],
        *,
        good: bool,
    ) -> None:
        """The prices of some provider groups; they are left out where they are not ``good``.

        Those that are ``None`` could not be read.
        """
        self.prices += len(prices)
        self._of_item += len(prices)
        if not good:
            self.left_out += len(prices)
            self._of_item -= len(prices)
            return
        for each in references:
            if each not in self._recent:
                self._note(each, next((p.path for p in prices if p is not None), ""))
        if self._nothing:
            return
        if groups:
            self._inline += 1
            name = f"inline {self._inline}"
            self.add_reference(name, (), groups)
            self.groups -= 1
            references = (*references, name)
        refs = self._encode(references).decode()
        self._rows += [(item, refs, self._encode(price)) for price in prices if price is not None]
        self.kept += len(prices)
        self._kept_of_item += len(prices)
        if len(self._rows) >= _BATCH:
            self._flush()

    def _note(self, reference: str, path: str) -> None:
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent.add(reference)
        self._used.append((reference, path))
        if len(self._used) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self.connection.executemany("INSERT INTO price VALUES (?, ?, ?)", self._rows)
        self.connection.executemany("INSERT OR IGNORE INTO used VALUES (?, ?)", self._used)
        self._rows.clear()
        self._used.clear()

    def end_item(self, row: int, item: Item, *, spoilt: bool) -> None:
        """The item itself; a ``spoilt`` one loses its prices, as does one that is not wanted."""
        wanted = self.wants(item.code)
        if spoilt or not wanted:
            if self._kept_of_item:
                self._flush()
                self.connection.execute("DELETE FROM price WHERE item = ?", (row,))
                self.kept -= self._kept_of_item
            if spoilt:
                self.left_out += self._of_item
            return
        self.connection.execute(
            "INSERT INTO item VALUES (?, ?, ?, ?)",
            (row, key(item.code), item.code_type, self._encode(item)),
        )

    def undefined(self, most: int) -> list[tuple[str, str]]:
        """Provider references that rates use and nothing defines, each with its first place."""
        self._flush()
        return self.connection.execute(
            "SELECT id, path FROM used WHERE id NOT IN (SELECT id FROM reference) "
            "ORDER BY path LIMIT ?",
            (most,),
        ).fetchall()

    def drop_undefined(self) -> None:
        """Leave out the prices whose providers are not known."""
        dropped = self.connection.execute(
            "DELETE FROM price WHERE EXISTS (SELECT 1 FROM json_each(price.refs) "
            "WHERE value NOT IN (SELECT id FROM reference))"
        ).rowcount
        self.kept -= dropped
        self.left_out += dropped

    def add_charge(self, charge: StandardCharge, *, good: bool) -> None:
        """A charge of a hospital; one that says what a modifier does is kept for every code."""
        self.prices += 1
        if not good:
            self.left_out += 1
            return
        if self._nothing or (charge.codes and not any(self.wants(c.code) for c in charge.codes)):
            return
        self.kept += 1
        self.connection.execute(
            "INSERT INTO charge VALUES (?, ?)", (self.kept, self._encode(charge))
        )
        codes = [(key(each.code), each.code_type, self.kept) for each in charge.codes]
        self.connection.executemany(
            "INSERT INTO charge_code VALUES (?, ?, ?)", codes or [("", "", self.kept)]
        )

    def finish(self, header: Header) -> None:
        """Close the book, whole."""
        self._flush()
        self.connection.execute("INSERT INTO meta VALUES ('header', ?)", (self._encode(header),))
        self.connection.execute("DROP TABLE used")
        self.connection.execute("COMMIT")
        self.connection.executescript(f"{_INDEXES} PRAGMA user_version={FORM};")
        self.connection.close()


@contextmanager
def writing(into: Path, codes: frozenset[str] | None = None) -> Iterator[Book]:
    """A book that takes the name ``into`` when the block ends well, and is gone otherwise."""
    aside = into.with_name(f".{into.name}-{secrets.token_hex(4)}")
    try:
        # Where the folder cannot be written, the system's own words say it best.
        aside.touch()
        book = Book(aside, codes)
        with closing(book.connection):
            try:
                yield book
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(into)) from None
                raise
        aside.replace(into)
    finally:
        aside.unlink(missing_ok=True)


def is_book(path: Path) -> bool:
    """Whether a file is a book (or some other SQLite file, which opening will tell)."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def connect(path: Path) -> tuple[sqlite3.Connection, Header]:
    """Open a book to read. Raises ``Invalid`` where it is none, or of another form."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    fix = "Import the publisher's file again."
    try:
        form = connection.execute("PRAGMA user_version").fetchone()[0]
        row = connection.execute("SELECT body FROM meta WHERE name = 'header'").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise Invalid.at("", "This SQLite file is no book of prices.", fix) from None
    if form != FORM or row is None:
        connection.close()
        raise Invalid.at("", f"The book is of form {form}; form {FORM} is read.", fix)
    return connection, msgspec.json.decode(row[0], type=Header)
