"""A walk begun with a code: the entries of the index that lead to it, and the tabular list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from superbill.codes.notation import compact, may_be_pcs
from superbill.codes.titles import title
from superbill.encoder.index import finish
from superbill.encoder.index.state import Offer, Walk
from superbill.sources.icd10cm_printed import dotted

if TYPE_CHECKING:
    from superbill.encoder.index.walk import Walker

_CM = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
_HCPCS = re.compile(r"[A-V][0-9]{4}", re.IGNORECASE)
_MOST = 12


def by_code(walker: Walker, text: str) -> Walk | None:
    """The walk that a code begins; ``None`` where ``text`` has not the form of a code."""
    written = text.strip()
    code = compact(written)
    begun = Walk(on=walker.day, text=text)
    if _CM.fullmatch(written):
        known = walker.codes.starting(code) or walker.codes.nearest(code)
        if _HCPCS.fullmatch(written) and not walker.codes.starting(code):
            said = f"{code} has the form of a HCPCS code, of which this index knows nothing."
            return replace(begun, stuck=f"{said} Look it up: superbill search {code}")
        return _of_diagnosis(walker, begun, code) if known else None
    if len(code) == 7 and may_be_pcs(code) and any(c.isdigit() for c in code):
        text_of = title(walker.store, "ICD-10-PCS", code, on=walker.day)
        if text_of is not None:
            said = f"{code} is a procedure code of ICD-10-PCS ({text_of.text})."
            return replace(begun, stuck=f"{said} Read it: superbill build-pcs --read {code}")
    return None


def _of_diagnosis(walker: Walker, begun: Walk, code: str) -> Walk:
    codes = walker.codes
    if not codes.starting(code):
        return finish.complete(begun, codes, code, on=walker.day)
    offers = [Offer(f"tabular: {codes.title(code)}", f"code:{code}", frozenset({code}))]
    for book in ("diseases", "external causes"):
        if not walker.index.holds(book):
            continue
        for entry in walker.index.for_code(code, book=book):
            path = ", ".join(each.essential for each in walker.index.path(entry))
            offers.append(Offer(path, f"term:{book}:{entry.node}", frozenset({entry.code})))
    question = f"{dotted(code)} is a code. By which entry is it reached?"
    if len(offers) == 1:
        return finish.tabular(begun, codes, code)
    return begun.ask("main term", question, offers[: _MOST + 1], default=0)
