"""Which release of a dataset answers on which days, where several speak for the same day.

The one whose period started last: April's update stands before October's release from 1 April
on. Where two start on the same day, a file that the user brought stands before an embedded
one, and a later publication before an earlier one. Two that cannot be told apart so are
refused: the user has to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from superbill.dates import Span
from superbill.errors import BuildFailed
from superbill.store.intake import Found

_UNKNOWN = date.min


def _rank(found: Found) -> tuple[date, bool, date]:
    return found.period.valid_from, not found.embedded, found.period.published or _UNKNOWN


def answering(releases: Sequence[Found]) -> list[tuple[Span, Found]]:
    """The spans on which each of one dataset's ``releases`` answers, in order of days.

    Raises :class:`~superbill.errors.BuildFailed` where two claim the same days alike.
    """
    bounds = sorted({day for r in releases for day in r.period[1:3]})
    spans: list[tuple[Span, Found]] = []
    for start, end in pairwise(bounds):
        speaking = [r for r in releases if r.period.valid_from <= start < r.period.valid_to]
        if not speaking:
            continue
        best = max(speaking, key=_rank)
        rivals = [r for r in speaking if r is not best and _rank(r) == _rank(best)]
        if rivals:
            raise BuildFailed(
                f"Two releases of {best.dataset.title} speak for {start.isoformat()} alike: "
                f"{best.document.where} and {rivals[0].document.where}. Keep the one that is "
                'meant, or say in X.source.json beside each when it was published: {"published": '
                '"2025-06-06"}'
            )
        if spans and spans[-1][1] is best and spans[-1][0].end == start:
            spans[-1] = (Span(spans[-1][0].start, end), best)
        else:
            spans.append((Span(start, end), best))
    return spans


def superseded_by(best: Found, releases: Sequence[Found]) -> Found | None:
    """The release of the same first day whose place ``best`` took, where there is one."""
    rivals = [
        r
        for r in releases
        if r is not best
        and r.period.valid_from == best.period.valid_from
        and _rank(r) < _rank(best)
    ]
    return max(rivals, key=_rank) if rivals else None
