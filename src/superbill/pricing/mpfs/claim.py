"""Several services of one biller to one patient, priced together: the multiple-procedure rules.

Each service has an indicator in the relative value file (``MULT PROC``). CMS's meanings are in the
description of the fee schedule database (MPFSDB, addendum to chapter 23 of the Medicare Claims
Processing Manual), the rules in its chapter 12, section 40.6, and chapter 5, section 10.7:

- 1, 2: surgery, ranked by amount: 100, 50, 50, 50, 50 percent (1: 100, 50, 25, 25, 25), then by
  report;
- 3: endoscopies of a family: the dearest in full, of the others what they exceed the base code by;
  families and other surgery are then ranked against one another;
- 4: diagnostic imaging: half the technical, 95 percent of the professional component of all but the
  dearest;
- 5: therapy: half the practice expense of all units but the one whose practice expense is highest;
- 6, 7: cardiovascular and ophthalmological tests: 75 and 80 percent of the technical component of
  all but the dearest.

The rules look at the services of one day. Those of another biller are not on the claim, and not
seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import msgspec

from superbill.errors import NotCovered, SuperbillError
from superbill.model.trace import Recorder
from superbill.money import half_up
from superbill.pricing.mpfs.components import professional_part
from superbill.pricing.mpfs.formula import amount
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.price import price
from superbill.pricing.mpfs.rates import Figure
from superbill.pricing.mpfs.result import Adjusted, Priced
from superbill.pricing.mpfs.tables import Locality, Tables, Values

ZERO = Decimal("0.00")
_RANKED = 5
CITE_RANK = "CPM chapter 12, section 40.6; MPFSDB, multiple procedure indicator"


class _Item(NamedTuple):
    """A line under the rules: its place on the claim, what it was priced at, and its rows."""

    place: int
    line: Line
    priced: Priced
    values: Values
    tables: Tables
    locality: Locality


def _name(item: _Item) -> tuple[Decimal, str]:
    """What decides between two that are worth the same, so that their order does not."""
    return -item.priced.unit_amount, repr(item.line)


type Prepared = tuple[Line, Tables, Locality]
type Outcome = Priced | SuperbillError


def price_together(lines: Sequence[Prepared], *, explain: bool = False) -> list[Outcome]:
    """What the lines of one claim are worth, in their order; an error in place of one that is not.

    Each line comes with the tables of its day and its locality. Modifier 51 is set aside: the
    ranking is done here. With ``explain`` each price bears its trace.
    """
    outcomes: list[Outcome] = []
    days: dict[date, list[_Item]] = {}
    for place, (line, tables, locality) in enumerate(lines):
        alone = msgspec.structs.replace(
            line, modifiers=tuple(each for each in line.modifiers if each != "51"), charge=None
        )
        trace = Recorder() if explain else None
        try:
            found = (
                price(alone, tables=tables, locality=locality)
                if trace is None
                else price(alone, tables=tables, locality=locality, trace=trace)
            )
        except SuperbillError as error:
            outcomes.append(error)
            continue
        outcomes.append(msgspec.structs.replace(found, modifiers=line.modifiers))
        component = next((each for each in line.modifiers if each in ("26", "TC", "53")), "")
        values = tables.values.get((line.code, component))
        if found.status == "priced" and values is not None:
            item = _Item(place, line, found, values, tables, locality)
            days.setdefault(line.date, []).append(item)
    for items in days.values():
        _alone(items, outcomes)
        _surgery(items, outcomes)
        _therapy(items, outcomes)
        for indicator in ("4", "6", "7"):
            _components(indicator, items, outcomes)
    for place, (line, _, _) in enumerate(lines):
        outcome = outcomes[place]
        if isinstance(outcome, Priced) and line.charge is not None:
            outcomes[place] = msgspec.structs.replace(
                outcome, allowed=min(outcome.allowed, half_up(line.charge))
            )
    return outcomes


def _alone(items: list[_Item], outcomes: list[Outcome]) -> None:
    """Status T: paid only where nothing else of the schedule is paid that day."""
    if all(item.values.status == "T" for item in items):
        return
    for item in [item for item in items if item.values.status == "T"]:
        items.remove(item)
        before = outcomes[item.place]
        assert isinstance(before, Priced)
        outcomes[item.place] = msgspec.structs.replace(
            before,
            status="bundled",
            allowed=ZERO,
            unit_amount=ZERO,
            meaning="paid only where nothing else is paid to the same biller that day (status T)",
            reason="97",
        )


# --- Surgery and endoscopy ------------------------------------------------------------------------


class _Ranked(NamedTuple):
    """What is ranked: a procedure, or an endoscopy family as one; its parts with their amounts."""

    total: Decimal
    parts: tuple[tuple[_Item, Decimal, bool], ...]
    before_1995: bool


def _surgery(items: list[_Item], outcomes: list[Outcome]) -> None:
    """Rank the surgical services: each unit is a procedure of its own."""
    under = [item for item in items if item.values.multiple in ("1", "2", "3")]
    if sum(item.line.units for item in under) < 2:
        return
    if sum(item.line.units for item in under) > 200:
        _by_report(under, outcomes)
        return
    ranked = [
        _Ranked(
            item.priced.unit_amount,
            ((item, item.priced.unit_amount, False),),
            item.values.multiple == "1",
        )
        for item in under
        if item.values.multiple != "3" or not item.values.endoscopic_base
        for _ in range(item.line.units)
    ]
    families: dict[str, list[_Item]] = {}
    for item in under:
        if item.values.multiple == "3" and item.values.endoscopic_base:
            units = [item] * item.line.units
            families.setdefault(item.values.endoscopic_base, []).extend(units)
    for base, members in families.items():
        try:
            ranked.append(_family(base, members))
        except NotCovered as error:
            for item in members:
                outcomes[item.place] = error
    ranked.sort(key=lambda each: (-each.total, _name(each.parts[0][0])))
    paid: dict[int, Decimal] = {}
    said: dict[int, list[Adjusted]] = {}
    late: list[_Item] = []
    for rank, each in enumerate(ranked, 1):
        figure = _share(rank, each)
        for item, part, in_family in each.parts:
            if figure is None:
                late.append(item)
                continue
            unit = part if figure.value == 1 else half_up(part * figure.value)
            paid[item.place] = paid.get(item.place, ZERO) + unit
            notes = said.setdefault(item.place, [])
            if in_family:
                notes.append(
                    Adjusted(
                        rule="endoscopy family: less the base code",
                        factor=str(part),
                        citation=CITE_RANK + " 3",
                    )
                )
            if figure.value != 1:
                notes.append(
                    Adjusted(
                        rule=f"procedure {rank} of the day",
                        factor=str(figure.value),
                        citation=figure.source,
                    )
                )
    for item in under:
        if item.place in paid:
            _set(item, paid[item.place], said[item.place], outcomes)
    _by_report(late, outcomes)


def _share(rank: int, each: _Ranked) -> Figure | None:
    """What is left of the procedure of a rank; nothing where it is paid by report."""
    standing = each.parts[0][0].tables.figures.standing
    if rank == 1:
        return Figure(Decimal(1), CITE_RANK)
    if rank > _RANKED:
        return None
    if rank > 2 and each.before_1995:
        return standing["third_procedure_before_1995"]
    return standing["second_procedure"]


def _by_report(items: Sequence[_Item], outcomes: list[Outcome]) -> None:
    for item in items:
        outcomes[item.place] = NotCovered(
            f"{item.line.code}: the sixth and further procedures of a day, paid on a report; "
            "their amount",
            on=item.line.date,
            remedy="The contractor prices them (MPFSDB, multiple procedure indicator).",
        )


def _family(base: str, members: list[_Item]) -> _Ranked:
    """Endoscopies of one family: the dearest in full, of the others what exceeds the base code."""
    members.sort(key=lambda item: (-item.priced.unit_amount, _name(item)))
    first = members[0]
    parts = [(first, first.priced.unit_amount, False)]
    for item in islice(members, 1, None):
        worth = _base_amount(base, item)
        parts.append((item, max(ZERO, item.priced.unit_amount - worth), True))
    return _Ranked(sum((part for _, part, _ in parts), ZERO), tuple(parts), before_1995=False)


def _base_amount(base: str, item: _Item) -> Decimal:
    """The base code's amount at the line's place, with the line's own percentages."""
    row = item.tables.values.get((base, ""))
    if row is None:
        raise NotCovered(
            f"{base}, the base code of {item.line.code}'s endoscopy family",
            on=item.line.date,
            remedy="Bring the whole relative value file of the day.",
        )
    worth = amount(
        row,
        item.locality,
        item.tables,
        apm=item.line.apm,
        facility=item.priced.facility,
    )
    return half_up(worth * _own_share(item))


def _own_share(item: _Item) -> Decimal:
    """The line's own percentages, as one factor."""
    share = Decimal(1)
    for each in item.priced.adjusted:
        share *= Decimal(each.factor)
    return share


# --- Therapy --------------------------------------------------------------------------------------


def _therapy(items: list[_Item], outcomes: list[Outcome]) -> None:
    """Half the practice expense of every unit but the one whose practice expense is highest."""
    under = [item for item in items if item.values.multiple == "5"]
    if sum(item.line.units for item in under) < 2:
        return
    first = min(under, key=lambda item: (-_practice(item), _name(item)))
    for item in under:
        figure = item.tables.figures.standing["therapy_practice"]
        reduced = amount(
            item.values,
            item.locality,
            item.tables,
            apm=item.line.apm,
            facility=item.priced.facility,
            practice_share=figure.value,
        )
        reduced = half_up(reduced * _own_share(item))
        full = 1 if item is first else 0
        if item.line.units > full:
            total = item.priced.unit_amount * full + reduced * (item.line.units - full)
            said = Adjusted(
                rule="therapy: share of the practice expense of further units",
                factor=str(figure.value),
                citation=figure.source,
            )
            _set(item, total, [said], outcomes)


def _practice(item: _Item) -> Decimal:
    values = item.values
    relative = values.facility_practice if item.priced.facility else values.nonfacility_practice
    return relative * item.locality.practice


# --- Components of diagnostic tests ---------------------------------------------------------------

_REDUCED = {
    "4": ("imaging_technical", "imaging_professional"),
    "6": ("cardiovascular_technical", ""),
    "7": ("ophthalmology_technical", ""),
}


def _components(indicator: str, items: list[_Item], outcomes: list[Outcome]) -> None:
    """All but the dearest technical (and professional) component are paid in part."""
    under = [item for item in items if item.values.multiple == indicator]
    if sum(item.line.units for item in under) < 2:
        return
    technical, professional = _REDUCED[indicator]
    parts = {item.place: _parts(item) for item in under}
    cut: dict[int, Decimal] = {item.place: ZERO for item in under}
    said: dict[int, list[Adjusted]] = {item.place: [] for item in under}
    for which, name in ((1, technical), (0, professional)):
        if not name:
            continue
        bearing = [item for item in under if parts[item.place][which]]
        if not bearing:
            continue
        worth = _worth(parts, which)
        first = min(bearing, key=lambda item: (-worth(item), _name(item)))
        figure = first.tables.figures.standing[name]
        for item in bearing:
            further = item.line.units - (1 if item is first else 0)
            if further:
                part = parts[item.place][which]
                cut[item.place] += (part - half_up(part * figure.value)) * further
                kind = "technical" if which else "professional"
                said[item.place].append(
                    Adjusted(
                        rule=f"further tests of the day: {kind} component",
                        factor=str(figure.value),
                        citation=figure.source,
                    )
                )
    for item in under:
        if said[item.place]:
            total = item.priced.unit_amount * item.line.units - cut[item.place]
            _set(item, total, said[item.place], outcomes)


def _worth(parts: dict[int, tuple[Decimal, Decimal]], which: int) -> Callable[[_Item], Decimal]:
    return lambda item: parts[item.place][which]


def _parts(item: _Item) -> tuple[Decimal, Decimal]:
    """The professional and the technical part of one unit's amount; they add up to it."""
    unit = item.priced.unit_amount
    own = professional_part(
        item.priced.fee,
        item.line,
        item.values,
        item.tables,
        item.locality,
        facility=item.priced.facility,
    )
    professional = min(unit, half_up(own * _own_share(item)))
    return professional, unit - professional


def _set(item: _Item, total: Decimal, said: Sequence[Adjusted], outcomes: list[Outcome]) -> None:
    """Put the amount that a rule leaves in the place of the line's own."""
    before = outcomes[item.place]
    assert isinstance(before, Priced)
    trace = before.trace
    if trace:
        recorder = Recorder()
        for each in said:
            recorder(each.rule, each.factor, cite=each.citation)
        recorder("allowed, the day's services together", total, rounding="half up, cents")
        trace = (*trace, *recorder.steps)
    outcomes[item.place] = msgspec.structs.replace(
        before, allowed=total, adjusted=(*before.adjusted, *dict.fromkeys(said)), trace=trace
    )
