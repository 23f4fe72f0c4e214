"""Level 5, identifiers: NPIs by their check digit, taxonomy codes, states, countries, ZIP codes."""

from __future__ import annotations

from typing import ClassVar

from superbill.identifiers import npi, postal, taxonomy
from superbill.interop.x12.check.book import COUNTRIES
from superbill.interop.x12.check.rules import Rules, element

_MOST_NPIS = 20_000


class Identifiers(Rules):
    """NPIs by their check digit, taxonomy codes by their form, states and countries."""

    LEVEL = 5
    SETS: ClassVar = frozenset({"*"})
    PURE: ClassVar = True
    _good: ClassVar[dict[str, bool]] = {}

    def _nm1(self, e: list[str]) -> None:
        if len(e) > 9 and e[8] == "XX":
            self._npi(e[9], "NM109")

    def _n1(self, e: list[str]) -> None:
        if element(e, 3) == "XX":
            self._npi(element(e, 4), "N104")

    def _ref(self, e: list[str]) -> None:
        if element(e, 1) == "HPI":
            self._npi(element(e, 2), "REF02")

    def _npi(self, sent: str, name: str) -> None:
        good = self._good.get(sent)
        if good is None:
            if len(self._good) >= _MOST_NPIS:
                self._good.clear()
            # As it stands: in a file, blanks and hyphens have no place in it.
            good = self._good[sent] = npi.compact(sent) == sent and npi.is_valid(sent)
        if not good:
            self.desk.report(
                5,
                "code.npi",
                f"{name} is not a National Provider Identifier: "
                + (
                    "the check digit does not fit."
                    if len(sent) == 10 and sent.isascii() and sent.isdigit()
                    else "ten digits are expected."
                ),
                npi.REMEDY,
                element=name,
                fault="7",
                sent=sent[:10],
            )

    def _prv(self, e: list[str]) -> None:
        if element(e, 2) != "PXC":
            return
        sent = element(e, 3)
        if not taxonomy.is_valid(sent) or taxonomy.compact(sent) != sent:
            self.desk.report(
                5,
                "code.taxonomy",
                f"PRV03 is {sent[:12]!a}, which has not the form of a taxonomy code.",
                taxonomy.REMEDY,
                element="PRV03",
                fault="7",
                sent=sent[:12],
            )
        else:
            self.desk.unchecked("code.taxonomy", "The list of taxonomy codes is not held.")

    def _n4(self, e: list[str]) -> None:
        state, code, country = element(e, 2), element(e, 3), element(e, 4)
        if country and country not in COUNTRIES:
            self.desk.report(
                5,
                "code.country",
                f"N404 is {country[:3]!a}, which is no country of ISO 3166.",
                "Write two letters, for example CA.",
                element="N404",
                fault="7",
                sent=country[:3],
            )
        if country not in {"", "US"}:
            return
        if state and state not in postal.STATES:
            self._state(state, "N402")
        if code and (not postal.is_valid(code) or postal.compact(code) != code):
            self.desk.report(
                5,
                "code.zip",
                "N403 is not a ZIP code of five or nine digits.",
                postal.REMEDY.replace("-", ""),
                element="N403",
                fault="7",
            )

    def _clm(self, e: list[str]) -> None:
        cause = element(e, 11).split(self.desk.mark)
        if len(cause) > 3 and cause[3] and cause[3] not in postal.STATES and len(cause) < 5:
            self._state(cause[3], "CLM11-4")

    def _state(self, sent: str, name: str) -> None:
        self.desk.report(
            5,
            "code.state",
            f"{name} is {sent[:2]!a}, which is no state, territory or military post.",
            "Write the two letters of the Postal Service, for example OH.",
            element=name,
            fault="7",
            sent=sent[:2],
        )

    ON: ClassVar = {
        ("*", "NM1"): _nm1,
        ("*", "N1"): _n1,
        ("2110", "REF"): _ref,
        ("2100B", "REF"): _ref,
        ("*", "PRV"): _prv,
        ("*", "N4"): _n4,
        ("2300", "CLM"): _clm,
    }
