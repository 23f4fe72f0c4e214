"""Many services at once, in columns: the same amounts as line by line, in whole numbers.

Relative values are hundredths, indices thousandths, conversion factors ten-thousandths of a
dollar, so that every product is an exact whole number; the cent is rounded half up by whole-number
division, as :func:`~superbill.pricing.mpfs.price.price` rounds it. What depends on code and
modifiers alone is asked of that function once for each pair and kept.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from superbill.errors import Invalid, SuperbillError
from superbill.pricing.mpfs import load
from superbill.pricing.mpfs.columns import (
    SETTINGS,
    Columns,
    Flags,
    Ints,
    Known,
    PricedMany,
    bytes_of,
    raw,
    split,
    text_of,
    whole,
)
from superbill.pricing.mpfs.line import MOST_UNITS, Line, check
from superbill.pricing.mpfs.modifiers import EQUIPMENT
from superbill.pricing.mpfs.price import price
from superbill.pricing.mpfs.pricer import Pricer
from superbill.pricing.mpfs.result import Priced
from superbill.pricing.mpfs.tables import Locality, Tables
from superbill.store.open import Store

PRICED, BUNDLED, DENIED, REFUSED = range(4)
"""What ``PricedMany.status`` holds; a refused line has an error in place of a price."""

_EPOCH = date(1970, 1, 1)
_SHARE = 10**8
_UNIT = Locality("", "", "", Decimal(1), Decimal(1), Decimal(1))
_AT_ONCE = 1 << 15
"""So many lines that what is worked out of them stays in the processor's cache."""

_CODE_BITS, _MARK_BITS = 40, 16
_MOST_MARKS = 1 << _MARK_BITS
_CODE = (1 << _CODE_BITS) - 1
_ALONE = 9


class _Terms(NamedTuple):
    """What code and modifiers make of a line, wherever it is; all whole numbers."""

    status: int
    share: int
    work: int = 0
    nonfacility: int = 0
    facility: int = 0
    malpractice: int = 0
    nonfacility_opps: int = 0
    facility_opps: int = 0
    malpractice_opps: int = 0
    alone: int = 0


_REFUSED = _Terms(REFUSED, 0)


class Bulk:
    """The physician fee schedule over columns, from an opened store.

    One instance keeps what it has seen: use it again for the next columns.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pricer = Pricer(store)
        self._tables: list[Tables | None] = [None]
        self._places: list[dict[int, tuple[int, int, int]]] = [{}]
        self._terms: list[_Terms] = []
        self._matrix: Ints = np.empty((len(_Terms._fields), 0), np.int64)
        self._modifiers: list[str] = []
        self._keys: list[tuple[str, str]] = [("", "")]
        self._days = Known(self._day)
        self._pairs = Known(self._pair)
        self._marks = Known(self._mark)
        self._zips = Known(self._zip)
        self._localities = Known(self._locality)
        self._shape = (0, 0)
        self._columns: tuple[Ints, ...] = ()
        self._factors: Ints = np.empty(0, np.int64)

    def price(self, columns: Columns) -> PricedMany:
        """Price every line; an element that cannot be priced is :data:`REFUSED`.

        :meth:`refusal` says why.
        """
        code = raw(columns.code, 8)
        days = np.asarray(columns.date, "datetime64[D]").astype(np.int64)
        pos = raw(columns.pos, 8)
        marks = self._marked(columns.modifiers)
        units = np.asarray(columns.units).astype(np.int64)
        apm = np.asarray(columns.apm, np.bool_).astype(np.int64)
        release = self._days(days)
        where = self._where(columns)
        count = len(code)
        result = PricedMany(
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
            np.zeros(count, np.int8),
            np.zeros(count, np.bool_),
            np.zeros(count, np.int64),
            (),
        )
        for start in range(0, count, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._some(
                (code[part], release[part], pos[part], marks[part], units[part], apm[part]),
                where[part],
                PricedMany(
                    result.allowed[part],
                    result.fee[part],
                    result.status[part],
                    result.facility[part],
                    result.release[part],
                    (),
                ),
            )
        for at in np.flatnonzero(result.status == _ALONE):
            found = self._scalar(columns, int(at))
            assert isinstance(found, Priced)
            result.status[at] = PRICED
            result.allowed[at] = int(found.allowed * 100)
            result.fee[at] = int(found.fee * 100)
        return result._replace(
            releases=tuple("" if each is None else each.release for each in self._tables)
        )

    def _some(self, given: tuple[Ints, ...], where: Ints, into: PricedMany) -> None:
        """Price some lines; their answers are written into views of the whole."""
        code, release, pos, marks, units, apm = given
        pair = self._pairs((((release << _MARK_BITS) | marks) << _CODE_BITS) | (code & _CODE))
        terms = self._gathered()
        status = terms[0][pair]
        setting = SETTINGS[np.where(pos < len(SETTINGS), pos, 0)]
        place, factors, indices = self._placed(where, release)
        bad = (code > _CODE) | (release == 0) | (setting < 0) | (place == 0)
        bad |= (units < 1) | (units > MOST_UNITS)
        status[bad] = REFUSED
        facility: Flags = setting == 1
        factor = factors[release * 2 + apm]
        index = tuple(each[place] for each in indices)
        work = terms[2][pair]

        def amount(nonfacility: int, inside: int, malpractice: int, at: Ints | slice) -> Ints:
            practice = np.where(facility[at], terms[inside][pair[at]], terms[nonfacility][pair[at]])
            total = work[at] * index[0][at] + practice * index[1][at]
            total += terms[malpractice][pair[at]] * index[2][at]
            total *= factor[at]
            cents: Ints = (total + 5_000_000) // 10_000_000
            return cents

        fee = amount(3, 4, 5, slice(None))
        capped = np.flatnonzero((terms[6] + terms[7])[pair])
        if capped.size:
            fee[capped] = np.minimum(fee[capped], amount(6, 7, 8, capped))
        unit = fee
        share = terms[1][pair]
        shared = np.flatnonzero(share != _SHARE)
        if shared.size:
            unit = fee.copy()
            unit[shared] = (unit[shared] * share[shared] + _SHARE // 2) // _SHARE
        paid = status == PRICED
        into.allowed[:] = np.where(paid, unit * units, 0)
        into.fee[:] = np.where(paid, fee, 0)
        into.status[:] = np.where(paid & (terms[9][pair] == 1), _ALONE, status)
        into.facility[:] = facility
        into.release[:] = release

    def refusal(self, columns: Columns, at: int) -> SuperbillError | None:
        """Why the line at ``at`` cannot be priced; ``None`` where it can."""
        found = self._scalar(columns, at)
        return None if isinstance(found, Priced) else found

    def line(self, columns: Columns, at: int) -> Line:
        """The line at ``at``."""

        def text(column: ArrayLike | None) -> str:
            if column is None:
                return ""
            cell = np.asarray(column)[at]
            return (cell.decode() if isinstance(cell, bytes) else str(cell)).strip()

        together = text(columns.modifiers).replace(" ", "")
        return Line(
            code=text(columns.code),
            date=_EPOCH
            + timedelta(days=int(np.asarray(columns.date, "datetime64[D]")[at].astype(np.int64))),
            pos=text(columns.pos),
            modifiers=split(together),
            zip=text(columns.zip),
            carrier=text(columns.carrier),
            locality=text(columns.locality),
            units=int(np.asarray(columns.units)[at]),
            apm=bool(np.asarray(columns.apm)[at]),
        )

    def _scalar(self, columns: Columns, at: int) -> Priced | SuperbillError:
        try:
            line = self.line(columns, at)
            check(line)
            return self._pricer.price(line)
        except SuperbillError as error:
            return error

    # --- What is asked once for each key ---------------------------------------------------------

    def _day(self, day: int) -> int:
        """The number of the tables of a day; 0 where none are held."""
        try:
            tables = load.tables(self._store, on=_EPOCH + timedelta(days=day))
        except (SuperbillError, OverflowError):
            return 0
        for number, held in enumerate(self._tables):
            if held is tables:
                return number
        self._tables.append(tables)
        # What was not known before may be now.
        self._zips, self._localities = Known(self._zip), Known(self._locality)
        rows: dict[int, tuple[int, int, int]] = {}
        for key, place in tables.localities.items():
            if key not in self._keys:
                self._keys.append(key)
            rows[self._keys.index(key)] = (
                whole(place.work, 3),
                whole(place.practice, 3),
                whole(place.malpractice, 3),
            )
        self._places.append(rows)
        return len(self._tables) - 1

    def _mark(self, number: int) -> int:
        return self._marked_text(text_of(number))

    def _marked_text(self, text: str) -> int:
        """The number of a set of modifiers."""
        if len(self._modifiers) == _MOST_MARKS:
            raise Invalid.at(
                "modifiers", f"more than {_MOST_MARKS:,} sets.", "Price them in parts."
            )
        self._modifiers.append(text.replace(" ", ""))
        return len(self._modifiers) - 1

    def _pair(self, key: int) -> int:
        """The number of the terms of a code with modifiers in a release."""
        rest, code = key >> _CODE_BITS, key & _CODE
        release, mark = rest >> _MARK_BITS, rest & (_MOST_MARKS - 1)
        self._terms.append(self._asked(release, split(self._modifiers[mark]), text_of(code)))
        return len(self._terms) - 1

    def _asked(self, release: int, modifiers: tuple[str, ...], code: str) -> _Terms:
        tables = self._tables[release]
        if tables is None:
            return _REFUSED
        line = Line(
            code=code,
            date=tables.days.start,
            pos="11",
            modifiers=modifiers,
            carrier="00000",
            locality="00",
        )
        try:
            check(line)
            found = price(line, tables=tables, locality=_UNIT)
        except SuperbillError:
            return _REFUSED
        if found.status != "priced":
            return _Terms(BUNDLED if found.status == "bundled" else DENIED, _SHARE)
        component = next((each for each in modifiers if each in ("26", "TC", "53")), "")
        row = tables.values[code, component]
        share = Decimal(1)
        for each in found.adjusted:
            share *= Decimal(each.factor)
        terms = _Terms(
            PRICED,
            whole(share, 8),
            *(
                whole(value, 2)
                for value in (
                    row.work,
                    row.nonfacility_practice,
                    row.facility_practice,
                    row.malpractice,
                    row.nonfacility_opps,
                    row.facility_opps,
                    row.malpractice_opps,
                )
            ),
        )
        # A published cap, and what is left of a technical component, depend on the locality.
        alone = bool(tables.caps) and bool(row.nonfacility_opps or row.facility_opps)
        alone = alone or bool(set(modifiers) & set(EQUIPMENT))
        return terms._replace(alone=int(alone))

    def _zip(self, key: int) -> int:
        """The number of the locality of a ZIP code in a month; 0 where there is none."""
        month, number = divmod(key, 10**10)
        five, nine = divmod(number, 10**9)
        text = f"{nine:09}" if five == 0 else f"{nine:05}"
        try:
            found = load.locality(self._store, text, on=date(month // 12, month % 12 + 1, 1))
        except (SuperbillError, ValueError):
            return 0
        return self._keys.index(found) if found in self._keys else 0

    def _locality(self, key: int) -> int:
        """The number of a carrier and locality; 0 where there is none such."""
        found = text_of(key >> 16), text_of(key & 0xFFFF)
        return self._keys.index(found) if found in self._keys else 0

    # --- As arrays -------------------------------------------------------------------------------

    def _gathered(self) -> Ints:
        """The terms as columns."""
        if self._matrix.shape[1] != len(self._terms):
            self._matrix = np.ascontiguousarray(np.array(self._terms, np.int64).T)
        return self._matrix

    def _marked(self, column: ArrayLike) -> Ints:
        """Each line's set of modifiers, by number."""
        text = bytes_of(column)
        if text.dtype.itemsize <= 8:
            return self._marks(raw(text, 8))
        sets, at = np.unique(text, return_inverse=True)
        numbers = [self._marked_text(each.decode()) for each in sets.tolist()]
        return np.array(numbers, np.int64)[at]

    def _where(self, columns: Columns) -> Ints:
        """Each line's locality by its number among all, whatever the release; 0 for none."""
        if columns.zip is not None:
            return self._by_zip(columns.zip, columns.date)
        carrier, locality = raw(columns.carrier, 8), raw(columns.locality, 8)
        long = (carrier > _CODE) | (locality > 0xFFFF)
        return self._localities(np.where(long, 0, (carrier << 16) | (locality & 0xFFFF)))

    def _placed(self, where: Ints, release: Ints) -> tuple[Ints, Ints, tuple[Ints, ...]]:
        """Where in the columns of indices each line's locality stands; factors, and the columns."""
        if self._shape != (len(self._tables), len(self._keys)):
            self._shape = (len(self._tables), len(self._keys))
            indices = np.zeros((*self._shape, 3), np.int64)
            for held, rows in enumerate(self._places):
                for index, row in rows.items():
                    indices[held, index] = row
            flat = indices.reshape(-1, 3)
            self._columns = tuple(np.ascontiguousarray(flat[:, place]) for place in range(3))
            self._factors = np.array(
                [
                    0 if tables is None else whole(factor(tables), 4)
                    for tables in self._tables
                    for factor in (_factor, _apm_factor)
                ],
                np.int64,
            )
        place = release * self._shape[1] + where
        place[self._columns[0][place] == 0] = 0
        return place, self._factors, self._columns

    def _by_zip(self, column: ArrayLike, dates: ArrayLike) -> Ints:
        text = bytes_of(column)
        digits = np.char.isdigit(text)
        length = np.char.str_len(text)
        bad = ~digits | ((length != 5) & (length != 9))
        number = np.where(bad, b"0", text).astype(np.int64)
        number[length == 5] += 10**9
        months = np.asarray(dates, "datetime64[M]").astype(np.int64) + 1970 * 12
        found = self._zips(np.maximum(months, 0) * 10**10 + number)
        found[bad] = 0
        return found


def _factor(tables: Tables) -> Decimal:
    return tables.factor


def _apm_factor(tables: Tables) -> Decimal:
    return tables.apm_factor


__all__ = ["BUNDLED", "DENIED", "PRICED", "REFUSED", "Bulk", "Columns", "PricedMany"]
