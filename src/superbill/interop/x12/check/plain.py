"""Checking a transaction that no table describes: the syntax of X12 alone.

278, 834, 820 and whatever else is sent are read, counted and split, and their segments are held
against the dictionary where it knows them, against the character set otherwise. That they were not
held against a guide is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from superbill.interop.x12.check import elements as element_checks
from superbill.interop.x12.check.engine import ENVELOPE
from superbill.interop.x12.check.finding import At, Finding, NotChecked
from superbill.interop.x12.check.findings import MOST_FINDINGS
from superbill.interop.x12.guides.pattern import segment_pattern, text_class
from superbill.interop.x12.guides.spec import Segment
from superbill.interop.x12.guides.table import plain_segment
from superbill.interop.x12.segments import Delimiters

type Match = Callable[[str], object]


@lru_cache(maxsize=512)
def _known(name: str, marks: Delimiters) -> tuple[Segment, Match] | None:
    spec = plain_segment(name)
    return None if spec is None else (spec, segment_pattern(spec, marks).fullmatch)


@lru_cache(maxsize=64)
def _any(marks: Delimiters) -> Match:
    """Any segment: an identifier, then elements of allowed characters, the last not empty."""
    mark = re.escape(marks.element)
    inner = "".join(re.escape(m) for m in (marks.component, marks.repetition) if m)
    allowed = text_class(marks)[:-1] + inner + "]"
    return re.compile(f"[A-Z][A-Z0-9]{{1,2}}(?:{mark}{allowed}*)*(?<!{mark})").fullmatch


class PlainChecker:
    """Checks the segments of one transaction without a guide."""

    __slots__ = (
        "_level",
        "_marks",
        "_start",
        "claim",
        "dropped",
        "findings",
        "not_checked",
        "number",
        "offset",
    )

    def __init__(self, marks: Delimiters, *, level: int, number: int) -> None:
        self._marks = marks
        self._level = level
        self._start = number
        self.claim = ""
        self.offset = 0
        self.number = number
        self.findings: list[Finding] = []
        self.not_checked: dict[NotChecked, None] = {}
        self.dropped = 0

    def segment(self, text: str) -> bool:
        """The next segment; ``offset`` and ``number`` are its own already.

        True where it is one of the envelope, which is not looked at.
        """
        if text[: text.find(self._marks.element)] in ENVELOPE:
            return True
        self.trailer(text)
        return False

    def trailer(self, text: str) -> None:
        """Any segment, SE included."""
        elements = text.split(self._marks.element)
        name = elements[0]
        known = _known(name, self._marks)
        if known is None:
            if _any(self._marks)(text) is None:
                self._malformed(text, elements)
            return
        spec, match = known
        if match(text) is None:
            for fault in element_checks.faults(spec, elements, self._marks):
                self._note(
                    Finding(
                        fault.snip,
                        fault.rule,
                        fault.message,
                        fault.mend,
                        self._at(name),
                        fault.element,
                        fault.code,
                        fault.number,
                        fault.sent,
                    )
                )

    def end(self) -> None:
        """Nothing is kept."""

    def _at(self, name: str) -> At:
        return At(self.offset, self.number - self._start + 1, name, "")

    def _malformed(self, text: str, elements: list[str]) -> None:
        name = elements[0]
        if element_checks.segment_id(name) is None:
            message = (
                f"{name[:20]!a} has not the form of a segment identifier."
                if name
                else "There is nothing between two segment terminators."
            )
            mend, fault = "Mend the identifier, or look for a stray terminator.", "1"
        elif text.endswith(self._marks.element):
            message = "The segment ends with a delimiter and nothing after it."
            mend, fault = "Leave out delimiters at the end of a segment.", "8"
        else:
            message = f"{name} holds a character that X12's character sets do not have."
            mend, fault = "Take it out.", "8"
        self._note(Finding(1, "segment.form", message, mend, self._at(name[:20]), "", fault))

    def _note(self, finding: Finding) -> None:
        if finding.snip > self._level:
            return
        if len(self.findings) >= MOST_FINDINGS:
            self.dropped += 1
        else:
            self.findings.append(finding)
