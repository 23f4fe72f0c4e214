"""What a store holds, and whether it is still what was sealed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from superbill.dates import Span
from superbill.model.base import Value
from superbill.store.build import Progress, Report, silent
from superbill.store.catalog import datasets
from superbill.store.check import anchor_faults, overlap_faults, rows_digest
from superbill.store.home import default_store
from superbill.store.lock import Lock
from superbill.store.open import DatasetInfo, Store
from superbill.store.release import Release, days
from superbill.store.seal import kept


class Held(Value, frozen=True, kw_only=True):
    """A release of a dataset, and the days on which it answers (as people read them)."""

    release: Release
    answers: tuple[str, ...]


class DatasetStatus(Value, frozen=True, kw_only=True):
    """What is held of a dataset. ``covers`` are the days held, ``missing`` the gaps between.

    ``remedy`` says how to bring more.
    """

    dataset: str
    title: str
    publisher: str
    address: str
    licence: str
    covers: tuple[str, ...]
    missing: tuple[str, ...]
    releases: tuple[Held, ...]
    remedy: str


class Status(Value, frozen=True, kw_only=True):
    """A store: where, how large, when built, and what it holds. ``older`` are kept for rollback."""

    path: str
    bytes: int
    built_at: str
    built_by: str
    digest: str
    datasets: tuple[DatasetStatus, ...]
    older: tuple[str, ...]


def status(path: Path | None = None) -> Status:
    """What the store at ``path`` (by default the one in the data folder) holds.

    Raises :class:`~superbill.errors.NotCovered` where there is none, and
    :class:`~superbill.store.open.UnusableStore` where it cannot be read.
    """
    where = default_store() if path is None else path
    with Store.open(where) as store:
        return Status(
            path=str(where),
            bytes=where.stat().st_size,
            built_at=store.meta("built_at"),
            built_by=store.meta("built_by"),
            digest=store.digest,
            datasets=tuple(_dataset(store, info) for info in store.datasets()),
            older=tuple(str(old) for old in kept(where)),
        )


def _dataset(store: Store, info: DatasetInfo) -> DatasetStatus:
    coverage = store.coverage(info.id)
    answers: dict[int, list[Span]] = {}
    for span, release in coverage:
        answers.setdefault(release.id, []).append(span)
    stretches: list[Span] = []
    gaps: list[Span] = []
    for span, _ in coverage:
        if stretches and stretches[-1].end == span.start:
            stretches[-1] = Span(stretches[-1].start, span.end)
            continue
        if stretches:
            gaps.append(Span(stretches[-1].end, span.start))
        stretches.append(span)
    return DatasetStatus(
        dataset=info.id,
        title=info.title,
        publisher=info.publisher,
        address=info.address,
        licence=info.licence,
        covers=tuple(map(days, stretches)),
        missing=tuple(map(days, gaps)),
        releases=tuple(
            Held(release=release, answers=tuple(map(days, answers.get(release.id, ()))))
            for release in store.releases(info.id)
        ),
        remedy=info.remedy,
    )


class Verified(Value, frozen=True, kw_only=True):
    """The outcome of a check: ``problems`` is empty where the store is sound."""

    path: str
    digest: str
    rows: int
    problems: tuple[str, ...]


def verify(
    path: Path | None = None, *, against: Lock | None = None, progress: Report = silent
) -> Verified:
    """Check that a store is whole, is what was sealed, and (where given) is that of a lock.

    The database's own check, each release's number of rows, the hash of each dataset's rows,
    the lock's digest, anchors and overlaps. Raises as :func:`status` does where it cannot be
    opened at all.
    """
    where = default_store() if path is None else path
    problems: list[str] = []
    rows = 0
    with Store.open(where) as store:
        progress(Progress("verify", "the file", 0, 1))
        try:
            found = store.query("PRAGMA integrity_check(10)")
            problems += [f"the file: {row[0]}" for row in found if row[0] != "ok"]
            infos = store.datasets()
            for place, info in enumerate(infos):
                progress(Progress("verify", info.title, place, len(infos)))
                problems += _rows(store, info)
                rows += sum(release.row_count for release in store.releases(info.id))
            problems += _against_catalog(store)
        except sqlite3.DatabaseError as fault:
            problems.append(f"the file: {fault}")
        lock, digest = store.lock, store.digest
        if lock.digest != digest:
            problems.append(
                f"the lock's digest is {digest[:12]}, but its releases give {lock.digest[:12]}"
            )
        if against is not None:
            problems += [f"the lock: {line}" for line in against.difference(lock)]
    return Verified(path=str(where), digest=digest, rows=rows, problems=tuple(problems))


def _rows(store: Store, info: DatasetInfo) -> list[str]:
    problems = []
    query = f"SELECT release, count(*) FROM {info.table} GROUP BY release"  # noqa: S608
    counts = {number: count for number, count in store.query(query)}  # noqa: C416 - for its type
    for release in store.releases(info.id):
        held = counts.get(release.id, 0)
        if held != release.row_count:
            problems.append(f"{release}: {held} rows in place of {release.row_count:,}")
    sealed = store.meta(f"rows_sha256 {info.id}")
    if rows_digest(store.connection, info.table, info.key) != sealed:
        problems.append(f"{info.title}: the rows are not those that were sealed")
    return problems


def _against_catalog(store: Store) -> list[str]:
    problems: list[str] = []
    known = {info.id for info in store.datasets()}
    for dataset in datasets():
        if dataset.id not in known:
            continue  # the store was built before this dataset was known
        answers = [(span, release.id, str(release)) for span, release in store.coverage(dataset.id)]
        problems += anchor_faults(store.connection, dataset, answers)
        problems += overlap_faults(store.connection, dataset)
    return problems
