"""A payer's in-network rates: Transparency in Coverage, JSON, schema version 2.

Published by payers each month; the layout is CMS's (``in-network-rates.json``). The file says when
it was last updated, each rate when it expires. Files of version 1 are read too: their providers
stand beside the rates, and neither setting nor network name was required.

Nothing larger than one provider reference or one element of ``negotiated_rates`` is ever held: an
item's own fields may come after its rates, and provider references after everything.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import structs

from superbill.interop.mrf import events
from superbill.interop.mrf.book import Book, Item, Price
from superbill.interop.mrf.checks import SETTINGS, Fields, Problems, shown
from superbill.interop.mrf.events import Events, Place
from superbill.interop.mrf.values import ContainedCode, Header, ProviderGroup

CODE_TYPES = frozenset(
    [
        "CPT",
        "HCPCS",
        "ICD",
        "MS-DRG",
        "R-DRG",
        "S-DRG",
        "APS-DRG",
        "AP-DRG",
        "APR-DRG",
        "APC",
        "NDC",
        "HIPPS",
        "LOCAL",
        "EAPG",
        "CDT",
        "RC",
        "CSTM-ALL",
    ]
)
TYPES = ("negotiated", "derived", "fee schedule", "percentage", "per diem")
CLASSES = ("professional", "institutional", "both")
ARRANGEMENTS = ("ffs", "bundle", "capitation")
# CMS's place-of-service set as the schema spells it out, or one value for all of them.
_PLACE = re.compile(
    r"0[1-9]|1[0-9]|2[0-7]|3[1-4]|4[1-2]|49|5[0-8]|6[0-2]|6[5-6]|7[1-2]|81|99|CSTM-00"
)
_EIN = re.compile(r"[0-9]{2}-?[0-9]{7}")
_NPI = re.compile(r"[1-9][0-9]{9}")
_SINGLE_PLAN = ("plan_name", "plan_id_type", "plan_id", "plan_market_type", "issuer_name")


def header(found: dict[str, Any], problems: Problems) -> Header | None:
    """What the file says about itself; ``None`` where it does not say when it was updated."""
    told = Fields(found, "", problems)
    named = [name for name in _SINGLE_PLAN if told.has(name)]
    needed: bool | str = False
    if named:
        needed = f"A file of one plan ({named[0]} is there) names all of {', '.join(_SINGLE_PLAN)}."
    id_type = told.one_of("plan_id_type", ("ein", "hios"), needed=needed)
    sponsor = "A plan identified by an EIN names its sponsor." if id_type == "ein" else False
    publisher = told.text("reporting_entity_name")
    entity_type = told.text("reporting_entity_type")
    version = told.text("version")
    if version and version.lstrip("v").split(".")[0] not in ("1", "2"):
        told.wrong("version", f"{shown(version)} is not known.", "Versions 1 and 2 are read.")
    updated = told.day("last_updated_on")
    plan: dict[str, Any] = {
        "plan": told.text("plan_name", needed=needed),
        "plan_id": told.text("plan_id", needed=needed),
        "issuer": told.text("issuer_name", needed=needed),
        "plan_sponsor": told.text("plan_sponsor_name", needed=sponsor),
        "market": told.one_of("plan_market_type", ("group", "individual"), needed=needed),
    }
    if updated is None:
        return None
    return Header(
        kind="in-network rates",
        publisher=publisher,
        entity_type=entity_type,
        last_updated_on=updated,
        version=version,
        plan_id_type=id_type,
        form="JSON",
        **plan,
    )


class InNetwork:
    """Reads the two large lists of the file into a book."""

    def __init__(self, book: Book, problems: Problems, place: Place) -> None:
        self._book = book
        self._problems = problems
        self._place = place
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.old = False
        """Whether the file says that its version is 1."""

    def references(self, stream: Events) -> None:
        """``provider_references``."""
        for number, first in enumerate(events.elements(stream)):
            at = self._place.path = f"provider_references[{number}]"
            found = events.build(stream, first)
            if not isinstance(found, dict):
                self._problems.add(at, f"expected an object, saw {shown(found)}.")
                continue
            self._reference(Fields(found, at, self._problems))

    def _reference(self, told: Fields) -> None:
        group = told.get("provider_group_id")
        if isinstance(group, bool) or not isinstance(group, int):
            saw = f"expected a whole number, saw {shown(group)}."
            told.wrong("provider_group_id", saw, "Rates refer to it.")
            return
        if told.has("location") and not told.has("provider_groups"):
            away = "its groups are in another file, which is not fetched."
            told.wrong("location", away, "Write the groups into this file, as version 2 requires.")
            return
        names = told.texts("network_name", needed=not self.old, at_least=0)
        groups = tuple(self._groups(told))
        if not self._book.add_reference(str(group), names, groups):
            told.wrong("provider_group_id", f"{group} was there before.", "Each may stand once.")

    def _groups(self, told: Fields) -> list[ProviderGroup]:
        return [
            self._group(Fields(each, at, self._problems))
            for at, each in told.objects("provider_groups")
        ]

    def _group(self, told: Fields) -> ProviderGroup:
        tin = told.get("tin")
        if not isinstance(tin, dict):
            saw = "is missing." if tin is None else f"expected an object, saw {shown(tin)}."
            told.wrong("tin", saw, 'Write {"type": "ein", "value": …, "business_name": …}.')
            tin = {}
            kind = value = name = ""
        else:
            inner = Fields(tin, told.place("tin"), self._problems)
            kind = inner.one_of("type", ("ein", "npi"))
            value = inner.text("value")
            ein = "A group under an EIN has a name." if kind == "ein" and not self.old else False
            name = inner.text("business_name", needed=ein)
            if value and kind == "ein" and not _EIN.fullmatch(value):
                inner.wrong("value", f"{shown(value)} is no EIN.", "Nine digits: 12-3456789.")
            if value and kind == "npi" and not _NPI.fullmatch(value):
                inner.wrong("value", f"{shown(value)} is no NPI.", "Ten digits.")
        return ProviderGroup(tin_type=kind, tin=value, business_name=name, npis=self._npis(told))

    def _npis(self, told: Fields) -> tuple[str, ...]:
        found = told.get("npi")
        if not isinstance(found, list) or not found:
            saw = "is missing." if found is None else f"expected a list, saw {shown(found)}."
            told.wrong("npi", saw, "List the NPIs, or [0] where the contract names none.")
            return ()
        if found == [0]:
            return ()
        npis = []
        for number, each in enumerate(found):
            text = str(each)
            if isinstance(each, int) and _NPI.fullmatch(text):
                npis.append(text)
            else:
                told.wrong(f"npi[{number}]", f"{shown(each)} is no NPI.", "Ten digits, unquoted.")
        if len(set(npis)) < len(npis):
            told.wrong("npi", "says an NPI twice.", "Each may stand once.")
        return tuple(dict.fromkeys(npis))

    def items(self, stream: Events) -> None:
        """``in_network``."""
        empty = True
        for number, first in enumerate(events.elements(stream)):
            empty = False
            at = self._place.path = f"in_network[{number}]"
            if first[0] != events.OBJECT:
                found = events.build(stream, first)
                self._problems.add(at, f"expected an object, saw {shown(found)}.")
                continue
            self._item(stream, at)
        if empty:
            self._problems.add("in_network", "is an empty list.", "A file has at least one item.")

    def _item(self, stream: Events, at: str) -> None:
        row = self._book.begin_item()
        found: dict[str, Any] = {}
        rates = False
        for name in events.members(stream):
            first = next(stream)
            if name == "negotiated_rates" and first[0] == events.LIST:
                rates = True
                code = found.get("billing_code")
                if isinstance(code, str) and self._book.passes_over(code):
                    events.skip(stream, first)
                elif not self._rates(stream, row, at):
                    self._problems.add(
                        f"{at}.negotiated_rates", "is an empty list.", "Give at least 1."
                    )
            else:
                found[name] = events.build(stream, first)
        within = self._problems.count
        told = Fields(found, at, self._problems)
        if not rates:
            saw = "is missing." if "negotiated_rates" not in found else "is no list."
            told.wrong("negotiated_rates", saw, "An item has at least one rate.")
        item = self._fields(told, at)
        spoilt = self._problems.count > within or not rates
        self._book.end_item(row, item, spoilt=spoilt)

    def _fields(self, told: Fields, at: str) -> Item:
        arrangement = told.one_of("negotiation_arrangement", ARRANGEMENTS)
        return Item(
            arrangement=arrangement,
            name=told.text("name"),
            code_type=told.one_of("billing_code_type", CODE_TYPES),
            code_version=told.text("billing_code_type_version"),
            code=told.text("billing_code"),
            description=told.text("description"),
            severity_of_illness=told.text("severity_of_illness", needed=False),
            bundled=self._contained(told, "bundled_codes"),
            covered=self._contained(told, "covered_services"),
            path=at,
        )

    def _contained(self, told: Fields, name: str) -> tuple[ContainedCode, ...]:
        found = []
        for at, each in told.objects(name, needed=False):
            inner = Fields(each, at, self._problems)
            found.append(
                ContainedCode(
                    code_type=inner.one_of("billing_code_type", CODE_TYPES),
                    code_version=inner.text("billing_code_type_version"),
                    code=inner.text("billing_code"),
                    description=inner.text("description"),
                )
            )
        return tuple(found)

    def _rates(self, stream: Events, row: int, item: str) -> int:
        """The elements of an item's ``negotiated_rates``; says how many there were."""
        number = -1
        for number, first in enumerate(events.elements(stream)):
            at = self._place.path = f"{item}.negotiated_rates[{number}]"
            found = events.build(stream, first)
            if not isinstance(found, dict):
                self._problems.add(at, f"expected an object, saw {shown(found)}.")
                continue
            before = self._problems.count
            told = Fields(found, at, self._problems)
            groups = tuple(self._groups(told)) if told.has("provider_groups") else ()
            references = self._referred(told, needed=not groups)
            prices = [self._price(each, where) for where, each in told.objects("negotiated_prices")]
            good = self._problems.count == before
            if len({structs.astuple(each)[:-1] for each in prices if each}) < sum(
                map(bool, prices)
            ):
                # Told, but nothing to leave out: both say the same.
                told.wrong("negotiated_prices", "says a price twice.", "Each may stand once.")
            self._book.add_rates(row, references, groups, prices, good=good)
        return number + 1

    def _referred(self, told: Fields, *, needed: bool) -> tuple[str, ...]:
        found = told.get("provider_references")
        if found is None and not needed:
            return ()
        if not isinstance(found, list) or not found:
            saw = "is missing." if found is None else f"expected a list, saw {shown(found)}."
            told.wrong("provider_references", saw, "List the provider_group_ids.")
            return ()
        references = []
        for number, each in enumerate(found):
            if isinstance(each, bool) or not isinstance(each, int):
                saw = f"expected a whole number, saw {shown(each)}."
                told.wrong(f"provider_references[{number}]", saw)
            else:
                references.append(str(each))
        if len(set(references)) < len(references):
            told.wrong("provider_references", "says a group twice.", "Each may stand once.")
        return tuple(dict.fromkeys(references))

    def _price(self, found: dict[str, Any], at: str) -> Price | None:
        """A price; what is beside its amount is the same in many, and is checked once."""
        told = Fields(found, at, self._problems)
        amount = told.amount("negotiated_rate")
        terms = (
            *map(found.get, _TERMS),
            *(_fixed(found.get(name)) for name in ("service_code", "billing_code_modifier")),
        )
        try:
            known = self._known.get(terms)
        except TypeError:  # a list or an object where text belongs
            known = None
        if known is None:
            before = self._problems.count
            known = self._terms(told)
            if self._problems.count > before or known is None:
                return None
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[terms] = known
        return None if amount is None else Price(rate=amount, path=at, **known)

    def _terms(self, told: Fields) -> dict[str, Any] | None:
        kind = told.one_of("negotiated_type", TYPES)
        expires = told.day("expiration_date")
        billed_as = told.one_of("billing_class", CLASSES)
        places: bool | str = False
        if billed_as == "professional":
            places = "A professional rate says where, or CSTM-00 for everywhere."
        setting = told.one_of("setting", SETTINGS, needed=not self.old)
        codes = told.texts(
            "service_code",
            needed=places,
            pattern=_PLACE,
            means="place of service",
            unique=True,
        )
        if "CSTM-00" in codes and len(codes) > 1:
            told.wrong("service_code", "CSTM-00 stands with others.", "It alone means all.")
        modifiers = told.texts("billing_code_modifier", needed=False, unique=True)
        more = told.text("additional_information", needed=False)
        if expires is None:
            return None
        return {
            "negotiated_type": kind,
            "expires": expires,
            "billed_as": billed_as,
            "setting": setting,
            "service_codes": codes,
            "modifiers": modifiers,
            "additional_information": more,
        }


_TERMS = (
    "negotiated_type",
    "expiration_date",
    "billing_class",
    "setting",
    "additional_information",
)
_MOST_KNOWN = 10_000


def _fixed(found: object) -> object:
    return tuple(found) if isinstance(found, list) else found
