"""What every value of the model has in common."""

from __future__ import annotations

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A frozen record with named fields, read from and written to JSON without loss.

    The garbage collector passes over it: values are made from the inside out and never changed, so
    that none can hold itself.

    A subclass repeats ``frozen`` and ``kw_only``, which type checkers do not inherit.

    Amounts are ``Decimal`` (strings in JSON), days are ``date``, codes are undotted upper case
    once they have been through :func:`superbill.model.read`.
    """
