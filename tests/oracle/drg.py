"""Inpatient claims grouped by CMS's own Java MS-DRG grouper, versions 40.0 to 43.1.

A claim is exact where initial and final DRG, MDC and return code, the status of the
hospital-acquired conditions and the conditions met all agree. Every other field that the product
gives is compared too, and its agreement printed field by field. Claims of the category
``fuzz_found`` were picked because an earlier program differed on them: they are counted apart as
well.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, cast

from superbill.grouping.msdrg import VERSIONS, Engine, GrouperClaim, group_claim
from superbill.model import CodeGrouping, DrgOutcome, Grouping
from tests.oracle.common import Difference, Result, records

Fields = dict[str, object]

# CMS's program numbers a condition only in these cases; the product always does
_NUMBERED = {"HAC_CRITERIA_MET", "HAC_NOT_APPLICABLE_EXCLUSION"}

# Every version lets a rule suppress the codes that it asks for itself; CMS's program says so of a
# code from here on only
_TELLS_OF_SUPPRESSION = 411

DECISIVE = frozenset(
    {f"{when}_{what}" for when in ("initial", "final") for what in ("drg", "mdc", "return_code")}
    | {"hac_status", "hacs_met"}
)


def run(path: Path) -> Result:
    """Group every claim of ``path`` and compare."""
    cases = exact = not_covered = 0
    apart: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    differences: list[Difference] = []
    with Engine() as engine:
        for record in records(path):
            cases += 1
            expected = record["expected"]["grouper"]
            version = _version(record["grouper_version"])
            fuzz = record["category"] == "fuzz_found"
            apart["fuzz_found cases"] += fuzz
            if version is None:
                if expected is None:
                    exact += 1  # no version serves the day, and none is claimed to
                else:
                    not_covered += 1
                continue
            got = actual(group_claim(claim(record["input"], version), engine=engine))
            if version < _TELLS_OF_SUPPRESSION:
                for name in ("dx.severity_initial", "dx.severity_final"):
                    got[name] = [
                        level.removesuffix("_EXCLUDED_BY_DRG_LOGIC")
                        for level in cast("list[str]", got[name])
                    ]
            wanted = wanted_fields(expected)
            faults = [
                Difference(record["claim_id"], name, wanted[name], got[name])
                for name in wanted
                if wanted[name] != got[name]
            ]
            compared.update(wanted.keys())
            agreed.update(name for name in wanted if wanted[name] == got[name])
            decisive = [fault for fault in faults if fault.field in DECISIVE]
            differences += decisive
            if not decisive:
                exact += 1
                apart["fuzz_found exact"] += fuzz
    return Result(
        "drg", cases, exact, not_covered, tuple(differences), _notes(apart, agreed, compared)
    )


def claim(given: dict[str, Any], version: int) -> GrouperClaim:
    """The claim of a record."""
    return GrouperClaim(
        version,
        tuple((code["code"], code["poa"]) for code in (given["pdx"], *given["sdx"])),
        tuple(code["code"] for code in given["procedures"]),
        given["age_years"],
        given["sex"],
        given["discharge_status"],
        given["hospital_poa_status"],
    )


def actual(grouping: Grouping) -> Fields:
    """The product's answer in the record's terms."""
    diagnoses = [code for code in grouping.codes if code.where.startswith("diagnoses")]
    procedures = [code for code in grouping.codes if code.where.startswith("procedures")]
    return {
        **_outcome("initial", grouping.initial),
        **_outcome("final", grouping.final),
        "initial_sdx_severity": _took_part(diagnoses[1:], final=False),
        "final_sdx_severity": _took_part(
            diagnoses[1:], final=grouping.initial.drg != grouping.final.drg
        ),
        "final_drg_description": grouping.final.title,
        "final_mdc_description": grouping.final.mdc_title,
        "hac_status": grouping.hac_status,
        "hacs_met": list(grouping.hacs_met),
        "num_hac_categories": len(grouping.hacs_met),
        "dx.recognized": [code.recognized for code in diagnoses],
        "dx.affects_drg": [code.affects_drg for code in diagnoses],
        "dx.severity_initial": [code.severity_initial for code in diagnoses],
        "dx.severity_final": [code.severity for code in diagnoses],
        "sdx.hacs": [
            [(row.category if row.status in _NUMBERED else 0, row.status) for row in code.hacs]
            for code in diagnoses[1:]
        ],
        "px.recognized": [code.recognized for code in procedures],
        "px.affects_drg": [code.affects_drg for code in procedures],
        "px.is_or": [code.operating_room for code in procedures],
    }


def wanted_fields(expected: dict[str, Any]) -> Fields:
    """The record's expectation, the fields that the product gives too."""
    diagnoses = [expected["pdx"] or _NO_PRINCIPAL, *expected["sdx"]]
    fields: Fields = {
        name: value
        for name, value in expected.items()
        if name not in {"pdx", "sdx", "procedures", "admit_dx_flag"}
    }
    for name in ("recognized", "affects_drg", "severity_initial", "severity_final"):
        fields[f"dx.{name}"] = [code[name] for code in diagnoses]
    fields["sdx.hacs"] = [
        [(row["hac"], row["status"]) for row in code["hacs"]] for code in expected["sdx"]
    ]
    for name in ("recognized", "affects_drg"):
        fields[f"px.{name}"] = [code[name] for code in expected["procedures"]]
    # what CMS's program says of a code that it does not know differs between versions
    fields["px.is_or"] = [
        code["is_or"] if code["recognized"] else None for code in expected["procedures"]
    ]
    return fields


_NO_PRINCIPAL = {
    "recognized": False,
    "affects_drg": "NONE",
    "severity_initial": "NEITHER",
    "severity_final": "NEITHER",
}


def _outcome(when: str, outcome: DrgOutcome) -> Fields:
    return {
        f"{when}_drg": int(outcome.drg),
        f"{when}_mdc": int(outcome.mdc),
        f"{when}_base_drg": int(outcome.base_drg),
        f"{when}_return_code": outcome.return_code,
        f"{when}_med_surg": outcome.med_surg,
        f"{when}_severity": outcome.severity,
    }


def _took_part(secondary: list[CodeGrouping], *, final: bool) -> str:
    """The highest level among secondary diagnoses that counted and took part in the choice."""
    levels = {
        code.severity if final else code.severity_initial
        for code in secondary
        if code.affects_drg in ({"BOTH", "FINAL"} if final else {"BOTH", "INITIAL"})
    }
    return "MCC" if "MCC" in levels else "CC" if "CC" in levels else "NON_CC"


def _version(name: str | None) -> int | None:
    if name is None:
        return None
    version = int(name.replace(".", ""))
    return version if version in VERSIONS else None


def _notes(apart: Counter[str], agreed: Counter[str], compared: Counter[str]) -> tuple[str, ...]:
    lines = [
        f"fuzz_found: {apart['fuzz_found exact']} of {apart['fuzz_found cases']} exact",
        "agreement by field (claims that agree of claims compared):",
    ]
    lines += [f"  {name}: {agreed[name]} of {compared[name]}" for name in sorted(compared)]
    return tuple(lines)
