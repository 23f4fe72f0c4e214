"""What lies below a term: the ways on, and the codes that each may end in."""

from __future__ import annotations

from typing import NamedTuple

from superbill.encoder.index.day import DayIndex
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.reference import HEADINGS
from superbill.sources.icd10cm_printed import title_key


class Way(NamedTuple):
    """A term to go on to.

    ``title`` includes the headings that were passed over ("with", "due to"); ``depth`` is how
    many terms that are. ``essential`` is the title without modifiers. ``codes`` are the codes of
    the term and of all below it, undotted, with their dashes; ``elsewhere`` says that some refer
    to other places.
    """

    title: str
    essential: str
    entry: IndexEntry
    depth: int
    codes: frozenset[str]
    elsewhere: bool


def ways_below(index: DayIndex, entry: IndexEntry) -> list[Way]:
    """The ways on from ``entry``, in order of print; headings are passed over to what they head."""
    below = index.below(entry)
    children: dict[int, list[IndexEntry]] = {}
    for each in below:
        children.setdefault(each.parent, []).append(each)
    return _ways(children, entry.node, (), index)


def _ways(
    children: dict[int, list[IndexEntry]],
    node: int,
    headings: tuple[str, ...],
    index: DayIndex,
) -> list[Way]:
    found = []
    for child in children.get(node, ()):
        if child.title.lower().startswith("note:"):
            continue
        codes, elsewhere = _reach(children, child)
        heading = title_key(child.essential) in HEADINGS and not child.code
        if heading and child.node in children:
            found += _ways(children, child.node, (*headings, child.essential), index)
        elif codes or elsewhere:
            title = " ".join((*headings, child.plain_title))
            essential = " ".join((*headings, child.essential))
            depth = len(headings) + 1
            found.append(Way(title, essential, child, depth, codes, elsewhere))
    return found


def _reach(children: dict[int, list[IndexEntry]], entry: IndexEntry) -> tuple[frozenset[str], bool]:
    codes: set[str] = set()
    elsewhere = False
    stack = [entry]
    while stack:
        each = stack.pop()
        if each.code or each.code_in_title:
            codes.add(each.code or each.code_in_title)
        codes.update(cell for cell in each.cells if cell)
        elsewhere = elsewhere or bool(each.references()) or each.omits_code
        stack.extend(children.get(each.node, ()))
    return frozenset(codes), elsewhere


def decides(way: Way, own: str) -> bool:
    """Whether going the way may lead to another code than ``own``, the default."""
    return way.elsewhere or not way.codes <= {own}
