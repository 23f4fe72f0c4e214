"""The shape of a reference store: one SQLite file, described in its own tables.

Beside one table for each dataset there are four tables that say what the file is:

- ``meta``: format version, the lock's digest, when and by what it was built;
- ``dataset``: what the store could hold, with column types and the way to bring what is missing;
- ``release``: each import of one published file, with its provenance;
- ``coverage``: which release answers for a dataset on which days. Spans never overlap.

Days are ISO text, half-open, never null. Decimals are text, so that no figure passes through a
binary fraction. Every row of a dataset's table names its release and bears its valid time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

FORMAT_VERSION = 1
# "SBRS", so that a file which is not ours is told apart from one of another format version.
APPLICATION_ID = 0x53425253

ColumnType = Literal["text", "integer", "decimal", "date", "flag"]

# Decimal is text on purpose: NUMERIC affinity would turn 1.0200 into a binary 1.02.
_SQL_TYPES: dict[str, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "decimal": "TEXT",
    "date": "TEXT",
    "flag": "INTEGER",
}


class Column(NamedTuple):
    """A column: its name as the publisher calls it, type, meaning, and whether it may be empty."""

    name: str
    type: ColumnType = "text"
    meaning: str = ""
    null: bool = False


class Table(NamedTuple):
    """The rows of a dataset.

    ``key`` names the columns that identify a row on a day: within a release no two rows with
    the same key may share a day. ``indexes`` are further column lists to search by.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()

    def ddl(self) -> list[str]:
        """The SQL statements that create the table and its indexes."""
        columns = "".join(
            f"  {c.name} {_SQL_TYPES[c.type]}{'' if c.null else ' NOT NULL'},\n"
            for c in self.columns
        )
        key = ", ".join((*self.key, "release", "valid_from"))
        create = (
            f"CREATE TABLE {self.name} (\n{columns}"
            "  release INTEGER NOT NULL REFERENCES release(id),\n"
            "  valid_from TEXT NOT NULL,\n  valid_to TEXT NOT NULL,\n"
            f"  PRIMARY KEY ({key})\n) WITHOUT ROWID"
        )
        return [
            create,
            *(
                f"CREATE INDEX {self.name}_{number} ON {self.name} ({', '.join(index)})"
                for number, index in enumerate(self.indexes, start=1)
            ),
        ]


META_DDL = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE dataset (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT NOT NULL, address TEXT NOT NULL,
  licence TEXT NOT NULL, table_name TEXT NOT NULL, columns TEXT NOT NULL, key TEXT NOT NULL,
  remedy TEXT NOT NULL, position INTEGER NOT NULL
) WITHOUT ROWID""",
    """CREATE TABLE release (
  id INTEGER PRIMARY KEY, dataset TEXT NOT NULL REFERENCES dataset(id), label TEXT NOT NULL,
  publisher TEXT NOT NULL, address TEXT NOT NULL, file TEXT NOT NULL, member TEXT NOT NULL,
  sha256 TEXT NOT NULL, content_sha256 TEXT NOT NULL, layout TEXT NOT NULL,
  parser_version INTEGER NOT NULL,
  row_count INTEGER NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,
  published TEXT, retrieved TEXT, licence TEXT NOT NULL, embedded INTEGER NOT NULL,
  supersedes TEXT
)""",
    """CREATE TABLE coverage (
  dataset TEXT NOT NULL REFERENCES dataset(id), valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL, release INTEGER NOT NULL REFERENCES release(id),
  PRIMARY KEY (dataset, valid_from)
) WITHOUT ROWID""",
)
