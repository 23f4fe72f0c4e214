"""Level 7: a payer's own rules, kept in a TOML file as its companion guide has them.

    payer = "Example Payer"

    [[rule]]
    id = "member_id"                      # what a finding calls it
    loop = "2010BA"
    element = "NM109"
    when = { NM108 = "MI" }               # only where the same segment says so
    match = "[A-Z]{3}[0-9]{9}"            # what the whole value must fit
    message = "A member number is three letters and nine digits."
    mend = "Copy it from the member's card."
    source = "companion guide of March 2026, page 12"

    [[rule]]
    id = "authorization"
    sets = ["837I"]                       # the guides it is for; all of them if left out
    loop = "2300"
    present = "REF*G1"                    # what the loop must have
    when = { CLM05-1 = "11" }             # where the first segment of the loop says so
    message = "A stay needs the number of its authorization."

Of an element may be said: ``match``, ``one_of``, ``longest``, ``required`` and ``forbidden``; of a
loop: ``present``, and ``absent``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from superbill.errors import Invalid, Problem
from superbill.interop.x12.check.finding import At
from superbill.interop.x12.check.rules import Desk, Rules
from superbill.interop.x12.guides import GUIDES, guide
from superbill.model import Value

_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2})([0-9]{2})(?:-([0-9]{1,2}))?")


class PayerRule(Value, frozen=True, kw_only=True):
    """One rule of a payer, as it is written in the file."""

    id: str
    loop: str
    message: str
    mend: str = "See the payer's companion guide."
    source: str = ""
    sets: tuple[str, ...] = ()
    element: str = ""
    when: dict[str, str] = {}
    match: str = ""
    one_of: tuple[str, ...] = ()
    longest: int = 0
    required: bool = False
    forbidden: bool = False
    present: str = ""
    absent: str = ""


class PayerFile(Value, frozen=True, kw_only=True):
    """A payer's rules."""

    payer: str
    rule: tuple[PayerRule, ...]


def read_rules(path: Path) -> PayerFile:
    """The rules of a TOML file.

    Raises :class:`~superbill.errors.Invalid`, naming the rule and the setting, for a file that
    cannot be read or a rule that cannot be run.
    """
    import tomllib  # noqa: PLC0415 (only who has such a file pays for it)

    import msgspec  # noqa: PLC0415

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid.at(str(path), f"cannot be read ({error}).", "Give a TOML file.") from error
    try:
        found = msgspec.convert(tomllib.loads(text), PayerFile)
    except tomllib.TOMLDecodeError as error:
        raise Invalid.at(
            str(path), f"is not TOML: {error}.", "Mend the line that is named."
        ) from error
    except msgspec.ValidationError as error:
        raise Invalid.at(
            str(path), f"{error}.", "See docs/x12.md for what a rule holds."
        ) from error
    problems = [
        Problem(f"{path}: rule[{i}]{where}", message, mend)
        for i, rule in enumerate(found.rule)
        for where, message, mend in _faults(rule)
    ]
    if problems:
        raise Invalid(problems)
    return found


def _faults(rule: PayerRule) -> Iterator[tuple[str, str, str]]:
    for name in rule.sets:
        if name not in GUIDES:
            yield ".sets", f"{name!a} is no guide.", f"One of {', '.join(GUIDES)}."
            return
    loops = {node.loop.id for name in rule.sets or GUIDES for node in guide(name).nodes}
    if rule.loop not in loops:
        yield ".loop", f"{rule.loop!a} is no loop of these guides.", "See superbill x12 show."
    for name in (*([rule.element] if rule.element else []), *rule.when):
        if _ELEMENT.fullmatch(name) is None:
            yield ".element", f"{name!a} is no element.", "Write NM109, or CLM05-3."
    for text in (rule.match, *rule.when.values()):
        try:
            re.compile(text)
        except re.error as error:
            yield ".match", f"{text!a} is no regular expression: {error}.", "Mend it."
    if bool(rule.element) == bool(rule.present or rule.absent):
        yield "", "says neither or both of element and present (or absent).", "Say one."
    says = (rule.match, rule.one_of, rule.longest, rule.required, rule.forbidden)
    if rule.element and not any(says):
        yield "", "says nothing about its element.", "Say match, one_of, longest or required."


class _Payer(Rules):
    """The rules of one file. Subclasses are made by :func:`rules`."""

    LEVEL = 7
    SETS: ClassVar = frozenset({"*"})
    NAME: ClassVar[str]
    LOOPS: ClassVar[dict[str, tuple[PayerRule, ...]]]
    """Rules about what a loop must have, by loop."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loops: dict[str, tuple[At, list[str], list[list[str]]]] = {}

    def _hold(self, rule: PayerRule, e: list[str]) -> None:
        if not self._applies(rule, e):
            return
        value = self._value(rule.element, e)
        if value == "":
            wrong = rule.required
        elif rule.forbidden:
            wrong = True
        else:
            wrong = bool(
                (rule.match and re.fullmatch(rule.match, value) is None)
                or (rule.one_of and value not in rule.one_of)
                or (rule.longest and len(value) > rule.longest)
            )
        if wrong:
            self._report(rule, None, rule.element)

    def _head(self, loop: str, e: list[str]) -> None:
        self._loops[loop] = (self.desk.here(), e, [])

    def _member(self, loop: str, e: list[str]) -> None:
        if loop in self._loops:
            self._loops[loop][2].append(e)

    def _loop_ends(self, loop: str) -> None:
        open_ = self._loops.pop(loop, None)
        if open_ is None:
            return
        at, head, members = open_
        for rule in self.LOOPS[loop]:
            if not self._for(rule) or not self._applies(rule, head):
                continue
            name, _, code = (rule.present or rule.absent).partition("*")
            has = any(
                m[0] == name and (not code or (len(m) > 1 and self._first(m[1]) == code))
                for m in members
            )
            if has == bool(rule.absent):
                self._report(rule, at, "")

    def _for(self, rule: PayerRule) -> bool:
        along = getattr(self.desk, "guide", None)
        return not rule.sets or (along is not None and along.name in rule.sets)

    def _first(self, value: str) -> str:
        return value.partition(self.desk.mark)[0]

    def _applies(self, rule: PayerRule, e: list[str]) -> bool:
        if not self._for(rule):
            return False
        return all(
            re.fullmatch(form, self._value(name, e)) is not None for name, form in rule.when.items()
        )

    def _value(self, name: str, e: list[str]) -> str:
        m = _ELEMENT.fullmatch(name)
        if m is None or m[1] != e[0] or int(m[2]) >= len(e):
            return ""
        value = e[int(m[2])]
        if m[3] is None:
            return value
        parts = value.split(self.desk.mark)
        return parts[int(m[3]) - 1] if int(m[3]) <= len(parts) else ""

    def _report(self, rule: PayerRule, at: At | None, element: str) -> None:
        source = f" ({rule.source})" if rule.source else ""
        self.desk.report(
            7,
            f"payer.{rule.id}",
            f"{self.NAME}: {rule.message}{source}",
            rule.mend,
            element=element,
            at=at,
            fault="I12" if element else "I6",
        )


def rules(file: PayerFile) -> tuple[type[Rules], ...]:
    """The rules of a file, each a set of its own that listens where it must."""
    made = []
    loops: dict[str, list[PayerRule]] = {}
    for rule in file.rule:
        if rule.element:
            m = _ELEMENT.fullmatch(rule.element)
            assert m is not None

            def hear(self: Any, e: list[str], rule: PayerRule = rule) -> None:
                self._hold(rule, e)

            made.append(_class(file, {(rule.loop, m[1]): hear}, {}, {}))
        else:
            loops.setdefault(rule.loop, []).append(rule)
    for loop, about in loops.items():
        on: dict[tuple[str, str], Callable[[Any, list[str]], None]] = {}
        for name in GUIDES:
            for node in guide(name).nodes:
                if node.loop.id == loop:
                    on[loop, node.id] = partial(_hear, loop, node.is_head)
        made.append(_class(file, on, {loop: partial(_end, loop)}, {loop: tuple(about)}))
    return tuple(made)


def _hear(loop: str, head: bool, self: _Payer, e: list[str]) -> None:
    if head:
        self._head(loop, e)
    else:
        self._member(loop, e)


def _end(loop: str, self: _Payer) -> None:
    self._loop_ends(loop)


def _class(file: PayerFile, on: Any, ends: Any, loops: Any) -> type[Rules]:
    return type(
        "Payer",
        (_Payer,),
        {"NAME": file.payer, "ON": on, "AT_END": ends, "LOOPS": loops},
    )
