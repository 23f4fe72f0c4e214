"""Writing acknowledgements: for each interchange that came, one that answers it.

It goes back to the sender in the delimiters that were used to send, so that no data of the sender
can hold one, with a control number of our own. A TA1 stands before the groups; one group has a 999
for each group that came, another a 277CA for each 837 that was accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from superbill.interop.x12.ack import claims, implementation
from superbill.interop.x12.ack import interchange as interchange_ack
from superbill.interop.x12.ack.received import Arrival
from superbill.interop.x12.check.rules import element
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.envelope import save
from superbill.interop.x12.segments import Delimiters


class Written(NamedTuple):
    """How many acknowledgements of each kind were written."""

    ta1: int = 0
    implementation: int = 0
    claims: int = 0

    def __str__(self) -> str:
        told = [
            f"{count} {name}"
            for count, name in zip(self, ("TA1", "999", "277CA"), strict=True)
            if count
        ]
        return ", ".join(told)

    def plus(self, other: Written) -> Written:
        """Both together."""
        return Written(*(a + b for a, b in zip(self, other, strict=True)))


def acknowledge(
    arrivals: list[Arrival], numbers: ControlNumbers, created: datetime
) -> tuple[bytes, Written]:
    """The answers to what arrived, as one text; empty where nothing is to be answered."""
    texts, written = [], Written()
    for arrival in arrivals:
        text, more = _answer(arrival, numbers, created)
        texts.append(text)
        written = written.plus(more)
    return "".join(texts).encode("latin-1"), written


def write(
    path: Path, arrivals: list[Arrival], numbers: ControlNumbers, created: datetime
) -> Written:
    """:func:`acknowledge` into a file, whole or not at all; no file where there is no answer."""
    content, written = acknowledge(arrivals, numbers, created)
    if content:
        save(path, content)
    return written


def _answer(arrival: Arrival, numbers: ControlNumbers, created: datetime) -> tuple[str, Written]:
    isa, marks = arrival.isa.elements, arrival.isa.delimiters
    ta1 = interchange_ack.segment(arrival, marks.element)
    if ta1 is None and not arrival.groups:
        return "", Written()
    number = numbers.next(arrival.isa.receiver)
    body = [] if ta1 is None else [ta1]
    groups = []
    if arrival.groups:
        groups.append(_Group("FA", implementation.VERSION, "999"))
        for group in arrival.groups:
            groups[0].sets.append(implementation.segments(group, marks.element, marks.component))
    answered = _Group("HN", claims.VERSION, "277")
    for group in arrival.groups:
        for received in group.sets:
            if received.claims and implementation.answer(received) != "R":
                answered.sets.append(
                    claims.segments(
                        received,
                        marks.element,
                        marks.component,
                        today=created.strftime("%Y%m%d"),
                        time=created.strftime("%H%M"),
                        trace=f"{number:09}{len(answered.sets) + 1:04}",
                    )
                )
    if answered.sets:
        groups.append(answered)
    first = arrival.groups[0].answer.gs if arrival.groups else []
    for at, made in enumerate(groups):
        body += made.segments(first, marks.element, number + at, created)
    text = _interchange(isa, marks, number, created, body, len(groups))
    return text, Written(
        int(ta1 is not None),
        len(arrival.groups),
        len(answered.sets),
    )


class _Group:
    def __init__(self, kind: str, version: str, set_id: str) -> None:
        self.kind = kind
        self.version = version
        self.set_id = set_id
        self.sets: list[list[str]] = []

    def segments(
        self, received: list[str], mark: str, number: int, created: datetime
    ) -> Iterator[str]:
        yield mark.join(
            (
                "GS",
                self.kind,
                element(received, 3),
                element(received, 2),
                created.strftime("%Y%m%d"),
                created.strftime("%H%M"),
                str(number),
                "X",
                self.version,
            )
        )
        for at, body in enumerate(self.sets, 1):
            control = f"{at:04}"
            yield mark.join(("ST", self.set_id, control, self.version))
            yield from body
            yield mark.join(("SE", str(len(body) + 2), control))
        yield mark.join(("GE", str(len(self.sets)), str(number)))


def _interchange(
    isa: tuple[str, ...],
    marks: Delimiters,
    number: int,
    created: datetime,
    body: list[str],
    groups: int,
) -> str:
    repetition = marks.repetition or isa[11]
    head = (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        isa[7],
        isa[8],
        isa[5],
        isa[6],
        created.strftime("%y%m%d"),
        created.strftime("%H%M"),
        repetition,
        "00501",
        f"{number:09}",
        "0",
        isa[15],
        marks.component,
    )
    lines = [
        marks.element.join(head),
        *body,
        marks.element.join(("IEA", str(groups), f"{number:09}")),
    ]
    end = marks.segment + ("" if marks.segment in "\r\n" else "\n")
    return end.join(lines) + end
