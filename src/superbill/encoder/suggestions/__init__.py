"""Codes that a record supports, with the words that support each.

>>> from superbill.encoder import suggest                                  # doctest: +SKIP
>>> suggest(text, store=store, on=date(2026, 3, 1), setting="inpatient")   # doctest: +SKIP
"""

from superbill.encoder.suggestions.answer import Rejected, Setting, Suggested, Suggestions
from superbill.encoder.suggestions.document import Record, documents
from superbill.encoder.suggestions.engine import Suggester, suggest
from superbill.encoder.suggestions.lexicon import prepare

__all__ = [
    "Record",
    "Rejected",
    "Setting",
    "Suggested",
    "Suggester",
    "Suggestions",
    "documents",
    "prepare",
    "suggest",
]
