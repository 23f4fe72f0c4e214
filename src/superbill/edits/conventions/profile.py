"""What the conventions need to know of a code, worked out once and kept.

A stay is checked by comparing the profiles of its codes: small sets as bits of whole numbers, so
that a stay with nothing to say costs microseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from superbill.codes.notation import dotted
from superbill.codes.notes import Instruction, Node, Notes, Target
from superbill.edits.conventions.table import Table
from superbill.edits.conventions.titles import (
    Sided,
    says_manifestation,
    sided,
    trimester,
    unspecified,
)
from superbill.model import NotChecked

_KEPT = 200_000
_NEAR = frozenset({"category", "subcategory"})
_HISTORY = ("Z85", "Z860")


TOLD, INJURED, CAUSE, BURNT, PREGNANT = 1, 2, 4, 8, 16
"""What a code may bring to a record, as bits of :attr:`Profile.traits`."""

_CAUSES = frozenset("VWXY")
_BURNS = tuple(f"T{number}" for number in range(20, 26))


class Told(NamedTuple):
    """An instruction, the categories of the codes that it names, and whether it is expected.

    ``expected`` is what the note asks for without condition, so that its absence is told.
    """

    mask: int
    note: Instruction
    expected: bool


class Profile:
    """One code on one release of the tabular list.

    ``bit`` is its category, ``excludes_mask`` the categories that its Excludes1 notes name.
    ``roles`` are the guidelines' sets that hold it. ``history`` are the conditions that a code of
    personal history says are past.
    """

    __slots__ = (
        "additional",
        "also",
        "bit",
        "category",
        "code",
        "excludes",
        "excludes_mask",
        "first",
        "history",
        "manifestation",
        "places",
        "roles",
        "seventh",
        "shown",
        "side",
        "stem",
        "traits",
        "trimester",
        "unread",
        "unspecified",
    )

    def __init__(self, code: str, path: tuple[Node, ...], book: Profiles) -> None:
        notes, table = book.notes, book.table
        tree = notes.tree
        self.code = code
        self.shown = dotted(code)
        self.category = code[:3]
        self.bit = tree.bit(self.category)
        self.stem = path[-1].code if path else code
        self.seventh = code[6:7]
        self.places = frozenset(node.code for node in path)
        self.roles = table.roles(code)
        self.manifestation = says_manifestation(path)
        self.trimester = trimester(path[-1].title) if path else ""
        self.side = self._side(notes, path[-1].title) if path else None
        self.unspecified = unspecified(path)
        self.history: Target | None = None
        excludes: tuple[Instruction, ...] = ()
        first: tuple[Told, ...] = ()
        additional: tuple[Told, ...] = ()
        also: tuple[Told, ...] = ()
        unread: tuple[NotChecked, ...] = ()
        self.excludes_mask = 0
        for node in path:
            sheet = book.sheet(node)
            # The nearest note is the one to cite.
            excludes = sheet.excludes + excludes
            self.excludes_mask |= sheet.excludes_mask
            first += sheet.first
            additional += sheet.additional
            also += sheet.also
            unread += sheet.unread
            if node.code == self.stem and code.startswith(_HISTORY) and sheet.classifiable:
                self.history = sheet.classifiable
        self.excludes = excludes
        self.first = _spoken_to(first, code)
        self.additional = _spoken_to(additional, code)
        self.also = _spoken_to(also, code)
        self.unread = unread
        self.traits = self._traits()

    def _traits(self) -> int:
        found = 0
        if self.first or self.additional or self.also or self.history:
            found |= TOLD
        if self.trimester:
            found |= PREGNANT
        if self.seventh and self.code[0] in "STM":
            found |= INJURED
        if self.code[0] in _CAUSES:
            found |= CAUSE
        if self.code.startswith(_BURNS):
            found |= BURNT
        return found

    def _side(self, notes: Notes, title: str) -> Sided | None:
        found = sided(self.category, title)
        if self.seventh and (found is None or found.side == "unspecified"):
            # Diabetic eye disease names the eye in the seventh character.
            meaning = notes.sevenths(self.code).get(self.seventh, "")
            of_character = sided(self.category, f"{title}, {meaning}") if meaning else None
            if of_character is not None and (found is None or of_character.side != "unspecified"):
                return of_character
        return found


def _spoken_to(told: tuple[Told, ...], code: str) -> tuple[Told, ...]:
    """The instructions that speak to ``code``, and not to others at their place alone."""
    if all(each.note.applies is None for each in told):
        return told
    return tuple(
        each for each in told if each.note.applies is None or each.note.applies.holds(code)
    )


class Sheet:
    """What the notes of one place bring to every code below it."""

    __slots__ = (
        "additional",
        "also",
        "classifiable",
        "excludes",
        "excludes_mask",
        "first",
        "unread",
    )

    def __init__(self, node: Node, notes: Notes) -> None:
        found = notes.at(node)
        mask = notes.tree.mask
        self.classifiable = found.classifiable
        self.excludes = found.excludes1
        self.excludes_mask = 0
        for each in found.excludes1:
            self.excludes_mask |= mask(each.target)
        near = node.kind in _NEAR
        told = [Told(mask(each.target), each, False) for each in found.instructions]
        self.first = tuple(
            each._replace(expected=_demanded(each.note))
            for each in told
            if each.note.kind == "codeFirst"
        )
        self.additional = tuple(
            each._replace(expected=_expected(each.note))
            for each in told
            # What holds for a whole block or only "if applicable" neither lacks nor orders a code.
            if each.note.kind == "useAdditionalCode"
            and near
            and each.note.target
            and not each.note.manner.conditional
        )
        self.also = tuple(
            each._replace(expected=True)
            for each in told
            if each.note.kind == "codeAlso" and near and each.note.target and _expected(each.note)
        )
        self.unread = tuple(
            NotChecked(
                rule=f"conventions.{_RULES[line.kind]}",
                reason=f'{line.place}: "{line.text}" is for a person to read. {line.why}',
            )
            for line in found.unread
            if line.kind in _RULES
            and not line.conditional
            # What a chapter says of all its codes is for those who learn to code.
            and (node.kind != "chapter" or line.kind != "notes")
        )


def _expected(each: Instruction) -> bool:
    """Whether a further code is asked for without condition, and by its code."""
    manner = each.manner
    return not (manner.conditional or manner.optional or manner.examples or each.open)


def _demanded(each: Instruction) -> bool:
    """Whether a condition underneath is asked for without condition.

    Several lines side by side ("heart failure due to hypertension", "… following surgery") are
    each for its own case, and none of them need be.
    """
    manner = each.manner
    if manner.conditional or manner.optional:
        return False
    return manner.examples or each.open or len(each.lines) == 1


_RULES = {
    "excludes1": "excludes1",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "notes",
}


class Profiles:
    """The profiles of one release of the tabular list."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.table = Table(notes)
        self._known: dict[str, Profile] = {}
        self._sheets: dict[str, Sheet] = {}
        self._bilateral: dict[tuple[str, ...], str] = {}

    def of(self, code: str) -> Profile:
        """The profile of a plain code."""
        found = self._known.get(code)
        if found is None:
            found = Profile(code, self.notes.tree.path(code), self)
            if len(self._known) < _KEPT:  # codes that do not exist must not fill the memory
                self._known[code] = found
        return found

    def sheet(self, node: Node) -> Sheet:
        """What stands at a place of the list."""
        found = self._sheets.get(node.code)
        if found is None:
            found = self._sheets[node.code] = Sheet(node, self.notes)
        return found

    def bilateral(self, profile: Profile) -> str:
        """The bilateral code of a condition whose side the code names, dotted; empty if none."""
        assert profile.side is not None
        key = (*profile.side.key, profile.seventh)
        found = self._bilateral.get(key)
        if found is None:
            found = self._bilateral[key] = dotted(self._both(profile, profile.side.key))
        return found

    def _both(self, profile: Profile, key: tuple[str, ...]) -> str:
        for node in self.notes.tree.below(profile.category).values():
            of_node = sided(profile.category, node.title)
            if of_node == Sided(key, "bilateral") and not self.notes.tree.children(node.code):
                return node.code.ljust(6, "X") + profile.seventh if profile.seventh else node.code
        stem = self.notes.tree.nearest(profile.code)
        if stem is not None and sided(profile.category, stem.title) is None:
            for character, meaning in self.notes.sevenths(profile.code).items():
                if "bilateral" in meaning:
                    return profile.code[:6] + character
        return ""
