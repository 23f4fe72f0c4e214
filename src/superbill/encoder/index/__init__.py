"""The alphabetic index of ICD-10-CM on a day, and the walk through it to a code.

``Index(store).on(day)`` is the index as it stood; :func:`walk` begins at words and goes, step by
step, to a code that may be reported on the day.
"""

from superbill.encoder.index.day import BOOKS, DayIndex, Index, Placement
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.reference import Target, resolve
from superbill.encoder.index.state import Choice, Outcome, Question, Step, Walk
from superbill.encoder.index.walk import Walker, walk

__all__ = [
    "BOOKS",
    "Choice",
    "DayIndex",
    "Index",
    "IndexEntry",
    "Outcome",
    "Placement",
    "Question",
    "Step",
    "Target",
    "Walk",
    "Walker",
    "resolve",
    "walk",
]
