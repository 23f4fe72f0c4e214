"""Reads a price-transparency file: tells what it is, checks it, and imports it whole or not at all.

A file is read once, from its beginning to its end, whatever its size; standard input will do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from superbill.errors import Invalid, Problem
from superbill.interop.mrf import charges, charges_csv, events, in_network
from superbill.interop.mrf.book import Book, is_book, writing
from superbill.interop.mrf.checks import SHOWN, Problems
from superbill.interop.mrf.opening import Opened, Told, opening
from superbill.interop.mrf.prices import Prices
from superbill.interop.mrf.values import Header, Report

_OTHERS = {
    "out_of_network": (
        "This is an allowed-amounts file: what was paid out of network. It holds no negotiated "
        "rates."
    ),
    "reporting_structure": (
        "This is a table of contents: it names the files of plans and holds no rates itself."
    ),
    "in_network_drugs": "This is a prescription-drug file, whose rates are not read.",
}
_BRING = "Bring the payer's in-network file, or a hospital's standard charges."


def check(path: Path, *, told: Told | None = None) -> Report:
    """Check a file against its published schema.

    ``told`` is called with the bytes read. Raises ``Invalid`` where the file cannot be read to its
    end (cut off, no JSON, another kind), ``OSError`` where the system cannot open it.
    """
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "book", _NONE) as book:
        return _read(path, book, told)


_NONE: frozenset[str] = frozenset()


def import_file(
    path: Path,
    into: Path,
    *,
    codes: frozenset[str] | None = None,
    leave_out: bool = False,
    told: Told | None = None,
) -> Report:
    """Import a file into a book of prices, all of it or only ``codes``.

    With ``codes`` the rates of other items are passed over; they are not even checked where the
    item's code stands before them.

    With ``leave_out`` what does not follow the schema is left out and counted; otherwise one
    problem is enough to import nothing. Raises ``Invalid`` with the problems, and as :func:`check`.
    """
    with writing(into, codes) as book:
        report = _read(path, book, told)
        if report.header is None or (report.problem_count and not leave_out):
            raise Invalid(report.problems)
        if report.problem_count:
            book.drop_undefined()
        book.finish(report.header)
    return _counted(book, report.header, report.problem_count, report.problems)


@contextmanager
def prices(
    path: Path, *, codes: frozenset[str], leave_out: bool = False, told: Told | None = None
) -> Iterator[tuple[Prices, Report | None]]:
    """The prices of ``codes``, from a book or straight from a publisher's file.

    A publisher's file is read to its end first, into a book that is gone afterwards; what is kept
    is checked, and the report is of that. Raises as :func:`import_file`.
    """
    if is_book(path):
        with Prices.open(path) as found:
            yield found, None
        return
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        report = import_file(path, book, codes=codes, leave_out=leave_out, told=told)
        with Prices.open(book) as found:
            yield found, report


def _read(path: Path, book: Book, told: Told | None) -> Report:
    problems = Problems()
    with opening(path, told) as opened:
        begins = opened.begins[:1]
        if begins == b"<":
            fix = "Bring the same file as JSON, which payers publish too."
            what = next((n for n in _XML if f"<{n}>".encode() in opened.begins), "")
            of = f" with <{what}>" if what else ""
            raise Invalid.at("", f"This is XML{of}; prices are read from JSON and CSV.", fix)
        if begins == b"{":
            found = _read_json(opened, book, problems)
        elif b"hospital_name" in opened.begins.split(b"\n", 1)[0].lower():
            _parted_by_commas(opened.begins)
            found = charges_csv.read(opened.stream, book, problems)
        else:
            start = opened.begins[:30].decode("utf-8", "replace").splitlines()[0]
            saw = f"This is no price-transparency file: it begins with {start!r}."
            fix = (
                "JSON begins with {; a hospital's table names hospital_name and version in its "
                "first row, as CMS's template does."
            )
            raise Invalid.at("", saw, fix)
    return _counted(book, found, problems.count, tuple(problems.first))


_XML = ("in_network", "provider_references", *_OTHERS)


def _parted_by_commas(begins: bytes) -> None:
    """Refuse a table whose columns something else parts, which no row would say as plainly."""
    heading = begins.split(b"\n", 1)[0]
    for mark, said in ((b";", "semicolons"), (b"\t", "tabs")):
        if heading.count(mark) > heading.count(b","):
            saw = f"The columns are parted by {said}."
            raise Invalid.at("row 1", saw, "Save it as CSV with commas.")


def _counted(
    book: Book, header: Header | None, problem_count: int, problems: tuple[Problem, ...]
) -> Report:
    return Report(
        header=header,
        items=book.items,
        prices=book.prices,
        groups=book.groups,
        kept=book.kept,
        left_out=book.left_out,
        problem_count=problem_count,
        problems=problems,
    )


def _read_json(opened: Opened, book: Book, problems: Problems) -> Header | None:
    found: dict[str, Any] = {}
    lists: set[str] = set()
    with events.reading(opened.stream) as (stream, place):
        rates = in_network.InNetwork(book, problems, place)
        hospital = charges.Charges(book, problems, place)
        readers = {
            "provider_references": rates.references,
            "in_network": rates.items,
            "standard_charge_information": hospital.items,
            "modifier_information": hospital.modifiers,
        }
        next(stream)
        for name in events.members(stream):
            place.path = name[:60]
            first = next(stream)
            if name in _OTHERS:
                raise Invalid.at(name, _OTHERS[name], _BRING)
            if name in readers and first[0] == events.LIST:
                lists.add(name)
                readers[name](stream)
            elif name in _KNOWN:
                found[name] = events.build(stream, first)
                rates.old = str(found.get("version", "")).lstrip("v").startswith("1.")
            else:
                events.skip(stream, first)
        # What follows the document's end is an error of the parser's.
        for _ in stream:
            pass
    return _finished(found, lists, book, problems)


_KNOWN = frozenset(
    [
        "reporting_entity_name",
        "reporting_entity_type",
        "plan_name",
        "plan_id_type",
        "plan_id",
        "issuer_name",
        "plan_market_type",
        "plan_sponsor_name",
        "last_updated_on",
        "version",
        "hospital_name",
        "hospital_address",
        "location_name",
        "type_2_npi",
        "license_information",
        "attestation",
        "general_contract_provisions",
        "in_network",
        "provider_references",
        "standard_charge_information",
        "modifier_information",
    ]
)


def _finished(
    found: dict[str, Any], lists: set[str], book: Book, problems: Problems
) -> Header | None:
    """The header, and what only the end of the file shows."""
    if "in_network" in lists | found.keys():
        if "in_network" not in lists:
            problems.add("in_network", "is no list.", "It is the list of items with their rates.")
        for group, path in book.undefined(SHOWN):
            fix = "Define it in provider_references; without it nobody knows whom the rate pays."
            problems.add(path, f"provider group {group} is defined nowhere.", fix)
        return in_network.header(found, problems)
    if "standard_charge_information" in lists | found.keys():
        if "standard_charge_information" not in lists:
            problems.add("standard_charge_information", "is no list.", "It is the list of items.")
        if "modifier_information" in found:
            problems.add("modifier_information", "is no list.", "Leave it out, or list them.")
        return charges.header(found, problems)
    saw = "This JSON holds neither in_network nor standard_charge_information."
    raise Invalid.at("", saw, _BRING)
