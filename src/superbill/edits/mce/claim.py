"""What the editor takes of a stay, with codes undotted, trimmed and in upper case.

A code that cannot be one (too long, other signs than letters and digits, a blank principal
diagnosis) must stay invalid: the native editor cuts what is long and passes over a blank principal
diagnosis, which CMS's editor counts (fault M3). It is given a stand-in, the same for the same
text, so that a repeated one still counts as a duplicate. Elsewhere the editor takes blanks and
zeros for an empty field.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from superbill.edits.mce.attributes import number
from superbill.edits.mce.attribution import EditorClaim
from superbill.model import Encounter

_CODE = re.compile(r"[A-Z0-9]{3,7}", re.ASCII)
_ILLEGAL_STATUS = "00"
_KEPT = 100_000
_KNOWN: set[str] = set()
"""Texts that have the form of a code: stays share most of theirs, and a look costs less here."""

NO_CODE = "?"
"""Stands for a blank principal diagnosis."""


def editor_claim(
    *,
    diagnoses: Sequence[str],
    procedures: Sequence[str],
    admitting: str,
    age: int,
    sex: str,
    discharge_status: str,
    length_of_stay: int,
    day: int = 0,
) -> EditorClaim:
    """A stay for the editor from what was billed, the principal diagnosis first.

    Its day is left open where none is given: :func:`superbill.edits.mce.edit_claim` sets it.
    """
    odd: dict[str, str] = {}
    if not (_KNOWN.issuperset(diagnoses) and _KNOWN.issuperset(procedures)):
        diagnoses = [_plain(code, odd) for code in diagnoses]
        if diagnoses and not diagnoses[0]:
            diagnoses = [NO_CODE, *diagnoses[1:]]
        procedures = [_plain(code, odd) for code in procedures]
    legal = len(discharge_status) == 2 and discharge_status.isascii() and discharge_status.isdigit()
    return EditorClaim(
        day,
        tuple(diagnoses),
        tuple(procedures),
        admitting if admitting in _KNOWN else _plain(admitting, odd),
        age,
        sex,
        discharge_status if legal else _ILLEGAL_STATUS,
        length_of_stay,
    )


def of_encounter(encounter: Encounter, *, on: date) -> EditorClaim:
    """The stay ``encounter``, discharged on ``on``, as the editor reads it."""
    return editor_claim(
        diagnoses=encounter.diagnosis_codes,
        procedures=[procedure.code for procedure in encounter.procedures],
        admitting=encounter.admitting_diagnosis or "",
        age=encounter.age,
        sex=encounter.patient.sex,
        discharge_status=encounter.discharge_status,
        length_of_stay=encounter.length_of_stay,
        day=number(on),
    )


def _plain(code: str, odd: dict[str, str]) -> str:
    if _CODE.fullmatch(code):
        if len(_KNOWN) < _KEPT:
            _KNOWN.add(code)
        return code
    tidy = code.replace(".", "").strip().upper()
    if _CODE.fullmatch(tidy):
        return tidy
    if not tidy.strip("0"):
        return tidy[:7]
    return odd.setdefault(tidy, f"?{len(odd)}")
