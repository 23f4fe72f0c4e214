"""Words to codes: the official path of a coder as software.

The path leads from a term of the alphabetic index, step by step and through every "see" and "see
also", to a code that the tabular list then confirms; for inpatient procedures it leads through
the tables of ICD-10-PCS, character by character. Every answer carries the path that led there.

The functions are called as the commands are::

    search(store, "broken wrist", on=day)                    # hits with the words that led there
    walk(store, "fracture, radius, lower end", on=day)       # the path, and the next question
    build_pcs(store, index="bypass, artery, coronary", on=day)
    suggest(record, store=store, on=day, setting="inpatient")
    guideline(store, "I.C.9.a", on=day)

``superbill check`` looks at codes together and belongs to the edits, which the encoder does not
import: its function is ``superbill.check``.

>>> sorted(__all__)
['build_pcs', 'guideline', 'search', 'suggest', 'walk']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from superbill.encoder.find import search as search
    from superbill.encoder.guidelines import guideline as guideline
    from superbill.encoder.index import walk as walk
    from superbill.encoder.pcs import build_pcs as build_pcs
    from superbill.encoder.suggestions import suggest as suggest

# Loaded when they are used: a search needs numbers, a guideline does not.
_HOME = {
    "build_pcs": "pcs",
    "guideline": "guidelines",
    "search": "find",
    "suggest": "suggestions",
    "walk": "index",
}

__all__ = ["build_pcs", "guideline", "search", "suggest", "walk"]


def __getattr__(name: str) -> object:
    if name in _HOME:
        from importlib import import_module  # noqa: PLC0415 - see above

        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    told = " It is superbill.check, which belongs to the edits." if name == "check" else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}.{told}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
