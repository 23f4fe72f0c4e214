"""Words to codes: the official path of a coder as software.

The path leads from a term of the alphabetic index, step by step and through every "see" and "see
also", to a code that the tabular list then confirms; for inpatient procedures it leads through
the tables of ICD-10-PCS, character by character. Every answer carries the path that led there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from superbill.encoder.find import search as search
    from superbill.encoder.guidelines import guideline as guideline
    from superbill.encoder.suggestions import suggest as suggest


def __getattr__(name: str) -> object:
    # Numbers are loaded only when somebody searches.
    if name == "search":
        from superbill.encoder.find import search  # noqa: PLC0415

        return search
    if name == "guideline":
        from superbill.encoder.guidelines import guideline  # noqa: PLC0415

        return guideline
    if name == "suggest":
        from superbill.encoder.suggestions import suggest  # noqa: PLC0415

        return suggest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
