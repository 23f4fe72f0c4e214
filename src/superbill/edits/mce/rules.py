"""The edits of the Medicare Code Editor by name: class, meaning and remedy, read from TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from superbill.model.finding import Severity

EditType = Literal["PREPAYMENT", "NONE"]
CodeType = Literal["DIAGNOSIS", "PROCEDURE", "BOTH", "NONE"]


class EditRule(NamedTuple):
    """One edit. ``rule`` is its name in findings, ``edit_type`` the editor's own class."""

    rule: str
    title: str
    code_type: CodeType
    edit_type: EditType
    severity: Severity
    meaning: str
    remedy: str
    citation: str


@cache
def edit_rules() -> dict[str, EditRule]:
    """Every edit by the editor's name for it, in the order of ``rules.toml``."""
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return {
        name: EditRule(
            rule=f"mce.{name.lower()}",
            title=entry["title"],
            code_type=entry["code_type"],
            edit_type=entry["edit_type"],
            severity=entry["severity"],
            meaning=entry["meaning"],
            remedy=entry["remedy"],
            citation=f"CMS, Definitions of Medicare Code Edits, chapter 1, {entry['title']}",
        )
        for name, entry in tomllib.loads(text).items()
    }
