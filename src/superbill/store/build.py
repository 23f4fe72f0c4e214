"""Builds a reference store: parse → load → check → seal.

What is built is a function of the files: the same files give the same lock. Nothing half-built
is ever to be seen: a failure leaves the store that was there, and says what is wrong.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from superbill import __version__
from superbill.dates import Span
from superbill.errors import BuildFailed, NotCovered
from superbill.model.base import Value
from superbill.store.answers import answering, superseded_by
from superbill.store.catalog import Dataset, datasets
from superbill.store.check import anchor_faults, overlap_faults, rows_digest
from superbill.store.comparisons import (
    COMPARISONS,
    Comparison,
    Difference,
    Outcome,
    compare,
    known_differences,
)
from superbill.store.derived import derived
from superbill.store.embedded import embedded
from superbill.store.home import default_store
from superbill.store.intake import Found, Seen, Survey, survey
from superbill.store.load import Loaded, create, load, record, record_answers
from superbill.store.lock import Lock
from superbill.store.open import Store, UnusableStore
from superbill.store.seal import prune, put_in_place, turn, workplace

SKIP_OPTION = "--skip-unrecognised"


class Progress(NamedTuple):
    """How far a build has come: in ``stage``, ``done`` of ``total``, now at ``what``."""

    stage: str
    what: str
    done: int
    total: int


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Reports nothing."""


class Recognised(Value, frozen=True, kw_only=True):
    """A document of the user's, and what it was recognised as."""

    where: str
    dataset: str
    what: str
    rows: int
    answers: tuple[str, ...]


class NotLoaded(Value, frozen=True, kw_only=True):
    """A document of the user's that was not loaded, and why."""

    where: str
    why: str


class BuildReport(Value, frozen=True, kw_only=True):
    """What a build did."""

    path: str
    digest: str
    bytes: int
    milliseconds: int
    releases: int
    rows: int
    recognised: tuple[Recognised, ...]
    not_loaded: tuple[NotLoaded, ...]
    comparisons: tuple[Outcome, ...]


def build(
    from_dirs: Sequence[Path] = (),
    into: Path | None = None,
    *,
    progress: Report = silent,
    skip_unrecognised: bool = False,
    differences: Path | None = None,
    locked: Lock | None = None,
    wait: float = 600.0,
    catalog: Sequence[Dataset] | None = None,
    comparisons: Sequence[Comparison] = COMPARISONS,
) -> BuildReport:
    """Build the store ``into`` (by default the one in the data folder) and seal it.

    Rows come from the published files under ``from_dirs`` and, for days that those do not speak
    for, from the installed packages. ``differences`` names a list of known differences between
    the user's files and others; ``locked`` a lock that the result must match. A build of the
    same store that is under way is waited for, ``wait`` seconds at most.

    Raises :class:`~superbill.errors.BuildFailed` with every fault found; the store that was
    there before is then untouched.
    """
    started = time.monotonic()
    target = default_store() if into is None else into
    wanted = tuple(datasets() if catalog is None else catalog)
    known = known_differences(differences)

    def waiting() -> None:
        progress(Progress("wait", "another build is under way", 0, 1))

    with turn(target, wait, waiting):
        written = workplace(target)
        try:
            with survey(
                from_dirs, wanted, lambda what, i, n: progress(Progress("recognise", what, i, n))
            ) as seen:
                _refuse(seen, skip_unrecognised=skip_unrecognised)
                plan, not_loaded = _plan(wanted, seen)
                with closing(_create(written)) as connection:
                    loaded = _load(connection, wanted, plan, progress)
                    outcomes = _check(connection, wanted, loaded, (known, comparisons), progress)
                    _finish(connection, wanted, progress)
            digest = _stamp(written, locked)
            progress(Progress("seal", target.name, 0, 1))
            put_in_place(written, target, _keep_as(target, digest))
            prune(target)
        except (sqlite3.OperationalError, OSError) as fault:
            raise BuildFailed(f"{target} was not built: {fault}") from fault
        finally:
            written.unlink(missing_ok=True)
    progress(Progress("seal", target.name, 1, 1))
    return BuildReport(
        path=str(target),
        digest=digest,
        bytes=target.stat().st_size,
        milliseconds=int((time.monotonic() - started) * 1000),
        releases=len(loaded),
        rows=sum(item.rows for item, _ in loaded),
        recognised=tuple(
            Recognised(
                where=item.found.document.where,
                dataset=item.found.dataset.id,
                what=item.found.what,
                rows=item.rows,
                answers=tuple(f"{span.start}/{span.last}" for span in spans),
            )
            for item, spans in loaded
            if not item.found.embedded
        ),
        not_loaded=tuple(NotLoaded(where=s.where, why=s.what) for s in not_loaded),
        comparisons=tuple(outcomes),
    )


def _refuse(seen: Survey, *, skip_unrecognised: bool) -> None:
    """Stop at damaged files always, at unrecognised ones unless told to skip them."""
    lines = [f"  {s.where}: {s.what}" for s in seen.damaged]
    heading = "Damaged or unreadable:" if lines else ""
    message = "\n".join(filter(None, [heading, *lines]))
    if seen.unrecognised and not skip_unrecognised:
        names = [f"  {s.where}: {s.what}" for s in seen.unrecognised]
        message = "\n".join(filter(None, [message, "Not recognised:", *names]))
        message += f"\nTake these away, or pass over them with {SKIP_OPTION}."
    if message:
        raise BuildFailed(f"Nothing was built.\n{message}")


def _plan(wanted: Sequence[Dataset], seen: Survey) -> tuple[dict[str, list[Found]], list[Seen]]:
    """The releases to load for each dataset, and what is passed over with the reason."""
    passed = [*seen.not_loaded, *seen.unrecognised]
    plan: dict[str, list[Found]] = {dataset.id: [] for dataset in wanted}
    held: dict[tuple[str, str, date, date], Found] = {}
    for found in seen.found:
        same = held.setdefault(_identity(found), found)
        if same is not found:
            passed.append(Seen(found.document.where, f"the same as {same.document.where}"))
            continue
        plan[found.dataset.id].append(found)
    for dataset in wanted:
        if dataset.yields_to:
            fuller = {f.period.valid_from: f for f in plan.get(dataset.yields_to, ())}
            for found in list(plan[dataset.id]):
                better = fuller.get(found.period.valid_from)
                if better is not None:
                    plan[dataset.id].remove(found)
                    passed.append(
                        Seen(
                            found.document.where,
                            f"{found.what}; {better.document.where} says the same and more",
                        )
                    )
    for found in embedded(wanted):
        if _identity(found) not in held:
            plan[found.dataset.id].append(found)
    for dataset in wanted:
        plan[dataset.id] += derived(dataset, plan)
    return plan, passed


def _identity(found: Found) -> tuple[str, str, date, date]:
    """Content and days: the same file may be published again for an update that changed nothing."""
    return found.dataset.id, found.content_sha256, found.period.valid_from, found.period.valid_to


def _create(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    # The file is thrown away if anything goes wrong: neither journal nor syncs are needed yet.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute("BEGIN")
    return connection


def _load(
    connection: sqlite3.Connection,
    wanted: Sequence[Dataset],
    plan: Mapping[str, Sequence[Found]],
    progress: Report,
) -> list[tuple[Loaded, list[Span]]]:
    create(connection, wanted)
    total = sum(len(releases) for releases in plan.values())
    done: list[tuple[Loaded, list[Span]]] = []
    for dataset in wanted:
        releases = plan[dataset.id]
        answers = answering(releases)
        number: dict[int, Loaded] = {}
        for found in releases:
            progress(Progress("load", f"{dataset.title}: {found.period.label}", len(done), total))
            loaded = load(connection, len(done) + 1, found)
            record(connection, loaded, superseded_by(found, releases))
            number[id(found)] = loaded
            done.append((loaded, [span for span, best in answers if best is found]))
        record_answers(connection, [(span, number[id(best)]) for span, best in answers])
    return done


def _check(
    connection: sqlite3.Connection,
    wanted: Sequence[Dataset],
    loaded: Sequence[tuple[Loaded, list[Span]]],
    against: tuple[Sequence[Difference], Sequence[Comparison]],
    progress: Report,
) -> list[Outcome]:
    """Every check; raises with all faults found."""
    by_id = {dataset.id: dataset for dataset in wanted}
    faults: list[str] = []
    labels: dict[str, list[tuple[Span, int, str]]] = {}
    for place, dataset in enumerate(wanted):
        progress(Progress("check", dataset.title, place, len(wanted)))
        mine = [(item, spans) for item, spans in loaded if item.found.dataset is dataset]
        labels[dataset.id] = [
            (span, item.id, item.found.period.label) for item, spans in mine for span in spans
        ]
        named = [
            (span, item.id, item.found.document.where) for item, spans in mine for span in spans
        ]
        faults += anchor_faults(connection, dataset, named)
        faults += overlap_faults(connection, dataset)
    known, comparisons = against
    outcomes = list(
        compare(
            connection,
            by_id,
            labels,
            known,
            lambda what, i, n: progress(Progress("compare", what, i, n)),
            [c for c in comparisons if {c.left.dataset, c.right.dataset} <= by_id.keys()],
        )
    )
    unexpected = [outcome for outcome in outcomes if outcome.outcome == "unexpected"]
    if unexpected:
        faults += [str(outcome) for outcome in unexpected]
        faults.append(
            "If the files are right, list these differences with a reason and name the list: "
            "superbill data build --differences FILE (docs/data-and-licences.md shows its form)."
        )
    if faults:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise BuildFailed(f"Nothing was built: what was read does not hold together.\n{lines}")
    return outcomes


def _finish(connection: sqlite3.Connection, wanted: Sequence[Dataset], progress: Report) -> None:
    for place, dataset in enumerate(wanted):
        progress(Progress("hash", dataset.title, place, len(wanted)))
        digest = rows_digest(connection, dataset.table.name, dataset.table.key)
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"rows_sha256 {dataset.id}", digest))
    connection.execute("COMMIT")


def _stamp(written: Path, locked: Lock | None) -> str:
    """Write the lock's digest and the day of the build; refuse another lock than asked for."""
    with Store.open(written) as store:
        lock = store.lock
    if locked is not None and lock.digest != locked.digest:
        lines = "\n".join(f"  {line}" for line in locked.difference(lock))
        raise BuildFailed(f"Nothing was built: the files are not those of the lock.\n{lines}")
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [
                ("lock_digest", lock.digest),
                ("built_at", datetime.now(UTC).isoformat(timespec="seconds")),
                ("built_by", f"superbill {__version__}"),
            ],
        )
    return lock.digest


def _keep_as(target: Path, digest: str) -> Path | None:
    """The name to keep the present store under; nothing where it is the same or unreadable."""
    try:
        with Store.open(target) as store:
            before = store.digest
    except (NotCovered, UnusableStore):
        return None
    return None if before == digest else target.with_name(f"{target.stem}-{before[:12]}.sqlite")
