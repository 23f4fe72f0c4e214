"""What a look-up answers. Every part says which release it is from, and for which days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from superbill.dates import FOREVER
from superbill.model.base import Value

System = Literal["ICD-10-CM", "ICD-10-PCS"]
Status = Literal["valid", "heading", "not yet valid", "no longer valid"]


class From(Value, frozen=True, kw_only=True):
    """The release that a part of an answer was read in.

    ``exact`` says whether it speaks for the day asked about. Where it does not, it is the
    nearest release held that knows of the code, and the text may since have changed.
    """

    dataset: str
    label: str
    file: str
    sha256: str
    exact: bool

    def __str__(self) -> str:
        return self.label if self.exact else f"{self.label}, the nearest release held"


class Title(Value, frozen=True, kw_only=True):
    """A code's text: the long title, and the short one (60 characters) where it is published."""

    text: str
    short: str
    source: From


class Validity(Value, frozen=True, kw_only=True):
    """Days on which a code may be reported: ``[valid_from, valid_to)``.

    ``or_before`` says that what is held starts on ``valid_from``, so that the code may have been
    valid earlier; ``open`` that it is still valid where what is held ends.
    """

    valid_from: date
    valid_to: date
    or_before: bool
    open: bool

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.valid_from <= day < self.valid_to

    def __str__(self) -> str:
        start = self.valid_from.isoformat()
        head = f"on or before {start}" if self.or_before else start
        if self.open or self.valid_to == FOREVER:
            return f"since {head}"
        return f"{head} to {self.valid_to - timedelta(days=1)}"


class Place(Value, frozen=True, kw_only=True):
    """A place in the tabular list: a chapter, section, category, subcategory or code."""

    code: str
    dotted: str
    kind: str
    title: str
    billable: bool


class Note(Value, frozen=True, kw_only=True):
    """A note of the tabular list that bears on a code, and the place that it stands at.

    ``kind`` is the name of its element (``excludes1``, ``codeFirst``, …). ``inherited`` says that
    it stands above the code asked about. ``character`` is the seventh character it defines.
    """

    kind: str
    text: str
    at: str
    at_title: str
    inherited: bool
    character: str = ""


class Severity(Value, frozen=True, kw_only=True):
    """What a diagnosis is to the MS-DRG grouper ``version`` (43.0) of the day.

    ``level`` as a secondary diagnosis is MCC, CC or NEITHER; ``mdc`` is the major diagnostic
    category as principal diagnosis (0: none).
    """

    version: str
    level: Literal["MCC", "CC", "NEITHER"]
    mdc: int
    source: From


class CodeAnswer(Value, frozen=True, kw_only=True):
    """All that is known of a code on a day.

    ``title`` is ``None`` where no source held knows the text. ``poa_exempt`` and ``severity``
    are ``None`` where no release held speaks for the day: ``not_held`` then says what is missing
    and how to bring it. ``edits`` are the Medicare Code Editor's names for what it checks of the
    code. ``billable_below`` lists valid codes below a heading (the first of ``billable_count``).
    """

    system: System
    code: str
    dotted: str
    on: date
    status: Status
    billable: bool
    title: Title | None
    validity: tuple[Validity, ...]
    lock: str
    severity: Severity | None = None
    operating_room: bool | None = None
    poa_exempt: bool | None = None
    edits: tuple[str, ...] = ()
    parents: tuple[Place, ...] = ()
    children: tuple[Place, ...] = ()
    notes: tuple[Note, ...] = ()
    tabular: From | None = None
    billable_below: tuple[str, ...] = ()
    billable_count: int = 0
    not_held: tuple[str, ...] = ()


class Suggestion(Value, frozen=True, kw_only=True):
    """A code that may have been meant, and why it is offered."""

    code: str
    dotted: str
    title: str
    why: str
