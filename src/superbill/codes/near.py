"""Did you mean …? Codes near one that is unknown or may not be reported on the day.

Offered in this order: what a heading has below it, a missing placeholder X before the seventh
character, and valid codes that differ by one character (mistyped, left out, added or swapped).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from superbill.codes import icd10cm, icd10pcs
from superbill.codes.answer import CodeAnswer, Suggestion, System
from superbill.codes.notation import compact, dotted, may_be_cm, may_be_pcs
from superbill.codes.titles import title
from superbill.codes.validity import dataset, is_valid
from superbill.store.open import Store

_MOST = 10
_LONGEST = 8  # a code with one character too many
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1", "S": "5", "5": "S", "B": "8", "8": "B"}


def suggestions(store: Store, code: str, *, on: date) -> tuple[Suggestion, ...]:
    """Valid codes of the day that may have been meant by ``code``, likeliest first, at most ten.

    Raises :class:`~superbill.errors.NotCovered` where nothing held says which codes are valid
    on the day.
    """
    wanted = compact(code)
    if not 3 <= len(wanted) <= _LONGEST:
        return ()
    found: dict[tuple[System, str], str] = {}
    systems: list[System] = []
    if wanted and not wanted[0].isdigit():
        systems.append("ICD-10-CM")
    if len(wanted) in {3, 6, 7, _LONGEST}:
        systems.append("ICD-10-PCS")
    for system in systems:
        for candidate, why in _candidates(store, system, wanted, on):
            if len(found) < _MOST and is_valid(store, system, candidate, on=on):
                found.setdefault((system, candidate), why)
    return tuple(_suggestion(store, system, near, why, on) for (system, near), why in found.items())


def explain(answer: CodeAnswer) -> str:
    """Why a known code may not be reported on the day, with the way out; empty where it may."""
    if answer.billable:
        return ""
    listed = [dotted(c) if answer.system == "ICD-10-CM" else c for c in answer.billable_below]
    more = answer.billable_count - len(listed)
    tail = f" and {more:,} more" if more > 0 else ""
    below = f" Codes below it: {', '.join(listed)}{tail}." if listed else ""
    if answer.status == "heading":
        return f"{answer.dotted} is a heading, not a code that can be reported.{below}"
    spans = "; ".join(str(span) for span in answer.validity)
    return f"{answer.dotted} is {answer.status} on {answer.on}. Valid: {spans}.{below}"


def lookup(store: Store, code: str, *, on: date) -> CodeAnswer | None:
    """What a code of either system is on the day, as its look-up says; ``None`` if unknown."""
    wanted = compact(code)
    if may_be_cm(wanted):
        found = icd10cm.lookup(store, wanted, on=on)
        if found is not None:
            return found
    return icd10pcs.lookup(store, wanted, on=on) if may_be_pcs(wanted) else None


def _candidates(store: Store, system: System, wanted: str, on: date) -> Iterator[tuple[str, str]]:
    yield from ((code, "is below it") for code in _below(store, system, wanted))
    if system == "ICD-10-CM" and 4 <= len(wanted) < 7:
        # T07A, S021A: the seventh character stands too early.
        yield wanted[:-1].ljust(6, "X") + wanted[-1], "has the placeholder X in its place"
    yield from ((code, "differs by one character") for code in _one_away(store, system, wanted))


def _below(store: Store, system: System, wanted: str) -> list[str]:
    if len(wanted) < 3:
        return []
    return _known(store, system, "code > ? AND code < ?", (wanted, wanted + "["), _MOST)


def _one_away(store: Store, system: System, wanted: str) -> list[str]:
    """Known codes one edit away, lookalikes (O for 0) first."""
    lookalike = "".join(_ALIKE.get(c, c) for c in wanted)
    near = {lookalike, *_substituted(wanted), *_removed(wanted), *_added(wanted)} - {wanted}
    marks = ", ".join("?" * len(near))
    known = _known(store, system, f"code IN ({marks})", tuple(near), 200)

    def rank(code: str) -> tuple[bool, bool, int, str]:
        same_length = len(code) == len(wanted)
        alike = same_length and all(
            a == b or _ALIKE.get(a) == b for a, b in zip(wanted, code, strict=True)
        )
        shared = next((i for i, (a, b) in enumerate(zip(wanted, code, strict=False)) if a != b), 9)
        return not alike, not same_length, -shared, code

    return sorted(known, key=rank)


def _known(
    store: Store, system: System, condition: str, values: Iterable[object], limit: int
) -> list[str]:
    table = store.info(dataset(system, "validity")).table
    rows = store.query(
        f"SELECT DISTINCT code FROM {table} WHERE {condition} ORDER BY code LIMIT {limit}",  # noqa: S608
        *values,
    )
    return [str(row[0]) for row in rows]


def _substituted(code: str) -> Iterator[str]:
    for place in range(len(code)):
        yield from (code[:place] + c + code[place + 1 :] for c in _CHARACTERS)
        if place:
            yield code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]


def _removed(code: str) -> Iterator[str]:
    yield from (code[:place] + code[place + 1 :] for place in range(len(code)))


def _added(code: str) -> Iterator[str]:
    for place in range(len(code) + 1):
        yield from (code[:place] + c + code[place:] for c in _CHARACTERS)


def _suggestion(store: Store, system: System, code: str, why: str, on: date) -> Suggestion:
    text = title(store, system, code, on=on)
    return Suggestion(
        code=code,
        dotted=dotted(code) if system == "ICD-10-CM" else code,
        title="" if text is None else text.text,
        why=why,
    )
