"""Rows of the addenda of the table of drugs and the table of neoplasms.

The text of the PDF runs row by row and cell by cell: first the title with its dashes, then six
cells. What becomes of a title or a cell is said before it ("Add:", "Delete:", "Revise from:" with
"Revise to:"); a row in which nothing is said stands there for context. Long titles wrap, and a row
that only refers elsewhere has no cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from superbill.errors import BadRow
from superbill.sources.icd10cm_index import CODE, Entry, squeeze, undot
from superbill.sources.icd10cm_printed import parse_printed, print_entry
from superbill.sources.pdf_text import Line

COLUMNS = 6

_VALUE = re.compile(rf"(?:{CODE.pattern})|--?")
_FIRST_OF_ROW = re.compile(r"(?:Add|Delete|Revise from):|-\s")
_OPEN_ENDED = ("Add:", "Delete:", "Revise from:", "Revise to:")
_REVISED_TITLE = re.compile(r"Revise from:\s*(.*?)\s*Revise to:\s*(.*)")
_SAID_OF_TITLE = re.compile(r"(?:(Add|Delete):\s*)?(.*)")
_DASHES = re.compile(r"((?:-\s+)*)(.*)")
_WRAPPED_WORD = re.compile(r"[a-z0-9]-$")
_HEADING = re.compile(r"(?:Substance|Neoplasm) (?:Poisoning|Malignant)\b")
_DATED = re.compile(r"(?:\w+ )?20\d\d Addenda\b.*")
# The column heads wrap as the columns are wide; each of these is a line of them.
_HEAD_LINES = frozenset(
    {
        *("accidental", "(unintentional)", "poisoning", "poisoning,"),
        *("intentional self-", "intentional self-harm", "harm", "assault", "undetermined"),
        *("adverse effect underdosing", "adverse effect", "underdosing"),
        *("primary", "malignant", "secondary", "ca in situ benign uncertain"),
        *("behavior", "unspecified"),
    }
)


def table_lines(pages: Iterator[Line], where: str) -> Iterator[tuple[int, int, str, int, str]]:
    """Page, line, action, level and text of each row; a revised row gives two lines.

    Raises :class:`~superbill.errors.BadRow`, whose line is the page, for a row that is none.
    """
    for page, number, text in _rows(pages):
        yield from _row(page, number, text, where)


def _rows(pages: Iterator[Line]) -> Iterator[tuple[int, int, str]]:
    """The text of each row, its lines joined."""
    row: tuple[int, int, str] | None = None
    started = in_heading = False
    for page, number, raw in pages:
        text = squeeze(raw)
        if _HEADING.match(text) or (in_heading and text.lower() in _HEAD_LINES):
            started = in_heading = True
            if row and not _ends_in_cells(row[2]):
                yield row
                row = None
            continue
        in_heading = False
        if not started or _DATED.fullmatch(text):
            continue
        if row and _is_over(row[2], text):
            yield row
            row = None
        if row is None:
            row = (page, number, text)
        else:
            before = row[2]
            joint = "" if _WRAPPED_WORD.search(before) and not _ends_in_cells(before) else " "
            row = (row[0], row[1], before + joint + text)
    if row:
        yield row


def _is_over(row: str, following: str) -> bool:
    """Whether a row is complete, seeing the line that follows it."""
    if len(_cells(row)[1]) == COLUMNS:
        return True
    if _ends_in_cells(row) or _only_values(following) or following.startswith("Revise to:"):
        return False
    # Cells stand on the line of a short title; after a title that wrapped they have their own.
    return bool(_FIRST_OF_ROW.match(following)) or _ends_in_cells(following)


def _only_values(text: str) -> bool:
    """Whether a line holds cells only, as it does after a title that wrapped."""
    for said in _OPEN_ENDED:
        text = text.replace(said, " ")
    return all(_VALUE.fullmatch(word) for word in text.split())


def _ends_in_cells(row: str) -> bool:
    """Whether the row has come to its cells."""
    return row.endswith(_OPEN_ENDED) or bool(_VALUE.fullmatch(row.rsplit(maxsplit=1)[-1]))


def _cells(row: str) -> tuple[str, list[tuple[str, str]]]:
    """The title part of a row, and its cells before and after, read from the end."""
    words = row.split()
    end = len(words)
    found: list[tuple[str, str]] = []
    while end and len(found) < COLUMNS and _VALUE.fullmatch(words[end - 1]):
        value = words[end - 1]
        before = words[max(0, end - 3) : end - 1]
        if before == ["Revise", "from:"]:
            break  # what it is revised to is on the next line
        if before == ["Revise", "to:"]:
            if end < 6 or words[end - 6 : end - 4] != ["Revise", "from:"]:
                break
            found.append((words[end - 4], value))
            end -= 6
        else:
            found.append((value, value))
            end -= 2 if before[-1:] in (["Add:"], ["Delete:"]) else 1
    return " ".join(words[:end]), found[::-1]


def _row(page: int, number: int, text: str, where: str) -> Iterator[tuple[int, int, str, int, str]]:
    title, pairs = _cells(text)
    if len(pairs) != COLUMNS:
        title, pairs = text, []
    before = tuple(_value(old) for old, _ in pairs)
    after = tuple(_value(new) for _, new in pairs)
    revised = _REVISED_TITLE.fullmatch(title)
    if revised:
        level, old = _entry(revised[1], before)
        level_after, new = _entry(revised[2], after)
        action = "revise"
        if level != level_after or "Revise" in new.title:
            raise BadRow(where, page, text, "a title revised in its place")
    else:
        said = _SAID_OF_TITLE.fullmatch(title)
        if said is None or not said[2] or "Revise" in said[2]:
            raise BadRow(where, page, text, "a row of a title and six cells")
        level, old = _entry(said[2], before)
        new = old._replace(cells=after)
        action = (said[1] or "").lower()
        if not action:
            action = "no change" if before == after else "revise"
    if action == "revise":
        yield page, number, "revise from", level, print_entry(old)
        yield page, number, "revise to", level, print_entry(new)
    else:
        yield page, number, action, level, print_entry(old)


def _value(text: str) -> str:
    return undot(text) if text.strip("-") else ""


def _entry(text: str, cells: tuple[str, ...]) -> tuple[int, Entry]:
    match = _DASHES.fullmatch(text)
    dashes, rest = (match[1], match[2]) if match else ("", text)
    return dashes.count("-"), parse_printed(rest)._replace(cells=cells)
