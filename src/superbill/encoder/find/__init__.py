"""Search for codes by words, with the texts that led to each.

>>> from superbill.encoder.find import search          # doctest: +SKIP
>>> search(store, "broken wrist", on=date(2026, 3, 1))   # doctest: +SKIP
"""

from superbill.encoder.find.answer import Answer, Evidence, Hit
from superbill.encoder.find.file import prepare
from superbill.encoder.find.search import answer, index_of, search

__all__ = ["Answer", "Evidence", "Hit", "answer", "index_of", "prepare", "search"]
