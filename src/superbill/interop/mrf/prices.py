"""Finds prices in a book, and says what each comes to for what was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self

import msgspec

from superbill.errors import Invalid
from superbill.interop.mrf.book import ALL_CODES, ALL_TYPES, Item, Price, connect, key
from superbill.interop.mrf.values import (
    Header,
    ProviderGroup,
    Rate,
    StandardCharge,
)
from superbill.model.base import Value
from superbill.money import dollars, half_up


class Case(Value, frozen=True, kw_only=True):
    """What was done, as far as prices depend on it."""

    charges: Decimal | None = None
    days: int | None = None
    units: int = 1


class Quote(Value, frozen=True, kw_only=True):
    """What a price comes to: ``amount`` in whole cents, and how; ``None`` where it cannot be told.

    ``how`` is the sum in words, or what is missing.
    """

    amount: Decimal | None
    how: str


class Prices:
    """A book that was opened."""

    def __init__(self, connection: sqlite3.Connection, header: Header) -> None:
        self._connection = connection
        self.header = header

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open a book. Raises ``Invalid`` where the file is none."""
        connection, header = connect(path)
        try:
            yield cls(connection, header)
        except sqlite3.DatabaseError as error:
            fix = "Import the publisher's file again."
            raise Invalid.at("", f"The book is damaged ({error}).", fix) from None
        finally:
            connection.close()

    def rates(
        self,
        code: str,
        *,
        code_type: str = "",
        npi: str = "",
        payer: str = "",
        plan: str = "",
        on: date | None,
        modifiers: frozenset[str] | None = None,
        place: str = "",
        setting: str = "",
        billed_as: str = "",
    ) -> Iterator[Rate]:
        """The rates of a code, in the file's order; those for all codes of its type after.

        ``npi`` keeps the rates of that provider, with the groups that it is in. ``payer`` and
        ``plan`` are words of their names (a file of many plans names none, and passes). ``on``
        leaves out
        what had expired on that day (``None`` leaves out nothing). ``modifiers`` keeps the rates of
        exactly those, ``place`` those of a place of service, ``setting`` and ``billed_as`` those
        of a setting and a billing class; a rate for both, or for all places, is of each.
        """
        header = self.header
        names = f"{header.publisher} {header.issuer}".lower()
        if payer.lower() not in names or (header.plan and plan.lower() not in header.plan.lower()):
            return
        mine = self._of(npi) if npi else frozenset()
        for item_row, body in self._items(code, code_type):
            item = msgspec.json.decode(body, type=Item)
            rows = self._connection.execute(
                "SELECT refs, body FROM price WHERE item = ? ORDER BY rowid", (item_row,)
            )
            for refs, price_body in rows:
                price = msgspec.json.decode(price_body, type=Price)
                if (
                    (on is not None and price.expires < on)
                    or (modifiers is not None and frozenset(price.modifiers) != modifiers)
                    or not _fits(setting, price.setting)
                    or not _fits(billed_as, price.billed_as)
                    or (place and price.service_codes and not _at(place, price.service_codes))
                ):
                    continue
                references = msgspec.json.decode(refs, type=tuple[str, ...])
                if npi:
                    references = tuple(each for each in references if each in mine)
                    if not references:
                        continue
                yield self._rate(item, price, references, npi)

    def _items(self, code: str, code_type: str) -> Iterable[tuple[int, bytes]]:
        return self._connection.execute(
            "SELECT id, body FROM item WHERE (code = ? AND (? = '' OR code_type = ?)) "
            "OR (code = ? AND code_type IN (?, ?)) ORDER BY code <> ?, id",
            (key(code), code_type, code_type, key(ALL_CODES), code_type, ALL_TYPES, key(code)),
        ).fetchall()

    def _of(self, npi: str) -> frozenset[str]:
        """The provider references that a provider is in."""
        rows = self._connection.execute("SELECT reference FROM npi WHERE npi = ?", (npi,))
        return frozenset(row[0] for row in rows)

    def _rate(self, item: Item, price: Price, references: tuple[str, ...], npi: str) -> Rate:
        networks: list[str] = []
        groups: list[ProviderGroup] = []
        for each in references:
            row = self._connection.execute(
                "SELECT networks, groups FROM reference WHERE id = ?", (each,)
            ).fetchone()
            networks += msgspec.json.decode(row[0], type=list[str])
            groups += msgspec.json.decode(row[1], type=list[ProviderGroup])
        if npi:
            groups = [each for each in groups if npi in each.npis]
        return Rate(
            payer=self.header.publisher,
            plan=self.header.plan,
            arrangement=item.arrangement,
            code_type=item.code_type,
            code_version=item.code_version,
            code=item.code,
            name=item.name,
            description=item.description,
            severity_of_illness=item.severity_of_illness,
            negotiated_type=price.negotiated_type,
            rate=price.rate,
            expires=price.expires,
            billed_as=price.billed_as,
            setting=price.setting,
            service_codes=price.service_codes,
            modifiers=price.modifiers,
            additional_information=price.additional_information,
            networks=tuple(dict.fromkeys(networks)),
            providers=tuple(groups),
            bundled=item.bundled,
            covered=item.covered,
            path=price.path,
        )

    def charges(
        self,
        code: str,
        *,
        code_type: str = "",
        payer: str = "",
        plan: str = "",
        modifiers: frozenset[str] | None = None,
        setting: str = "",
    ) -> Iterator[StandardCharge]:
        """The charges of a code, in the file's order, to everybody and by payer.

        ``payer`` and ``plan`` keep those whose names hold these words, whatever the case of
        letters. What modifiers do to them is told by :meth:`modifier_terms`.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT charge.id, body FROM charge_code JOIN charge ON charge.id = charge "
            "WHERE code = ? AND (? = '' OR code_type = ?) ORDER BY charge.id",
            (key(code), code_type, code_type),
        )
        for _, body in rows:
            charge = msgspec.json.decode(body, type=StandardCharge)
            if (
                payer.lower() in charge.payer.lower()
                and plan.lower() in charge.plan.lower()
                and _fits(setting, charge.setting)
                and (modifiers is None or frozenset(charge.modifiers) == modifiers)
            ):
                yield charge

    def modifier_terms(
        self, modifiers: frozenset[str], *, payer: str = "", plan: str = ""
    ) -> Iterator[StandardCharge]:
        """What the hospital's contracts say of exactly these modifiers, on any code."""
        rows = self._connection.execute(
            "SELECT body FROM charge_code JOIN charge ON charge.id = charge "
            "WHERE code = '' ORDER BY charge.id"
        )
        for (body,) in rows:
            term = msgspec.json.decode(body, type=StandardCharge)
            if (
                frozenset(term.modifiers) == modifiers
                and payer.lower() in term.payer.lower()
                and plan.lower() in term.plan.lower()
            ):
                yield term


def _fits(asked: str, held: str) -> bool:
    """Whether a rate is of what is asked: nothing asked, nothing said, both, or the same."""
    return not asked or held in ("", "both", asked)


def _at(place: str, places: tuple[str, ...]) -> bool:
    return ALL_CODES in places or place in places


def money(value: Decimal) -> str:
    """Dollars as people read them, with every decimal that was written.

    >>> money(Decimal("20000.0")), money(Decimal("0.0543"))
    ('$20,000.00', '$0.0543')
    """
    return dollars(value) if int(value.as_tuple().exponent) >= -2 else f"${value:,f}"


def rate_quote(rate: Rate, case: Case) -> Quote:
    """What a payer's rate comes to.

    A percentage is of the billed charges, a per diem is for each day; a capitation pays for a
    member, not for a service. Rounded half up to the cent once, at the end.
    """
    if rate.arrangement == "capitation":
        return Quote(amount=None, how="A capitation is paid for the member, not for a service.")
    match rate.negotiated_type:
        case "percentage":
            return _percent(rate.rate, case)
        case "per diem":
            return _per_day(rate.rate, case)
        case "derived":
            return Quote(
                amount=None, how=f"{money(rate.rate)} is derived for internal accounting, not paid."
            )
        case _:
            return _each(rate.rate, case, units=rate.arrangement == "ffs")


def charge_quote(charge: StandardCharge, case: Case) -> Quote:
    """What a hospital's charge comes to: of a payer by its terms, of everybody the gross charge."""
    if not charge.payer:
        if charge.gross is None:
            return Quote(amount=None, how="No gross charge is published.")
        return _each(charge.gross, case, units=True)
    if charge.dollar is not None:
        if charge.methodology == "per diem":
            return _per_day(charge.dollar, case)
        return _each(charge.dollar, case, units=charge.methodology != "case rate")
    if charge.percentage is not None:
        return _percent(charge.percentage, case)
    how = "By an algorithm that the hospital tells in words"
    if charge.median is not None:
        how += f"; the median of {charge.count} allowed amounts was {money(charge.median)}"
    return Quote(amount=None, how=f"{how}.")


def _percent(rate: Decimal, case: Case) -> Quote:
    if case.charges is None:
        return Quote(amount=None, how=f"{rate}% of billed charges: say what is charged.")
    amount = half_up(case.charges * rate / 100)
    return Quote(amount=amount, how=f"{rate}% of {money(case.charges)} charged")


def _per_day(rate: Decimal, case: Case) -> Quote:
    if case.days is None:
        return Quote(amount=None, how=f"{money(rate)} a day: say how many days.")
    return Quote(amount=half_up(rate * case.days), how=f"{money(rate)} a day × {case.days}")


def _each(rate: Decimal, case: Case, *, units: bool) -> Quote:
    if units and case.units != 1:
        return Quote(amount=half_up(rate * case.units), how=f"{money(rate)} × {case.units} units")
    return Quote(amount=half_up(rate), how=f"{money(rate)}")
