"""Reading what was written, for assertions: a plain splitter, and pyx12 as a second opinion."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyx12.params
import pyx12.x12n_document


@dataclass(frozen=True, eq=False)
class Segment:
    """A segment: its identifier, and its elements, the first at ``[1]`` as in X12."""

    id: str
    elements: tuple[str, ...]

    def __getitem__(self, i: int) -> str:
        """The element of that number, ``""`` where it was not sent."""
        return self.elements[i - 1] if i <= len(self.elements) else ""

    def parts(self, i: int, component: str = ":") -> list[str]:
        """The components of an element."""
        return self[i].split(component)


class File:
    """An interchange, split by the delimiters that its ISA has in their fixed places."""

    def __init__(self, content: bytes) -> None:
        text = content.decode("ascii")
        assert text[:3] == "ISA"
        self.element, self.repetition = text[3], text[82]
        self.component, self.terminator = text[104], text[105]
        self.segments = []
        for piece in text.split(self.terminator):
            bare = piece.removeprefix("\n")
            if bare:
                id_, *elements = bare.split(self.element)
                self.segments.append(Segment(id_, tuple(elements)))

    def all(self, id_: str, first: str | None = None) -> list[Segment]:
        """The segments with this identifier, and this first element."""
        return [s for s in self.segments if s.id == id_ and (first is None or s[1] == first)]

    def one(self, id_: str, first: str | None = None) -> Segment:
        """The only such segment."""
        found = self.all(id_, first)
        assert len(found) == 1, f"{len(found)} × {id_}*{first}"
        return found[0]

    def codes(self, qualifier: str) -> list[list[str]]:
        """The HI composites with this qualifier, each as its components."""
        return [
            parts
            for s in self.all("HI")
            for i in range(1, len(s.elements) + 1)
            if (parts := s.parts(i, self.component))[0] == qualifier
        ]

    def after(self, start: Segment, *ends: str) -> list[Segment]:
        """The segments from ``start`` up to the next one whose identifier is among ``ends``."""
        at = next(i for i, s in enumerate(self.segments) if s is start)
        found = [start]
        for s in self.segments[at + 1 :]:
            if s.id in ends:
                break
            found.append(s)
        return found

    def adjusted(self, sbr: Segment) -> Decimal:
        """The sum of the CAS amounts in the loop that ``sbr`` begins."""
        loop = self.after(sbr, "SBR", "LX")
        return sum(
            (Decimal(s[i]) for s in loop if s.id == "CAS" for i in range(3, 20, 3) if s[i]),
            Decimal(0),
        )

    def check_envelope(self) -> None:
        """Counts and control numbers of ISA/IEA, GS/GE and ST/SE agree."""
        isa, iea = self.segments[0], self.segments[-1]
        assert (iea.id, iea[1], iea[2]) == ("IEA", "1", isa[13])
        gs, ge = self.one("GS"), self.one("GE")
        assert ge[2] == gs[6]
        starts = [i for i, s in enumerate(self.segments) if s.id == "ST"]
        stops = [i for i, s in enumerate(self.segments) if s.id == "SE"]
        assert int(ge[1]) == len(starts) == len(stops)
        for start, stop in zip(starts, stops, strict=True):
            assert self.segments[start][2] == self.segments[stop][2]
            assert int(self.segments[stop][1]) == stop - start + 1

    def check_hierarchy(self) -> None:
        """HL numbers count from 1 in each transaction; parents stand before; children are told."""
        levels: dict[str, Segment] = {}
        children: dict[str, int] = {}
        for s in (*self.segments, Segment("ST", ())):
            if s.id == "ST":
                for number, level in levels.items():
                    assert (level[4] == "1") == bool(children.get(number)), number
                levels, children = {}, {}
            elif s.id == "HL":
                assert s[1] == str(len(levels) + 1)
                if s[3] == "20":
                    assert s[2] == ""
                else:
                    assert levels[s[2]][3] == {"22": "20", "23": "22"}[s[3]]
                    children[s[2]] = children.get(s[2], 0) + 1
                levels[s[1]] = s


def pyx12_errors(content: bytes, charset: str = "E") -> list[str]:
    """What pyx12 says against the file; nothing where it accepts it.

    Every level of its report is looked through, and its verdict is checked to agree.
    """
    settings = pyx12.params.ParamsBase()
    settings.set("charset", charset)
    report = io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        settings, io.StringIO(content.decode("ascii")), io.StringIO(), None, fd_json=report
    )
    errors = _strings(json.loads(report.getvalue()))
    if not accepted:  # its report leaves out what it has against an ISA
        errors = errors or ["not accepted; see the log"]
    assert accepted == (not errors), errors
    return errors


def _strings(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for item in node for text in _strings(item)]
    if isinstance(node, dict):
        own = [str(node["err_str"])] if "err_str" in node else []
        return own + [text for value in node.values() for text in _strings(value)]
    return []
