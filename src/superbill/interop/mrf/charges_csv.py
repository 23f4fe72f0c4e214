"""A hospital's standard charges as a table: tall (a row a payer) or wide (columns a payer).

Row 1 names what row 2 says about the hospital, row 3 names the columns, and items follow from row
4, as in CMS's templates of version 3. The order of columns is free. Text is UTF-8.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from superbill.errors import Invalid
from superbill.interop.mrf.book import Book
from superbill.interop.mrf.cells import BAR, Cells, Lines, name, rows
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
from superbill.interop.mrf.checks import SETTINGS, Problems, shown
from superbill.interop.mrf.columns import TALL, Layout, layout
from superbill.interop.mrf.opening import AGAIN
from superbill.interop.mrf.values import ChargeCode, Header, Provision, StandardCharge

_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ATTESTS = "to the best of its knowledge and belief"
_GENERAL = (
    "hospital_name",
    "last_updated_on",
    "version",
    "location_name",
    "hospital_address",
    "type_2_npi",
    "attester_name",
)


def read(stream: io.BufferedIOBase, book: Book, problems: Problems) -> Header | None:
    """Read a table into a book.

    Raises ``Invalid`` where its first three rows do not tell what the others mean, or a row is
    not text.
    """
    lines = Lines(stream)
    table = rows(lines)
    nothing: tuple[int, list[str]] = (0, [])
    first, second = next(table, nothing)[1], next(table, nothing)[1]
    about = _about(first, second, problems)
    third = next(table, None)
    if third is None:
        fix = "Row 1 and 2 are about the hospital, row 3 names the columns."
        raise Invalid.at("row 3", "There are no column headings.", fix)
    columns = layout(third[1], problems)
    if about is not None:
        form = "tall CSV" if columns.tall else "wide CSV"
        about = msgspec.structs.replace(about, form=form)
    if problems.count and not _usable(columns):
        return about
    row, last = 3, False
    for row, values in table:
        if not any(map(str.strip, values)):
            continue
        last = len(values) < columns.width
        if last or any(map(str.strip, values[columns.width :])):
            saw = f"has {len(values)} cells; row 3 has {columns.width} headings."
            problems.add(f"row {row}", saw, "Quote a cell that holds a comma.")
            continue
        book.items += 1
        _row(Cells(values, columns.columns, row, problems), columns, row, book, problems)
    if last and not lines.ended:
        problems.add(f"row {row}", "The file is cut off: it ends inside this row.", AGAIN)
    if not book.items:
        problems.add("row 4", "There are no items.", "Items follow from row 4 on.")
    return about


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
        each: tuple(p for p in BAR.split(told.text(each, needed=each in columns)) if p)
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


def _usable(layout: Layout) -> bool:
    """Whether rows can be told apart at all, so that their problems are worth telling."""
    return "description" in layout.columns and bool(layout.codes)


def _row(told: Cells, layout: Layout, row: int, book: Book, problems: Problems) -> None:
    before = problems.count
    modifiers = tuple(part for part in BAR.split(told.text("modifiers")) if part)
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
