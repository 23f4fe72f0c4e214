"""Medicare Code Editor: edits of an inpatient claim's codes, each with the code that fired it.

CMS publishes the editor and its Definitions of Medicare Code Edits with the MS-DRG grouper, in
October and April; the discharge date decides which codes and edits apply. With ICD-10 every edit
is made before payment: no code carries one of the editor's post-payment flags.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from superbill.dates import Span
from superbill.edits.mce.attributes import number
from superbill.edits.mce.attribution import EditorClaim, Fired
from superbill.edits.mce.claim import editor_claim, of_encounter
from superbill.edits.mce.editor import (
    EDITOR_43_1_DAYS,
    EDITOR_DAYS,
    Disagreement,
    Edited,
    Editor,
    Tally,
)
from superbill.edits.mce.report import report
from superbill.edits.mce.rules import EditRule, edit_rules
from superbill.model import EditReport, Encounter

__all__ = [
    "EDITOR_43_1_DAYS",
    "EDITOR_DAYS",
    "Disagreement",
    "EditRule",
    "Edited",
    "Editor",
    "EditorClaim",
    "Fired",
    "Tally",
    "edit",
    "edit_claim",
    "edit_rules",
    "editor_claim",
]


def edit(encounter: Encounter, *, on: date, editor: Editor, detail: bool = True) -> EditReport:
    """What the editor finds in a stay discharged on ``on``.

    Without ``detail`` the program does not count again what its masters already call clean. A day
    that the editor does not serve leaves every edit unchecked, with the reason.
    """
    edited = edit_claim(of_encounter(encounter, on=on), on=on, editor=editor, detail=detail)
    return report(edited, encounter, on=on)


def edit_claim(
    claim: EditorClaim,
    *,
    on: date,
    editor: Editor,
    serves: Span = EDITOR_DAYS,
    detail: bool = True,
) -> Edited:
    """The editor's result for ``claim`` discharged on ``on``, in the editor's own terms.

    ``serves`` are the days of the editor asked for: those of the package, or
    :data:`EDITOR_43_1_DAYS` to answer as CMS's version 43.1 does. Outside them the result is
    INVALID_DISCHARGE_DATE and nothing else.
    """
    if on not in serves:
        return Edited("INVALID_DISCHARGE_DATE")
    day = number(on)
    return editor.edit(claim if claim.day == day else replace(claim, day=day), detail=detail)
