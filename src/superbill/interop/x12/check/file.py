"""Checking a whole file: each envelope, and each transaction in turn.

One answer is given for each transaction, group and interchange as it ends, in the order of the
file, so that memory does not grow with the file and a bad transaction keeps nothing from the next.
"""

from __future__ import annotations

from collections.abc import Iterator

from superbill.interop.x12.blocks import Block, Gap, blocks
from superbill.interop.x12.check import envelope
from superbill.interop.x12.check.answers import (
    Answer,
    Checks,
    GroupAnswer,
    InterchangeAnswer,
    SetAnswer,
    Unreadable,
)
from superbill.interop.x12.check.engine import SetChecker
from superbill.interop.x12.check.finding import At, Finding, NotChecked
from superbill.interop.x12.check.plain import PlainChecker
from superbill.interop.x12.check.rules import element
from superbill.interop.x12.guides import HEADS, guide, versions
from superbill.interop.x12.interchange import Interchange, Trouble
from superbill.interop.x12.sources import Source


def check(source: Source, checks: Checks) -> Iterator[Answer]:
    """Check everything in ``source``.

    Raises :class:`~superbill.errors.Invalid` for a file that is no X12 text at all (damaged gzip,
    an archive), and ``OSError`` where it cannot be read.
    """
    return _File(checks).run(source)


class _Group:
    __slots__ = ("at", "findings", "gs", "numbers", "refused", "sets")

    def __init__(self, gs: list[str], at: At) -> None:
        self.gs = gs
        self.at = at
        self.sets = 0
        self.findings: list[Finding] = []
        self.numbers: set[str] = set()
        self.refused = False


class _Set:
    """A transaction that is open."""

    __slots__ = ("at", "checker", "guide", "refused", "st", "start")

    def __init__(
        self, checker: SetChecker | PlainChecker, guide: str, st: list[str], at: At
    ) -> None:
        self.checker = checker
        self.guide = guide
        self.st = st
        self.at = at
        self.start = checker.number
        self.refused = False


class _File:
    def __init__(self, checks: Checks) -> None:
        self.checks = checks
        self.isa: Interchange | None = None
        self.closed = False
        self.groups = 0
        self.ta1s = 0
        self.segments = 0
        self.last = 0
        self.numbers: set[str] = set()
        self.group_numbers: set[str] = set()
        self.findings: list[Finding] = []
        self.group: _Group | None = None
        self.set: _Set | None = None

    def run(self, source: Source) -> Iterator[Answer]:
        for block in blocks(source):
            if isinstance(block, Block):
                yield from self._block(block)
            elif isinstance(block, Trouble):
                yield from self._finish()
                at = At(block.offset, 0, "", "")
                yield Unreadable(
                    envelope.finding(block.rule, block.message, block.mend, at, fault="024")
                )
            else:
                assert isinstance(block, Gap)
        yield from self._finish()

    def _block(self, block: Block) -> Iterator[Answer]:
        isa, texts, offset, number, _, after, pieces, ended = block
        if isa is not self.isa:
            yield from self._finish()
            self._begin(isa)
        mark, gap = isa.delimiters.element, len(after)
        self.segments += len(texts)
        checker = self.set.checker if self.set is not None else None
        at = offset
        for index, text in enumerate(texts):
            if pieces is None:
                at = offset
                offset += len(text) + gap
            else:
                # Blanks in front of a segment are in its piece, and not in its text.
                offset += len(pieces[index])
                at = offset - len(text)
                offset += 1
            if checker is not None:
                checker.offset = at
                checker.number = number
            if checker is None or checker.segment(text):
                if checker is not None:
                    checker.number = number - 1  # its last one, unless this is its SE
                yield from self._outside(isa, text, text.split(mark), at, number)
                checker = self.set.checker if self.set is not None else None
            number += 1
        self.last = at
        if not ended:
            self._note(
                envelope.finding(
                    "envelope.unfinished",
                    "The file ends inside this segment, before its terminator.",
                    "The file was cut off; fetch or make it anew.",
                    At(at, 0, texts[-1][:3].strip(mark), ""),
                )
            )

    def _outside(
        self, isa: Interchange, text: str, elements: list[str], offset: int, number: int
    ) -> Iterator[Answer]:
        name = elements[0][:20]
        at = At(offset, 0, name, "")
        match name:
            case "ISA" if offset == isa.offset:
                self._note(*envelope.form(text, elements, isa, at))
            case "GS":
                yield from self._lost(at, group=True)
                self._gs(isa, text, elements, at)
            case "ST":
                yield from self._lost(at)
                self._st(isa, text, elements, at, number)
            case "SE":
                yield from self._se(text, elements, at, number)
            case "GE":
                yield from self._lost(at)
                yield from self._ge(isa, text, elements, at)
            case "IEA":
                yield from self._lost(at, group=True)
                self._iea(isa, text, elements, at)
            case "TA1":
                self.ta1s += 1
                self._note(*envelope.form(text, elements, isa, at))
            case _:
                self._note(envelope.outside(name, at))

    # Interchanges and groups.

    def _begin(self, isa: Interchange) -> None:
        self.isa = isa
        self.closed = False
        self.groups = self.ta1s = self.segments = 0
        self.findings = []
        self.group_numbers = set()
        at = At(isa.offset, 0, "ISA", "")
        # Each sender has numbers of its own.
        named = f"{isa.control} {isa.sender}"
        self._note(*envelope.duplicate(named, self.numbers, "ISA13", at, "025"))

    def _gs(self, isa: Interchange, text: str, elements: list[str], at: At) -> None:
        self.groups += 1
        self.group = _Group(elements, at)
        number = element(elements, 6)
        self._note(
            *envelope.form(text, elements, isa, at),
            *envelope.duplicate(number, self.group_numbers, "GS06", at, "19"),
        )
        old = envelope.version(elements, isa, at)
        self.group.refused = bool(old)
        self._note(*old)

    def _ge(self, isa: Interchange, text: str, elements: list[str], at: At) -> Iterator[Answer]:
        group = self.group
        if group is None:
            self._note(envelope.stray("GE", "GS", at))
            return
        stated, number = element(elements, 1), element(elements, 2)
        self._note(
            *envelope.form(text, elements, isa, at),
            *envelope.count("GE", stated, group.sets, "transactions", at, "5"),
            *envelope.control("GE", number, "GS06", element(group.gs, 6), at, "4"),
        )
        yield self._close_group(group, stated)

    def _iea(self, isa: Interchange, text: str, elements: list[str], at: At) -> None:
        stated, number = element(elements, 1), element(elements, 2)
        self._note(
            *envelope.form(text, elements, isa, at),
            *envelope.count("IEA", stated, self.groups, "groups", at, "021"),
            *envelope.control("IEA", number, "ISA13", isa.control, at, "001"),
        )
        self.closed = True

    def _close_group(self, group: _Group, stated: str) -> Answer:
        assert self.isa is not None
        self.group = None
        return GroupAnswer(self.isa, group.gs, group.sets, stated, tuple(group.findings))

    def _lost(self, at: At, *, group: bool = False) -> Iterator[Answer]:
        """Close a transaction that has no SE, and (``group``) a group that has no GE."""
        if self.set is not None:
            self._set_note(envelope.missing("SE", "transaction", self.set.at.byte, at, "2"))
            yield self._close_set(self.set)
        if group and self.group is not None:
            self._note(envelope.missing("GE", "group", self.group.at.byte, at, "3"))
            yield self._close_group(self.group, "")

    def _finish(self) -> Iterator[Answer]:
        """Close the interchange, if one is open."""
        if self.isa is None:
            return
        at = At(self.last, 0, "", "")
        yield from self._lost(at, group=True)
        if not self.closed:
            self._note(envelope.missing("IEA", "interchange", self.isa.offset, at, "023"))
        yield InterchangeAnswer(
            self.isa, self.groups, self.ta1s, self.segments, tuple(self.findings)
        )
        self.isa = None

    # Transactions.

    def _st(self, isa: Interchange, text: str, elements: list[str], at: At, number: int) -> None:
        group = self.group
        if group is None:
            self._note(
                envelope.finding(
                    "envelope.outside",
                    "A transaction begins outside of a functional group.",
                    "Open a group with GS before it.",
                    at,
                    fault="024",
                )
            )
        gs = group.gs if group is not None else []
        set_id, version = element(elements, 1), element(elements, 3) or element(gs, 8)
        version = version.strip()
        named = versions().get((set_id, version))
        refused = version.startswith("00401") or (group is not None and group.refused)
        name = named[0] if named and not refused else ""
        level = 0 if refused else self.checks.level
        checker: SetChecker | PlainChecker
        if name:
            along = guide(name)
            made = self.checks.plan(along)
            known = self.checks.known(along, isa.delimiters)
            checker = SetChecker(
                along, isa.delimiters, level=level, made=made, known=known, number=number
            )
        else:
            checker = PlainChecker(isa.delimiters, level=level, number=number)
        checker.offset = at.byte
        self.set = _Set(checker, name, elements, at)
        self.set.refused = refused
        if isinstance(checker, SetChecker):
            checker.begin(isa.elements, gs, elements, text)
        else:
            checker.trailer(text)
        if group is not None:
            self._in_group(group, set_id, element(elements, 2), at)
        if not refused:
            self._version(set_id, version, gs, at)

    def _in_group(self, group: _Group, set_id: str, number: str, at: At) -> None:
        group.sets += 1
        self._set_note(*envelope.duplicate(number, group.numbers, "ST02", at, "23"))
        kind, wanted = element(group.gs, 1), envelope.GROUPS.get(set_id)
        if wanted is None and (found := envelope.set_kind(set_id, kind, at)) is not None:
            self._set_note(found)
        if wanted is not None and kind != wanted:
            self._set_note(
                envelope.finding(
                    "envelope.kind",
                    f"GS01 is {kind[:3]!a}, and a {set_id} belongs in a group of kind {wanted}.",
                    f"Send it in a group whose GS01 is {wanted}.",
                    at,
                    "GS01",
                    "6",
                )
            )

    def _version(self, set_id: str, version: str, gs: list[str], at: At) -> None:
        assert self.set is not None
        group_version = element(gs, 8).strip()
        if gs and element(self.set.st, 3) and version != group_version:
            self._set_note(
                envelope.finding(
                    "version.differs",
                    f"ST03 is {version[:35]!a}, and GS08 is {group_version[:12]!a}.",
                    "Name the same version in both.",
                    at,
                    "ST03",
                    "I6",
                )
            )
        named = versions().get((set_id, version))
        if named is not None and named[1]:
            return
        own = [head.version for head in HEADS if head.set_id == set_id]
        if named is not None:
            adopted = guide(named[0]).table.version
            if version > adopted:
                self.set.checker.not_checked[
                    NotChecked("version", f"{version} was held against {adopted}.")
                ] = None
                return
            self._set_note(
                envelope.finding(
                    "version.other",
                    f"The version is {version}, which {adopted} replaced before HIPAA adopted it.",
                    f"Send {adopted}.",
                    at,
                    "ST03",
                    "I6",
                )
            )
        elif own:
            self._set_note(
                envelope.finding(
                    "version.unknown",
                    f"{version[:35] or 'No version'!a} is no guide of the {set_id} that is held: "
                    "only syntax was checked.",
                    f"Guides of the {set_id} that are held: {', '.join(own)}.",
                    at,
                    "ST03",
                    "I6",
                )
            )
        else:
            self.set.checker.not_checked[
                NotChecked("guide", f"No table describes the {set_id[:3]}: syntax only.")
            ] = None

    def _se(self, text: str, elements: list[str], at: At, number: int) -> Iterator[Answer]:
        current = self.set
        if current is None:
            self._note(envelope.stray("SE", "ST", at))
            return
        checker = current.checker
        checker.offset = at.byte
        checker.number = number
        checker.trailer(text)
        counted = number - current.start + 1
        stated, closes = element(elements, 1), element(elements, 2)
        self._set_note(
            *envelope.count("SE", stated, counted, "segments", at, "4"),
            *envelope.control("SE", closes, "ST02", element(current.st, 2), at, "3"),
        )
        yield self._close_set(current)

    def _close_set(self, current: _Set) -> SetAnswer:
        assert self.isa is not None
        checker = current.checker
        checker.end()
        self.set = None
        return SetAnswer(
            self.isa,
            self.group.gs if self.group is not None else [],
            current.st,
            current.at.byte,
            current.guide,
            checker.number - current.start + 1,
            tuple(checker.findings),
            tuple(checker.not_checked),
            checker.dropped,
            current.refused,
        )

    # Notes.

    def _note(self, *found: Finding) -> None:
        """Findings about the group that is open, or about the interchange."""
        into = self.findings if self.group is None else self.group.findings
        into.extend(f for f in found if f.snip <= self.checks.level)

    def _set_note(self, *found: Finding) -> None:
        """Findings about the transaction that is open, as a whole."""
        assert self.set is not None
        checker = self.set.checker
        position = checker.number - self.set.start + 1
        checker.findings.extend(
            f._replace(at=f.at._replace(position=position))
            for f in found
            if f.snip <= self.checks.level
        )
