"""Titles that say the query and nothing more: the code for what is told without detail.

"Pneumonia, unspecified organism" says of a pneumonia only that its organism is not told. Where the
query is all that a title tells beside such words, a coder who knows no more takes that code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from superbill.encoder.find.index import Found
from superbill.encoder.find.words import stems

type Array = np.ndarray[Any, Any]

_OPEN = (
    "unspecified organism site side not specified type cause nos with and of in "
    "without complication complications"
)


def plainly_said(found: Found, numbers: Mapping[str, int]) -> Array:
    """For each candidate whether its title says all of the query, and else only what is open."""
    arrays = found.system.engine.arrays
    units = found.candidates.units
    open_words = {numbers[stem] for stem in stems(_OPEN) if stem in numbers}
    slots = [frozenset(stem for stem, _ in slot.stems) for slot in found.slots]
    asked = frozenset().union(*slots) | open_words
    answer = np.zeros(len(units), bool)
    if not all(slots):
        return answer
    first = arrays["phrase_at"][units].astype(np.int64)
    has = first < arrays["phrase_at"][units + 1]
    for row in np.flatnonzero(has).tolist():
        phrase = int(first[row])
        if arrays["kind"][phrase] != 0:
            continue
        start = int(arrays["token_at"][phrase])
        tokens = set(arrays["token"][start : start + int(arrays["essential"][phrase])].tolist())
        answer[row] = tokens <= asked and all(slot & tokens for slot in slots)
    return answer
