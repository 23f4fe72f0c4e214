"""A query that is a code, or the beginning of codes."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, timedelta

from superbill.codes.notation import compact, dotted
from superbill.dates import FOREVER
from superbill.encoder.find.answer import Hit
from superbill.encoder.find.corpus import NAMES
from superbill.encoder.find.hits import path_of, title_of, valid_codes
from superbill.encoder.find.index import SearchIndex, System
from superbill.store.open import Store

_FORMS = {
    "cm": re.compile(r"[A-Z][0-9](?:[0-9A-Z][0-9A-Z]{0,4})?"),
    "pcs": re.compile(r"(?=.*[0-9])[0-9A-HJ-NP-Z]{3,7}"),
    "hcpcs": re.compile(r"[A-V][0-9]{2,4}"),
}
_WHOLE = {"cm": 3, "pcs": 7, "hcpcs": 5}
_SHOWN = 4
_LEVEL_ONE = re.compile(r"[0-9]{4}[0-9A-Z]")


def by_code(
    held: SearchIndex, text: str, system: str | None, *, on: date, limit: int, billable: bool
) -> tuple[list[Hit], str] | None:
    """The hits of a query that has the form of a code; ``None`` where it has not.

    With the message that says what is amiss: a code of another system, a retired one, one that
    is unknown.
    """
    if not text or (
        " " in text and not re.fullmatch(r"[A-Za-z][0-9][0-9A-Za-z] [0-9A-Za-z]+", text)
    ):
        return None
    wanted = compact(text)
    hits: list[Hit] = []
    elsewhere: list[str] = []
    for name, part in held.systems.items():
        if not _FORMS[name].fullmatch(wanted):
            continue
        found = _in_system(part, wanted, on, limit, billable=billable)
        if found and system in {None, name}:
            hits += found
        elif found:
            elsewhere.append(name)
    hits.sort(key=lambda hit: (-hit.score, len(hit.code)))
    if hits:
        gone = [hit for hit in hits if hit.status in {"retired", "not yet valid"}]
        return hits[:limit], "; ".join(f"{hit.dotted}: {hit.why}" for hit in gone[:1])
    if elsewhere:
        other = elsewhere[0]
        return [], f"{wanted} is a code of {NAMES[other]}; ask with --system {other}, or with none."
    if _LEVEL_ONE.fullmatch(wanted) and wanted.isdigit():
        return [], (
            f"{wanted} has the form of a CPT code. CPT belongs to the American Medical "
            "Association, and its codes are not held here."
        )
    if sum(c.isdigit() for c in wanted) > 1 and any(
        form.fullmatch(wanted) and len(wanted) >= _WHOLE[name] + (name == "cm")
        for name, form in _FORMS.items()
    ):
        return [], f"{text!r} has the form of a code, but none held is called so or begins so."
    return None


def instead(store: Store, hit: Hit, on: date) -> str:
    """What takes the place of a retired diagnosis code on the day, in a sentence; maybe empty.

    By the conversion table where the store has it; else by what the code has been split into.
    """
    from superbill.encoder.index.below import Codes  # noqa: PLC0415 - a retired code is rare

    codes = Codes(store, on=on)
    found = codes.successors(hit.code) or codes.starting(hit.code)
    if not found:
        return ""
    shown = ", ".join(f"{dotted(code)} {codes.title(code)}" for code in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"In its place: {shown}{more}."


def _in_system(system: System, wanted: str, on: date, limit: int, *, billable: bool) -> list[Hit]:
    codes = system.code
    place = bisect_left(codes, wanted)
    hits: list[Hit] = []
    at = system.engine.arrays["code_at"]
    heading = None if billable else _heading(system, wanted)
    while place < len(codes) and len(hits) < limit and codes[place].startswith(wanted):
        unit = int(at.searchsorted(place, side="right")) - 1
        exact = codes[place] == wanted
        if place in valid_codes(system, unit, on):
            why = "the code itself" if exact else f"begins with {_shown(system, wanted)}"
            hits.append(_hit(system, unit, place, "valid", why, 1.0 if exact else 0.5))
        elif exact:
            status, why = _gone(system, place, on)
            hits.append(_hit(system, unit, place, status, why, 1.0))
        place += 1
    if heading is not None:
        hits.insert(0, heading)
    return hits


def _heading(system: System, wanted: str) -> Hit | None:
    """The heading called ``wanted``, where it is one and not a code."""
    units = system.engine.units
    for node in range(units, len(system.name)):
        if system.name[node] == wanted:
            title = title_of(system, node)
            return Hit(
                system=NAMES[system.system],
                code=wanted,
                dotted=_shown(system, wanted),
                text=title,
                score=1.0,
                why="the heading itself",
                status="heading",
                matched=(wanted,),
                evidence=(),
                path=path_of(system, node),
                also=(),
            )
    return None


def _gone(system: System, place: int, on: date) -> tuple[str, str]:
    """Why a code may not be reported on the day."""
    arrays = system.engine.arrays
    low, high = int(arrays["span_at"][place]), int(arrays["span_at"][place + 1])
    first = date.fromordinal(int(arrays["span_first"][low:high].min()))
    last = date.fromordinal(int(arrays["span_last"][low:high].max()))
    if on < first:
        return "not yet valid", f"not valid before {first}"
    end = "" if last == FOREVER else f" until {last - timedelta(days=1)}"
    return "retired", f"no longer valid on {on}; it was valid{end}"


def _hit(system: System, unit: int, place: int, status: str, why: str, score: float) -> Hit:
    code: str = system.code[place]
    return Hit(
        system=NAMES[system.system],
        code=code,
        dotted=_shown(system, code),
        text=system.title[place],
        score=score,
        why=why,
        status=status,
        matched=(code,),
        evidence=(),
        path=path_of(system, unit),
        also=(),
    )


def _shown(system: System, code: str) -> str:
    return dotted(code) if system.system == "cm" else code
