"""Transactions that are trees of levels (HL), and what their levels have in common.

Levels are told apart by their own code (20 source, 21 receiver, 19 provider, 22 subscriber, 23
dependent, PT patient) and hang on the parent that they name; where that is none, on the level
before. Within a level, segments are read in the order in which they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from superbill.interop.x12.remits.elements import (
    contact,
    day,
    extra,
    only,
    rest,
    text,
    tuples,
)
from superbill.model import (
    Address,
    ClaimDate,
    InquiryMember,
    InquiryParty,
    Reference,
)


class Level:
    """One HL with its segments, and the level above it."""

    __slots__ = ("above", "below", "code", "segments")

    def __init__(self, code: str, above: Level | None) -> None:
        self.code = code
        self.above = above
        self.below: list[Level] = []
        self.segments: list[list[str]] = []

    def find(self, *codes: str) -> Level | None:
        """The nearest level above, or this one, of one of the codes."""
        at: Level | None = self
        while at is not None and at.code not in codes:
            at = at.above
        return at


def levels(segments: Iterable[list[str]]) -> list[Level]:
    """The levels in the order in which they come."""
    found: list[Level] = []
    by_number: dict[str, Level] = {}
    for e in segments:
        if e[0] == "HL":
            parent = text(e, 2)
            above = by_number.get(parent) if parent else None
            if above is None and parent and found:
                above = found[-1]
            level = Level(text(e, 3), above)
            if above is not None:
                above.below.append(level)
            by_number[text(e, 1)] = level
            found.append(level)
        elif found and e[0] not in {"ST", "SE"}:
            found[-1].segments.append(e)
    return found


def split(segments: list[list[str]], *opens: str) -> Iterator[list[list[str]]]:
    """The segments cut before each that opens a part; the first part is what stands before."""
    part: list[list[str]] = []
    for e in segments:
        if e[0] in opens:
            yield part
            part = []
        part.append(e)
    yield part


class Known:
    """What the segments of one part tell, by field; what nobody takes goes to ``extra``."""

    def __init__(self, loop: str, mark: str) -> None:
        self.loop = loop
        self.mark = mark
        self.fields: dict[str, Any] = {}

    def several(self, field: str) -> list[Any]:
        """A field that may come again."""
        found: list[Any] = self.fields.setdefault(field, [])
        return found

    def leave(self, e: list[str]) -> None:
        """Keep a segment as it is."""
        self.several("extra").append(extra(self.loop, e, self.mark))

    def done(self) -> dict[str, Any]:
        """The fields."""
        return tuples(self.fields)

    def reference(self, e: list[str]) -> bool:
        """REF."""
        if not only(e, {1, 2}):
            return False
        self.several("references").append(Reference(qualifier=text(e, 1), value=text(e, 2)))
        return True

    def date(self, e: list[str]) -> bool:
        """DTP: a day, or a period of days."""
        when = dated(e)
        if when is None:
            return False
        self.several("dates").append(when)
        return True

    def address(self, e: list[str]) -> bool:
        """N3 or N4."""
        held = self.fields.get("address", Address(street="", city="", state="", zip=""))
        places = (1, 2) if e[0] == "N3" else (1, 2, 3)
        seen = (held.street, held.street2) if e[0] == "N3" else (held.city, held.state, held.zip)
        told = [text(e, place) for place in places]
        if any(seen) or not any(told) or not only(e, places):
            return False
        if e[0] == "N3" and not told[0]:
            return False
        names = ("street", "street2") if e[0] == "N3" else ("city", "state", "zip")
        held_fields = {name: getattr(held, name) for name in held.__struct_fields__}
        self.fields["address"] = Address(**(held_fields | dict(zip(names, told, strict=True))))
        return True

    def contact(self, e: list[str]) -> bool:
        """PER."""
        if not only(e, range(9)):
            return False
        self.several("contacts").append(contact(e))
        return True


def dated(e: list[str]) -> ClaimDate | None:
    """A DTP; ``None`` where it is no day and no period of days."""
    if not only(e, {1, 2, 3}):
        return None
    if text(e, 2) == "D8":
        start = day(text(e, 3))
        return ClaimDate(code=text(e, 1), start=start) if start is not None else None
    first, dash, last = text(e, 3).partition("-")
    start, end = day(first), day(last)
    if text(e, 2) != "RD8" or not dash or start is None or end is None:
        return None
    return ClaimDate(code=text(e, 1), start=start, end=end)


_NM1 = frozenset({1, 2, 3, 4, 5, 7, 8, 9})


def party(segments: list[list[str]], loop: str, mark: str) -> InquiryParty | None:
    """A party from its NM1 on; ``None`` where there is no NM1. AAA, LS and LE are passed over."""
    known = Known(loop, mark)
    for e in segments:
        name = e[0]
        if name == "NM1" and "entity" not in known.fields:
            known.fields |= {
                "entity": text(e, 1),
                "person": text(e, 2) == "1",
                "name": text(e, 3),
                "first_name": text(e, 4),
                "middle_name": text(e, 5),
                "suffix": text(e, 7),
                "id_qualifier": text(e, 8),
                "id": text(e, 9),
                "extra": list(rest(loop, e, _NM1, mark)),
            }
        elif "entity" not in known.fields or name in {"AAA", "LS", "LE"}:
            continue
        elif name == "PRV" and _specialty(known, e):
            pass
        elif not _common(known, e):
            known.leave(e)
    return InquiryParty(**known.done()) if "entity" in known.fields else None


def _specialty(known: Known, e: list[str]) -> bool:
    if "provider_code" in known.fields or not only(e, {1, 2, 3}):
        return False
    if text(e, 2) not in {"", "PXC"} or (text(e, 2) == "PXC") != bool(text(e, 3)):
        return False
    known.fields |= {"provider_code": text(e, 1), "taxonomy": text(e, 3)}
    return True


def _common(known: Known, e: list[str]) -> bool:
    match e[0]:
        case "REF":
            return known.reference(e)
        case "N3" | "N4":
            return known.address(e)
        case "PER":
            return known.contact(e)
    return False


_OF_MEMBER = frozenset({"REF", "N3", "N4"})


def member(segments: list[list[str]], loop: str, mark: str) -> InquiryMember | None:
    """A subscriber or dependent; ``None`` where there is no NM1. TRN and AAA are passed over."""
    known = Known(loop, mark)
    seen: set[str] = set()
    for e in segments:
        name = e[0]
        if name == "NM1" and "NM1" not in seen:
            known.fields |= {
                "last_name": text(e, 3),
                "first_name": text(e, 4),
                "middle_name": text(e, 5),
                "organisation": text(e, 2) == "2",
                "suffix": text(e, 7),
                "id_qualifier": text(e, 8),
                "id": text(e, 9),
            }
            known.several("extra").extend(rest(loop, e, _NM1, mark))
        elif name in {"TRN", "AAA"}:
            continue
        elif name == "DMG" and "DMG" not in seen and _demographics(known, e):
            pass
        elif name == "INS" and "INS" not in seen and text(e, 2):
            known.fields["relationship"] = text(e, 2)
            usual = text(e, 1) == ("Y" if text(e, 2) == "18" else "N")
            known.several("extra").extend(rest(loop, e, {1, 2} if usual else {2}, mark))
        elif not (known.date(e) if name == "DTP" else name in _OF_MEMBER and _common(known, e)):
            known.leave(e)
            continue
        seen.add(name)
    return InquiryMember(**known.done()) if "NM1" in seen else None


def _demographics(known: Known, e: list[str]) -> bool:
    born = day(text(e, 2))
    if not only(e, {1, 2, 3}) or (text(e, 2) and born is None):
        return False
    if text(e, 1) not in {"", "D8"} or bool(text(e, 1)) != bool(text(e, 2)):
        return False
    known.fields |= {"birth_date": born, "sex": text(e, 3)}
    return True
