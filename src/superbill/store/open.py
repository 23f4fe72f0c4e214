"""An opened reference store: look-ups on a day.

The file is opened read-only and immutable, and describes itself: nothing of the catalog or of
the parsers is loaded to read it. A day that no release of a dataset speaks for raises
:class:`~superbill.errors.NotCovered`; nothing found on a covered day is ``None``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from superbill.dates import Span
from superbill.errors import NotCovered, SuperbillError
from superbill.store.home import default_store
from superbill.store.release import Covered, Release, days
from superbill.store.schema import APPLICATION_ID, FORMAT_VERSION

if TYPE_CHECKING:
    from superbill.store.lock import Lock

BUILD = "superbill data build"


class UnusableStore(SuperbillError):
    """A file that is no reference store, or one of another format version."""


class DatasetInfo(NamedTuple):
    """What the store says of a dataset, held or not; ``columns`` are name to type."""

    id: str
    title: str
    publisher: str
    address: str
    licence: str
    table: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    remedy: str


class Row:
    """A row found: its cells by name, the release it is from, and its valid time."""

    __slots__ = ("_cells", "_index", "release", "valid_from", "valid_to")

    def __init__(
        self,
        index: Mapping[str, int],
        cells: tuple[object, ...],
        release: Release,
        answers: Span | None = None,
    ) -> None:
        self._index = index
        self._cells = cells
        self.release = release
        start = date.fromisoformat(str(cells[-2]))
        end = date.fromisoformat(str(cells[-1]))
        self.valid_from = start if answers is None else max(start, answers.start)
        self.valid_to = end if answers is None else min(end, answers.end)

    @property
    def span(self) -> Span:
        """The days on which the row holds."""
        return Span(self.valid_from, self.valid_to)

    def cell(self, name: str) -> object:
        """The stored value as it is: text, a whole number or ``None``."""
        return self._cells[self._index[name]]

    def text(self, name: str) -> str:
        """A text column; empty where there is nothing."""
        value = self.cell(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int:
        """A whole number."""
        value = self.cell(name)
        if not isinstance(value, int):
            raise TypeError(f"{name} holds {value!r}, not a whole number")
        return value

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return bool(self.cell(name))

    def decimal(self, name: str) -> Decimal:
        """An exact figure; ``TypeError`` where there is none (see :meth:`maybe_decimal`)."""
        value = self.maybe_decimal(name)
        if value is None:
            raise TypeError(f"{name} holds no figure")
        return value

    def maybe_decimal(self, name: str) -> Decimal | None:
        """An exact figure, or ``None`` where the file holds none."""
        value = self.cell(name)
        return None if value is None else Decimal(str(value))

    def day(self, name: str) -> date | None:
        """A day, or ``None`` where the file holds none."""
        value = self.cell(name)
        return None if value is None else date.fromisoformat(str(value))

    def as_dict(self) -> dict[str, object]:
        """All cells by name, as stored."""
        return {name: self._cells[place] for name, place in self._index.items()}

    def __repr__(self) -> str:
        return f"Row({self.as_dict()!r}, {self.release.label})"


class Store:
    """A reference store opened for reading. Use as a context manager, or call :meth:`close`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._releases = {release.id: release for release in _releases(connection)}
        self._coverage = _coverage(connection)
        self._infos: dict[str, DatasetInfo] = {}
        self._indexes: dict[str, dict[str, int]] = {}

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Open the store at ``path``, by default the one in the data folder.

        Raises :class:`~superbill.errors.NotCovered` where there is none, and
        :class:`UnusableStore` where the file is no store or of another format version.
        """
        where = default_store() if path is None else path
        if not where.is_file():
            raise NotCovered(
                f"Everything: there is no reference store at {where}, so it",
                on=None,
                remedy=f"Build one from the installed packages, offline: {BUILD}",
            )
        try:
            connection = connect(where)
        except sqlite3.DatabaseError as fault:
            raise UnusableStore(
                f"{where} is not a reference store ({fault}). Build it anew: {BUILD}"
            ) from None
        try:
            return cls(connection, where)
        except (sqlite3.DatabaseError, ValueError) as fault:
            connection.close()
            raise UnusableStore(f"{where} is damaged ({fault}). Build it anew: {BUILD}") from None

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def digest(self) -> str:
        """The lock's digest, which every answer carries."""
        return self.meta("lock_digest")

    @property
    def lock(self) -> Lock:
        """Each dataset's releases by sha256."""
        from superbill.store.lock import lock_of  # noqa: PLC0415 - not needed for a look-up

        return lock_of(self._releases.values(), self._coverage)

    def meta(self, key: str) -> str:
        """A fact about the store itself: ``built_at``, ``built_by``, ``lock_digest``."""
        found = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return "" if found is None else str(found[0])

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Every dataset that the store knows of, held or not."""
        ids = self.connection.execute("SELECT id FROM dataset ORDER BY position")
        return tuple(self.info(str(row[0])) for row in ids.fetchall())

    def info(self, dataset: str) -> DatasetInfo:
        """What the store says of ``dataset``; ``KeyError`` where it knows of no such dataset."""
        if dataset not in self._infos:
            found = self.connection.execute(
                "SELECT id, title, publisher, address, licence, table_name, columns, key, remedy "
                "FROM dataset WHERE id = ?",
                (dataset,),
            ).fetchone()
            if found is None:
                raise KeyError(dataset)
            name, title, publisher, address, licence, table, columns, key, remedy = found
            self._infos[dataset] = DatasetInfo(
                name,
                title,
                publisher,
                address,
                licence,
                table,
                dict(msgspec.json.decode(columns)),
                tuple(msgspec.json.decode(key)),
                remedy,
            )
        return self._infos[dataset]

    def releases(self, dataset: str | None = None) -> tuple[Release, ...]:
        """Every release held, of one dataset or of all, in the order of loading."""
        return tuple(r for r in self._releases.values() if dataset in (None, r.dataset))

    def coverage(self, dataset: str) -> tuple[tuple[Span, Release], ...]:
        """On which days which release answers for ``dataset``, in order."""
        return tuple(
            (covered.span, self._releases[covered.release])
            for covered in self._coverage.get(dataset, ())
        )

    def covers(self, dataset: str, *, on: date) -> bool:
        """Whether some release of ``dataset`` speaks for the day."""
        return any(on in covered.span for covered in self._coverage.get(dataset, ()))

    def release(self, dataset: str, *, on: date) -> Release:
        """The release that answers for ``dataset`` on the day.

        Raises :class:`~superbill.errors.NotCovered` where none does.
        """
        for covered in self._coverage.get(dataset, ()):
            if on in covered.span:
                return self._releases[covered.release]
        raise self.not_covered(dataset, on=on)

    def not_covered(self, dataset: str, *, on: date) -> NotCovered:
        """The error that says what is missing, for when, and the command that brings it."""
        try:
            info = self.info(dataset)
        except KeyError:
            return NotCovered(
                f"The dataset {dataset}",
                on=on,
                remedy="The store was built before there was one. Build it anew, with what files "
                f"you have: {BUILD} --from DIR",
            )
        held = self._coverage.get(dataset, ())
        if held:
            spans = ", ".join(days(span) for span in _joined(covered.span for covered in held))
            have = f"The store holds {spans}."
        else:
            have = "The store holds none."
        what = f"The dataset {dataset} ({info.title})"
        return NotCovered(what, on=on, remedy=f"{have} {info.remedy}")

    def find(self, dataset: str, *, on: date, **where: object) -> Row | None:
        """The one row of ``dataset`` with these column values on the day, or ``None``.

        Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
        """
        return next(self._select(dataset, self.release(dataset, on=on), on, where, 1), None)

    def rows(self, dataset: str, *, on: date, **where: object) -> list[Row]:
        """All rows of ``dataset`` with these column values on the day, in key order.

        Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
        """
        return list(self._select(dataset, self.release(dataset, on=on), on, where, None))

    def history(self, dataset: str, *, within: Span | None = None, **where: object) -> list[Row]:
        """All rows of ``dataset`` with these column values on any day that it answers for.

        A row's span is cut to the days on which its release answers. With ``within``, only rows
        that may hold on one of its days.
        """
        found = [
            row
            for span, release in self.coverage(dataset)
            for row in self._select(dataset, release, within, where, None, span)
            if row.valid_from < row.valid_to
        ]
        return sorted(found, key=lambda row: row.valid_from)

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of a query of one's own, for layers above that need more than the above."""
        return self.connection.execute(sql, values).fetchall()

    def _select(
        self,
        dataset: str,
        release: Release,
        on: date | Span | None,
        where: Mapping[str, object],
        limit: int | None,
        answers: Span | None = None,
    ) -> Iterator[Row]:
        info = self.info(dataset)
        index = self._indexes.get(dataset)
        if index is None:
            index = self._indexes[dataset] = {name: i for i, name in enumerate(info.columns)}
        for name in where:
            if name not in index:
                raise KeyError(f"{dataset} has no column {name}")
        # Names come from the store's own description, never from a caller.
        conditions = [f"{name} = ?" for name in where] + ["release = ?"]
        values = [*where.values(), release.id]
        if isinstance(on, Span):
            conditions.append("valid_from < ? AND valid_to > ?")
            values += [on.end.isoformat(), on.start.isoformat()]
        elif on is not None:
            conditions.append("valid_from <= ? AND valid_to > ?")
            values += [on.isoformat(), on.isoformat()]
        sql = (
            f"SELECT {', '.join(index)}, valid_from, valid_to FROM {info.table} "  # noqa: S608
            f"WHERE {' AND '.join(conditions)}"
        )
        if limit is not None:
            sql += f" LIMIT {limit}"
        for cells in self.connection.execute(sql, values):
            yield Row(index, cells, release, answers)


def connect(path: Path) -> sqlite3.Connection:
    """A read-only connection to the sealed file at ``path``.

    Raises :class:`UnusableStore` for a file of another kind or format version, and
    ``sqlite3.DatabaseError`` where it is no SQLite file at all.
    """
    address = path.absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    if application != APPLICATION_ID:
        connection.close()
        raise UnusableStore(f"{path} is an SQLite file, but not a reference store.")
    if version != FORMAT_VERSION:
        connection.close()
        raise UnusableStore(
            f"{path} is of store format {version}; this version of superbill reads format "
            f"{FORMAT_VERSION}. Build it anew: {BUILD}"
        )
    return connection


_RELEASE_COLUMNS = (
    "id, dataset, label, publisher, address, file, member, sha256, content_sha256, layout, "
    "parser_version, row_count, valid_from, valid_to, published, retrieved, licence, embedded, "
    "supersedes"
)


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(str(text))


def _releases(connection: sqlite3.Connection) -> Iterator[Release]:
    names = _RELEASE_COLUMNS.split(", ")
    query = f"SELECT {_RELEASE_COLUMNS} FROM release ORDER BY id"  # noqa: S608 - a constant
    for row in connection.execute(query):
        cells = dict(zip(names, row, strict=True))
        for name in ("valid_from", "valid_to", "published", "retrieved"):
            cells[name] = _day(cells[name])
        cells["embedded"] = bool(cells["embedded"])
        yield Release(**cells)


def _coverage(connection: sqlite3.Connection) -> dict[str, tuple[Covered, ...]]:
    found: dict[str, list[Covered]] = {}
    for dataset, start, end, release in connection.execute(
        "SELECT dataset, valid_from, valid_to, release FROM coverage ORDER BY dataset, valid_from"
    ):
        found.setdefault(dataset, []).append(
            Covered(
                valid_from=date.fromisoformat(start),
                valid_to=date.fromisoformat(end),
                release=release,
            )
        )
    return {dataset: tuple(spans) for dataset, spans in found.items()}


def _joined(spans: Iterator[Span]) -> list[Span]:
    """Spans in order, with those that touch made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
