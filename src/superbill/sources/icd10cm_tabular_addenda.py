"""The addenda of the ICD-10-CM tabular list: titles and notes that change on a day, in PDF.

CDC/NCHS publishes them with each release of 1 October and each update of 1 April, beside those of
the index (:mod:`superbill.sources.icd10cm_addenda`, whose lines are read the same way). What stands
unchanged is printed to say where one is: the chapter, the section, the code, the kind of note. A
line belongs to the last place named above it, and to the last kind of note named there; lines
right below a code are inclusion terms. A chapter may list its blocks, which are its sections.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.icd10cm_addenda import Action, addenda_period, read_edits

BOOK = "tabular"

# Categories have a digit, though not always at the second place (C7A, QA0).
_CODE = re.compile(r"((?=.[0-9]|..[0-9])[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?)[-*]? (?=\S)(.*)")
_CHAPTER = re.compile(r"Chapter (\d{1,2})")
# A section's heading begins with a capital, which no line of an excludes note need do.
_CATEGORY = r"(?:(?=.[0-9]|..[0-9])[A-Z][0-9A-Z]{2})"
_SECTION = re.compile(rf"[A-Z].*\(({_CATEGORY})(?:-({_CATEGORY}))?\)")
_BLOCKS = re.compile(r"This chapter contains the following blocks:?", re.IGNORECASE)
_BLOCK = re.compile(rf"({_CATEGORY})(?: ?[-–] ?({_CATEGORY}))? +(?=\S)(.*)")
_CHARACTER = re.compile(r"([0-9A-Z])(?: ?-|:)? +(?=\S)(.*)")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("excludes1", re.compile(r"Excludes? ?1:? *", re.IGNORECASE)),
    ("excludes2", re.compile(r"Excludes? ?2:? *", re.IGNORECASE)),
    ("includes", re.compile(r"Includes: *", re.IGNORECASE)),
    ("useAdditionalCode", re.compile(r"Use additional\b *", re.IGNORECASE)),
    ("codeFirst", re.compile(r"Code first\b *|(?=Code, if applicable, any)", re.IGNORECASE)),
    ("codeAlso", re.compile(r"Code also\b *", re.IGNORECASE)),
    (
        "sevenChrNote",
        re.compile(r"(?=(?:The|One of the) (?:appropriate|following) (?:7th|seventh))"),
    ),
    ("notes", re.compile(r"Notes?: *", re.IGNORECASE)),
)


class TabularEdit(NamedTuple):
    """What the addenda say of one line of the tabular list.

    ``node`` is the undotted code, a section (``B15-B19``, ``T07-T07``) or a chapter's number.
    ``kind`` is ``title``, ``block`` (a section in its chapter's list of them), ``inclusionTerm``,
    or the kind of the note as the XML calls it. ``before`` is empty for an addition, ``after`` for
    a deletion; a note's text stands without its heading, a section's title with its range.
    """

    page: int
    line: int
    action: Action
    node: str
    kind: str
    before: str
    after: str


def tabular_edits(document: Document) -> Iterator[TabularEdit]:
    """Every line that is added, deleted or revised, with its place; in order of print.

    Raises :class:`~superbill.errors.BadRow` for a document that is no addenda.
    """
    return (edit for edit in tabular_lines(document) if edit.action != "no change")


@functools.lru_cache(maxsize=64)
def tabular_lines(document: Document) -> tuple[TabularEdit, ...]:
    """Every line with its place, those that only say where the others stand among them.

    Kept, since a build needs the lines once as rows and once to apply them. Raises
    :class:`~superbill.errors.BadRow` for a document that is no addenda.
    """
    return tuple(_placed(document))


def _placed(document: Document) -> Iterator[TabularEdit]:
    node, kind, chapter = "", "", ""
    blocks: dict[str, str] = {}  # the titles of sections that chapters list, and their ranges
    for page, line, action, _, before, after in read_edits(document, table=False):
        text = after or before
        if found := _CHAPTER.fullmatch(text):
            node = chapter = found[1]
            kind = ""
            continue
        if _BLOCKS.fullmatch(text):
            kind = "block"
            continue
        block = _BLOCK.fullmatch(text) if kind == "block" else None
        if block:
            said = (_as_section(before), _as_section(after))
            for title in filter(None, said):
                if own := _SECTION.fullmatch(title):
                    blocks[title] = _range(own[1], own[2])
            yield TabularEdit(page, line, action, _range(block[1], block[2]), kind, *said)
            continue
        code = _CODE.fullmatch(text)
        headed = any(head.match(text) for _, head in _KINDS)
        section = None if headed else _SECTION.fullmatch(text)
        if code:
            node, kind, chapter = code[1].replace(".", ""), "inclusionTerm", ""
            titles = (_title(before), _title(after))
            yield TabularEdit(page, line, action, node, "title", *titles)
            continue
        if section and (kind in {"", "heading", "block"} or action == "no change"):
            # The first range below a chapter is the chapter's own title.
            node = chapter or _range(section[1], section[2])
            chapter, kind = "", "heading"
            yield TabularEdit(page, line, action, node, "title", before, after)
            continue
        listed = "" if headed else _listed(blocks, after) or _listed(blocks, before)
        if listed:
            # A section's heading whose chapter lists it; its line may run on into others.
            whole = listed in {before, after}
            titles = (before, after) if whole else (listed, listed)
            node, kind = blocks[listed], "heading"
            yield TabularEdit(page, line, action, node, "title", *titles)
            continue
        kind, head = _kind("" if kind == "block" else kind, text)
        said = (_without(head, before), _without(head, after))
        if any(said):
            yield TabularEdit(page, line, action, node, _shown(kind), *said)


def _listed(blocks: dict[str, str], text: str) -> str:
    """The section of a chapter's list whose heading a line is, or runs on from.

    Where a line holds the heading before and after, the later one.
    """
    if text in blocks:
        return text
    return next((title for title in reversed(blocks) if title in text), "")


def _range(first: str, last: str | None) -> str:
    return f"{first}-{last or first}"


def _as_section(text: str) -> str:
    """A line of a chapter's list of blocks as the section is headed.

    >>> _as_section("I10-I1A Hypertensive diseases")
    'Hypertensive diseases (I10-I1A)'
    """
    found = _BLOCK.fullmatch(text)
    if found is None:
        return text
    return f"{found[3]} ({'-'.join(filter(None, (found[1], found[2])))})"


def _title(text: str) -> str:
    found = _CODE.fullmatch(text)
    return found[2] if found else text


def _kind(kind: str, text: str) -> tuple[str, re.Pattern[str] | None]:
    """The kind of a note's line: the one that it names, else that of the lines above it."""
    for name, head in _KINDS:
        if head.match(text):
            return name, head
    if kind in {"sevenChrNote", "sevenChrDef"} and _CHARACTER.fullmatch(text):
        return "sevenChrDef", None
    return kind or "notes", None


def _shown(kind: str) -> str:
    return "notes" if kind == "heading" else kind


def _without(head: re.Pattern[str] | None, text: str) -> str:
    return head.sub("", text, count=1).strip() if head else text


def _recognise(document: Document) -> Period | None:
    return addenda_period(document, BOOK)


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, page, line, action, node, kind, before, after``."""
    for position, edit in enumerate(tabular_edits(document), start=1):
        yield position, *edit


PDF = Layout("ICD-10-CM addenda, tabular list, PDF", _recognise, _parse, (0, 10_000), version=2)
"""The addenda as CDC/NCHS publishes them."""
