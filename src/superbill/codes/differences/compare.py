"""Two releases compared: which codes each has, what they are called, and what took whose place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.codes.differences.answer import Change, Compared, Differences, Kind, System
from superbill.codes.differences.groups import groups
from superbill.codes.differences.note_changes import note_changes
from superbill.codes.differences.releases import Held, base, release_named
from superbill.codes.differences.side import Side, rows_of
from superbill.codes.notation import dotted
from superbill.codes.titles import title as any_title
from superbill.errors import Invalid
from superbill.store.open import Store

_TEXTS: dict[System, tuple[tuple[str, str], ...]] = {
    "icd10cm": (("icd10cm.order", "long_title"), ("icd10cm.titles", "long_title")),
    "icd10pcs": (("icd10pcs.order", "long_title"), ("icd10pcs.titles", "long_title")),
    "hcpcs": (("hcpcs.codes", "long_description"),),
}
_CONVERSION = "icd10cm.conversion"


def between(store: Store, system: System, before: str, after: str) -> Differences:
    """What the release ``after`` changes of ``before``.

    Raises :class:`~superbill.errors.Invalid` for a release that is not held, naming those that
    are, and where the later one is named first.
    """
    first = release_named(store, system, before, "before")
    last = release_named(store, system, after, "after")
    if first.span.start > last.span.start:
        raise Invalid.at(
            "before", f"{first.label} comes after {last.label}.", "Name the earlier one first."
        )
    one, other = Side(store, first.span.start), Side(store, last.span.start)
    found = groups(one, other) if system == "msdrg" else _codes(system, one, other)
    changes, kinds = found.changes, found.kinds
    counted = Counter(change.kind for change in changes)
    return Differences(
        system=system,
        before=_compared(first, one),
        after=_compared(last, other),
        counts={kind: counted[kind] for kind in kinds},
        changes=tuple(changes),
        not_checked=tuple(found.not_checked),
        lock=store.lock.digest,
    )


def _compared(release: Held, side: Side) -> Compared:
    return Compared(label=release.label, on=release.span.start, sources=tuple(side.sources))


class _Found(NamedTuple):
    changes: list[Change]
    kinds: list[Kind]
    not_checked: list[str]


def _codes(system: System, one: Side, other: Side) -> _Found:
    """New, retired, revised and moved codes, and for diagnoses their notes."""
    store = one.store
    here = _valid(one, base(store, system, one.day))
    there = _valid(other, base(store, system, other.day))
    old, new = _texts(system, one), _texts(system, other)
    kinds: list[Kind] = ["new", "retired"]
    not_checked = []
    changes = [
        _change("new", code, system, text=new.texts.get(code, "")) for code in sorted(there - here)
    ]
    for code in sorted(here - there):
        heading = "a heading now" if code in new.headings else ""
        changes.append(
            _change("retired", code, system, text=_text(old, code, system, one), after=heading)
        )
    if old.dataset and new.dataset:
        kinds.append("revised")
        changes += [
            _change("revised", code, system, text=text, before=old.texts[code], after=text)
            for code, text in sorted(new.texts.items())
            if code in old.texts and old.texts[code] != text
        ]
    else:
        missing = [
            side.day.isoformat() for side, has in ((one, old), (other, new)) if not has.dataset
        ]
        not_checked.append(f"revised: no titles of {' and '.join(missing)} are held.")
    if system == "icd10cm":
        if store.covers(_CONVERSION, on=other.day):
            kinds.append("moved")
            changes += _moved(one, other, old)
        else:
            not_checked.append(f"moved: {store.not_covered(_CONVERSION, on=other.day)}")
        notes = note_changes(one, other)
        if notes.why_not:
            not_checked.append(f"notes: {notes.why_not}")
        else:
            kinds.append("notes")
            changes += notes.changes
            not_checked += notes.besides
    elif system == "icd10pcs":
        not_checked.append("moved: no conversion table of ICD-10-PCS is read.")
    return _Found(changes, kinds, not_checked)


def _change(
    kind: Kind,
    code: str,
    system: System,
    *,
    text: str = "",
    before: str = "",
    after: str = "",
    codes: tuple[str, ...] = (),
) -> Change:
    shown = dotted(code) if system == "icd10cm" else code
    return Change(
        kind=kind, code=code, dotted=shown, text=text, before=before, after=after, codes=codes
    )


def _valid(side: Side, dataset: str) -> frozenset[str]:
    """The codes that may be reported on the day."""
    billable = dataset.endswith(".order")
    where = "kind = 'code'" if dataset == "hcpcs.codes" else ("billable = 1" if billable else "")
    return frozenset(str(row[0]) for row in rows_of(side, dataset, ("code",), where))


class _Texts(NamedTuple):
    dataset: str
    texts: dict[str, str]
    headings: frozenset[str]


def _texts(system: System, side: Side) -> _Texts:
    """What codes are called, from the fullest file that speaks for the day."""
    for dataset, column in _TEXTS[system]:
        if not side.store.covers(dataset, on=side.day):
            continue
        order = dataset.endswith(".order")
        columns = ("code", column, "billable") if order else ("code", column)
        where = "kind = 'code'" if dataset == "hcpcs.codes" else ""
        rows = rows_of(side, dataset, columns, where)
        texts = {str(row[0]): str(row[1]) for row in rows if not order or row[2]}
        headings = frozenset(str(row[0]) for row in rows if order and not row[2])
        return _Texts(dataset, texts, headings)
    return _Texts("", {}, frozenset())


def _text(texts: _Texts, code: str, system: System, side: Side) -> str:
    """What a code is called; where no titles of the day are held, by the nearest that know it."""
    known = texts.texts.get(code, "")
    if known or system == "hcpcs":
        return known
    found = any_title(
        side.store, "ICD-10-CM" if system == "icd10cm" else "ICD-10-PCS", code, on=side.day
    )
    return "" if found is None else found.text


def _moved(one: Side, other: Side, texts: _Texts) -> Iterator[Change]:
    """The codes that others took the place of between the two days, by the conversion table."""
    places: dict[str, list[str]] = {}
    for new, old, since in rows_of(other, _CONVERSION, ("code", "previous", "valid_from")):
        if old and _after(one.day, str(since)) and not _after(other.day, str(since)):
            places.setdefault(str(old), []).append(str(new))
    for old, codes in sorted(places.items()):
        yield _change(
            "moved",
            old,
            "icd10cm",
            text=_text(texts, old, "icd10cm", one),
            codes=tuple(dotted(code) for code in sorted(set(codes))),
        )


def _after(day: date, text: str) -> bool:
    return date.fromisoformat(text) > day
