"""An entry of the index as it stands on a day, and what it tells the coder to do."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from superbill.sources.icd10cm_printed import dotted, essential_title

Kind = Literal["see", "see also"]

BOOKS = ("diseases", "external causes", "drugs", "neoplasms")
"""The index to diseases, the index to external causes, the tables of drugs and of neoplasms."""

# What some entries say in their title instead of by a reference of its own.
_INSTRUCTION = re.compile(
    r"\s+-{1,2}\s*(?P<dash>(?:code|omit code|see?\b).*)$|\s*\((?P<paren>see [^()]*)\)$",
    re.IGNORECASE,
)
_CODE_TO = re.compile(
    r"code\s+(?:(?P<by>by [\w ]+?)\s+)?(?:to|under|as|specific(?:ally)?)\s+(?P<place>.+)$",
    re.IGNORECASE,
)
_NOTE_AT_END = re.compile(r"\s*\bNote:\s*$")
# A code that is printed as part of the title, for want of a space or an element of its own.
_CODE_IN_TITLE = re.compile(r"([A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4}))[a-z]?-*$")


class IndexEntry(NamedTuple):
    """An entry on a day.

    ``code`` and ``manifestation`` are undotted; a dash at the end says that further characters
    are needed. ``cells`` are the six codes of a table's row, by column. ``source`` is the release
    that brought the entry into this form.
    """

    book: str
    node: int
    parent: int
    level: int
    title: str
    code: str
    manifestation: str
    see: str
    see_also: str
    cells: tuple[str, ...]
    source: str
    valid_from: date
    valid_to: date

    @property
    def essential(self) -> str:
        """The title without its non-essential modifiers and without an instruction."""
        return essential_title(self.plain_title)

    @property
    def plain_title(self) -> str:
        """The title without an instruction that is printed as part of it."""
        return _INSTRUCTION.sub("", _NOTE_AT_END.sub("", self.title))

    @property
    def instruction(self) -> str:
        """What the title tells the coder to do (``code by site under Burn``); mostly nothing."""
        match = _INSTRUCTION.search(self.title)
        return (match["dash"] or match["paren"] or "").strip() if match else ""

    @property
    def stem(self) -> str:
        """The code without the dash that asks for further characters."""
        return self.code.rstrip("-")

    @property
    def omits_code(self) -> bool:
        """Whether no code is to be assigned for the term."""
        return "omit code" in self.instruction.lower()

    @property
    def code_in_title(self) -> str:
        """The code, undotted, that was printed as part of the title by mistake; mostly nothing."""
        if self.code or self.see or self.see_also:
            return ""
        match = _CODE_IN_TITLE.search(self.title)
        return match[1].replace(".", "") if match else ""

    def references(self) -> tuple[tuple[Kind, str], ...]:
        """Where else to look: pairs of ``see`` or ``see also`` and the place, as printed."""
        found: list[tuple[Kind, str]] = []
        if self.see:
            found.append(("see", self.see))
        if self.see_also:
            found.append(("see also", self.see_also))
        told = self.instruction
        match = _CODE_TO.search(told)
        if match:
            place = match["place"]
            found.append(("see", f"{place}, {match['by']}" if match["by"] else place))
        elif told.lower().startswith("se"):
            found.append(("see", told.split(maxsplit=1)[1] if " " in told else ""))
        return tuple(found)

    def __str__(self) -> str:
        text = self.title
        if self.see:
            text += f" – see {self.see}"
        if self.code:
            text += f" {dotted(self.code)}"
        if self.manifestation:
            text += f" [{dotted(self.manifestation)}]"
        if self.see_also:
            text += f" (see also {self.see_also})"
        return text
