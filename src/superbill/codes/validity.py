"""On which days a code may be reported.

The Medicare Code Editor's master says it for every day since ICD-10 took effect; beyond the
days of the master held, the order file of the day's release does. Where both speak, the build
has held them against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from superbill.codes.answer import System, Validity
from superbill.dates import Span
from superbill.store.open import Store

_PREFIX: dict[System, str] = {"ICD-10-CM": "icd10cm", "ICD-10-PCS": "icd10pcs"}


def dataset(system: System, part: str) -> str:
    """The name of a dataset of ``system``, such as ``icd10cm.order``."""
    return f"{_PREFIX[system]}.{part}"


def is_valid(store: Store, system: System, code: str, *, on: date) -> bool:
    """Whether the compact ``code`` may be reported on the day.

    Raises :class:`~superbill.errors.NotCovered` where nothing held speaks for the day.
    """
    master = dataset(system, "validity")
    if store.covers(master, on=on):
        return store.find(master, on=on, code=code) is not None
    order = dataset(system, "order")
    if store.covers(order, on=on):
        row = store.find(order, on=on, code=code)
        return row is not None and row.flag("billable")
    raise store.not_covered(master, on=on)


def valid_below(store: Store, system: System, code: str, *, on: date) -> tuple[str, ...]:
    """The codes that may be reported on the day and begin with ``code``, which is not among them.

    Raises :class:`~superbill.errors.NotCovered` where nothing held speaks for the day.
    """
    name, billable = dataset(system, "validity"), ""
    if not store.covers(name, on=on):
        order = dataset(system, "order")
        if not store.covers(order, on=on):
            raise store.not_covered(name, on=on)
        name, billable = order, "AND billable = 1"
    release = store.release(name, on=on)
    table, day = name.replace(".", "_"), on.isoformat()
    rows = store.query(
        f"SELECT code FROM {table} WHERE code > ? AND code < ? AND release = ? "  # noqa: S608
        f"AND valid_from <= ? AND valid_to > ? {billable} ORDER BY code",
        # Codes sort as text: all that begin with the heading lie before heading + '['.
        *(code, code + "[", release.id, day, day),
    )
    return tuple(str(row[0]) for row in rows)


def history(store: Store, system: System, code: str) -> tuple[Validity, ...]:
    """The days on which the compact ``code`` may be reported, oldest first; empty if never."""
    master = dataset(system, "validity")
    held = [span for span, _ in store.coverage(master)]
    spans = [row.span for row in store.history(master, code=code)]
    for span, release in store.coverage(dataset(system, "order")):
        outside = list(_without(span, held))
        if outside:
            row = store.find(dataset(system, "order"), on=span.start, code=code)
            held += outside
            if row is not None and row.flag("billable") and row.release == release:
                spans += outside
    stretches = joined(held)
    return tuple(
        Validity(
            valid_from=span.start,
            valid_to=span.end,
            or_before=any(span.start == stretch.start for stretch in stretches),
            open=any(span.end == stretch.end for stretch in stretches),
        )
        for span in joined(spans)
    )


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, with those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _without(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """The parts of ``span`` that no other holds."""
    start = span.start
    for other in joined(others):
        if other.overlaps(Span(start, span.end)) and start < span.end:
            if start < other.start:
                yield Span(start, other.start)
            start = max(start, other.end)
    if start < span.end:
        yield Span(start, span.end)
