"""One side of a comparison: a day, and every file that was read for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from superbill.store.open import Store


class Side:
    """A day of the store; ``sources`` gathers the releases that were read."""

    def __init__(self, store: Store, day: date) -> None:
        self.store = store
        self.day = day
        self.sources: list[str] = []


def rows_of(
    side: Side, dataset: str, columns: Sequence[str], where: str = ""
) -> list[tuple[object, ...]]:
    """All rows of a dataset on the side's day; columns and condition are our own words.

    Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
    """
    store, day = side.store, side.day.isoformat()
    release = store.release(dataset, on=side.day)
    said = f"{dataset} {release.label}"
    if said not in side.sources:
        side.sources.append(said)
    condition = f" AND {where}" if where else ""
    return store.query(
        f"SELECT {', '.join(columns)} FROM {store.info(dataset).table} "  # noqa: S608
        f"WHERE release = ? AND valid_from <= ? AND valid_to > ?{condition}",
        *(release.id, day, day),
    )
