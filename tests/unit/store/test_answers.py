from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.dates import Span
from superbill.errors import BuildFailed
from superbill.sources.document import Document, Period
from superbill.store.answers import answering, superseded_by
from superbill.store.intake import Found
from tests.unit.store import small


def found(
    label: str,
    start: date,
    end: date,
    *,
    embedded: bool = False,
    published: date | None = None,
) -> Found:
    return Found(
        small.PRICES,
        small.PRICES.layouts[0],
        Period(label, start, end, published),
        Document.of(label, ""),
        label,
        "",
        label,
        label,
        embedded=embedded,
    )


def told(*releases: Found) -> list[tuple[str, str, str]]:
    return [(r.period.label, str(s.start), str(s.end)) for s, r in answering(releases)]


OCTOBER, APRIL, NEXT = date(2025, 10, 1), date(2026, 4, 1), date(2026, 10, 1)


def test_april_stands_before_october() -> None:
    assert told(found("october", OCTOBER, NEXT), found("april", APRIL, NEXT)) == [
        ("october", "2025-10-01", "2026-04-01"),
        ("april", "2026-04-01", "2026-10-01"),
    ]


def test_the_users_file_stands_before_the_embedded_one_on_its_days() -> None:
    mine = found("mine", OCTOBER, APRIL)
    theirs = found("theirs", OCTOBER, NEXT, embedded=True)
    assert told(theirs, mine) == [
        ("mine", "2025-10-01", "2026-04-01"),
        ("theirs", "2026-04-01", "2026-10-01"),
    ]
    assert superseded_by(mine, [mine, theirs]) is theirs
    assert superseded_by(theirs, [mine, theirs]) is None


def test_a_long_embedded_release_goes_on_after_a_users_year() -> None:
    long = found("long", date(2015, 10, 1), date(2027, 4, 1), embedded=True)
    year = found("year", OCTOBER, NEXT)
    assert told(long, year) == [
        ("long", "2015-10-01", "2025-10-01"),
        ("year", "2025-10-01", "2026-10-01"),
        ("long", "2026-10-01", "2027-04-01"),
    ]


def test_a_later_publication_stands_before_an_earlier_one() -> None:
    assert told(
        found("new", OCTOBER, NEXT, published=date(2025, 8, 5)),
        found("old", OCTOBER, NEXT, published=date(2025, 8, 1)),
    ) == [("new", "2025-10-01", "2026-10-01")]


def test_two_alike_are_refused_only_where_they_count() -> None:
    a, b = found("a", OCTOBER, NEXT), found("b", OCTOBER, NEXT)
    with pytest.raises(BuildFailed, match="speak for 2025-10-01 alike: a and b"):
        answering([a, b])


def test_a_gap_stays_a_gap() -> None:
    later = found("later", date(2027, 10, 1), date(2028, 10, 1))
    spans = answering([found("now", OCTOBER, NEXT), later])
    assert [s for s, _ in spans] == [Span(OCTOBER, NEXT), Span(*later.period[1:3])]
    assert answering([]) == []


days = st.dates(date(2020, 1, 1), date(2020, 3, 1))


@given(st.lists(st.tuples(days, days).filter(lambda p: p[0] < p[1]), max_size=8))
def test_spans_never_overlap_and_cover_all_that_is_spoken_for(
    periods: list[tuple[date, date]],
) -> None:
    releases = [
        found(str(number), start, end, published=date(2019, 1, 1 + number))
        for number, (start, end) in enumerate(periods)
    ]
    spans = answering(releases)
    for (before, _), (after, _) in pairwise(spans):
        assert before.end <= after.start
    for day in (date.fromordinal(n) for n in range(date(2020, 1, 1).toordinal(), 737_500)):
        speaking = [r for r in releases if r.period.valid_from <= day < r.period.valid_to]
        answers = [r for s, r in spans if day in s]
        assert len(answers) == bool(speaking)
        if speaking:
            assert answers[0].period.valid_from == max(r.period.valid_from for r in speaking)


def test_where_is_shown_to_people(tmp_path: Path) -> None:
    path = small.prices(tmp_path)
    assert Document.at(path).where == path.name
