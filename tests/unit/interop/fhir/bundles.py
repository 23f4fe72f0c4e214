"""Bundles for the tests: an example's, whole and without its claim, and ways to change them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from superbill.interop.fhir import bundle, dumps, loads
from superbill.model import (
    Adjustment,
    Decision,
    EditReport,
    Encounter,
    PayerDecision,
    read,
)

EXAMPLES = Path(__file__).parents[4] / "examples"
SHARED = Path(__file__).parents[5] / "shared" / "samples" / "fhir-r4"
CREATED = date(2026, 3, 5)
Change = Callable[[dict[str, Any]], object]


def example(name: str = "heart_failure") -> Encounter:
    return read.encounter((EXAMPLES / f"{name}.json").read_bytes())


def whole(stay: Encounter | None = None, decision: Decision | None = None) -> dict[str, Any]:
    """A bundle as it is read from its text."""
    return loads(dumps(bundle(stay or example(), decision, created=CREATED)))


def clinical() -> dict[str, Any]:
    """The heart failure stay as a hospital's record has it: no claim."""
    made = whole()
    made["entry"] = [e for e in made["entry"] if e["resource"]["resourceType"] != "Claim"]
    return made


def resources(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == kind]


def place(made: dict[str, Any], kind: str, n: int = 0) -> str:
    """Where the n-th resource of a kind stands."""
    found = [i for i, e in enumerate(made["entry"]) if e["resource"]["resourceType"] == kind]
    return f"Bundle.entry[{found[n]}].resource"


def numbers(text: bytes) -> list[bytes]:
    """Every number of a JSON text, as it stands; none inside a string."""
    bare = re.sub(rb'"(\\.|[^"\\])*"', b'""', text)
    return re.findall(rb"-?\d[\d.eE+-]*", bare)


def decided(stay: Encounter) -> Decision:
    """A decision that adds up, without a reference store: what is written off and owed."""
    charges = stay.total_charges
    first = (("CO", "45", charges - Decimal("1736.00")), ("PR", "1", Decimal("1000.00")))
    second = (("OA", "23", charges - Decimal("1000.00")), ("PR", "3", Decimal("250.00")))
    payers = []
    for n, (payer, reasons) in enumerate(zip(stay.payers, (first, second), strict=False), 1):
        adjustments = tuple(
            Adjustment(group=g, reason=r, amount=a, meaning="why")  # type: ignore[arg-type]
            for g, r, a in reasons
        )
        paid = charges - sum((a.amount for a in adjustments), Decimal(0))
        payers.append(
            PayerDecision(
                payer=payer.name,
                kind=str(payer.__struct_config__.tag),
                position=n,
                billed=charges,
                allowed=Decimal("1736.00"),
                paid=paid,
                adjustments=adjustments,
            )
        )
    return Decision(
        encounter_id=stay.id,
        edits=EditReport(),
        grouping=None,
        payment=None,
        payers=tuple(payers),
        charges=charges,
        paid=Decimal(0),
        written_off=Decimal(0),
        patient=Decimal(0),
        shares=(),
    )
