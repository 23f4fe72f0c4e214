"""The last steps of a walk: from the code of an entry to one that may be reported on the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from superbill.encoder.index.below import Below, Codes
from superbill.encoder.index.detail import missing_detail, specify, unspecified_one
from superbill.encoder.index.names import stems
from superbill.encoder.index.state import Offer, Outcome, Walk
from superbill.sources.icd10cm_printed import dotted


def complete(walk: Walk, codes: Codes, code: str, *, on: date) -> Walk:
    """Complete the code of an entry (undotted, perhaps with a dash) in the tabular list."""
    stem = code.rstrip("-")
    if codes.starting(stem):
        return tabular(walk, codes, stem)
    return _replaced(walk, codes, stem, on)


def tabular(walk: Walk, codes: Codes, stem: str) -> Walk:
    """Go down the tabular list from ``stem`` as far as words decide; then ask, or be done."""
    below = codes.steps(stem)
    if len(below) == 1 and below[0].billable:
        found = below[0]
        outcome = Outcome(
            code=found.code,
            dotted=dotted(found.code),
            title=found.title,
            manifestation=walk.manifestation,
        )
        # What the code's own title says has found its place.
        told = walk.without(frozenset(stems(found.title)))
        return replace(told, question=None, outcome=outcome)
    heading = codes.title(stem)
    named = _named(walk, below)
    if named is not None:
        said = frozenset(stems(named.title)) - frozenset(stems(heading))
        walk = walk.went("tabular", named.title, named.code).without(said)
        return tabular(walk, codes, named.code)
    titles = [place.title for place in below]
    missing = missing_detail([place.code for place in below], titles)
    asked = specify(missing, titles)
    walk = replace(walk, default=walk.default or dotted(stem))
    return walk.ask(
        "tabular",
        f"{dotted(stem)} {heading}: {asked}",
        [_offer(place) for place in below],
        default=unspecified_one(titles),
        missing=missing,
    )


def _offer(place: Below) -> Offer:
    return Offer(place.title, f"code:{place.code}", frozenset({place.code}), place.codes)


def _named(walk: Walk, below: Sequence[Below]) -> Below | None:
    """The one place whose own words are among those that have found no place yet."""
    left = walk.unused_stems
    if not left or len(below) < 2:
        return None
    words = [frozenset(stems(place.title)) for place in below]
    common = frozenset.intersection(*words)
    hits = [(len((own - common) & left), -len(own - common)) for own in words]
    best = max(hits)
    places = [place for place, hit in zip(below, hits, strict=True) if hit == best]
    return places[0] if best[0] and len(places) == 1 else None


def _replaced(walk: Walk, codes: Codes, code: str, on: date) -> Walk:
    """The code of an entry is no code of the day: offer what took its place."""
    places = codes.successors(code)
    if places:
        mark = f"{dotted(code)} is no code of {on.isoformat()}; what took its place is listed."
    else:
        near = codes.nearest(code)
        mark = f"{dotted(code)} is no code of {on.isoformat()}"
        mark += f"; the codes below {dotted(near)} are." if near else "."
        places = [place.code for place in codes.steps(near)] if near else []
    walk = walk.marked(mark)
    if not places:
        return replace(walk, stuck=mark)
    if len(places) == 1:
        only = places[0]
        return tabular(walk.went("tabular", codes.title(only), only), codes, only)
    offers = [
        Offer(codes.title(place), f"code:{place}", frozenset({place}), len(codes.starting(place)))
        for place in places
    ]
    return walk.ask("successor", f"What took the place of {dotted(code)}?", offers)
