"""Checking one transaction against its guide: levels 1 and 2, and whoever listens above them.

A segment costs a look-up (where may it stand), a match (does it look right) and, in some places, a
call to a rule. Only what is wrong is taken apart. Nothing is held but the open loops, the current
claim and at most so many findings.
"""

from __future__ import annotations

from types import MethodType

from superbill.interop.x12.check.finding import NotChecked
from superbill.interop.x12.check.findings import Findings
from superbill.interop.x12.check.plan import Hear, Hears, Known, Plan, forms
from superbill.interop.x12.guides import Guide, LoopNode, Node, Step
from superbill.interop.x12.segments import Delimiters

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


class SetChecker(Findings):
    """Checks the segments of one transaction, and gathers what is found."""

    __slots__ = (
        "_ended",
        "_forms",
        "_heard",
        "_judged",
        "_known",
        "_made",
        "_mark",
        "_match",
        "_rules",
    )

    def __init__(
        self,
        guide: Guide,
        marks: Delimiters,
        *,
        level: int,
        made: Plan,
        known: Known,
        number: int,
    ) -> None:
        super().__init__(guide, marks, level=level, number=number)
        self._mark = marks.element
        self._known = known
        self._forms = forms(guide, marks)
        self._match = self._forms.match
        self._made = made
        self._heard: list[list[Hear] | None] = [None] * len(made.hears)
        self._judged: list[list[Hear] | None] = [None] * len(made.hears)
        self.ends = frozenset(made.ends)
        self._rules = [rule(self) for rule in made.rules]
        self._ended = {
            loop: [MethodType(end, self._rules[i]) for i, end in ends]
            for loop, ends in made.ends.items()
        }

    def begin(self, isa: tuple[str, ...], gs: list[str], st: list[str], text: str) -> None:
        """The ST."""
        for rule in self._rules:
            rule.begin(isa, gs, st)
        self._check(self.node, text, st)

    def segment(self, text: str) -> bool:
        """The next segment; ``offset`` and ``number`` are its own already.

        True where it is one of the envelope, which is not looked at.
        """
        kept = self._known.by_node[self.node.index].get(text)
        elements: list[str] | None = None
        if kept is not None:
            step, notes = kept
            node = self.enter(step)
            if notes:
                self.not_checked.update(dict.fromkeys(notes))
        else:
            elements = text.split(self._mark)
            if elements[0] in ENVELOPE:
                return True
            found = self._judge(text, elements)
            if found is None:
                return False
            node = found
        heard = self._heard[node.index]
        if heard is None:
            heard = self._heard[node.index] = self._bound(self._made.hears[node.index])
        if heard:
            if elements is None:
                elements = text.split(self._mark)
            for hear in heard:
                hear(elements)
        return False

    def trailer(self, text: str) -> None:
        """The SE."""
        self._judge(text, text.split(self._mark))

    def _judge(self, text: str, elements: list[str]) -> Node | None:
        """Place a segment that is not known, and look at its form and at what it says."""
        before = self.node
        count = len(self.findings) + self.dropped
        step = self.way(elements)
        if step is None:
            return None
        node = self.enter(step)
        match = self._match[node.form] or self._forms.make(node.form)
        if match(text) is None:
            self._faults(node.spec, elements)
            count = -1
        judged = self._judged[node.index]
        if judged is None:
            judged = self._judged[node.index] = self._bound(self._made.judges[node.index])
        notes: tuple[NotChecked, ...] = ()
        if judged:
            had = self.not_checked
            self.not_checked = {}
            for judge in judged:
                judge(elements)
            notes = tuple(self.not_checked)
            self.not_checked = {**had, **self.not_checked} if notes else had
        # What was found may be wrong with this place only; it is looked at again each time.
        if count == len(self.findings) + self.dropped:
            self._known.keep(before, text, step, notes)
        return node

    def _bound(self, hears: Hears) -> list[Hear]:
        return [MethodType(hear, self._rules[i]) for i, hear in hears]

    def _check(self, node: Node, text: str, elements: list[str]) -> None:
        match = self._match[node.form] or self._forms.make(node.form)
        if match(text) is None:
            self._faults(node.spec, elements)

    def end(self) -> None:
        """The transaction has ended, or broken off."""
        self.finish()
        for rule in self._rules:
            rule.finish()
        # Rules and checker hold one another, and a claim's set of numbers would wait for the
        # collector of cycles.
        self._rules, self._heard, self._judged, self._ended = [], [], [], {}

    def choose(self, steps: tuple[Step, ...], elements: list[str]) -> Step:
        """The first place whose form the segment has and that is not taken; else the first."""
        text = self._marks.element.join(elements)
        for step in steps:
            match = self._match[step.node.form] or self._forms.make(step.node.form)
            if match(text) is not None:
                return step
        return steps[0]

    def closing(self, loop: LoopNode) -> None:
        """Tell the rules that listen for the end of this loop."""
        for end in self._ended[loop.id]:
            end()
