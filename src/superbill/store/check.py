"""What must be true of a store before it is sealed, and is checked again by ``data verify``.

Anchors: rows whose values were read in the published file. Overlaps: no two rows of a release
with the same key share a day. Digests: the rows of each dataset, hashed in the order of their
key, so that a store that changed after it was sealed is found out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date

from superbill.dates import Span
from superbill.store.catalog import Anchor, Dataset


def anchor_faults(
    connection: sqlite3.Connection,
    dataset: Dataset,
    answers: Sequence[tuple[Span, int, str]],
) -> Iterator[str]:
    """Each anchor of ``dataset`` that does not hold, as a sentence.

    ``answers`` are the spans of the dataset with the number and name of the release.
    """
    for anchor in dataset.anchors:
        for span, release, name in answers:
            if anchor.on is None or anchor.on in span:
                fault = _anchor(connection, dataset, anchor, release, anchor.on or span.start)
                if fault:
                    yield f"{name}: {fault} (known from {anchor.source})"


def _anchor(
    connection: sqlite3.Connection, dataset: Dataset, anchor: Anchor, release: int, day: date
) -> str:
    keys = list(anchor.key)
    values = {} if anchor.values is None else dict(anchor.values)
    columns = list(values) or keys
    row = connection.execute(
        f"SELECT {', '.join(columns)} FROM {dataset.table.name} "  # noqa: S608 - names of the catalog
        f"WHERE {' AND '.join(f'{key} = ?' for key in keys)} AND release = ? "
        "AND valid_from <= ? AND valid_to > ?",
        (*anchor.key.values(), release, day.isoformat(), day.isoformat()),
    ).fetchone()
    which = ", ".join(f"{key} {value}" for key, value in anchor.key.items())
    if anchor.values is None:
        return f"{which} is there on {day}, and must not be" if row else ""
    if row is None:
        return f"{which} is missing on {day}"
    wrong = [
        f"{column} is {seen!r} in place of {known!r}"
        for (column, known), seen in zip(values.items(), row, strict=True)
        if seen != known
    ]
    return f"{which} on {day}: {'; '.join(wrong)}" if wrong else ""


def overlap_faults(connection: sqlite3.Connection, dataset: Dataset) -> Iterator[str]:
    """The first pair of rows of each release that share key and day, as a sentence."""
    if not dataset.dated_rows:
        return  # one span for the whole release: the primary key has seen to it
    key = ", ".join(dataset.table.key)
    rows = connection.execute(
        f"SELECT release, {key}, valid_to, following FROM ("  # noqa: S608 - names of the catalog
        f"SELECT release, {key}, valid_to, lead(valid_from) OVER "
        f"(PARTITION BY {key}, release ORDER BY valid_from) AS following "
        f"FROM {dataset.table.name}) WHERE following < valid_to LIMIT 1"
    )
    for release, *cells, valid_to, following in rows:
        which = ", ".join(str(cell) for cell in cells)
        yield (
            f"{dataset.title}, release {release}: two rows for {which} share days: one runs to "
            f"before {valid_to}, the next starts {following}"
        )


def rows_digest(connection: sqlite3.Connection, table: str, key: Sequence[str]) -> str:
    """SHA-256 over the rows of a table, in the order of its primary key."""
    digest = hashlib.sha256()
    order = ", ".join((*key, "release", "valid_from"))
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608
        digest.update(repr(row).encode())
    return digest.hexdigest()
