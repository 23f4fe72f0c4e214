"""What a fiscal year changes of the MS-DRGs: groups, weights, CC levels, operating room codes.

Weights are those of Table 5 of the IPPS rule; the levels and operating room codes those of the
grouper's version of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from superbill.codes.differences.answer import Change, Kind
from superbill.codes.differences.side import Side, rows_of
from superbill.codes.notation import dotted


class Groups(NamedTuple):
    """The changes, the kinds that were compared, and those that could not be."""

    changes: list[Change]
    kinds: list[Kind]
    not_checked: list[str]


# Kind, dataset, key, value; codes of which the dataset holds none have the value beside.
_COMPARED: tuple[tuple[Kind, str, str, str], ...] = (
    ("weight", "ipps.drg_weights", "drg", "weight"),
    ("severity", "icd10cm.severity", "code", "severity"),
    ("operating room", "icd10pcs.operating_room", "code", "operating_room"),
)


def groups(one: Side, other: Side) -> Groups:
    """Compare the groups of two days."""
    found = Groups([], ["new", "retired", "revised"], [])
    titles = "msdrg.drg_titles"
    source = titles if _both(one, other, titles) else "ipps.drg_weights"
    if _both(one, other, source):
        found.changes.extend(
            _titles(_values(one, source, "drg", "title"), _values(other, source, "drg", "title"))
        )
    else:
        found.kinds.clear()
        found.not_checked.append(f"new, retired, revised: {_missing(one, other, titles)}")
    names = (
        _values(other, source, "drg", "title") if other.store.covers(source, on=other.day) else {}
    )
    for kind, dataset, key, value in _COMPARED:
        if not _both(one, other, dataset):
            found.not_checked.append(f"{kind}: {_missing(one, other, dataset)}")
            continue
        found.kinds.append(kind)
        here, there = _values(one, dataset, key, value), _values(other, dataset, key, value)
        for code in sorted(here.keys() & there.keys()):
            if here[code] != there[code]:
                found.changes.append(_valued(kind, code, here[code], there[code], names))
    return found


def _titles(here: dict[str, str], there: dict[str, str]) -> Iterator[Change]:
    for drg in sorted(there.keys() - here.keys()):
        yield Change(kind="new", code=drg, dotted=drg, text=there[drg])
    for drg in sorted(here.keys() - there.keys()):
        yield Change(kind="retired", code=drg, dotted=drg, text=here[drg])
    for drg in sorted(here.keys() & there.keys()):
        if _plain(here[drg]) != _plain(there[drg]):
            yield Change(
                kind="revised",
                code=drg,
                dotted=drg,
                text=there[drg],
                before=here[drg],
                after=there[drg],
            )


def _plain(title: str) -> str:
    """A title without its capitals and blanks, which come and go with the publisher's program."""
    return "".join(title.split()).casefold()


def _valued(kind: Kind, code: str, before: str, after: str, names: dict[str, str]) -> Change:
    if kind == "operating room":
        words = {"0": "no operating room", "1": "operating room"}
        before, after = words.get(before, before), words.get(after, after)
    shown = dotted(code) if kind == "severity" else code
    text = names.get(code, "") if kind == "weight" else ""
    return Change(kind=kind, code=code, dotted=shown, text=text, before=before, after=after)


def _values(side: Side, dataset: str, key: str, value: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in rows_of(side, dataset, (key, value))}


def _both(one: Side, other: Side, dataset: str) -> bool:
    return all(side.store.covers(dataset, on=side.day) for side in (one, other))


def _missing(one: Side, other: Side, dataset: str) -> str:
    side = other if one.store.covers(dataset, on=one.day) else one
    return str(side.store.not_covered(dataset, on=side.day))
