"""Columns of services, and what turns their text into whole numbers.

A short text is the number that its bytes make, the first byte lowest: so that a column of codes is
compared and looked up as numbers, without taking its characters apart.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from superbill.pricing.mpfs.codes import FACILITY, NONFACILITY

type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

NOTHING = (1 << 62) - 1
"""Stands for a text that is too long to be anything."""


class Columns(NamedTuple):
    """Lines as columns of one length.

    ``code``, ``modifiers``, ``carrier``, ``locality``, ``zip`` and ``pos`` are text (NumPy ``S``
    or ``U``), ``date`` is ``datetime64[D]``. ``modifiers`` holds up to four, side by side
    (``26LT``) or with blanks between. Give ``zip``, or ``carrier`` and ``locality``.
    """

    code: ArrayLike
    date: ArrayLike
    pos: ArrayLike
    modifiers: ArrayLike
    units: ArrayLike
    apm: ArrayLike
    zip: ArrayLike | None = None
    carrier: ArrayLike | None = None
    locality: ArrayLike | None = None


class PricedMany(NamedTuple):
    """The answers, one an element: amounts in whole cents.

    ``status`` is :data:`PRICED`, :data:`BUNDLED`, :data:`DENIED` or :data:`REFUSED`;
    ``releases[release]`` is the release's name.
    """

    allowed: Ints
    fee: Ints
    status: NDArray[np.int8]
    facility: Flags
    release: Ints
    releases: tuple[str, ...]


class Known:
    """Whole numbers that stand for keys already seen; a new key is asked for once."""

    def __init__(self, answer: Callable[[int], int]) -> None:
        self._answer = answer
        self._keys: Ints = np.empty(0, np.int64)
        self._values: Ints = np.empty(0, np.int64)

    def __call__(self, keys: Ints) -> Ints:
        at = self._places(keys)
        missing = np.unique(keys[~self._hits(at, keys)])
        if missing.size:
            values = np.array([self._answer(int(key)) for key in missing], np.int64)
            together = np.concatenate((self._keys, missing))
            order = np.argsort(together)
            self._keys = together[order]
            self._values = np.concatenate((self._values, values))[order]
            at = self._places(keys)
        found: Ints = self._values[at]
        return found

    def _places(self, keys: Ints) -> Ints:
        at = np.searchsorted(self._keys, keys)
        return np.minimum(at, max(len(self._keys) - 1, 0))

    def _hits(self, at: Ints, keys: Ints) -> Flags:
        if not len(self._keys):
            return np.zeros(len(keys), np.bool_)
        hits: Flags = self._keys[at] == keys
        return hits


def bytes_of(column: ArrayLike | None) -> NDArray[np.bytes_]:
    """Text as bytes; what is not ASCII becomes a question mark, which nothing matches."""
    text = np.asarray(column)
    if text.dtype.kind == "S":
        return text
    try:
        return text.astype(np.bytes_)
    except UnicodeEncodeError:
        return np.char.encode(text, "ascii", "replace")


def raw(column: ArrayLike | None, width: int) -> Ints:
    """The bytes of a short text as one whole number, the first byte lowest; -1 for a longer one."""
    text = bytes_of(column)
    number: Ints = text.astype(f"S{width}").view("<i8")
    if text.dtype.itemsize > width:
        number = np.where(np.char.str_len(text) > width, -1, number)
    return np.where(number < 0, NOTHING, number)


def text_of(number: int) -> str:
    """The text whose bytes a whole number holds."""
    return number.to_bytes(8, "little").rstrip(b"\0").decode("ascii", "replace")


def split(together: str) -> tuple[str, ...]:
    """Modifiers that stand side by side."""
    return tuple(together[place : place + 2] for place in range(0, len(together), 2))


def whole(value: Decimal, places: int) -> int:
    """A figure as a whole number of its smallest unit, which must hold it."""
    scaled = value.scaleb(places)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{value} has more than {places} decimal places")
    return whole


def settings() -> NDArray[np.int8]:
    """1 for a facility, 0 for none, -1 for what is no place of service, by the text's bytes."""
    found = np.full(1 << 16, -1, np.int8)
    for places, kind in ((FACILITY, 1), (NONFACILITY, 0)):
        for each in places:
            found[int.from_bytes(each.encode(), "little")] = kind
    return found


SETTINGS = settings()
