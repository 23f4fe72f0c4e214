"""A hospital's standard charges: what the schema of version 3 asks beyond the form of each field.

Published by hospitals once a year (45 CFR 180.50), as JSON or as one of two tables, which the same
conditions hold for (CMS's schema, ``V3.0.0_Hospital_price_transparency_schema.json``, and the
header rows of its CSV templates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from superbill.interop.mrf import events
from superbill.interop.mrf.book import Book
from superbill.interop.mrf.checks import SETTINGS, Fields, Problems, shown
from superbill.interop.mrf.events import Events, Place
from superbill.interop.mrf.values import ChargeCode, Header, Provision, StandardCharge

CODE_TYPES = frozenset(
    [
        "CPT",
        "HCPCS",
        "ICD",
        "DRG",
        "MS-DRG",
        "R-DRG",
        "S-DRG",
        "APS-DRG",
        "AP-DRG",
        "APR-DRG",
        "TRIS-DRG",
        "APC",
        "NDC",
        "HIPPS",
        "LOCAL",
        "EAPG",
        "CDT",
        "RC",
        "CDM",
        "CMG",
        "MS-LTC-DRG",
    ]
)
METHODS = (
    "case rate",
    "fee schedule",
    "percent of total billed charges",
    "per diem",
    "other",
)
DRUG_TYPES = ("GR", "ML", "ME", "UN", "F2", "GM", "EA")
STATES = frozenset(
    [
        "AL",
        "AK",
        "AS",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FM",
        "FL",
        "GA",
        "GU",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MH",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "MP",
        "OH",
        "OK",
        "OR",
        "PW",
        "PA",
        "PR",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VI",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
    ]
)
COUNT = re.compile(r"0|1 through 10|1[1-9]|[2-9][0-9]+|[1-9][0-9]{2,}")
COUNT_SAID = 'One of "0", "1 through 10", or a number from 11.'
NPI = re.compile(r"[0-9]{10}")

Wrong = Callable[[str, str, str], None]

JSON_NAMES = {
    "dollar": "standard_charge_dollar",
    "median": "median_amount",
    "tenth_percentile": "10th_percentile",
    "ninetieth_percentile": "90th_percentile",
    "count": "count",
    "payer_notes": "additional_payer_notes",
    "methodology": "methodology",
    "minimum": "minimum",
    "maximum": "maximum",
}


def version_problem(version: str) -> tuple[str, str] | None:
    """What is wrong with the file's version; ``None`` where it is read."""
    if version.lstrip("vV").split(".")[0] == "3":
        return None
    fix = "Hospitals publish version 3 since 1 January 2026; ask for that file."
    return f"{shown(version)} is not version 3 of the schema.", fix


def conditions(charge: StandardCharge, notes: str, names: Mapping[str, str], wrong: Wrong) -> None:
    """The conditions between the fields of a payer's charge, whose ``notes`` explain it."""
    derived = charge.percentage is not None or bool(charge.algorithm)
    if charge.dollar is None and not derived:
        saw = "a payer's charge has no dollar amount, percentage or algorithm."
        wrong(names["dollar"], saw, "Give one of the three.")
        return
    if not charge.methodology:
        wrong(names["methodology"], "is missing.", f"One of: {', '.join(METHODS)}.")
    if charge.methodology == "other" and not notes:
        wrong(names["payer_notes"], "is missing.", 'The methodology "other" is told in notes.')
    if derived and not charge.count:
        wrong(names["count"], "is missing.", f"A percentage or algorithm has one. {COUNT_SAID}")
    if derived and charge.count not in ("", "0"):
        for name in ("median", "tenth_percentile", "ninetieth_percentile"):
            if getattr(charge, name) is None:
                fix = "A percentage or algorithm with a count above 0 has all three."
                wrong(names[name], "is missing.", fix)
    if charge.count == "0" and not notes:
        wrong(names["payer_notes"], "is missing.", "A count of 0 is explained in notes.")


def bounds(
    low: Decimal | None, high: Decimal | None, names: Mapping[str, str], wrong: Wrong
) -> None:
    """The smallest and the largest negotiated charge, which a dollar amount calls for."""
    for name, value in (("minimum", low), ("maximum", high)):
        if value is None:
            fix = "It is required where a payer's charge is a dollar amount."
            wrong(names[name], "is missing.", fix)
    if low is not None and high is not None and low > high:
        wrong(names["minimum"], f"{low} is above the maximum {high}.", "Check which is which.")


def header(found: dict[str, Any], problems: Problems) -> Header | None:
    """What a JSON file says about itself; ``None`` where it does not say when it was updated."""
    told = Fields(found, "", problems)
    version = told.text("version")
    if version and (wrong := version_problem(version)) is not None:
        told.wrong("version", *wrong)
    updated = told.day("last_updated_on")
    license_, attested = (
        Fields(value if isinstance(value := found.get(name), dict) else {}, name, problems)
        for name in ("license_information", "attestation")
    )
    attested.text("attestation")
    confirmed = attested.get("confirm_attestation")
    if not isinstance(confirmed, bool):
        attested.wrong("confirm_attestation", f"expected true, saw {shown(confirmed)}.")
    about: dict[str, Any] = {
        "publisher": told.text("hospital_name"),
        "locations": told.texts("location_name"),
        "addresses": told.texts("hospital_address"),
        "npis": told.texts("type_2_npi", pattern=NPI, means="NPI of ten digits"),
        "license_number": license_.text("license_number", needed=False),
        "state": license_.one_of("state", STATES),
        "attester": attested.text("attester_name"),
        "provisions": tuple(
            Provision(payer=inner.text("payer_name"), terms=inner.text("provisions"))
            for at, each in told.objects("general_contract_provisions", needed=False)
            for inner in (Fields(each, at, problems),)
        ),
    }
    if updated is None:
        return None
    return Header(
        kind="standard charges",
        last_updated_on=updated,
        version=version,
        form="JSON",
        attested=confirmed is True,
        **about,
    )


class Charges:
    """Reads the two large lists of a JSON file into a book."""

    def __init__(self, book: Book, problems: Problems, place: Place) -> None:
        self._book = book
        self._problems = problems
        self._place = place

    def items(self, stream: Events) -> None:
        """``standard_charge_information``."""
        empty = True
        for at, told in self._each(stream, "standard_charge_information"):
            empty = False
            if told is not None:
                self._book.items += 1
                self._item(told, at)
        if empty:
            at = "standard_charge_information"
            self._problems.add(at, "is an empty list.", "A file has at least one item.")

    def modifiers(self, stream: Events) -> None:
        """``modifier_information``."""
        empty = True
        for _, told in self._each(stream, "modifier_information"):
            empty = False
            if told is None:
                continue
            before = self._problems.count
            name = told.text("description")
            code = told.text("code")
            setting = told.one_of("setting", SETTINGS, needed=False)
            for where, each in told.objects("modifier_payer_information"):
                inner = Fields(each, where, self._problems)
                charge = StandardCharge(
                    description=name,
                    setting=setting,
                    modifiers=tuple(part.strip() for part in code.split("|") if part.strip()),
                    payer=inner.text("payer_name"),
                    plan=inner.text("plan_name"),
                    payer_notes=inner.text("description"),
                    path=where,
                )
                self._book.add_charge(charge, good=self._problems.count == before)
        if empty:
            self._problems.add("modifier_information", "is an empty list.", "Leave it out.")

    def _each(self, stream: Events, name: str) -> Any:
        for number, first in enumerate(events.elements(stream)):
            at = self._place.path = f"{name}[{number}]"
            found = events.build(stream, first)
            if isinstance(found, dict):
                yield at, Fields(found, at, self._problems)
            else:
                self._problems.add(at, f"expected an object, saw {shown(found)}.")
                yield at, None

    def _item(self, told: Fields, at: str) -> None:
        before = self._problems.count
        description = told.text("description")
        codes = []
        for where, each in told.objects("code_information"):
            inner = Fields(each, where, self._problems)
            kind = inner.one_of("type", CODE_TYPES)
            codes.append(ChargeCode(code_type=kind, code=inner.text("code")))
        unit, unit_type = self._drug(told, needed=any(code.code_type == "NDC" for code in codes))
        bad = self._problems.count > before
        charges = told.objects("standard_charges")
        for where, each in charges:
            common = {
                "description": description,
                "codes": tuple(codes),
                "drug_unit": unit,
                "drug_type": unit_type,
            }
            self._charge(Fields(each, where, self._problems), where, common, bad=bad)

    def _drug(self, told: Fields, *, needed: bool) -> tuple[Decimal | None, str]:
        found = told.get("drug_information")
        if found is None:
            if needed:
                fix = "An item with an NDC has its unit and its type of measurement."
                told.wrong("drug_information", "is missing.", fix)
            return None, ""
        if not isinstance(found, dict):
            told.wrong("drug_information", f"expected an object, saw {shown(found)}.")
            return None, ""
        inner = Fields(found, told.place("drug_information"), self._problems)
        return inner.amount("unit"), inner.one_of("type", DRUG_TYPES)

    def _charge(self, told: Fields, at: str, common: dict[str, Any], *, bad: bool) -> None:
        before = self._problems.count
        common = common | {
            "setting": told.one_of("setting", SETTINGS),
            "gross": told.amount("gross_charge", needed=False),
            "discounted_cash": told.amount("discounted_cash", needed=False),
            "minimum": told.amount("minimum", needed=False),
            "maximum": told.amount("maximum", needed=False),
            "modifiers": told.texts("modifier_code", needed=False),
            "notes": told.text("additional_generic_notes", needed=False),
        }
        payers = told.objects("payers_information", needed=False)
        if not payers and not (told.has("gross_charge") or told.has("discounted_cash")):
            saw = "has no amount: no gross_charge, discounted_cash or payers_information."
            self._problems.add(at, saw, "Give at least one of the three.")
        if any(each.get("standard_charge_dollar") is not None for _, each in payers):
            bounds(common["minimum"], common["maximum"], JSON_NAMES, told.wrong)
        bad = bad or self._problems.count > before
        if not payers:
            self._book.add_charge(StandardCharge(**common, path=at), good=not bad)
        for where, each in payers:
            before = self._problems.count
            charge = self._payer(Fields(each, where, self._problems), where, common)
            self._book.add_charge(charge, good=not bad and self._problems.count == before)

    def _payer(self, told: Fields, at: str, common: dict[str, Any]) -> StandardCharge:
        before = self._problems.count
        count = told.text("count", needed=False)
        if count and not COUNT.fullmatch(count):
            told.wrong("count", f"{shown(count)} is not allowed.", COUNT_SAID)
        charge = StandardCharge(
            **common,
            payer=told.text("payer_name"),
            plan=told.text("plan_name"),
            dollar=told.amount("standard_charge_dollar", needed=False),
            percentage=told.amount("standard_charge_percentage", needed=False),
            algorithm=told.text("standard_charge_algorithm", needed=False),
            median=told.amount("median_amount", needed=False),
            tenth_percentile=told.amount("10th_percentile", needed=False),
            ninetieth_percentile=told.amount("90th_percentile", needed=False),
            count=count,
            methodology=told.one_of("methodology", METHODS),
            payer_notes=told.text("additional_payer_notes", needed=False),
            path=at,
        )
        if self._problems.count == before:
            conditions(charge, charge.payer_notes, JSON_NAMES, told.wrong)
        return charge
