"""Claim status read: 276, 277 and 277CA, from their levels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from superbill.interop.x12.inquiries.levels import Known, Level, member, party, split
from superbill.interop.x12.remits.elements import day, number, only, rest, service, text
from superbill.model import (
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    Figure,
    InquiryMember,
    InquiryParty,
    LineInquiry,
    StatusCode,
    StatusInformation,
)

_PEOPLE = frozenset({"22", "23", "PT"})
_NOBODY = InquiryParty(entity="")
_ABOVE: dict[str, Literal["payer", "receiver", "provider"]] = {
    "20": "payer",
    "21": "receiver",
    "19": "provider",
}


def inquiries(tree: list[Level], mark: str) -> Iterator[ClaimStatusInquiry]:
    """The claims that a 276 asks about."""
    for level in tree:
        if level.code not in _PEOPLE:
            continue
        head, *claims = split(level.segments, "TRN")
        subscriber, dependent = _people(level, head, mark)
        for segments in claims:
            trn, known, lines = _claim(segments, mark, asked=True)
            (charge,) = known.fields.pop("amounts", None) or (None,)
            yield ClaimStatusInquiry(
                payer=_party(level, "20", mark) or _NOBODY,
                receiver=_party(level, "21", mark) or _NOBODY,
                provider=_party(level, "19", mark) or _NOBODY,
                subscriber=subscriber or InquiryMember(),
                dependent=dependent,
                trace=text(trn, 2),
                charge=charge.value if charge is not None else None,
                lines=lines,
                **known.done(),
            )


def answers(
    tree: list[Level], mark: str, kind: Literal["277", "277CA"]
) -> Iterator[ClaimStatusAnswer]:
    """The statuses that a 277 or 277CA tells."""
    for level in tree:
        head, *claims = split(level.segments, "TRN")
        people = level.code in _PEOPLE
        at = "claim" if people else _ABOVE.get(level.code)
        if at is None:
            continue
        subscriber, dependent = _people(level, head, mark) if people else (None, None)
        for segments in claims:
            trn, known, lines = _claim(segments, mark)
            yield ClaimStatusAnswer(
                kind=kind,
                level=at,
                payer=_party(level, "20", mark) or _NOBODY,
                receiver=_party(level, "21", mark),
                provider=_party(level, "19", mark),
                subscriber=subscriber,
                dependent=dependent,
                trace=text(trn, 2),
                lines=lines,
                **known.done(),
            )


def _party(level: Level, code: str, mark: str) -> InquiryParty | None:
    at = level.find(code)
    if at is None:
        return None
    return party(next(split(at.segments, "TRN")), "2100", mark)


def _people(
    level: Level, head: list[list[str]], mark: str
) -> tuple[InquiryMember | None, InquiryMember | None]:
    who = member(_named_first(head), "2100", mark)
    if level.code != "23":
        return who, None
    holder = level.find("22")
    above = next(split(holder.segments, "TRN")) if holder is not None else []
    return member(_named_first(above), "2100", mark), who


def _named_first(segments: list[list[str]]) -> list[list[str]]:
    """A DMG may stand before the name."""
    return sorted(segments, key=lambda e: e[0] != "NM1")


def _claim(
    segments: list[list[str]], mark: str, *, asked: bool = False
) -> tuple[list[str], Known, tuple[LineInquiry, ...]]:
    own, *lines = split(segments, "SVC")
    trn, *more = own
    known = Known("2200", mark)
    known.several("extra").extend(rest("2200", trn, {1, 2}, mark))
    for e in more:
        # A question tells the claim's charge, once, and no status.
        charge = e[0] == "AMT" and text(e, 1) == "T3" and "amounts" not in known.fields
        answer = e[0] in {"STC", "QTY", "AMT"} and not charge
        if (asked and answer) or not _take(known, e):
            known.leave(e)
    return trn, known, tuple(_line(part, mark) for part in lines)


def _take(known: Known, e: list[str]) -> bool:
    match e[0]:
        case "STC":
            found = information(e, known.mark)
            if found is None:
                return False
            known.several("statuses").append(found)
            return True
        case "REF":
            return known.reference(e)
        case "DTP":
            return known.date(e)
        case "AMT" | "QTY":
            value = number(text(e, 2))
            if value is None or not only(e, {1, 2}):
                return False
            field = "amounts" if e[0] == "AMT" else "quantities"
            known.several(field).append(Figure(code=text(e, 1), value=value))
            return True
    return False


def information(e: list[str], mark: str) -> StatusInformation | None:
    """A STC; ``None`` where it holds more than the model knows, or what cannot be read."""
    codes = [_code(text(e, place), mark) for place in (1, 10, 11) if text(e, place)]
    days = {place: day(text(e, place)) for place in (2, 6, 8)}
    figures = {place: number(text(e, place)) for place in (4, 5)}
    unread = any(text(e, place) and value is None for place, value in (days | figures).items())
    if None in codes or not codes or not text(e, 1) or unread or not only(e, range(13)):
        return None
    return StatusInformation(
        codes=tuple(code for code in codes if code is not None),
        on=days[2],
        action=text(e, 3),
        charge=figures[4],
        paid=figures[5],
        finalized_on=days[6],
        payment_method=text(e, 7),
        paid_on=days[8],
        payment_number=text(e, 9),
        message=text(e, 12),
    )


def _code(sent: str, mark: str) -> StatusCode | None:
    parts = [part.strip() for part in sent.split(mark)]
    if len(parts) > 4 or (len(parts) == 4 and parts[3] != "RX"):
        return None
    pharmacy = len(parts) == 4
    parts += [""] * (3 - len(parts))
    return StatusCode(category=parts[0], status=parts[1], entity=parts[2], pharmacy=pharmacy)


def _line(segments: list[list[str]], mark: str) -> LineInquiry:
    svc, *more = segments
    known = Known("2210", mark)
    what = service(text(svc, 1), mark)
    figures: dict[int, tuple[str, Any]] = {
        2: ("charge", number(text(svc, 2))),
        3: ("paid", number(text(svc, 3))),
        7: ("units", number(text(svc, 7))),
    }
    left = {1, 2, 3, 4, 7} - {at for at, (_, value) in figures.items() if value is None}
    if what is None:
        left.discard(1)
    known.fields |= dict(figures.values())
    known.fields |= {"service": what, "revenue_code": text(svc, 4)}
    known.several("extra").extend(rest("2210", svc, left, mark))
    for e in more:
        if e[0] in {"AMT", "QTY"} or not _take(known, e):
            known.leave(e)
    return LineInquiry(**known.done())
