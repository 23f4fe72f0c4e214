"""Sections of the guidelines by number, and the sections that speak of a code."""

from __future__ import annotations

import re
from datetime import date

from superbill.codes.notation import compact, may_be_cm
from superbill.codes.tabular import Tabular
from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.store.open import Row, Store

DATASET = "icd10cm.guidelines"
_PARTS = re.compile(r"[A-Za-z]+|\d+")
_LEVELS = ("upper", "upper", "digits", "lower", "digits", "lower", "lower")
_CODE = re.compile(
    r"(?<![A-Za-z0-9.])([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)-?"
    r"(?:\s?[-–]\s?([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)-?)?(?![A-Za-z0-9])"
)


class Cited(Value, frozen=True, kw_only=True):
    """A section by number and title."""

    number: str
    title: str
    page: int


class GuidelineSection(Value, frozen=True, kw_only=True):
    """A section of the guidelines of a day.

    ``text`` is its own text; ``below`` the sections directly under it, ``above`` those that hold
    it, the widest first. ``release`` is the fiscal year or update that it was read in; ``page``
    and ``last_page`` are those of the published document.
    """

    number: str
    title: str
    text: str
    page: int
    last_page: int
    above: tuple[Cited, ...]
    below: tuple[Cited, ...]
    release: str
    file: str
    lock: str


def normalised(number: str) -> str:
    """A section's number in the one form that the store knows.

    >>> normalised("i.c.9.A.1)"), normalised("Section I.C.4.a"), normalised("II H")
    ('I.C.9.a.1', 'I.C.4.a', 'II.H')
    """
    text = re.sub(r"(?i)^\s*(?:guidelines?|section|sec\.|§)\s*", "", number)
    appendix = re.match(r"(?i)appendix\s*", text)
    parts = _PARTS.findall(text[appendix.end() :] if appendix else text)
    said = []
    for place, part in enumerate(parts):
        kind = _LEVELS[place] if place < len(_LEVELS) else "lower"
        said.append(part.upper() if kind == "upper" else part.lower())
    whole = ".".join(said)
    return f"Appendix {whole}" if appendix else whole


def guideline(store: Store, number: str, *, on: date) -> GuidelineSection | None:
    """The section ``number`` of the guidelines of the day; ``None`` where there is none.

    Raises :class:`~superbill.errors.NotCovered` where the guidelines of the day are not held,
    and :class:`~superbill.errors.Invalid` for what is no number of a section.
    """
    wanted = normalised(number)
    if not wanted or len(wanted) > 40:
        raise Invalid.at(
            "section", f"{number[:40]!r} is not a section.", "Write it as cited: I.C.9.a"
        )
    row = store.find(DATASET, on=on, number=wanted)
    if row is None:
        return None
    above: list[Cited] = []
    parent = row.text("parent")
    while parent:
        higher = store.find(DATASET, on=on, number=parent)
        if higher is None:
            break
        above.append(_cited(higher))
        parent = higher.text("parent")
    below = sorted(store.rows(DATASET, on=on, parent=wanted), key=_position)
    return GuidelineSection(
        number=wanted,
        title=row.text("title"),
        text=row.text("text"),
        page=row.integer("page"),
        last_page=row.integer("last_page"),
        above=tuple(reversed(above)),
        below=tuple(_cited(each) for each in below),
        release=row.release.label,
        file=row.release.file,
        lock=store.digest,
    )


def citing(store: Store, code: str, *, on: date, limit: int = 12) -> tuple[Cited, ...]:
    """The sections that bear on a diagnosis code: its chapter's first, then those that name it.

    A section names a code where its title or text has the code, a heading above it, or a range
    that holds it. Empty where the guidelines of the day are not held.
    """
    wanted = compact(code)
    if not store.covers(DATASET, on=on) or not may_be_cm(wanted):
        return ()
    found: list[tuple[int, int, Cited]] = []
    chapter = f"I.C.{_chapter(store, wanted, on)}"
    for row in store.rows(DATASET, on=on):
        near = _names(f"{row.text('title')}\n{row.text('text')}", wanted)
        if row.text("number") == chapter:
            found.append((-1, 0, _cited(row)))
        elif near:
            found.append((-near, _position(row), _cited(row)))
    # The chapter stands first; of the others those that name the code most closely.
    found.sort(key=lambda each: (each[2].number != chapter, each[0], each[1]))
    return tuple(cited for _, _, cited in found[:limit])


def _chapter(store: Store, code: str, on: date) -> str:
    tabular = Tabular.on(store, on, code)
    path = () if tabular is None else tabular.path(code)
    return path[0].code if path else ""


def _names(text: str, code: str) -> int:
    """How closely a text names a code: the characters that it says of it, 0 where it does not.

    >>> _names("code I10, or from I11.- to I13", "I10"), _names("categories I60-I67", "I639")
    (3, 2)
    """
    near = 0
    for first, last in _CODE.findall(text):
        start, end = first.replace(".", ""), last.replace(".", "")
        if not end and code.startswith(start):
            near = max(near, len(start))
        elif end and start <= code[: len(start)] and code[: len(end)] <= end:
            # A range says less than its own ends: a whole chapter least of all.
            near = max(near, 2 if start[0] == end[0] and start[1:3] != "00" else 0)
    return near


def _cited(row: Row) -> Cited:
    return Cited(number=row.text("number"), title=row.text("title"), page=row.integer("page"))


def _position(row: Row) -> int:
    return row.integer("position")
