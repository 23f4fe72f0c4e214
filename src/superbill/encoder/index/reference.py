"""Where a "see" or "see also" leads: to entries, to categories of the tabular, or by a quality.

References are printed for people. "Fracture, by site" leads to the term Fracture, from which the
site leads on; "category M01" leads to the tabular list; "condition" says to look under the noun
that the term goes with; others name another book, such as the table of drugs. What cannot be
followed is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from superbill.encoder.index.day import DayIndex
from superbill.encoder.index.entry import IndexEntry, Kind
from superbill.encoder.index.names import TIERS, called, stems
from superbill.sources.icd10cm_printed import title_key

Leads = Literal["entries", "codes", "book", "condition", "nowhere"]


class Target(NamedTuple):
    """What a reference leads to.

    ``entries`` are the entries (with ``by`` the quality by which to choose below them: ``site``,
    ``type``). ``codes`` are first characters of codes, undotted, ranges as ``T36-T50``. ``book``
    is another book to look in. ``column`` is the column of the table of neoplasms, from 0.
    """

    kind: Kind
    text: str
    leads: Leads
    entries: tuple[IndexEntry, ...] = ()
    by: str = ""
    codes: tuple[str, ...] = ()
    book: str = ""
    column: int | None = None


_CODE = re.compile(r"\b([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)-?(?:\s*-\s*([A-Z][0-9][0-9A-Z]))?")
_CATEGORY = re.compile(r"^(?:sub)?categor(?:y|ies)\b", re.IGNORECASE)
_ONLY_CODES = re.compile(r"^[A-Z][0-9][0-9A-Z]\b")
# "see condition", "code to injury with seventh character S", "code by type of diabetes": the
# noun that the term goes with is meant, whatever it is.
_CONDITION = re.compile(
    r"(?:the |underlying |associated )*conditions?\b.*"
    r"|(?:injury|fracture|burn|poisoning) with seventh character.*"
    r"|(?:by|type of|specific|specified|nature of|first listed)\b.*"
    r"|rheumatic heart condition involved",
    re.IGNORECASE,
)
# A code printed after the place, which says again where it leads.
_CODE_AFTER = re.compile(
    r"\s+[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?$|\s+L89 with final character .*"
)
_POISON = re.compile(r"(?:poisoning|toxicity|venom)\b,?\s*(?:venom,\s*)?(.*)$", re.IGNORECASE)
_BY = re.compile(r",?\s*(?:specified )?\b(by|according to)\s+(?P<by>.+)$", re.IGNORECASE)
_BOOKS = (
    (re.compile(r"^(?:the )?table of drugs", re.IGNORECASE), "drugs"),
    (re.compile(r"^(?:the )?table of neoplasms?", re.IGNORECASE), "neoplasms"),
    (re.compile(r"^index to (?:diseases|external causes?)", re.IGNORECASE), ""),
    (re.compile(r"^external causes?", re.IGNORECASE), "external causes"),
)
_NEOPLASM = re.compile(r"neoplasm,?\s*(.*)$", re.IGNORECASE)
_INDEX_OF = re.compile(r"^index to (diseases|external causes?)[^,]*,?\s*", re.IGNORECASE)
# Words that join two places: "Delivery and Puerperal".
_JOINED = re.compile(r"\s+and\s+|\s*;\s*|\s+or\s+", re.IGNORECASE)
_ALSO = re.compile(r"^also see\s+", re.IGNORECASE)
# The columns of the table of neoplasms, as references name them.
_BEHAVIOUR = {
    "malignant": 0,
    "malignant,primary": 0,
    "primary": 0,
    "malignant,secondary": 1,
    "secondary": 1,
    "in situ": 2,
    "benign": 3,
    "uncertain behavior": 4,
    "unspecified behavior": 5,
}


def resolve(index: DayIndex, entry: IndexEntry) -> tuple[Target, ...]:
    """Where each reference of ``entry`` leads, in order of print."""
    return tuple(follow(index, entry, kind, text) for kind, text in entry.references())


def follow(index: DayIndex, entry: IndexEntry, kind: Kind, text: str) -> Target:
    """Where the reference ``text`` of ``entry`` leads."""
    place = text.strip(" -.,:")
    if place.lower().startswith("also"):
        kind, place = "see also", place[4:].strip(" -.,:")
    if _CONDITION.fullmatch(place):
        return Target(kind, text, "condition")
    if _CATEGORY.match(place) or _ONLY_CODES.match(place):
        return Target(kind, text, "codes", codes=tuple(_codes(place)))
    book = entry.book if entry.book != "neoplasms" else "diseases"
    other = _INDEX_OF.match(place)
    if other:
        book = "diseases" if other[1].lower() == "diseases" else "external causes"
        place = place[other.end() :]
    else:
        for pattern, name in _BOOKS:
            if pattern.match(place):
                return Target(kind, text, "book", codes=tuple(_codes(place)), book=name)
    neoplasm = _NEOPLASM.match(place)
    if neoplasm and not walk_titles(index, place, book=book):
        return _neoplasm(index, kind, text, neoplasm[1])
    found = _entries(index, _CODE_AFTER.sub("", place), book)
    if found is not None:
        entries, by = found
        return Target(kind, text, "entries", tuple(entries), by)
    poison = _POISON.match(place)
    if poison:
        substances = walk_words(index, f"{poison[1]}", book="drugs") or walk_titles(
            index, poison[1], book="drugs"
        )
        return Target(kind, text, "book", tuple(substances), book="drugs")
    return Target(kind, text, "nowhere")


def _neoplasm(index: DayIndex, kind: Kind, text: str, place: str) -> Target:
    """A site of the table of neoplasms and one of its columns: "skin, benign"."""
    by = ""
    match = _BY.search(place)
    if match:
        place, by = place[: match.start()], match["by"]
    parts = [part.strip() for part in place.split(",") if part.strip()]
    column = None
    for size in (2, 1):
        for start in range(len(parts) - size + 1):
            column = behaviour(", ".join(parts[start : start + size]))
            if column is not None:
                del parts[start : start + size]
                break
        if column is not None:
            break
    entries = walk_titles(index, ", ".join(["Neoplasm", *parts]), book="neoplasms")
    leads: Leads = "entries" if entries else "nowhere"
    return Target(kind, text, leads, tuple(entries), by, column=column)


def _codes(text: str) -> Iterator[str]:
    for first, last in _CODE.findall(text):
        yield first.replace(".", "") + (f"-{last}" if last else "")


def _entries(index: DayIndex, place: str, book: str) -> tuple[list[IndexEntry], str] | None:
    for attempt, by in _attempts(place):
        found = walk_titles(index, attempt, book=book)
        if found:
            return found, by
    several = [
        found for each in _JOINED.split(place) for found in walk_titles(index, each, book=book)
    ]
    if several:
        return several, ""
    for attempt, by in _attempts(place):
        found = walk_words(index, attempt, book=book)
        if found:
            return found, by
    return None


def _attempts(place: str) -> Iterator[tuple[str, str]]:
    """The place as it is, and without the quality by which to choose below it."""
    yield place, ""
    match = _BY.search(place)
    if match:
        yield place[: match.start()], match["by"]


def walk_titles(index: DayIndex, place: str, *, book: str) -> list[IndexEntry]:
    """The entries that a path of titles names, its parts set apart by commas.

    A part may itself hold commas, several terms may stand in one part, and a term may be named by
    one of its words (see :mod:`superbill.encoder.index.names`). What matches the whole path, by
    the closest names, is returned; nothing else is.
    """
    parts = [part.strip() for part in place.split(",") if part.strip()]
    best: list[IndexEntry] = []
    for size in range(len(parts), 0, -1):
        name = ", ".join(parts[:size])
        mains = index.main_terms(name, book=book)
        for tier in range(TIERS):
            for main in mains:
                if called(main.plain_title, name) == tier:
                    best.extend(_below(index, main, parts[size:]))
            if best:
                return list(dict.fromkeys(best))
    return best


def walk_words(index: DayIndex, place: str, *, book: str) -> list[IndexEntry]:
    """The entries whose path holds every word of ``place``, in whatever order.

    "Defect, reduction, upper limb" stands in the index as limb, upper. Words are compared by
    their stems, and modifiers count. Of several the highest in the tree is taken, and of those
    the ones with the fewest words besides.
    """
    parts = [part.strip() for part in place.split(",") if part.strip()]
    if not parts:
        return []
    head, *words = parts[0].split()
    mains = index.main_terms(parts[0], book=book)
    if mains:
        words = []
    else:
        mains = index.main_terms(head, book=book)
    wanted = frozenset(stems(" ".join([*words, *parts[1:]])))
    if not wanted:
        return []
    found: list[tuple[int, int, IndexEntry]] = []
    for main in mains:
        _cover(index, main, wanted - frozenset(stems(main.title)), (0, 0), found)
    if not found:
        return []
    best = min((depth, extra) for depth, extra, _ in found)
    return [entry for depth, extra, entry in found if (depth, extra) == best]


def _cover(
    index: DayIndex,
    entry: IndexEntry,
    wanted: frozenset[str],
    cost: tuple[int, int],
    found: list[tuple[int, int, IndexEntry]],
) -> None:
    for child in index.children(entry):
        own = frozenset(stems(child.title))
        covered = wanted & own
        heading = title_key(child.essential) in HEADINGS
        if not covered and not heading:
            continue
        essential = frozenset(stems(child.essential))
        reached = (cost[0] + 1, cost[1] + len(essential - covered))
        left = wanted - covered
        if left:
            _cover(index, child, left, reached, found)
        else:
            found.append((*reached, child))


def _below(index: DayIndex, entry: IndexEntry, parts: Sequence[str]) -> list[IndexEntry]:
    if not parts:
        return [entry]
    children = index.children(entry)
    for taken, rest in _splits(parts):
        by_tier: dict[int, list[IndexEntry]] = {}
        for child in children:
            by_tier.setdefault(called(child.plain_title, taken), []).append(child)
        for tier in range(TIERS):
            found = [
                reached for child in by_tier.get(tier, ()) for reached in _below(index, child, rest)
            ]
            if found:
                return found
    # "Infection, skin" may stand below a heading of its own: "with", "due to", "in".
    return [
        reached
        for child in children
        if title_key(child.essential) in HEADINGS
        for reached in _below(index, child, parts)
    ]


def _splits(parts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What may be the next title, the longest first: several parts, one part, some words of it."""
    for size in range(len(parts), 0, -1):
        yield ", ".join(parts[:size]), list(parts[size:])
    words = parts[0].split()
    for size in range(len(words) - 1, 0, -1):
        yield " ".join(words[:size]), [" ".join(words[size:]), *parts[1:]]


HEADINGS = frozenset({"with", "due to", "in", "associated with", "caused by", "by"})
"""Terms that only introduce those below them."""


def behaviour(words: str) -> int | None:
    """The column of the table of neoplasms that words name, or ``None``."""
    return _BEHAVIOUR.get(title_key(words))
