"""A record under examination: its codes' profiles side by side, and the findings so far."""

from __future__ import annotations

from superbill.codes.notes import Instruction
from superbill.edits.conventions.profile import Profile, Profiles
from superbill.edits.conventions.record import Record
from superbill.edits.conventions.table import Guideline
from superbill.model import Finding
from superbill.model.finding import Severity

_LESS: dict[Severity, Severity] = {
    "error": "warning",
    "warning": "warning",
    "information": "information",
}
_RANK: dict[Severity, int] = {"information": 0, "warning": 1, "error": 2}


class Case:
    """What every rule reads, and where it puts what it finds.

    ``exact`` says whether the notes are of the day, ``in_force`` whether the guidelines are. What
    is not of the day calls nothing an error. ``pairs`` holds what guidelines say of two codes, by
    their positions, until the Excludes1 notes have been read, and ``excluded`` the pairs that these
    name: one conflict is one finding.
    """

    __slots__ = (
        "book",
        "codes",
        "exact",
        "excluded",
        "findings",
        "in_force",
        "mask",
        "pairs",
        "present",
        "profiles",
        "record",
        "release",
        "traits",
    )

    def __init__(
        self, record: Record, book: Profiles, *, exact: bool, in_force: bool, release: str
    ) -> None:
        self.record = record
        self.book = book
        self.codes = record.codes
        of = book.of
        self.profiles: list[Profile] = [of(code) for code in record.codes]
        mask = present = traits = 0
        for profile in self.profiles:
            mask |= profile.bit
            present |= profile.roles
            traits |= profile.traits
        self.mask = mask
        self.present = present
        self.traits = traits
        self.exact = exact
        self.in_force = in_force
        self.release = release
        self.findings: list[Finding] = []
        self.excluded: set[tuple[int, int]] = set()
        self.pairs: dict[tuple[int, int], list[Guideline]] = {}

    def where(self, position: int) -> str:
        """The place of a code in the document."""
        return self.record.where.format(position)

    def poa(self, position: int) -> str:
        """The present-on-admission indicator of a code, empty where none is given."""
        return self.record.poa[position] if position < len(self.record.poa) else ""

    def note(
        self,
        rule: str,
        position: int,
        message: str,
        remedy: str,
        instruction: Instruction,
        said: str,
        *,
        severity: Severity,
        other: int | None = None,
        guideline: str = "",
        rules: str = "",
    ) -> None:
        """Add what a note of the tabular list finds, and the guidelines that say it too."""
        node = instruction.node
        facts = {"note": said, "at": instruction.place, "title": node.title}
        if other is not None:
            facts["other"] = self.where(other)
        if rules:
            facts["guidelines"] = rules
        self.findings.append(
            Finding(
                rule=f"conventions.{rule}",
                where=self.where(position),
                message=message,
                severity=severity if self.exact else _LESS[severity],
                stage="none",
                code=self.codes[position],
                remedy=remedy,
                facts=facts,
                citation=f"ICD-10-CM tabular list, {instruction.place}"
                + (guideline and f"; {guideline}"),
                release=self.release,
            )
        )

    def guideline(self, rule: Guideline, position: int, other: int | None = None) -> None:
        """Add what a guideline finds of a code, and of another one beside it."""
        written = rule.written
        shown = self.profiles[position].shown
        beside = "" if other is None else self.profiles[other].shown
        self.found(
            rule.name,
            position,
            written.says.format(code=shown, other=beside),
            written.remedy.format(code=shown, other=beside),
            rule.citation,
            severity=written.severity if self.in_force else _LESS[written.severity],
            other=other,
        )

    def found(
        self,
        name: str,
        position: int,
        message: str,
        remedy: str,
        citation: str,
        *,
        severity: Severity,
        other: int | None = None,
        release: str = "",
        facts: dict[str, str] | None = None,
    ) -> None:
        """Add any other finding."""
        facts = {} if facts is None else facts
        if other is not None:
            facts["other"] = self.where(other)
        self.findings.append(
            Finding(
                rule=name,
                where=self.where(position),
                message=message,
                severity=severity,
                stage="none",
                code=self.codes[position],
                remedy=remedy,
                facts=facts,
                citation=citation,
                release=release,
            )
        )


def graver(one: Severity, other: Severity) -> Severity:
    """The graver of two."""
    return one if _RANK[one] >= _RANK[other] else other
