"""What the model had no field for, put back where it stood when a claim is written.

Segments come in the order of the guide: where a loop has extras, all of it is put in that order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from superbill.interop.x12.guides import LoopNode, Node, guide
from superbill.interop.x12.segments import Builder, Delimiters
from superbill.model import Extra


def own(
    b: Builder,
    start: int,
    extra: Sequence[Extra],
    path: str,
    *,
    kind: str,
    loops: Collection[str],
    head: str,
) -> None:
    """Put extras among the segments from ``start`` on, which are those of one loop.

    ``loops`` are the names under which extras of this loop go; ``head`` finds the loop in the
    guide: its identifier, or its first letters and the code of its NM1 (``2310/82``).
    """
    if not extra:
        return
    marks = b.marks
    segments = b.segments[start:]
    del b.segments[start:]
    for i, each in enumerate(extra):
        if each.loop not in loops:
            continue
        elements = _elements(b, each, f"{path}.extra[{i}]")
        found = _same(segments, elements, marks) if each.part else -1
        if found >= 0:
            segments[found] = _over(segments[found], elements, marks)
        else:
            segments.append(marks.element.join(elements))
    places = _places(kind, head)
    last = len(places)
    b.segments += sorted(segments, key=lambda text: _place(text, places, marks, last))


def loops(b: Builder, extra: Sequence[Extra], path: str, names: Collection[str]) -> None:
    """Whole loops that the model had no place for, after those that it has."""
    for i, each in enumerate(extra):
        if each.loop in names:
            b.segments.append(b.marks.element.join(_elements(b, each, f"{path}.extra[{i}]")))


# Segments that make the order of a file, and are no extra of anything.
_FRAME = frozenset({"ISA", "IEA", "GS", "GE", "ST", "SE", "HL", "CLM", "LX"})
_IDENTIFIER = re.compile(r" *[A-Za-z][A-Za-z0-9]{1,2} *")


def _elements(b: Builder, extra: Extra, path: str) -> list[str]:
    name = "".join(extra.elements[0]) if extra.elements else ""
    bare = name.strip()
    framing = bare in _FRAME and not (extra.part and bare in {"CLM", "LX"})
    if framing or not (b.lenient or _IDENTIFIER.fullmatch(name)) or not bare:
        b.problem(
            f"{path}.elements",
            f"begin with {name[:10]!a}, which is no segment that can stand here.",
            "Begin with the identifier of a segment, for example PS1.",
        )
    return [b.composite(*(b.exact(part, path) for part in element)) for element in extra.elements]


def _same(segments: list[str], elements: list[str], marks: Delimiters) -> int:
    for at, text in enumerate(segments):
        if text.partition(marks.element)[0] == elements[0]:
            return at
    return -1


def _over(text: str, elements: list[str], marks: Delimiters) -> str:
    """A segment with the elements of a part in place of its own."""
    own_ = text.split(marks.element)
    own_ += [""] * (len(elements) - len(own_))
    for place, value in enumerate(elements):
        if value:
            own_[place] = value
    return marks.element.join(own_)


type _Places = dict[tuple[str, str], int]


@cache
def _places(kind: str, head: str) -> _Places:
    """The order of a loop's segments, by identifier and the code that tells them apart."""
    name, _, code = head.partition("/")
    loop = _find(guide(kind).root, name, code)
    found: _Places = {}
    for node in loop.children if loop is not None else ():
        if isinstance(node, Node):
            for key in node.spec.key_codes or ("",):
                found.setdefault((node.id, key), node.spec.place)
            found.setdefault((node.id, ""), node.spec.place)
    return found


@cache
def ranks(kind: str, name: str) -> dict[str, int]:
    """The order of a guide's loops whose names begin alike, by the codes of their NM1."""
    found: dict[str, int] = {}

    def below(loop: LoopNode) -> None:
        for child in loop.children:
            if isinstance(child, LoopNode):
                if child.id.startswith(name):
                    for code in child.head.spec.key_codes:
                        found.setdefault(code, len(found))
                below(child)

    below(guide(kind).root)
    return found


def _find(loop: LoopNode, name: str, code: str) -> LoopNode | None:
    if loop.id.startswith(name) and (not code or code in loop.head.spec.key_codes):
        return loop
    for child in loop.children:
        if isinstance(child, LoopNode) and (found := _find(child, name, code)):
            return found
    return None


def _place(text: str, places: _Places, marks: Delimiters, last: int) -> int:
    name, _, rest = text.partition(marks.element)
    key = rest.partition(marks.element)[0].partition(marks.component)[0]
    found = places.get((name, key))
    return places.get((name, ""), last + 1_000) if found is None else found
