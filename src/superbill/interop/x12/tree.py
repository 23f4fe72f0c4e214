"""Which loop a segment is in: a transaction walked along its guide.

:class:`Walker` is told the segments one by one and answers with their places; what does not fit
is told to methods that do nothing here, and that a checker overrides. One wrong segment does not
spoil what follows: a segment that belongs earlier is placed where it belongs, a loop whose first
segment is missing is opened all the same, and the segments of a loop that cannot be told are passed
over together with it.

Only the loops that are open are held, so a transaction may be of any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from superbill.interop.x12.guides import Follow, Guide, LoopNode, Node, Step, guide, versions
from superbill.interop.x12.reader import Segment, Transaction


class Extra:
    """What is known of an open loop beyond the usual: ``counts`` of children that came again, and
    what is ``lacking``: required children that were not there in their place.
    """

    __slots__ = ("counts", "lacking")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.lacking: dict[int, object] = {}


class Walker:
    """A walk through one transaction.

    ``node`` is the place of the last segment that had one, ``loops`` are those that are open, the
    outermost first. ``mark`` parts components. ``ends`` are the loops whose ends are told.
    """

    __slots__ = ("_extras", "_passing", "_seen", "ends", "guide", "loops", "mark", "node")

    def __init__(self, along: Guide, mark: str) -> None:
        self.guide = along
        self.mark = mark
        self.node = along.start
        self.loops = [along.root]
        self.ends: frozenset[str] = frozenset()
        self._seen = [along.start.bit]
        self._extras: list[Extra | None] = [None]
        self._passing: frozenset[str] = frozenset()

    def take(self, elements: list[str]) -> Node | None:
        """Place the next segment after the ST; ``None`` where it has no place."""
        step = self.way(elements)
        return None if step is None else self.enter(step)

    def way(self, elements: list[str]) -> Step | None:
        """The way to the next segment's place, not yet gone; ``None`` where it has no place."""
        name = elements[0]
        follow = self.node.next.get(name)
        if follow is None:
            follow = self.guide.follow(self.node, name)
            if follow is None:
                self._foreign(elements)
                return None
        at = follow.at
        code = ""
        if at > 0:
            if at < len(elements):
                code = elements[at]
        elif at and -at < len(elements):
            code = elements[-at].partition(self.mark)[0]
        return follow.sole.get(code) or self._search(follow, code, elements)

    def enter(self, step: Step) -> Node:
        """Go the way: close loops, open one, and note that the segment has come."""
        node, closes, opens, due, bit, most = step
        if self._passing:
            self._passing = frozenset()
        seen = self._seen
        if closes:
            self._close(closes)
        have = seen[-1]
        if due & ~have:
            self._missing(due & ~have)
        if have & bit:
            if most:
                self._again(node if opens is None else opens, most)
        else:
            seen[-1] = have | bit
        extra = self._extras[-1]
        if extra is not None and bit in extra.lacking:
            self.found(extra.lacking.pop(bit))
        if opens is not None:
            self.loops.append(opens)
            seen.append(node.bit)
            self._extras.append(None)
        self.node = node
        return node

    def finish(self) -> None:
        """Close every loop: the SE has come, or the transaction broke off."""
        self._close(len(self.loops))

    # What a subclass may want to know or decide.

    def choose(self, steps: tuple[Step, ...], elements: list[str]) -> Step:
        """Which of several places that one code allows."""
        return steps[0]

    def closing(self, loop: LoopNode) -> None:
        """A loop ends that is among ``ends``."""

    def lacking(self, child: Node | LoopNode) -> object:
        """A required child did not come in its place.

        What is returned is given to :meth:`found` or :meth:`lacked` when that is settled.
        """
        return child

    def found(self, what: object) -> None:
        """A child that was lacking came late."""

    def lacked(self, what: object) -> None:
        """A child that was lacking never came."""

    def repeated(self, child: Node | LoopNode, times: int) -> None:
        """A child has come more often than it may."""

    def misplaced(self, node: Node) -> None:
        """A segment came later than it should."""

    def wrong_code(self, follow: Follow, elements: list[str]) -> None:
        """The code that tells segments of one name apart is none that may come here."""

    def unexpected(self, elements: list[str], *, known: bool) -> None:
        """A segment has no place here. ``known``: the guide has it elsewhere."""

    def headless(self, loop: LoopNode) -> None:
        """A loop is opened without its first segment."""

    # What is rare.

    def _foreign(self, elements: list[str]) -> None:
        if elements[0] not in self._passing:
            self._passing = frozenset()
            self.unexpected(elements, known=False)

    def _search(self, follow: Follow, code: str, elements: list[str]) -> Step | None:
        """A place for a segment whose code leads to several, or to none ahead."""
        steps = follow.by_code.get(code)
        if steps:
            return self.choose(steps, elements)
        name = elements[0]
        late = [step for step in follow.misplaced if self._is(step.node, elements)]
        if late:
            self.misplaced(late[0].node)
            if not late[0].closes:
                return late[0]._replace(due=0)
            self._settle(late[0])
            return None
        if name == "HL" and follow.steps:
            # Its level is wrong; what is below it tells what it should have been.
            self.wrong_code(follow, elements)
            return follow.steps[0]
        if len(follow.steps) == 1 and follow.steps[0].opens is None:
            only = follow.steps[0]
            taken = self._seen[-1 - only.closes] & only.bit and only.most == 1
            if not taken or not follow.at:
                return only
        if name in self._passing:
            return None
        if not follow.steps:
            home = self._home(name)
            if home is not None:
                return home
        if follow.at and follow.steps:
            self.wrong_code(follow, elements)
        else:
            self.unexpected(elements, known=True)
        self._passing = _inside(follow)
        return None

    def _settle(self, step: Step) -> None:
        """Note that a child of an outer loop came late, and stay in the inner one."""
        depth = -1 - step.closes
        self._seen[depth] |= step.bit
        extra = self._extras[depth]
        if extra is not None and step.bit in extra.lacking:
            self.found(extra.lacking.pop(step.bit))
        if step.opens is not None:
            self._passing = _segments_of(step.opens)

    def _is(self, node: Node, elements: list[str]) -> bool:
        key = node.spec.key
        if key is None:
            return True
        code = elements[key[0]] if key[0] < len(elements) else ""
        if key[1]:
            code = code.partition(self.mark)[0]
        return code in node.spec.key_codes

    def _home(self, name: str) -> Step | None:
        """A way into a loop whose first segment is missing, if only that loop has ``name``."""
        for home in self.guide.homes(name):
            loop = home.loop
            follow = self.guide.follow(self.node, loop.head.id)
            for step in follow.steps if follow is not None else ():
                if step.opens is not loop:
                    continue
                self._close(step.closes)
                if missing := step.due & ~self._seen[-1]:
                    self._missing(missing)
                self._seen[-1] |= step.bit
                self.loops.append(loop)
                self._seen.append(loop.head.bit)
                self._extras.append(None)
                self.headless(loop)
                return Step(home, 0, None, 0, home.bit, home.repeat)
        return None

    def _extra(self) -> Extra:
        extra = self._extras[-1]
        if extra is None:
            extra = self._extras[-1] = Extra()
        return extra

    def _again(self, child: Node | LoopNode, most: int) -> None:
        counts = self._extra().counts
        times = counts[child.bit] = counts.get(child.bit, 1) + 1
        if times > most:
            self.repeated(child, times)

    def _missing(self, missing: int) -> None:
        lacking = self._extra().lacking
        for child in self.loops[-1].children:
            if child.bit & missing and child.bit not in lacking:
                lacking[child.bit] = self.lacking(child)

    def _close(self, count: int) -> None:
        loops, seen, extras = self.loops, self._seen, self._extras
        for _ in range(count):
            loop = loops[-1]
            missing = loop.required & ~seen[-1]
            if missing:
                self._missing(missing)
            extra = extras[-1]
            if extra is not None:
                for what in extra.lacking.values():
                    self.lacked(what)
            if loop.id in self.ends:
                self.closing(loop)
            loops.pop()
            seen.pop()
            extras.pop()


def _inside(follow: Follow) -> frozenset[str]:
    """The segments that would follow the first one of a loop that cannot be told."""
    opens = [step.opens for step in follow.steps if step.opens is not None]
    return frozenset().union(*map(_segments_of, opens))


def _segments_of(loop: LoopNode) -> frozenset[str]:
    return frozenset(c.id for c in loop.children if isinstance(c, Node) and not c.is_head)


class Placed(NamedTuple):
    """A segment with its place. ``path`` are the loops that it is in, the outermost first.

    ``node`` is ``None`` where the guide has no place for the segment.
    """

    segment: Segment
    node: Node | None
    path: tuple[str, ...]

    @property
    def loop(self) -> str:
        """The innermost loop, such as ``2010AA``; ``ST`` for the transaction itself."""
        return self.path[-1]


def guide_of(transaction: Transaction) -> Guide | None:
    """The guide that a transaction says it follows; ``None`` where there is no table for it."""
    named = versions().get((transaction.set_id, transaction.version))
    return guide(named[0]) if named else None


def walk(transaction: Transaction, along: Guide | None = None) -> Iterator[Placed]:
    """The segments of a transaction with their loops, from ST to SE.

    ``along`` is the guide; the one that the transaction names, if it is not given. Without a guide
    every segment is in the transaction itself.
    """
    along = along or guide_of(transaction)
    segments = iter(transaction)
    if along is None:
        for segment in segments:
            yield Placed(segment, None, ("ST",))
        return
    walker = Walker(along, transaction.isa.delimiters.component)
    for segment in segments:
        node = along.start if segment is transaction.st else walker.take(segment.elements)
        yield Placed(segment, node, walker.loops[-1].path if walker.loops else ("ST",))
