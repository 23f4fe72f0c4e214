"""What a suggestion answers: codes with the words that support each, and what was set aside."""

from __future__ import annotations

from typing import Literal

from superbill.model.base import Value

Setting = Literal["inpatient", "outpatient"]


class Suggested(Value, frozen=True, kw_only=True):
    """A code that the record supports.

    ``score`` is between 0 and 1: of codes scored 0.8, four in five were taken by the coders of the
    development notes. ``evidence`` are half-open spans of characters of the text, the telling
    ones first. ``path`` is the entry of the index or the text of the tabular list that led there.
    ``missing`` names what would make it more specific; ``remarks`` what a coder should know.
    """

    code: str
    dotted: str
    title: str
    score: float
    evidence: tuple[tuple[int, int], ...]
    why: str
    path: str
    source: str
    missing: str = ""
    remarks: tuple[str, ...] = ()
    guideline: str = ""


class Rejected(Value, frozen=True, kw_only=True):
    """A code that the record names and that is not suggested, and the rule by which.

    ``rule`` is ``absent``, ``family``, ``hypothetical``, ``uncertain``, ``history``, ``allergy``,
    ``age or sex``, ``combined``, ``excludes1``, ``less specific``, ``says nothing`` or
    ``thin evidence``.
    """

    code: str
    dotted: str
    title: str
    score: float
    evidence: tuple[tuple[int, int], ...]
    rule: str
    why: str


class Suggestions(Value, frozen=True, kw_only=True):
    """What a record supports on a day, likeliest first.

    ``message`` says what is amiss or worth knowing; mostly it is empty.
    """

    on: str
    setting: Setting
    suggestions: tuple[Suggested, ...]
    rejected: tuple[Rejected, ...]
    message: str
    lock: str
