"""What was billed of a stay, as a Claim or an ExplanationOfBenefit tells it: codes, lines, form.

Without either, diagnoses and procedures are those of the Encounter, Conditions and Procedures.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from superbill.interop.fhir import systems as s
from superbill.interop.fhir.draft import Draft
from superbill.interop.fhir.index import Found
from superbill.interop.fhir.people import day_of
from superbill.interop.fhir.text import Json

# HL7's table 0895 has E for exempt, where the form has 1.
_POA = {"Y": "Y", "N": "N", "U": "U", "W": "W", "1": "1", "E": "1"}


class Billed:
    """The billing part of a bundle; ``claim`` is a Claim, an ExplanationOfBenefit, or ``None``."""

    def __init__(self, draft: Draft, claim: Found | None, encounter: Found | None) -> None:
        self.draft = draft
        self.claim = claim
        self.encounter = encounter
        self._information = [] if claim is None else _numbered(claim, "supportingInfo")

    def place(self, kind: str) -> str:
        """Where the supporting information of a kind stands, or would stand."""
        place = next((p for each, p in self._information if _kind(each) == kind), "")
        return place or f"{'Claim' if self.claim is None else self.claim.path}.supportingInfo"

    def told(self, kind: str, value: str) -> str:
        """A text among the supporting information; empty where there is none."""
        found = next((e.get(value) for e, _ in self._information if _kind(e) == kind), "")
        return found if isinstance(found, str) else ""

    def coded(self, kind: str) -> tuple[str, str]:
        """The code of a supporting information, and its place; empty where there is none."""
        for each, place in self._information:
            if _kind(each) == kind:
                codings = s.listed(each.get("code"), "coding")
                return next((str(c["code"]) for c in codings if c.get("code")), ""), place
        return "", ""

    def period(self, kind: str) -> tuple[Json | None, str]:
        """The period of a supporting information, and its place."""
        for each, place in self._information:
            if _kind(each) == kind and "timingPeriod" in each:
                return each["timingPeriod"], f"{place}.timingPeriod"
        return None, ""

    def codes(self) -> None:
        """Diagnoses and procedures."""
        given = [] if self.claim is None else _numbered(self.claim, "diagnosis")
        if given:
            self._diagnoses(given)
        else:
            self._conditions()
        done = [] if self.claim is None else _numbered(self.claim, "procedure")
        if done:
            self._procedures(
                [(each, self._coded_part(each, "procedure", place)) for each, place in done]
            )
        else:
            here = [p for p in self.draft.index.of("Procedure") if self._belongs(p)]
            self._procedures(
                [(p.resource, (p.resource.get("code"), f"{p.path}.code")) for p in here]
            )

    def _diagnoses(self, given: list[tuple[Json, str]]) -> None:
        draft, listed, reasons = self.draft, [], []
        for each, place in given:
            code = self._diagnosis(*self._coded_part(each, "diagnosis", place))
            types = [t for t in each.get("type", []) if isinstance(t, dict)]
            if s.has_code(types, "admitting"):
                draft.put("admitting_diagnosis", code, place)
            elif s.has_code(types, "patientreasonforvisit"):
                reasons.append((code, place))
            else:
                poa = next((str(c["code"]) for c in _codings(each, "onAdmission")), "").upper()
                first = s.has_code(types, "principal")
                listed.append((not first, {"code": code, "poa": _POA.get(poa, "")}, place))
                if poa and poa not in _POA:
                    draft.problem(
                        f"{place}.onAdmission",
                        f'"{poa[:10]}" is no present-on-admission indicator.',
                        "One of Y, N, U, W, 1.",
                    )
        listed.sort(key=lambda each: each[0])
        self._put("diagnoses", [(value, place) for _, value, place in listed])
        if reasons:
            self._put("reason_for_visit", reasons)

    def _conditions(self) -> None:
        """The encounter's diagnoses by rank, or all of its Conditions where it lists none."""
        draft, encounter = self.draft, self.encounter
        named = [] if encounter is None else s.listed(encounter.resource, "diagnosis")
        found: list[tuple[int, Found, Json]] = []
        for each in named:
            condition = draft.index.resolve(each.get("condition"), encounter)
            if condition is not None and condition.kind == "Condition":
                found.append((int(each.get("rank", 999)), condition, each))
        if not found:
            here = [c for c in draft.index.of("Condition") if self._belongs(c)]
            found = [(999, condition, {}) for condition in here]
        listed = []
        for _, condition, each in sorted(found, key=lambda f: f[0]):
            place = f"{condition.path}.code"
            code = self._diagnosis(condition.resource.get("code"), place)
            if s.has_code([each.get("use")], "AD"):
                draft.put("admitting_diagnosis", code, place)
            else:
                listed.append(({"code": code}, place))
        if not listed:
            draft.problem(
                "Bundle.entry",
                "the stay has no diagnosis.",
                "Put Conditions in and name them in Encounter.diagnosis, with ICD-10-CM codes.",
            )
        self._put("diagnoses", listed)

    def _procedures(self, done: list[tuple[Json, tuple[Any, str]]]) -> None:
        listed = []
        for each, (concept, place) in done:
            code = next(s.codes(concept, s.ICD10PCS, f"{s.ICD10PCS}PCS"), "")
            if not code:
                self.draft.note(f"{place} has no ICD-10-PCS code and is passed over.")
                continue
            period = each.get("performedPeriod") or {}
            when = each.get("date") or each.get("performedDateTime") or period.get("start")
            listed.append(({"code": code, "date": day_of(when)}, place))
        if listed:
            self._put("procedures", listed)

    def lines(self) -> None:
        """The service lines."""
        items = [] if self.claim is None else _numbered(self.claim, "item")
        if items:
            self._put("lines", [(self._line(item, place), place) for item, place in items])
            fields = (("charge", "net.value"), ("units", "quantity.value"))
            for n, (_, place) in enumerate(items):
                for ours, theirs in (*fields, ("revenue_code", "revenue")):
                    self.draft.from_(f"lines[{n}].{ours}", f"{place}.{theirs}")
        else:
            self.draft.note("No claim lines are given: the stay has no charges.")

    def _line(self, item: Json, place: str) -> Json:
        revenue = next(iter(_codings(item, "revenue")), {})
        if not revenue:
            self.draft.problem(
                f"{place}.revenue",
                "the revenue code is missing.",
                f"Give it in the code system {s.REVENUE}, for example 0120.",
            )
        service = next(s.codes(item.get("productOrService"), s.HCPCS, s.CPT, s.HIPPS), "")
        day = item.get("servicedDate") or (item.get("servicedPeriod") or {}).get("start")
        units = (item.get("quantity") or {}).get("value")
        noncovered = (s.extension(item, s.NONCOVERED) or {}).get("valueMoney")
        line: Json = {
            "revenue_code": str(revenue.get("code", "")),
            "charge": self._charge(item, units, place),
            "units": str(units if units is not None else 1),
            "rate": self._dollars(item.get("unitPrice"), f"{place}.unitPrice"),
            "hcpcs": service,
            "modifiers": [
                str(c["code"])
                for m in s.listed(item, "modifier")
                for c in s.listed(m, "coding")[:1]
                if c.get("code")
            ],
            "service_date": day_of(day),
            "noncovered": self._dollars(noncovered, f"{place}.extension") or "0.00",
        }
        for drug in s.listed(item, "detail"):
            amount = drug.get("quantity") or {}
            value = amount.get("value")
            line |= {
                "ndc": next(s.codes(drug.get("productOrService"), s.NDC), ""),
                "ndc_quantity": None if value is None else str(value),
                "ndc_unit": amount.get("unit", ""),
            }
        return line

    def _charge(self, item: Json, units: Decimal | None, place: str) -> str:
        net = self._dollars(item.get("net"), f"{place}.net")
        if net is not None:
            return net
        for each in s.listed(item, "adjudication"):
            if s.has_code([each.get("category")], "submitted"):
                return self._dollars(each.get("amount"), f"{place}.adjudication") or "0.00"
        price = self._dollars(item.get("unitPrice"), f"{place}.unitPrice")
        if price is not None:
            try:
                return format(Decimal(price) * (units or 1) * (item.get("factor") or 1), "f")
            except DecimalException:
                pass  # told below
        self.draft.problem(
            f"{place}.net", "the charge is missing.", "Give it as Money, in dollars and cents."
        )
        return "0.00"

    def _dollars(self, money: Any, place: str) -> str | None:
        if not isinstance(money, dict) or money.get("value") is None:
            return None
        currency = money.get("currency", "USD")
        if currency != "USD":
            self.draft.problem(
                f"{place}.currency", f'"{str(currency)[:10]}" is not USD.', "Give US dollars."
            )
        return format(Decimal(money["value"]), "f")

    def committee(self) -> None:
        """Condition, occurrence and value codes."""
        conditions, occurrences, spans, values = [], [], [], []
        for each, place in self._information:
            code = next((str(c["code"]) for c in _codings(each, "code")), "")
            period = each.get("timingPeriod") or {}
            match _kind(each):
                case "condition-code":
                    conditions.append((code, place))
                case "occurrence-code":
                    day = day_of(each.get("timingDate"))
                    occurrences.append(({"code": code, "date": day}, place))
                case "occurrence-span":
                    first, last = day_of(period.get("start")), day_of(period.get("end"))
                    spans.append(({"code": code, "start": first, "end": last}, place))
                case "value-code":
                    amount = (each.get("valueQuantity") or {}).get("value", 0)
                    values.append(({"code": code, "amount": format(Decimal(amount), "f")}, place))
        self._put("condition_codes", conditions)
        self._put("occurrence_codes", occurrences)
        self._put("occurrence_spans", spans)
        self._put("value_codes", values)

    def _put(self, field: str, listed: list[tuple[Any, str]]) -> None:
        where = "Bundle.entry" if self.claim is None else self.claim.path
        self.draft.put(field, [value for value, _ in listed], where)
        for n, (_, place) in enumerate(listed):
            self.draft.from_(f"{field}[{n}]", place)

    def _coded_part(self, each: Json, name: str, place: str) -> tuple[Any, str]:
        """The concept of a diagnosis or procedure of a claim: its own, or the one referred to."""
        if f"{name}CodeableConcept" in each:
            return each[f"{name}CodeableConcept"], f"{place}.{name}CodeableConcept"
        found = self.draft.index.resolve(each.get(f"{name}Reference"), self.claim)
        if found is None:
            return None, f"{place}.{name}[x]"
        return found.resource.get("code"), f"{found.path}.code"

    def _diagnosis(self, concept: Any, place: str) -> str:
        code = next(s.codes(concept, s.ICD10CM), "")
        if not code:
            codings = s.listed(concept, "coding")
            others = sorted({str(c.get("system", "a code without a system")) for c in codings})
            says = f" (it has {', '.join(others)[:120]})" if others else ""
            self.draft.problem(
                place,
                f"it has no ICD-10-CM code{says}.",
                f"Give a coding with the system {s.ICD10CM}: superbill suggest finds codes.",
            )
        return code

    def _belongs(self, found: Found) -> bool:
        """Whether a Condition or Procedure is of this stay: of its encounter, or of none."""
        if found.resource.get("status") in {"not-done", "entered-in-error"}:
            return False
        reference = found.resource.get("encounter")
        named = self.draft.index.resolve(reference, found)
        return named is None or self.encounter is None or named.path == self.encounter.path


def _numbered(claim: Found, name: str) -> list[tuple[Json, str]]:
    """The parts of a claim in the order of their sequence, each with its place."""
    parts = claim.resource.get(name)
    placed = [
        (each, f"{claim.path}.{name}[{n}]")
        for n, each in enumerate(parts if isinstance(parts, list) else [])
    ]
    return sorted(placed, key=lambda each: each[0].get("sequence", 0))


def _codings(value: Json, name: str) -> list[Json]:
    return [c for c in s.listed(value.get(name), "coding") if c.get("code")]


def _kind(information: Json) -> str:
    return next((str(c["code"]) for c in _codings(information, "category")), "")
