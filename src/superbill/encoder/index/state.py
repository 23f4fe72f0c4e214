"""How far a walk through the index has come: the path, the next question, or the code reached.

The values are plain data, the same in Python and in JSON, so that a walk may be shown, kept and
taken up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from msgspec.structs import replace

from superbill.encoder.index.names import stems
from superbill.model.base import Value
from superbill.sources.icd10cm_printed import dotted

SHOWN = 8
"""How many codes a choice names."""

StepKind = Literal["main term", "term", "see", "see also", "default", "tabular", "column", "mark"]
Asks = Literal["main term", "term", "reference", "column", "tabular", "successor"]


class Offer(NamedTuple):
    """A choice in the making: its text, where it leads, and the codes (undotted) it may end in.

    ``see`` is what its entry refers to.
    """

    text: str
    to: str
    codes: frozenset[str] = frozenset()
    how_many: int = 0
    see: str = ""


class Step(Value, frozen=True, kw_only=True):
    """One step of the path, as evidence.

    ``text`` is the entry, the reference or the tabular title as printed; ``code`` what the entry
    says (dotted, with its dash); ``source`` the release that says so; ``book`` where it stands.
    """

    kind: StepKind
    text: str
    code: str = ""
    source: str = ""
    book: str = ""


class Choice(Value, frozen=True, kw_only=True):
    """One answer to a question.

    ``leads_to`` names the codes (dotted) that it may end in, at most eight; ``codes`` is how many
    there are. ``see`` is the place that it refers to, as printed. ``default`` says that it is the
    answer where the record says nothing more. ``to`` tells the program where it leads.
    """

    number: int
    text: str
    leads_to: tuple[str, ...] = ()
    codes: int = 0
    see: str = ""
    default: bool = False
    to: str = ""


class Question(Value, frozen=True, kw_only=True):
    """What has to be known to go on. ``missing`` names the detail, where it has a name."""

    asks: Asks
    text: str
    choices: tuple[Choice, ...]
    missing: str = ""


class Outcome(Value, frozen=True, kw_only=True):
    """A code that may be reported on the day, with the code of its manifestation if it has one.

    ``manifestation`` is dotted; with a dash at its end it needs further characters.
    """

    code: str
    dotted: str
    title: str
    manifestation: str = ""


class Walk(Value, frozen=True, kw_only=True):
    """A walk through the index on a day.

    Either ``question`` is the next thing to be answered, or ``outcome`` the code, or ``stuck``
    says why there is none. ``default`` is the entry's own code (dotted) where the record says
    nothing more. ``unused`` are words that have not found a place in the path yet. ``marks`` are
    things to know: a retired code and its successor, a misprint, a term that was deleted.
    """

    on: date
    text: str
    path: tuple[Step, ...] = ()
    question: Question | None = None
    outcome: Outcome | None = None
    stuck: str = ""
    default: str = ""
    manifestation: str = ""
    unused: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether there is nothing more to be answered."""
        return self.question is None

    def went(
        self, kind: StepKind, text: str, code: str = "", source: str = "", book: str = ""
    ) -> Walk:
        """The walk one step further; ``code`` is undotted."""
        made = Step(kind=kind, text=text, code=dotted(code), source=source, book=book)
        return replace(self, path=(*self.path, made), question=None)

    def marked(self, mark: str) -> Walk:
        """The walk with one more thing to know."""
        return replace(self, marks=(*self.marks, mark))

    def without(self, used: frozenset[str]) -> Walk:
        """The walk with the words of these stems no longer unused."""
        left = []
        for part in self.unused:
            words = [word for word in part.split() if not frozenset(stems(word)) & used]
            left += [" ".join(words)] if words else []
        return replace(self, unused=tuple(left))

    @property
    def unused_stems(self) -> frozenset[str]:
        """The stems of the words that have no place yet."""
        return frozenset(stem for part in self.unused for stem in stems(part))

    def ask(
        self,
        asks: Asks,
        text: str,
        offers: Sequence[Offer],
        *,
        default: int | None = None,
        missing: str = "",
    ) -> Walk:
        """The walk stopped at a question; ``default`` is the place of the default offer."""
        choices = tuple(
            Choice(
                number=place + 1,
                text=offer.text,
                leads_to=tuple(dotted(code) for code in sorted(offer.codes)[:SHOWN]),
                codes=offer.how_many or len(offer.codes),
                see=offer.see,
                default=place == default,
                to=offer.to,
            )
            for place, offer in enumerate(offers)
        )
        question = Question(asks=asks, text=text, choices=choices, missing=missing)
        return replace(self, question=question)
