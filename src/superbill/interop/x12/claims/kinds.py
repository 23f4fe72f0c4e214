"""The kinds of loops of an 837, each ready to read its segments, for one set of delimiters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from superbill.interop.x12.claims import read_parties as parties
from superbill.interop.x12.claims.loops import Loop
from superbill.interop.x12.claims.quick import Quick, keep
from superbill.interop.x12.claims.read_claim import claim_parsers
from superbill.interop.x12.claims.read_lines import DECIDED, DRUG, line_parsers
from superbill.interop.x12.segments import Delimiters
from superbill.model import ClaimKind, Provider

# The segments that begin a loop.
_HEADS = ("NM1", "HL", "CLM", "LX", "SBR", "SVD", "LIN", "LQ")


class Kinds:
    """The kinds of loops of one guide with one set of delimiters, and what was read of them."""

    __slots__ = (
        "after",
        "chunks",
        "claim",
        "decided",
        "drug",
        "level",
        "line",
        "other",
        "patient",
        "patients",
        "pay_to",
        "payer",
        "payer2",
        "providers",
        "quick",
        "roles",
        "split",
        "subscriber",
        "subscriber2",
        "top",
    )

    def __init__(self, kind: ClaimKind, marks: Delimiters, after: str) -> None:
        def loop(name: str, parsers: Any) -> Loop:
            return Loop(name, parsers, marks, after)

        self.after = after
        self.claim = loop("2300", claim_parsers(kind))
        self.line = loop("2400", line_parsers(kind))
        self.subscriber = loop("2010BA", parties.INDIVIDUAL)
        self.payer = loop("2010BB", parties.PAYER)
        self.patient = loop("2010CA", parties.INDIVIDUAL)
        self.level = loop("2000B", parties.SUBSCRIBER_LEVEL)
        self.patients = loop("2000C", parties.PATIENT_LEVEL)
        self.other = loop("2320", parties.OTHER_PAYER)
        self.subscriber2 = loop("2330A", parties.INDIVIDUAL)
        self.payer2 = loop("2330B", parties.PAYER)
        self.drug = loop("2410", DRUG)
        self.decided = loop("2430", DECIDED)
        self.top = loop("2000A", {"PRV": parties.provider_parsers("billing")["PRV"]})
        self.pay_to = loop("2010AB", parties.PAY_TO)
        self.quick = Quick(self.claim, self.line, self.subscriber, self.level, self.payer)
        self.roles = {
            level: {
                code: loop(level, parties.provider_parsers(role))
                for code, role in parties.ROLES.items()
            }
            for level in ("2010AA", "2010AC", "2310", "2330", "2420")
        }
        self.providers: dict[str, dict[str, dict[str, Provider]]] = {
            level: {code: {} for code in parties.ROLES} for level in self.roles
        }
        self.chunks: dict[Loop, dict[str, dict[str, Any]]] = {}
        heads = "|".join(_HEADS)
        self.split = re.compile(
            f"{re.escape(after)}(?=(?:{heads}){re.escape(marks.element)})"
        ).split

    def provider(self, level: str, code: str, chunk: str) -> Provider:
        """The provider of a loop, which is remembered."""
        known = self.providers[level][code].get(chunk)
        if known is None:
            made = parties.provider(self.roles[level][code].fields(chunk))
            known = keep(self.providers[level][code], chunk, made)
        return known

    def fields(self, loop: Loop, chunk: str) -> dict[str, Any]:
        """The fields of a loop whose text comes often; not to be changed."""
        chunks = self.chunks.setdefault(loop, {})
        known = chunks.get(chunk)
        if known is None:
            known = keep(chunks, chunk, loop.fields(chunk))
        return known


@lru_cache(maxsize=8)
def kinds(kind: ClaimKind, marks: Delimiters, after: str) -> Kinds:
    """The kinds of loops, made once for each guide and set of delimiters."""
    return Kinds(kind, marks, after)
