"""Codes that a record supports, with the words that support each.

>>> from superbill.encoder import suggest                                  # doctest: +SKIP
>>> suggest(text, store=store, on=date(2026, 3, 1), setting="inpatient")   # doctest: +SKIP
"""

from superbill.encoder.suggest.answer import Rejected, Setting, Suggested, Suggestions
from superbill.encoder.suggest.document import Record, documents
from superbill.encoder.suggest.engine import Suggester, suggest
from superbill.encoder.suggest.lexicon import prepare

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
