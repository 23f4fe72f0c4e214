"""National Correct Coding Initiative: pairs of codes, most units, add-on codes.

CMS publishes them each quarter for Medicare; the day of service selects a release. The files hold
codes of the American Medical Association: they are loaded where the user, who needs its licence,
brings them. The pairs come in four parts by the first code, each a dataset of its own, so that a
part that was not brought is known to be missing.
"""

from __future__ import annotations

from superbill.sources import ncci_addon, ncci_mue, ncci_ptp
from superbill.store.catalog import Column, Dataset, Table

_PAGE = "https://www.cms.gov/national-correct-coding-initiative-ncci/"
_LICENCE = (
    "Work of the United States Government with codes of the American Medical Association: bring "
    "the file under the terms that CMS shows before its download"
)


def _pairs(kind: str, part: int) -> Dataset:
    prefix = ncci_ptp.KINDS[kind]
    return Dataset(
        id=f"ncci.ptp_{kind}_{part}",
        title=f"The list of NCCI pairs, {kind}, part {part}",
        publisher="Centers for Medicare & Medicaid Services",
        address=_PAGE + "ncci-medicare/medicare-ncci-procedure-procedure-ptp-edits",
        licence=_LICENCE,
        table=Table(
            f"ncci_ptp_{kind}_{part}",
            (
                Column("column1", meaning="the code that is paid"),
                Column("column2", meaning="the code that is not paid beside it"),
                Column("modifier", meaning="0 no modifier helps, 1 one may, 9 not applicable"),
                Column("rationale", meaning="why, in the publisher's words"),
            ),
            key=("column1", "column2"),
        ),
        layouts=(ncci_ptp.layout(kind, part),),
        dated_rows=True,
        remedy=f"Bring the quarter's file {prefix}-v…-f{part} (zip, txt or xlsx) that CMS "
        "publishes, and build again: superbill data build --from DIR",
    )


def _units(kind: str) -> Dataset:
    return Dataset(
        id=f"ncci.mue_{kind}",
        title=f"The list of medically unlikely edits, {kind}",
        publisher="Centers for Medicare & Medicaid Services",
        address=_PAGE + "ncci-medicare/medicare-ncci-medically-unlikely-edits-mues",
        licence=_LICENCE,
        table=Table(
            f"ncci_mue_{kind}",
            (
                Column("code"),
                Column("units", "integer", "the most units that are likely"),
                Column("indicator", meaning="1 by line; 2 by day, policy; 3 by day, clinical"),
                Column("rationale", meaning="why, in the publisher's words"),
            ),
            key=("code",),
        ),
        layouts=(ncci_mue.layout(kind),),
        remedy=f"Bring the quarter's file MCR_MUE_{ncci_mue.KINDS[kind]}_Eff_… (csv or xlsx) "
        "that CMS publishes, and build again: superbill data build --from DIR",
    )


ADD_ON = Dataset(
    id="ncci.add_on",
    title="The list of NCCI add-on codes",
    publisher="Centers for Medicare & Medicaid Services",
    address=_PAGE + "ncci-medicare/medicare-ncci-add-code-edits",
    licence=_LICENCE,
    table=Table(
        "ncci_add_on",
        (
            Column("code", meaning="the add-on code"),
            Column("primary_code", meaning="a code beside which it may be reported, or CCCCC"),
            Column("type", meaning="1 listed only, 2 the contractor's, 3 listed and more"),
            Column("notes"),
        ),
        key=("code", "primary_code"),
    ),
    layouts=(ncci_addon.LAYOUT,),
    dated_rows=True,
    remedy="Bring the workbook AOC_VyyyyQq-MCR.xlsx that CMS publishes, and build again: "
    "superbill data build --from DIR",
)

DATASETS: tuple[Dataset, ...] = (
    *(_pairs(kind, part) for kind in ncci_ptp.KINDS for part in ncci_ptp.PARTS),
    *(_units(kind) for kind in ncci_mue.KINDS),
    ADD_ON,
)
