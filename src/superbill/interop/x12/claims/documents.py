"""Claims from JSON: a claim as it stands on an 837, or a stay that becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from superbill.errors import Invalid
from superbill.interop.x12.claims.stay import claim_of
from superbill.interop.x12.segments import Syntax
from superbill.model import Claim
from superbill.model.read import claim, record

# A claim says which 837 it is for; a stay has no such field.
_SAYS_KIND = re.compile(rb'"kind"\s*:\s*"837')
# A visit says who bills; neither a claim nor a stay does under that name.
_SAYS_BILLER = re.compile(rb'"biller"\s*:')


def claim_from(document: bytes, *, syntax: Syntax) -> Claim:
    """The claim of a JSON document, which is a claim or a stay to be billed to its first payer.

    Raises :class:`~superbill.errors.Invalid` with everything that is wrong with it.
    """
    if _SAYS_KIND.search(document):
        return claim(document)
    if _SAYS_BILLER.search(document):
        raise Invalid.at(
            "(document)",
            "it is a visit, and only claims and stays are written as an 837.",
            "Give its claim: 'superbill schema claim' tells the fields.",
        )
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
