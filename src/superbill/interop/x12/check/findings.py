"""The findings of one transaction, and in words what its walk along the guide tells."""

from __future__ import annotations

from superbill.interop.x12.check import elements as element_checks
from superbill.interop.x12.check.finding import At, Finding, NotChecked
from superbill.interop.x12.check.rules import Place
from superbill.interop.x12.guides import Follow, Guide, LoopNode, Node
from superbill.interop.x12.guides.spec import Segment
from superbill.interop.x12.segments import Delimiters
from superbill.interop.x12.tree import Walker

MOST_FINDINGS = 500
"""Of one transaction. More are counted, not kept."""


class Findings(Walker):
    """A walk that notes what is wrong, and a desk for the rules that listen to it.

    ``offset`` and ``number`` are those of the segment that is being checked. ``dropped`` counts the
    findings beyond :data:`MOST_FINDINGS`.
    """

    __slots__ = (
        "_at",
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

    def __init__(self, guide: Guide, marks: Delimiters, *, level: int, number: int) -> None:
        super().__init__(guide, marks.component)
        self._marks = marks
        self._level = level
        self._start = number
        self._at: At | None = None
        self.offset = 0
        self.number = number
        self.claim = ""
        self.findings: list[Finding] = []
        self.not_checked: dict[NotChecked, None] = {}
        self.dropped = 0

    # A desk for rules.

    def here(self) -> At:
        """The segment that is being checked."""
        at, name, loop = self._at, self.node.id, self.loops[-1].id
        if at is None or at.byte != self.offset or at.segment != name or at.loop != loop:
            at = self._at = At(self.offset, self.number - self._start + 1, name, loop)
        return at

    def there(self, place: Place, name: str, loop: str) -> At:
        """A segment whose place was noted."""
        return At(place[0], place[1] - self._start + 1, name, loop)

    def report(
        self,
        snip: int,
        rule: str,
        message: str,
        mend: str,
        *,
        element: str = "",
        at: At | None = None,
        fault: str = "",
        sent: str = "",
        number: str = "",
    ) -> None:
        """Note a finding."""
        if snip > self._level:
            return
        if len(self.findings) >= MOST_FINDINGS:
            self.dropped += 1
            return
        self.findings.append(
            Finding(
                snip,
                rule,
                message,
                mend,
                at or self.here(),
                element,
                fault,
                number,
                sent,
                self.claim,
            )
        )

    def unchecked(self, rule: str, reason: str) -> None:
        """Note that a rule could not be run."""
        if (rule, reason) not in self.not_checked:
            self.not_checked[NotChecked(rule, reason)] = None

    # What the walk tells.

    def _faults(self, spec: Segment, elements: list[str]) -> None:
        at = self._place(spec.id)
        if spec.id in {"CLM", "CLP"}:  # what is wrong in it is already of this claim
            self.claim = elements[1] if len(elements) > 1 else ""
        seen = False
        for fault in element_checks.faults(spec, elements, self._marks):
            seen = True
            self.report(
                fault.snip,
                fault.rule,
                fault.message,
                fault.mend,
                element=fault.element,
                at=at,
                fault=fault.code,
                number=fault.number,
                sent=fault.sent,
            )
        if not seen:
            self.report(
                1,
                "segment.form",
                f"The {spec.id} has not the form of the guide.",
                "Compare it with the guide.",
                at=at,
                fault="8",
            )

    def _place(self, name: str, loop: str = "") -> At:
        position = self.number - self._start + 1
        return At(self.offset, position, name, loop or (self.loops[-1].id if self.loops else ""))

    def lacking(self, child: Node | LoopNode) -> object:
        """A required child was not there; it is noted where it should have stood."""
        position = len(self.findings)
        if isinstance(child, LoopNode):
            named = f"loop {child.id} ({child.spec.words}), which begins with {child.head.id},"
            rule, name, loop = "loop.required", child.head.id, child.id
        else:
            code = child.spec.key_codes[:1]
            named = f"segment {child.id}{f' ({code[0]})' if code else ''}"
            rule, name, loop = "segment.required", child.id, child.loop.id
        self.report(
            2,
            rule,
            f"The {named} is missing, and the guide requires it before this place.",
            f"Send {name} here.",
            at=self._place(name, loop),
            fault="3",
        )
        return self.findings[position] if len(self.findings) > position else None

    def found(self, what: object) -> None:
        """It came late, which is told as that."""
        if what in self.findings:
            self.findings.remove(what)

    def repeated(self, child: Node | LoopNode, times: int) -> None:
        """Too many of a segment or a loop."""
        loop = isinstance(child, LoopNode)
        name = f"Loop {child.id}" if loop else child.id
        self.report(
            2,
            "loop.repeated" if loop else "segment.repeated",
            f"{name} comes {times} times here; {child.spec.repeat} fit.",
            "Leave out the others, or split what they are about.",
            at=self._place(child.head.id if isinstance(child, LoopNode) else child.id),
            fault="4" if loop else "5",
        )

    def misplaced(self, node: Node) -> None:
        """A segment that should have come earlier."""
        self.report(
            2,
            "segment.order",
            f"{node.id} comes too late: in loop {node.loop.id} it stands further up.",
            "Send the segments in the order of the guide.",
            at=self._place(node.id),
            fault="7",
        )

    def wrong_code(self, follow: Follow, elements: list[str]) -> None:
        """A qualifier that may not come here."""
        at, name = follow.at, elements[0]
        place = abs(at)
        value = elements[place] if place < len(elements) else ""
        value = value.partition(self.mark)[0] if at < 0 else value
        element = f"{name}{place:02}{'-1' if at < 0 else ''}"
        codes = ", ".join(list(follow.by_code)[:24])
        self.report(
            2,
            "segment.qualifier",
            f"{element} is {value[:20]!a}: no {name} of that kind may come here."
            if value
            else f"{element} is missing, and it must tell which {name} this is.",
            f"One of {codes}." if codes else "Take it out.",
            at=self._place(name),
            element=element,
            fault="7" if value else "1",
            sent=value[:35],
        )

    def unexpected(self, elements: list[str], *, known: bool) -> None:
        """A segment without a place."""
        name = elements[0][:20]
        if known:
            self.report(
                2,
                "segment.unexpected",
                f"{name} may not come here, after {self.node.id} in loop {self.loop_id}.",
                "Move it to its place in the guide, or take it out.",
                at=self._place(name),
                fault="2",
            )
        elif not name:
            self.report(
                1,
                "segment.empty",
                "There is nothing between two segment terminators.",
                "Take one terminator out.",
                at=self._place(name),
                fault="1",
            )
        else:
            self.report(
                1 if element_checks.segment_id(name) is None else 2,
                "segment.unknown",
                f"{name!a} is not a segment of this transaction.",
                "Take it out, or mend its identifier.",
                at=self._place(name),
                fault="1",
            )

    @property
    def loop_id(self) -> str:
        """The innermost loop that is open."""
        return self.loops[-1].id

    def headless(self, loop: LoopNode) -> None:
        """A loop without its first segment."""
        head = loop.head.id
        self.report(
            2,
            "segment.required",
            f"{head} is missing: loop {loop.id} ({loop.spec.words}) begins with it.",
            f"Send {head} here.",
            at=self._place(head, loop.id),
            fault="3",
        )
