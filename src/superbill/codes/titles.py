"""A code's text on a day, and from which release it is.

The order file, the code list and the tabular list of the day's release say it, in this order.
Where no release held speaks for the day, the nearest one that knows the code is taken, and the
answer says so; where none knows it, there is no text.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from superbill.codes.answer import From, System, Title
from superbill.codes.validity import dataset
from superbill.dates import Span
from superbill.store.open import Store
from superbill.store.release import Release


class _Source(NamedTuple):
    """Where titles stand: the dataset's part, and its columns of long and short title."""

    part: str
    long: str
    short: str


_SOURCES: dict[System, tuple[_Source, ...]] = {
    "ICD-10-CM": (
        _Source("order", "long_title", "short_title"),
        _Source("titles", "long_title", ""),
        _Source("tabular", "title", ""),
    ),
    "ICD-10-PCS": (
        _Source("order", "long_title", "short_title"),
        _Source("titles", "long_title", ""),
    ),
}


def title(store: Store, system: System, code: str, *, on: date) -> Title | None:
    """The text of the compact ``code`` on the day; ``None`` where no release held knows it."""
    found: list[tuple[int, int, Title]] = []
    for rank, source in enumerate(_SOURCES[system]):
        name = dataset(system, source.part)
        for row in store.history(name, code=code):
            away = distance(row.span, on)
            found.append(
                (
                    away,
                    rank,
                    Title(
                        text=row.text(source.long),
                        short=row.text(source.short) if source.short else "",
                        source=origin(row.release, exact=away == 0),
                    ),
                )
            )
            if away == 0:
                return found[-1][2]
    return min(found, key=lambda item: item[:2])[2] if found else None


def distance(span: Span, day: date) -> int:
    """How many days ``day`` lies outside ``span``; 0 inside."""
    if day < span.start:
        return (span.start - day) // timedelta(days=1)
    return 0 if day < span.end else (day - span.end) // timedelta(days=1) + 1


def origin(release: Release, *, exact: bool) -> From:
    """Where a part of an answer is from."""
    return From(
        dataset=release.dataset,
        label=release.label,
        file=release.file,
        sha256=release.content_sha256,
        exact=exact,
    )
