"""Visits, orders and members of a plan from JSON."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from superbill.errors import Invalid, Problem
from superbill.model import _json, _order, _shape, _visit
from superbill.model._decode import decode
from superbill.model.estimate import Order
from superbill.model.risk import Member
from superbill.model.visit import Visit

_VISIT = msgspec.json.Decoder(Visit)
_ORDER = msgspec.json.Decoder(Order)
_MEMBER = msgspec.json.Decoder(Member)


class _Kind(msgspec.Struct):
    """What tells a visit from a stay."""

    biller: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    admission_date: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    primary_service: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_KIND = msgspec.json.Decoder(_Kind)


def _read[T: msgspec.Struct](
    data: bytes | str,
    decoder: msgspec.json.Decoder[T],
    kind: type[T],
    settle: Callable[[T], list[Problem]],
) -> T:
    document = _json.without_bom(data)
    found = decode(document, decoder.decode, kind, 1)
    if wrong := settle(found):
        raise Invalid(wrong)
    if _json.repeats_a_name(document):
        raise Invalid(_shape.problems(_json.loads(document), kind))
    return found


def visit(data: bytes | str) -> Visit:
    """One visit from a JSON object.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    return _read(data, _VISIT, Visit, _visit.settle)


def order(data: bytes | str) -> Order:
    """One order, for an estimate, from a JSON object.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    return _read(data, _ORDER, Order, _order.settle)


def member(data: bytes | str) -> Member:
    """One member of a plan, for risk adjustment, from a JSON object.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    return _read(data, _MEMBER, Member, _visit.settle_member)


def is_visit(data: bytes) -> bool:
    """Whether a JSON object is a visit and no stay: it tells a biller, and no admission.

    >>> is_visit(b'{"biller": {}}'), is_visit(b'{"admission_date": "2026-02-23"}')
    (True, False)
    """
    try:
        told = _KIND.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return told.biller is not msgspec.UNSET and told.admission_date is msgspec.UNSET


def is_order(data: bytes) -> bool:
    """Whether a JSON object is an order: a visit that tells its primary service.

    >>> is_order(b'{"biller": {}, "primary_service": "A check-up"}'), is_order(b'{"biller": {}}')
    (True, False)
    """
    try:
        return _KIND.decode(data).primary_service is not msgspec.UNSET
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
