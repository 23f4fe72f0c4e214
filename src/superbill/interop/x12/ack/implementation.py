"""The 999 (005010X231A1): for each transaction of a group, whether it keeps to syntax and guide.

A transaction is rejected (R) where syntax or guide is broken (levels 1 and 2), accepted with errors
noted (E) where amounts do not add up or a situational rule is broken and claims will be answered
one by one, and accepted (A) otherwise. What holds no claims has no later answer: there, levels 3
and 4 reject too. The group is accepted, with errors, partially (P), or rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from superbill.interop.x12.ack.received import Group, Received
from superbill.interop.x12.check.finding import Finding
from superbill.interop.x12.check.rules import element

type Answer = Literal["A", "E", "R"]

VERSION = "005010X231A1"
_ENVELOPE = ("envelope.", "version.")
_SEGMENT = re.compile("[A-Z][A-Z0-9]{1,2}")
_ELEMENT = re.compile(r"[A-Z0-9]{2,3}([0-9]{2})(?:-([0-9]{1,2}))?")
_MOST_CODES = 5


def answer(received: Received) -> Answer:
    """What the 999 says of one transaction."""
    rejects = 2 if received.answer.st[1:2] == ["837"] else 4
    levels = {finding.snip for finding in received.answer.findings}
    if received.answer.refused or any(level <= rejects for level in levels):
        return "R"
    return "E" if any(level <= 4 for level in levels) else "A"


def segments(group: Group, element_mark: str, component: str) -> list[str]:
    """The segments of a 999 between ST and SE, for one functional group."""
    gs = group.answer.gs
    out = [_join(element_mark, "AK1", element(gs, 1), element(gs, 6), element(gs, 8))]
    answers = []
    for received in group.sets:
        answers.append(answer(received))
        out += _set(received, answers[-1], element_mark, component)
    accepted = sum(a != "R" for a in answers)
    faults = _codes(f.fault for f in group.answer.findings)
    verdict = _verdict(answers, accepted, bool(faults))
    stated = group.answer.stated
    out.append(
        _join(
            element_mark,
            "AK9",
            verdict,
            stated if stated.isdigit() and len(stated) < 7 else str(group.answer.sets),
            str(group.answer.sets),
            str(accepted if verdict != "R" else 0),
            *faults,
        )
    )
    return out


def _verdict(answers: Sequence[Answer], accepted: int, faulty: bool) -> str:
    if not accepted or faulty:
        return "R"
    if accepted < len(answers):
        return "P"
    return "E" if "E" in answers else "A"


def _set(received: Received, verdict: Answer, mark: str, component: str) -> Iterator[str]:
    st = received.answer.st
    yield _join(mark, "AK2", element(st, 1), element(st, 2), element(st, 3))
    whole: list[Finding] = []
    inside: list[Finding] = []
    for finding in received.answer.findings:
        if finding.snip <= 4:
            (whole if finding.rule.startswith(_ENVELOPE) else inside).append(finding)
    inside.sort(key=lambda f: (f.at.position, f.at.segment, f.element))
    for (position, name, loop), found in groupby(
        inside, lambda f: (f.at.position, f.at.segment, f.at.loop)
    ):
        yield from _segment(position, name, loop, list(found), mark, component)
    codes = [finding.fault for finding in whole]
    if any(finding.snip == 1 for finding in inside):
        codes.append("5")
    if any(finding.snip > 1 for finding in inside):
        codes.append("I5")
    if received.answer.refused:
        codes.append("I6")
    yield _join(mark, "IK5", verdict, *_codes(codes))


def _segment(
    position: int, name: str, loop: str, found: list[Finding], mark: str, component: str
) -> Iterator[str]:
    """IK3, its context, and IK4 for each element."""
    own = [f for f in found if not f.element]
    named = name if _SEGMENT.fullmatch(name) else "ZZZ"
    where = "" if loop == "ST" else loop
    for fault in _codes(f.fault for f in own) or (["8"] if len(own) < len(found) else []):
        yield _join(mark, "IK3", named, str(position), where, fault)
    triggers = [f for f in found if f.snip == 4]
    if triggers:
        place = _place(triggers[0].element, component)
        yield _join(mark, "CTX", "SITUATIONAL TRIGGER", named, str(position), where, place)
    claim = next((f.claim for f in found if f.claim), "")
    if claim:
        yield _join(mark, "CTX", f"CLM01{component}{_bare(claim, component)}")
    elements = [f for f in found if f.element]
    if own and elements:
        yield _join(mark, "IK3", named, str(position), where, "8")
    for finding in elements:
        yield _join(
            mark,
            "IK4",
            _place(finding.element, component),
            finding.number if finding.number.isdigit() else "",
            finding.fault or "7",
            _bare(finding.sent, component),
        )


def _place(named: str, component: str) -> str:
    """``CLM05-3`` as ``5:3``."""
    m = _ELEMENT.fullmatch(named)
    if m is None:
        return ""
    return f"{int(m[1])}{component}{m[2]}" if m[2] else str(int(m[1]))


def _bare(value: str, component: str) -> str:
    """What was sent, without what would part it again."""
    return "".join(c for c in value[:35] if c != component and " " <= c <= "~").strip()


def _codes(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code))[:_MOST_CODES]


def _join(mark: str, *elements: str) -> str:
    return mark.join(elements).rstrip(mark)
