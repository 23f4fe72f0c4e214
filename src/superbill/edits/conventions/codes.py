"""Codes alone, checked: what ``superbill check`` answers, and any program may ask.

:func:`check_codes` reads codes as people write them, dotted or not, each with its
present-on-admission indicator after a colon where there is one (``I50.23:Y``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from superbill.codes import icd10cm
from superbill.codes.notation import compact, dotted
from superbill.edits.conventions import Conventions, Record, Setting, check_record
from superbill.errors import Invalid, Problem
from superbill.model import Finding, NotChecked
from superbill.model.base import Value

_POA = frozenset({"", "Y", "N", "U", "W", "1"})
_LONGEST = 40
_MOST = 200
_OLDEST = 124


class CheckedCode(Value, frozen=True, kw_only=True):
    """A code that was checked, with its title on the day (empty where none is held)."""

    code: str
    dotted: str
    title: str
    poa: str = ""


class Checked(Value, frozen=True, kw_only=True):
    """Codes checked on a day: what was found, and what could not be checked.

    ``codes`` are in the order given, and ``where`` of a finding is ``codes[2]``. ``ran`` names the
    rules that ran, ``lock`` is the digest of the reference releases read.
    """

    on: date
    setting: Setting
    codes: tuple[CheckedCode, ...]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    ran: tuple[str, ...]
    lock: str
    age: int | None = None
    sex: str = ""

    @property
    def wrong(self) -> bool:
        """Whether anything was found that cannot be right."""
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def clean(self) -> bool:
        """Nothing but information was found, and nothing left unchecked."""
        return not self.not_checked and all(
            finding.severity == "information" for finding in self.findings
        )


def check_codes(
    codes: Sequence[str],
    *,
    on: date,
    conventions: Conventions,
    age: int | None = None,
    sex: str = "",
    setting: Setting = "inpatient",
) -> Checked:
    """Check diagnosis codes against the notes and the guidelines of a day, the first one principal.

    ``age`` is in whole years, ``sex`` M, F or U. Raises :class:`~superbill.errors.Invalid` with
    every problem where there is no code, a code is empty or too long, an indicator is none, or
    the age cannot be.
    """
    written = _written(codes)
    if age is not None and not 0 <= age <= _OLDEST:
        raise Invalid.at("age", f"{age} is no age.", f"Give whole years, 0 to {_OLDEST}.")
    plain = tuple(code for code, _ in written)
    poa = tuple(indicator for _, indicator in written)
    record = Record(plain, poa, age, sex, setting)
    report = check_record(record, on=on, conventions=conventions)
    store = conventions.store
    return Checked(
        on=on,
        setting=setting,
        codes=tuple(
            CheckedCode(
                code=code,
                dotted=dotted(code),
                title="" if (title := icd10cm.title(store, code, on=on)) is None else title.text,
                poa=indicator,
            )
            for code, indicator in written
        ),
        findings=report.findings,
        not_checked=report.not_checked,
        ran=report.ran,
        lock=store.digest,
        age=age,
        sex=sex,
    )


def _written(codes: Sequence[str]) -> list[tuple[str, str]]:
    if not codes:
        raise Invalid.at("codes", "There is no code to check.", "Name at least one.")
    if len(codes) > _MOST:
        many = f"There are {len(codes)} codes, and a record has at most {_MOST}."
        raise Invalid.at("codes", many, "Check the records one at a time.")
    problems: list[Problem] = []
    found: list[tuple[str, str]] = []
    for place, text in enumerate(codes):
        code, _, poa = text.partition(":")
        plain, indicator = compact(code), poa.strip().upper()
        where = f"codes[{place}]"
        if not plain:
            problems.append(Problem(where, "There is no code.", "Leave it out, or write one."))
        elif len(plain) > _LONGEST:
            long = f"{plain[:20]!r}… is longer than any code."
            problems.append(Problem(where, long, "Put blanks between codes."))
        elif indicator not in _POA:
            says = f"{poa[:20]!r} is no present-on-admission indicator."
            problems.append(Problem(where, says, "Write Y, N, U, W or 1 after the colon."))
        found.append((plain, indicator))
    if problems:
        raise Invalid(problems)
    return found
