"""Which code fired which edit of the Medicare Code Editor, and why.

The editor itself only counts. Here each edit is worked out from the attributes that the
editor's masters give a code on the discharge date, and the counts are then compared with the
editor's (:mod:`superbill.edits.mce.editor`). Source of the rules: CMS, Definitions of Medicare Code
Edits, chapter 1, and the outputs of CMS's editor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from superbill.edits.mce import attributes

MECHANICAL_VENTILATION_DAYS = 5
"""Ventilation for more than 96 hours does not fit a stay shorter than this."""

_OLDEST = 124
_DISC_AGE = 60  # lumbar artificial discs: National Coverage Determination 150.10
_STERILIZATION, _DIABETES, _TRIAL = "ncov_z302", "diabtypeI", "clintrial"
_SEX_LISTS = {"M": "female", "F": "male"}
_SEX_UNKNOWN_FROM = 20241001  # unknown sex is accepted, and codes are bound to no sex any more
_OF_PRINCIPAL = frozenset({"ecodepdx", "manifestation", "qadm", "reqsdx", "unacceptable"})
_AGE_LISTS = frozenset({"adult", "maternity", "newborn", "pediatric"})


Names = frozenset[str] | None
"""A code's attributes on the day; ``None`` where it is not valid."""


class EditorClaim(msgspec.Struct, frozen=True, gc=False):
    """A stay as the editor reads it. ``day`` is the discharge date as YYYYMMDD.

    ``diagnoses`` have the principal diagnosis first (empty where none was billed); codes are
    plain. ``sex`` is M, F or U, ``length_of_stay`` discharge less admission in days.
    """

    day: int
    diagnoses: tuple[str, ...]
    procedures: tuple[str, ...]
    admitting: str
    age: int
    sex: str
    discharge_status: str
    length_of_stay: int


class Fired(NamedTuple):
    """An edit and the code that fired it.

    ``kind`` is ``diagnosis``, ``procedure``, ``admitting`` or ``claim`` (no code), ``place`` the
    code's position, ``detail`` the age group or the list that decided. The editor counts edits
    of the admitting diagnosis only where it is invalid.
    """

    edit: str
    kind: str
    place: int
    detail: str = ""

    @property
    def counted(self) -> bool:
        """Whether the editor's own count has it."""
        return self.kind != "admitting" or self.edit == "INVALID_ADMIT_DX"


def fired(claim: EditorClaim) -> list[Fired]:
    """Every edit that ``claim`` fires, by code in billed order, those of no code last."""
    day = claim.day
    told = attributes.diagnoses().during(day)
    known = [told[code] for code in claim.diagnoses]
    found: list[Fired] = []
    if _may_fire(claim, known):
        found += _diagnoses(claim, known)
    if claim.procedures:
        found += _procedures(claim, known)
    if claim.admitting:
        found += _admitting(claim, told[claim.admitting])
    if not 0 <= claim.age <= _OLDEST:
        found.append(Fired("INVALID_AGE", "claim", 0))
    if claim.sex not in _SEX_LISTS and day < _SEX_UNKNOWN_FROM:
        found.append(Fired("INVALID_SEX", "claim", 0))
    for start, end in attributes.statuses().get(claim.discharge_status, ()):
        if start <= day <= end:
            break
    else:
        found.append(Fired("INVALID_DISCHARGE_STATUS", "claim", 0))
    return found


def _may_fire(claim: EditorClaim, known: list[Names]) -> bool:
    """Whether any diagnosis could fire an edit; most stays have none that does."""
    if not claim.diagnoses or known[0] is None or known[0] or None in known:
        return True
    if claim.diagnoses.count(claim.diagnoses[0]) > 1:
        return True
    for names in set(known):
        if names and not names <= _OF_PRINCIPAL:
            for _ in _diagnosis(names, 1, claim):
                return True
    return False


def _diagnoses(claim: EditorClaim, known: list[Names]) -> Iterator[Fired]:
    principal = claim.diagnoses[0] if claim.diagnoses else ""
    for place, (code, names) in enumerate(zip(claim.diagnoses, known, strict=True)):
        if place and code == principal:
            yield Fired("DUPLICATE_OF_PDX", "diagnosis", place)
        if names:
            if place == 0 or not names <= _OF_PRINCIPAL:
                yield from _diagnosis(names, place, claim)
        elif names is None and (place == 0 or not _empty(code)):
            yield Fired("INVALID_CODE", "diagnosis", place)


def _empty(code: str) -> bool:
    """The editor takes zeros for an empty field, save for the principal diagnosis."""
    return not code.strip("0")


def _diagnosis(names: frozenset[str], place: int, claim: EditorClaim) -> Iterator[Fired]:
    if place == 0:
        if "ecodepdx" in names:
            yield Fired("E_CODE_AS_PDX", "diagnosis", 0)
        if "manifestation" in names:
            yield Fired("MANIFESTATION_AS_PDX", "diagnosis", 0)
        if "qadm" in names:
            yield Fired("QUESTIONABLE_ADMISSION", "diagnosis", 0)
        if "reqsdx" in names:
            if len(claim.diagnoses) == 1:
                yield Fired("REQUIRES_SDX", "diagnosis", 0)
        elif "unacceptable" in names:
            yield Fired("UNACCEPTABLE_PDX", "diagnosis", 0)
    yield from _patient_conflicts(names, "diagnosis", place, claim)
    if "wrngproc" in names:
        yield Fired("WRONG_PROCEDURE_PERFORMED", "diagnosis", place)
    if "unspecified" in names:
        yield Fired("UNSPECIFIED", "diagnosis", place)


def _patient_conflicts(
    names: frozenset[str], kind: str, place: int, claim: EditorClaim
) -> Iterator[Fired]:
    for group in names & _AGE_LISTS:
        if not _in_group(group, claim):
            yield Fired("AGE_CONFLICT", kind, place, group)
    if _wrong_sex(names, claim.sex):
        yield Fired("SEX_CONFLICT", kind, place, _only_sex(names))


def _in_group(group: str, claim: EditorClaim) -> bool:
    for start, end, youngest, oldest in attributes.ages()[group]:
        if start <= claim.day <= end:
            return youngest <= claim.age <= oldest
    return True


def _wrong_sex(names: frozenset[str], sex: str) -> bool:
    if sex in _SEX_LISTS:
        return _SEX_LISTS[sex] in names
    return "female" in names or "male" in names


def _only_sex(names: frozenset[str]) -> str:
    return "female" if "female" in names else "male"


def _procedures(claim: EditorClaim, diagnoses: list[Names]) -> Iterator[Fired]:
    told = attributes.procedures().during(claim.day)
    known = [told[code] for code in claim.procedures]
    if not any(known) and None not in known:
        return
    on_claim = attributes.NOTHING.union(*[names for names in diagnoses if names])
    beside = attributes.NOTHING.union(*[names for names in known if names])
    delivered = any("delout" in names for names in diagnoses[1:] if names)
    for place, names in enumerate(known):
        if names:
            if _wrong_sex(names, claim.sex):
                yield Fired("SEX_CONFLICT", "procedure", place, _only_sex(names))
            yield from _coverage(names, place, claim, on_claim, beside)
            if not delivered and ("csect" in names or "vagdel" in names):
                yield Fired("QUESTIONABLE_OBSTETRIC_ADMISSION", "procedure", place)
            if "los" in names and claim.length_of_stay < MECHANICAL_VENTILATION_DAYS:
                yield Fired("INCONSISTENT_WITH_LENGTH_OF_STAY", "procedure", place)
        elif names is None and not _empty(claim.procedures[place]):
            yield Fired("INVALID_CODE", "procedure", place)


def _coverage(
    names: frozenset[str],
    place: int,
    claim: EditorClaim,
    on_claim: frozenset[str],
    beside: frozenset[str],
) -> Iterator[Fired]:
    """Whether Medicare pays for a procedure, which may hang on the codes beside it."""
    if "noncovered" in names:
        yield Fired("NON_COVERED", "procedure", place)
    elif _STERILIZATION in names and _STERILIZATION in on_claim:
        yield Fired("NON_COVERED", "procedure", place, "sterilization")
    elif "ncov12agele60" in names and not 0 <= claim.age <= _DISC_AGE:
        yield Fired("NON_COVERED", "procedure", place, "age over 60")
    elif ("ncov6" in names and "ncov6" in on_claim) or ("ncov7" in names and "ncov7" in on_claim):
        yield Fired("NON_COVERED", "procedure", place, "diagnosis on the claim")
    elif "ncov45" in names:
        # Transplant of the pancreas: with a kidney, or for type 1 diabetes alone.
        allowed = "kidneyxp" in beside or _DIABETES in on_claim
        yield Fired("LIMITED_COVERAGE" if allowed else "NON_COVERED", "procedure", place)
    elif {"lcov_artheartxpa", "lcov_artheartxpb"} & names:
        # A total artificial heart is two valve-like codes together, paid in an approved trial.
        if {"lcov_artheartxpa", "lcov_artheartxpb"} <= beside:
            edit = "LIMITED_COVERAGE" if _TRIAL in on_claim else "NON_COVERED"
            yield Fired(edit, "procedure", place, "artificial heart")
    elif "lcov" in names:
        yield Fired("LIMITED_COVERAGE", "procedure", place)


def _admitting(claim: EditorClaim, names: Names) -> Iterable[Fired]:
    if names:
        return _patient_conflicts(names, "admitting", 0, claim)
    if names is None and not _empty(claim.admitting):
        return (Fired("INVALID_ADMIT_DX", "admitting", 0),)
    return ()
