"""A hospital's standard charges as a table: tall (a row a payer) or wide (columns a payer).

Row 1 names what row 2 says about the hospital, row 3 names the columns, and items follow from row
4, as in CMS's templates of version 3. The order of columns is free. Text is UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from superbill.errors import Invalid
from superbill.interop.mrf.book import Book
from superbill.interop.mrf.charges import (
    CODE_TYPES,
    COUNT,
    COUNT_SAID,
    DRUG_TYPES,
    METHODS,
    NPI,
    STATES,
    bounds,
    conditions,
    version_problem,
)
from superbill.interop.mrf.checks import SETTINGS, Problems, amount_problem, shown
from superbill.interop.mrf.opening import AGAIN
from superbill.interop.mrf.values import ChargeCode, Header, Provision, StandardCharge

_BAR = re.compile(r"\s*\|\s*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ATTESTS = "to the best of its knowledge and belief"

COMMON = (
    "description",
    "setting",
    "modifiers",
    "drug_unit_of_measurement",
    "drug_type_of_measurement",
    "standard_charge|gross",
    "standard_charge|discounted_cash",
    "standard_charge|min",
    "standard_charge|max",
    "additional_generic_notes",
)
TALL = (
    "payer_name",
    "plan_name",
    "standard_charge|negotiated_dollar",
    "standard_charge|negotiated_percentage",
    "standard_charge|negotiated_algorithm",
    "standard_charge|methodology",
    "median_amount",
    "10th_percentile",
    "90th_percentile",
    "count",
)
# What a payer's plan has columns of, in the wide form: before and after "payer|plan".
WIDE = (
    ("standard_charge", "negotiated_dollar"),
    ("standard_charge", "negotiated_percentage"),
    ("standard_charge", "negotiated_algorithm"),
    ("standard_charge", "methodology"),
    ("median_amount", ""),
    ("10th_percentile", ""),
    ("90th_percentile", ""),
    ("count", ""),
    ("additional_payer_notes", ""),
)
_GENERAL = (
    "hospital_name",
    "last_updated_on",
    "version",
    "location_name",
    "hospital_address",
    "type_2_npi",
    "attester_name",
)


class Payer(NamedTuple):
    """A payer's plan, and the column of each thing that is said of it."""

    payer: str
    plan: str
    columns: dict[str, str]


class Layout(NamedTuple):
    """The columns of a table: their places by name, and the payers where it is wide."""

    columns: dict[str, int]
    codes: tuple[tuple[str, str], ...]
    payers: tuple[Payer, ...]
    tall: bool
    width: int


class Cells:
    """The cells of one row; a wrong one is noted with its row and column."""

    __slots__ = ("_columns", "_problems", "_row", "_values")

    def __init__(
        self, values: list[str], columns: dict[str, int], row: int, problems: Problems
    ) -> None:
        self._values = values
        self._columns = columns
        self._row = row
        self._problems = problems

    def wrong(self, column: str, message: str, remedy: str = "") -> None:
        """Note that a cell is wrong."""
        self._problems.add(f"row {self._row}, column {column}", message, remedy)

    def text(self, column: str, *, needed: bool = False) -> str:
        """A cell's text, empty where it is blank or the column is not there."""
        at = self._columns.get(column)
        value = self._values[at].strip() if at is not None and at < len(self._values) else ""
        if needed and not value:
            self.wrong(column, "is empty.", "The schema requires it.")
        return value

    def one_of(self, column: str, allowed: Collection[str], *, needed: bool = False) -> str:
        """One of the values that the schema lists; the case of letters is free in tables."""
        value = self.text(column, needed=needed)
        if not value or value in allowed:
            return value
        for each in allowed:
            if each.lower() == value.lower():
                return each
        fix = f"One of: {', '.join(sorted(allowed))}."
        self.wrong(column, f"{shown(value)} is not allowed.", fix)
        return ""

    def amount(self, column: str) -> Decimal | None:
        """A number above 0, exactly as written."""
        value = self.text(column)
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            fix = "Digits and a point only, no $, % or commas: 1234.50."
            self.wrong(column, f"{shown(value)} is no number.", fix)
            return None
        exact = Decimal(value)
        if (wrong := amount_problem(exact)) is not None:
            self.wrong(column, *wrong)
            return None
        return exact


def name(heading: str) -> str:
    """A heading without the blanks around its bars.

    >>> name(" code | 1 | type ")
    'code|1|type'
    """
    return _BAR.sub("|", heading.strip())


def read(stream: io.BufferedIOBase, book: Book, problems: Problems) -> Header | None:
    """Read a table into a book.

    Raises ``Invalid`` where its first three rows do not tell what the others mean, or a row is
    not text.
    """
    lines = _Lines(stream)
    rows = _rows(lines)
    nothing: tuple[int, list[str]] = (0, [])
    first, second = next(rows, nothing)[1], next(rows, nothing)[1]
    about = _about(first, second, problems)
    third = next(rows, None)
    if third is None:
        fix = "Row 1 and 2 are about the hospital, row 3 names the columns."
        raise Invalid.at("row 3", "There are no column headings.", fix)
    layout = _layout(third[1], problems)
    if about is not None:
        form = "tall CSV" if layout.tall else "wide CSV"
        about = msgspec.structs.replace(about, form=form)
    if problems.count and not _usable(layout):
        return about
    row, last = 3, False
    for row, values in rows:
        if not any(map(str.strip, values)):
            continue
        last = len(values) < layout.width
        if last or any(map(str.strip, values[layout.width :])):
            saw = f"has {len(values)} cells; row 3 has {layout.width} headings."
            problems.add(f"row {row}", saw, "Quote a cell that holds a comma.")
            continue
        book.items += 1
        _row(Cells(values, layout.columns, row, problems), layout, row, book, problems)
    if last and not lines.ended:
        problems.add(f"row {row}", "The file is cut off: it ends inside this row.", AGAIN)
    if not book.items:
        problems.add("row 4", "There are no items.", "Items follow from row 4 on.")
    return about


class _Lines:
    """Lines of text; ``ended`` says whether the last one had an end."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.number = 0
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.number += 1
            self.ended = line.endswith((b"\n", b"\r"))
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise Invalid.at(
                    f"line {self.number}",
                    f"Byte 0x{line[error.start]:02X} is not UTF-8.",
                    'Save it as UTF-8 (spreadsheets: "CSV UTF-8").',
                ) from None


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, numbered from 1 as a spreadsheet does."""
    reader = csv.reader(lines, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        place = f"line {lines.number}"
        if "unexpected end of data" in str(error):
            saw = "The file is cut off, or a quotation mark is never closed."
            raise Invalid.at(place, saw, AGAIN) from None
        raise Invalid.at(place, f"This is not CSV: {error}.", "Save it as CSV again.") from None


def _about(names: list[str], values: list[str], problems: Problems) -> Header | None:
    """What rows 1 and 2 say; ``None`` where they lack the date."""
    columns = {name(each).lower(): at for at, each in reversed(list(enumerate(names)))}
    told = Cells(values, columns, 2, problems)
    for each in _GENERAL:
        if each not in columns:
            problems.add(f"row 1, column {each}", "is missing.", "CMS's template names it.")
    license_ = next((each for each in columns if each.startswith("license_number|")), "")
    state = license_.partition("|")[2].upper()
    if state not in STATES:
        saw = "is missing." if not license_ else f"{shown(state)} is no state."
        problems.add("row 1, column license_number|[state]", saw, "For example license_number|OH.")
    attests = next((each for each in columns if each.startswith(_ATTESTS)), "")
    if not attests:
        fix = "Its text is in CMS's template, and row 2 says TRUE below it."
        problems.add("row 1", "The attestation statement is missing.", fix)
    confirmed = told.one_of(attests, ("true", "false"), needed=bool(attests)) if attests else ""
    parts = {
        each: tuple(p for p in _BAR.split(told.text(each, needed=each in columns)) if p)
        for each in ("location_name", "hospital_address", "type_2_npi")
    }
    for each in parts["type_2_npi"]:
        if not NPI.fullmatch(each):
            told.wrong("type_2_npi", f"{shown(each)} is no NPI.", "Ten digits; | between two.")
    version = told.text("version", needed="version" in columns)
    if version and (wrong := version_problem(version)) is not None:
        told.wrong("version", *wrong)
    updated = _day(told, "last_updated_on") if "last_updated_on" in columns else None
    terms = told.text("general_contract_provisions")
    publisher = told.text("hospital_name", needed="hospital_name" in columns)
    attester = told.text("attester_name", needed="attester_name" in columns)
    if updated is None:
        return None

    return Header(
        kind="standard charges",
        publisher=publisher,
        last_updated_on=updated,
        version=version,
        form="CSV",
        locations=parts["location_name"],
        addresses=parts["hospital_address"],
        npis=parts["type_2_npi"],
        license_number=told.text(license_),
        state=state,
        attester=attester,
        attested=confirmed == "true",
        provisions=(Provision(payer="", terms=terms),) if terms else (),
    )


def _day(told: Cells, column: str) -> date | None:
    value = told.text(column, needed=True)
    if not value:
        return None
    try:
        if (found := _US_DAY.fullmatch(value)) is not None:
            return date(int(found[3]), int(found[1]), int(found[2]))
        return date.fromisoformat(value)
    except ValueError:
        told.wrong(column, f"{shown(value)} is not a date.", "YYYY-MM-DD, or MM/DD/YYYY.")
        return None


def _layout(headings: list[str], problems: Problems) -> Layout:
    columns: dict[str, int] = {}
    said: dict[str, str] = {}
    width = 0
    for at, heading in enumerate(headings):
        column = name(heading)
        if not column:
            continue
        width = at + 1
        lower = column.lower()
        if lower in columns:
            problems.add(f"row 3, column {column}", "stands twice.", "Name each column once.")
        columns.setdefault(lower, at)
        said.setdefault(lower, column)
    tall = "payer_name" in columns or "plan_name" in columns
    codes = []
    number = 1
    while f"code|{number}" in columns or f"code|{number}|type" in columns:
        codes.append((f"code|{number}", f"code|{number}|type"))
        number += 1
    payers = () if tall else _payers(said)
    needed = [*COMMON, *(TALL if tall else ()), *(c for pair in codes or [_FIRST] for c in pair)]
    needed += [column for each in payers for column in each.columns.values()]
    for column in needed:
        if column.lower() not in columns:
            problems.add(f"row 3, column {column}", "is missing.", "CMS's template names it.")
    if not tall and not payers:
        fix = "Tall: payer_name and plan_name. Wide: standard_charge|[payer]|[plan]|…"
        problems.add("row 3", "No column tells a payer's charges.", fix)
    return Layout(columns, tuple(codes), payers, tall, width)


_FIRST = ("code|1", "code|1|type")


def _payers(said: dict[str, str]) -> tuple[Payer, ...]:
    """The payers' plans that the wide form has columns of, in their order."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for heading in said.values():
        parts = heading.split("|")
        kind = parts[0].lower()
        if (len(parts) == 4 and kind == "standard_charge") or (
            len(parts) == 3 and (kind, "") in WIDE
        ):
            found.setdefault((parts[1].lower(), parts[2].lower()), (parts[1], parts[2]))
    return tuple(
        Payer(
            payer,
            plan,
            {
                after or before: "|".join(filter(None, (before, payer, plan, after)))
                for before, after in WIDE
            },
        )
        for payer, plan in found.values()
    )


def _usable(layout: Layout) -> bool:
    """Whether rows can be told apart at all, so that their problems are worth telling."""
    return "description" in layout.columns and bool(layout.codes)


def _row(told: Cells, layout: Layout, row: int, book: Book, problems: Problems) -> None:
    before = problems.count
    modifiers = tuple(part for part in _BAR.split(told.text("modifiers")) if part)
    codes = _codes(told, layout, needed=not modifiers)
    only_modifiers = not codes and bool(modifiers)
    unit, unit_type = _drug(told, codes)
    common: dict[str, Any] = {
        "description": told.text("description", needed=True),
        "setting": told.one_of("setting", SETTINGS, needed=True),
        "codes": codes,
        "modifiers": modifiers,
        "drug_unit": unit,
        "drug_type": unit_type,
        "gross": told.amount("standard_charge|gross"),
        "discounted_cash": told.amount("standard_charge|discounted_cash"),
        "minimum": told.amount("standard_charge|min"),
        "maximum": told.amount("standard_charge|max"),
        "notes": told.text("additional_generic_notes"),
        "path": f"row {row}",
    }
    charges: list[tuple[StandardCharge, dict[str, str]]] = []
    for columns, payer, plan in _who(told, layout):
        found = _charge(told, columns, payer, plan, common)
        if found is not None:
            charges.append(found)
    if not charges:
        charges = [(StandardCharge(**common), {})]
        told_in_words = only_modifiers and common["notes"]
        if common["gross"] is None and common["discounted_cash"] is None and not told_in_words:
            saw = "has no amount: no gross, discounted cash or negotiated charge."
            problems.add(f"row {row}", saw, "Give at least one of them.")
    elif not only_modifiers:
        names = {"minimum": "standard_charge|min", "maximum": "standard_charge|max"}
        if any(charge.dollar is not None for charge, _ in charges):
            bounds(common["minimum"], common["maximum"], names, told.wrong)
        for charge, names in charges:
            if names:
                notes = charge.notes if layout.tall else charge.payer_notes
                conditions(charge, notes, names, told.wrong)
    good = problems.count == before
    for charge, _ in charges:
        book.add_charge(charge, good=good)


def _codes(told: Cells, layout: Layout, *, needed: bool) -> tuple[ChargeCode, ...]:
    codes = []
    for column, type_column in layout.codes:
        code, kind = told.text(column), told.one_of(type_column, CODE_TYPES)
        if code and not told.text(type_column):
            told.wrong(type_column, "is empty.", f"Say what {shown(code)} is a code of.")
        if told.text(type_column) and not code:
            told.wrong(column, "is empty.", "Its type is given; give the code too.")
        if code:
            codes.append(ChargeCode(code_type=kind, code=code))
    if not codes and needed:
        told.wrong("code|1", "is empty.", "An item has a code; without one, it has modifiers.")
    return tuple(codes)


def _drug(told: Cells, codes: tuple[ChargeCode, ...]) -> tuple[Decimal | None, str]:
    unit_column, type_column = "drug_unit_of_measurement", "drug_type_of_measurement"
    unit, kind = told.amount(unit_column), told.one_of(type_column, DRUG_TYPES)
    needed = any(code.code_type == "NDC" for code in codes)
    for column, other in ((unit_column, type_column), (type_column, unit_column)):
        if not told.text(column) and (needed or told.text(other)):
            fix = "An item with an NDC, and one with either, has unit and type of measurement."
            told.wrong(column, "is empty.", fix)
    return unit, kind


def _who(told: Cells, layout: Layout) -> Iterator[tuple[dict[str, str], str, str]]:
    """The payers that a row may have charges of, each with its columns."""
    if not layout.tall:
        for each in layout.payers:
            yield each.columns, each.payer, each.plan
        return
    columns = {column.rpartition("|")[2]: column for column in TALL}
    payer, plan = told.text("payer_name"), told.text("plan_name")
    if payer or plan:
        for column in ("payer_name", "plan_name"):
            told.text(column, needed=True)
    elif any(told.text(column) for column in TALL):
        told.wrong("payer_name", "is empty.", "Say whose charge it is.")
    yield columns, payer, plan


def _charge(
    told: Cells, columns: dict[str, str], payer: str, plan: str, common: dict[str, Any]
) -> tuple[StandardCharge, dict[str, str]] | None:
    """The charge of one payer, with the column of each field; ``None`` where nothing is said."""
    notes_column = columns.get("additional_payer_notes", "")
    count = told.text(columns["count"].lower())
    if count and not COUNT.fullmatch(count):
        told.wrong(columns["count"], f"{shown(count)} is not allowed.", COUNT_SAID)
    charge = StandardCharge(
        **common,
        payer=payer,
        plan=plan,
        dollar=told.amount(columns["negotiated_dollar"].lower()),
        percentage=told.amount(columns["negotiated_percentage"].lower()),
        algorithm=told.text(columns["negotiated_algorithm"].lower()),
        median=told.amount(columns["median_amount"].lower()),
        tenth_percentile=told.amount(columns["10th_percentile"].lower()),
        ninetieth_percentile=told.amount(columns["90th_percentile"].lower()),
        count=count,
        methodology=told.one_of(columns["methodology"].lower(), METHODS),
        payer_notes=told.text(notes_column.lower()) if notes_column else "",
    )
    amounts = (charge.dollar, charge.percentage, charge.median, charge.tenth_percentile)
    texts = (charge.algorithm, charge.count, charge.methodology, charge.payer_notes)
    if not any(each is not None for each in amounts) and not any(texts):
        return None
    names = {
        "dollar": columns["negotiated_dollar"],
        "median": columns["median_amount"],
        "tenth_percentile": columns["10th_percentile"],
        "ninetieth_percentile": columns["90th_percentile"],
        "count": columns["count"],
        "methodology": columns["methodology"],
        "payer_notes": notes_column or "additional_generic_notes",
    }
    return charge, names
