"""Stays and the next release: what of each is touched, and its DRG and payment before and after.

Each stay is adjudicated twice: as if discharged in the days of the earlier release, and as if in
those of the later one. All its dates are moved together by the same number of days, to the same day
of the year where the release has that day, else to its first day; the patient stays as old. The
hospital's own figures are kept as they are given.

A stay with a code that the later release retires cannot be billed in it as it stands. It is then
adjudicated with each code that took its place; where all lead to one DRG, that is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product

import msgspec
from msgspec.structs import replace

from superbill.adjudication import Engine, adjudicate
from superbill.codes.differences import ByCode, Change, Held
from superbill.codes.notation import compact, dotted
from superbill.dates import Span
from superbill.errors import Invalid
from superbill.model import Encounter
from superbill.model.base import Value
from superbill.money import ZERO
from superbill.store.open import Store

_WEIGHTS = "ipps.drg_weights"
_MOST = 16


class Adjudicated(Value, frozen=True, kw_only=True):
    """A stay as of a release: its group, what that weighs, and what Medicare pays, in dollars.

    ``weight`` and ``payment`` are ``None`` where they are not covered; ``not_covered`` says why.
    ``payment`` is ``None``, too, where no payer of the stay turns on Medicare's; ``paid`` is what
    all payers pay together. ``findings`` are the edits' errors and warnings, by rule.
    """

    release: str
    discharge_date: date
    version: str
    drg: str
    title: str
    weight: Decimal | None
    payment: Decimal | None
    paid: Decimal
    findings: tuple[str, ...]
    not_covered: tuple[str, ...]


class Recoded(Value, frozen=True, kw_only=True):
    """A stay of the later release with successors for retired codes (dotted, old to new)."""

    codes: dict[str, str]
    result: Adjudicated


class TouchedStay(Value, frozen=True, kw_only=True):
    """What a later release does to a stay.

    ``changes`` are those of its own codes, diagnoses and procedures. ``regrouped`` says that the
    DRG is another; ``payment_change`` is after less before, where both are known. ``recoded`` has
    the results with the codes that took the place of retired ones, at most sixteen; ``after`` is
    the first of them where all lead to one DRG, and otherwise says why there is none.
    """

    id: str
    touched: bool
    regrouped: bool
    changes: tuple[Change, ...]
    before: Adjudicated
    after: Adjudicated
    weight_change: Decimal | None
    payment_change: Decimal | None
    recoded: tuple[Recoded, ...] = ()


def next_release(
    stay: Encounter,
    differences: tuple[ByCode, ...],
    before: Held,
    after: Held,
    *,
    engine: Engine,
) -> TouchedStay:
    """A stay in both releases. Raises :class:`~superbill.errors.Invalid` for an unusable one."""
    one = _either(stay, before, engine)
    other = _either(stay, after, engine)
    recoded: tuple[Recoded, ...] = ()
    if isinstance(other, Invalid):
        recoded = tuple(_recoded(stay, after, differences, engine))
        drgs = {each.result.drg for each in recoded}
        if len(drgs) == 1:
            other = recoded[0].result
    if isinstance(one, Invalid) and isinstance(other, Invalid) and not recoded:
        raise one
    first, last = _stated(one, stay, before), _stated(other, stay, after)
    changes = tuple(_changes(stay, (first.drg, last.drg), differences))
    regrouped = bool(first.drg and last.drg) and first.drg != last.drg
    return TouchedStay(
        id=stay.id,
        touched=bool(changes) or regrouped or bool(recoded),
        regrouped=regrouped,
        changes=changes,
        before=first,
        after=last,
        weight_change=_less(last.weight, first.weight),
        payment_change=_less(last.payment, first.payment),
        recoded=recoded,
    )


def _either(stay: Encounter, release: Held, engine: Engine) -> Adjudicated | Invalid:
    try:
        return _adjudicated(stay, release, engine)
    except Invalid as invalid:
        return invalid


def _stated(found: Adjudicated | Invalid, stay: Encounter, release: Held) -> Adjudicated:
    """What was found; of a stay that cannot be billed in a release, why not."""
    if isinstance(found, Adjudicated):
        return found
    return Adjudicated(
        release=release.label,
        discharge_date=_same_day(stay.discharge_date, release.span),
        version="",
        drg="",
        title="",
        weight=None,
        payment=None,
        paid=ZERO,
        findings=(),
        not_covered=tuple(str(problem) for problem in found.problems),
    )


def _recoded(
    stay: Encounter, release: Held, differences: tuple[ByCode, ...], engine: Engine
) -> Iterator[Recoded]:
    """The stay with successors for its retired codes, in every combination up to a limit."""
    own = [each.code for each in stay.diagnoses] + [each.code for each in stay.procedures]
    codes = dict.fromkeys(own)
    places: dict[str, tuple[str, ...]] = {}
    for found in differences:
        for code in codes:
            if successors := found.successors(compact(code)):
                places.setdefault(code, successors)
    if not places:
        return
    for chosen in islice(product(*places.values()), _MOST):
        to = dict(zip(places, chosen, strict=True))
        result = _either(_replaced(stay, to), release, engine)
        if isinstance(result, Adjudicated):
            yield Recoded(codes={dotted(old): new for old, new in to.items()}, result=result)


def _replaced(stay: Encounter, to: dict[str, str]) -> Encounter:
    diagnoses = tuple(
        replace(each, code=compact(to[each.code])) if each.code in to else each
        for each in stay.diagnoses
    )
    procedures = tuple(
        replace(each, code=compact(to[each.code])) if each.code in to else each
        for each in stay.procedures
    )
    return replace(stay, diagnoses=diagnoses, procedures=procedures)


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else after - before


def _changes(
    stay: Encounter, drgs: tuple[str, str], differences: tuple[ByCode, ...]
) -> Iterator[Change]:
    """The changes of a stay's own codes, and of the groups that it falls in."""
    diagnoses = [compact(each.code) for each in stay.diagnoses]
    procedures = [compact(each.code) for each in stay.procedures]
    codes = {
        "icd10cm": diagnoses,
        "icd10pcs": procedures,
        "msdrg": [*diagnoses, *procedures, *drgs],
    }
    for found in differences:
        seen: dict[Change, None] = {}
        for code in dict.fromkeys(codes.get(found.system, ())):
            for change in found.on(code):
                seen[change] = None
        yield from seen


def _adjudicated(stay: Encounter, release: Held, engine: Engine) -> Adjudicated:
    moved = discharged_in(stay, release.span)
    decision = adjudicate(moved, engine=engine)
    group = decision.grouping
    drg = "" if group is None else group.drg
    payment = decision.payment
    weight = _weight(engine.store, drg, moved.discharge_date)
    reasons = list(decision.not_covered)
    if drg and weight is None:
        reasons.append(f"The weight of DRG {drg} on {moved.discharge_date} is not held.")
    return Adjudicated(
        release=release.label,
        discharge_date=moved.discharge_date,
        version="" if group is None else group.version,
        drg=drg,
        title="" if group is None else group.final.title,
        weight=weight,
        payment=payment.total if payment is not None and payment.payable else None,
        paid=decision.paid,
        findings=tuple(
            dict.fromkeys(
                finding.rule
                for finding in decision.edits.findings
                if finding.severity != "information"
            )
        ),
        not_covered=tuple(dict.fromkeys(reasons)),
    )


def _weight(store: Store, drg: str, day: date) -> Decimal | None:
    if not drg or not store.covers(_WEIGHTS, on=day):
        return None
    row = store.find(_WEIGHTS, on=day, drg=drg)
    return None if row is None else row.decimal("weight")


def discharged_in(stay: Encounter, span: Span) -> Encounter:
    """The stay with all its dates moved so that it is discharged within ``span``.

    The same day of the year is taken where the span has it, else the first day of the span.
    """
    day = _same_day(stay.discharge_date, span)
    days = day - stay.discharge_date
    if not days:
        return stay
    own = stay.hospital
    moved = _moved(replace(stay, hospital=None), days)
    return replace(moved, hospital=own)


def _same_day(day: date, span: Span) -> date:
    if day in span:
        return day
    for year in (span.start.year, span.start.year + 1):
        leap = (day.month, day.day) == (2, 29)
        found = date(year, day.month, 28 if leap else day.day)
        if found in span:
            return found
    return span.start


def _moved[T](value: T, days: timedelta) -> T:
    """A value with every date in it moved."""
    made: object = value
    if isinstance(value, date):
        made = value + days
    elif isinstance(value, tuple):
        made = tuple(_moved(each, days) for each in value)
    elif isinstance(value, msgspec.Struct):
        changed = {
            name: new
            for name in value.__struct_fields__
            if (new := _moved(old := getattr(value, name), days)) is not old and new != old
        }
        made = replace(value, **changed) if changed else value
    return made  # type: ignore[return-value]  # the type is the value's own


__all__ = ["Adjudicated", "Recoded", "TouchedStay", "discharged_in", "next_release"]
