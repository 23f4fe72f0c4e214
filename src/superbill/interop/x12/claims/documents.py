"""Claims from JSON: a claim as it stands on an 837, or a stay or visit that becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from superbill.errors import Invalid
from superbill.interop.x12.claims.stay import claim_of
from superbill.interop.x12.claims.visit import claim_of_visit
from superbill.interop.x12.segments import Syntax
from superbill.model import Claim
from superbill.model.read import claim, record, visit

# A claim says which 837 it is for; a stay has no such field.
_SAYS_KIND = re.compile(rb'"kind"\s*:\s*"837')
# A visit says who bills; neither a claim nor a stay does under that name.
_SAYS_BILLER = re.compile(rb'"biller"\s*:')


def claim_from(document: bytes, *, syntax: Syntax) -> Claim:
    """The claim of a JSON document, which is a claim, or a stay or visit for its first payer.

    Raises :class:`~superbill.errors.Invalid` with everything that is wrong with it.
    """
    if _SAYS_KIND.search(document):
        return claim(document)
    if _SAYS_BILLER.search(document):
        return claim_of_visit(visit(document), syntax=syntax)
    return claim_of(record(document), syntax=syntax)


def documents(data: bytes) -> Iterator[bytes]:
    """The documents of a JSON text, which is one of them or a list.

    Raises :class:`~superbill.errors.Invalid` for a list that is not whole.
    """
    if not data.lstrip().startswith(b"["):
        yield data
        return
    try:
        found = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid.at(
            "(document)", f"it is not a whole list: {error}.", "Check where it breaks off."
        ) from error
    for raw in found:
        yield bytes(raw)
