"""Inpatient claims edited by CMS's own Java Medicare Code Editor, version 43.1.

A claim is exact where the edit type, the edits with their counts and classes, and the edits that
each code fired (with the age group of an age conflict) all agree.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from superbill.edits.mce import (
    EDITOR_43_1_DAYS,
    Edited,
    Editor,
    EditorClaim,
    edit_claim,
    editor_claim,
)
from tests.oracle.common import Difference, Result, records

Fields = dict[str, object]


def run(path: Path) -> Result:
    """Edit every claim of ``path`` and compare."""
    cases = exact = 0
    apart: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    differences: list[Difference] = []
    with Editor() as editor:
        for record in records(path):
            cases += 1
            fuzz = record["category"] == "fuzz_found"
            apart["fuzz_found cases"] += fuzz
            given = record["input"]
            day = date.fromisoformat(given["discharge_date"])
            got = actual(edit_claim(claim(given), on=day, editor=editor, serves=EDITOR_43_1_DAYS))
            wanted = wanted_fields(record["expected"]["mce"])
            faults = [
                Difference(record["claim_id"], name, wanted[name], got[name])
                for name in wanted
                if wanted[name] != got[name]
            ]
            differences += faults
            agreed.update(name for name in wanted if wanted[name] == got[name])
            exact += not faults
            apart["fuzz_found exact"] += fuzz and not faults
    notes = (
        f"fuzz_found: {apart['fuzz_found exact']} of {apart['fuzz_found cases']} exact",
        *[f"  {name}: {count} of {cases}" for name, count in sorted(agreed.items())],
    )
    return Result("mce", cases, exact, 0, tuple(differences), notes)


def claim(given: dict[str, Any]) -> EditorClaim:
    """The claim of a record."""
    return editor_claim(
        diagnoses=[code["code"] for code in (given["pdx"], *given["sdx"])],
        procedures=[code["code"] for code in given["procedures"]],
        admitting=given["admit_dx"] or "",
        age=given["age_years"],
        sex=given["sex"],
        discharge_status=given["discharge_status"],
        length_of_stay=given["los_days"],
    )


def actual(edited: Edited) -> Fields:
    """The product's answer in the record's terms; a disagreement inside it shows as a field."""
    by_code: dict[str, set[str]] = {}
    ages: dict[str, str] = {}
    for edit in edited.fired:
        if edit.kind == "claim":
            continue
        where = _where(edit.kind, edit.place)
        by_code.setdefault(where, set()).add(edit.edit)
        # the records name no group for the admitting diagnosis
        if edit.edit == "AGE_CONFLICT" and edit.kind != "admitting":
            ages[where] = edit.detail.upper()
    return {
        "edit_type": edited.edit_type,
        "edits": sorted(edited.counts),
        "code_edits": {where: sorted(edits) for where, edits in by_code.items()},
        "age_conflict": ages,
        "disagreements": edited.disagreements,
    }


def wanted_fields(expected: dict[str, Any]) -> Fields:
    """The record's expectation."""
    return {
        "edit_type": expected["edit_type"],
        "edits": sorted(
            (edit["name"], edit["count"], edit["code_type"], edit["edit_type"])
            for edit in expected["edits"]
        ),
        "code_edits": {code["where"]: sorted(code["edits"]) for code in expected["code_edits"]},
        "age_conflict": {
            code["where"]: code["age_conflict"]
            for code in expected["code_edits"]
            if code.get("age_conflict")
        },
        "disagreements": (),
    }


def _where(kind: str, place: int) -> str:
    if kind == "diagnosis":
        return "pdx" if place == 0 else f"sdx[{place - 1}]"
    return f"procedures[{place}]" if kind == "procedure" else "admit_dx"
