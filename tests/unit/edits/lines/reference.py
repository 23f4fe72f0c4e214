"""A reference that the tests write themselves, in CMS's layouts, with codes of Level II only."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

HEADINGS = (
    "A notice stands here\n\nColumn1/Column2 Edits\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n\t\t\t\t*=no data\t1=allowed\t\n"
    "\t\t\t\t\t9=not applicable\t\n"
)


def pairs_text(rows: Sequence[Sequence[str]]) -> str:
    """The text of a part of the list of pairs: column 1, column 2, begins, ends, indicator."""
    return HEADINGS + "".join(
        f"{first}\t{second}\t\t{begins}\t{ends}\t{indicator}\tMisuse of column two code\n"
        for first, second, begins, ends, indicator in rows
    )


def units_text(kind: str, rows: Sequence[Sequence[str]]) -> str:
    """The text of a table of medically unlikely edits: code, units, indicator."""
    words = {
        "1": "1 Line Edit",
        "2": "2 Date of Service Edit: Policy",
        "3": "3 Date of Service Edit: Clinical",
    }
    lines = [
        '"A notice, with a comma"',
        f'"HCPCS/\nCPT Code",{kind} Services MUE Values,MUE Adjudication Indicator,MUE Rationale',
    ]
    lines += [
        f"{code},{most},{words[indicator]},Nature of service" for code, most, indicator in rows
    ]
    return "\n".join(lines) + "\n"


def workbook(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A workbook with one sheet of text cells."""
    body = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for place, cell in enumerate(cells)
            if cell
        )
        + "</row>"
        for number, cells in enumerate(rows, 1)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>',
        )
    return path


ADD_ON_HEADINGS = (
    ("A notice",),
    (
        "AOC_Edit_Type",
        "Add-On_Code",
        "AOC_DelDT",
        "Primary_Code",
        "Primary_Code_DelDT",
        "AOC_Edit_EffDT",
        "AOC_Edit_DelDT",
        "Special_Instruction_Notes",
    ),
)
