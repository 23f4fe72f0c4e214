"""The rules by which a candidate is set aside, whatever its score.

What a record denies, tells of a relative or only thinks of is not coded. What is uncertain at
discharge is coded for inpatients as if it existed (guidelines II.H, III.C) and not for outpatients
(IV.H). Of two codes that an Excludes1 note keeps apart and that the same words led to, the weaker
goes (I.A.12.a); otherwise the pair is remarked, since the two may be unrelated. Signs that belong
to a disease named go with it (I.B.5).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from superbill.codes.notation import dotted
from superbill.codes.notes import Notes
from superbill.encoder.suggestions.answer import Setting
from superbill.encoder.suggestions.candidates import Candidate
from superbill.encoder.suggestions.patient import Patient

_STATES = {
    "absent": "the record denies it or rules it out",
    "family": "it is told of a relative",
    "hypothetical": "it is only thought of: a risk, a screening or an instruction",
}
_UNCERTAIN = "uncertain in an outpatient record: code the signs instead (IV.H)"
_AGES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}


_AS_LIKELY = 0.6
_BESIDE = "CDSTR"
# "Illness, unspecified" says nothing that a bill or a register could use.
_SAYS_NOTHING = frozenset(("R69",))


class Fault(NamedTuple):
    """Why a candidate is set aside: the rule's name, and what to say."""

    rule: str
    why: str


def by_words(candidate: Candidate, setting: Setting) -> Fault | None:
    """The rule that sets a candidate aside by how its words stand, if all of them do."""
    if candidate.code in _SAYS_NOTHING:
        return Fault("says nothing", "it names no condition")
    faults: list[Fault] = []
    for support in candidate.support:
        state = next((name for name in _STATES if name in support.states), "")
        if state:
            faults.append(Fault(state, _STATES[state]))
        elif setting == "outpatient" and "uncertain" in support.states:
            faults.append(Fault("uncertain", _UNCERTAIN))
        else:
            return None
    return faults[0] if faults else None


def by_patient(code: str, attributes: frozenset[str], patient: Patient) -> Fault | None:
    """The rule that sets a code aside by the patient's age or sex."""
    if patient.age is not None:
        ranges = [_AGES[name] for name in attributes if name in _AGES]
        if any(not first <= patient.age <= last for first, last in ranges):
            return Fault("age or sex", f"not at the age of {patient.age}")
        if code.startswith("P") and patient.age > 17:
            return Fault("age or sex", "of the perinatal period (I.C.16.a)")
    if patient.sex is not None:
        other = "female" if patient.sex == "male" else "male"
        if other in attributes or (patient.sex == "male" and code.startswith(("O", "Z34", "Z3A"))):
            return Fault("age or sex", f"not of a {patient.sex} patient")
    return None


def less_specific(
    kept: Sequence[Candidate], scores: Mapping[str, float], titles: Mapping[str, str]
) -> dict[str, str]:
    """The codes that another says and more: the code to that other one.

    A code is less specific where all words that led to it are among those of a fuller term of the
    other (signs only within their category), or where its title leaves more open than the other's
    of the same category (I.B.2, I.B.18). Sites of neoplasms and injuries stand beside one another.
    """
    found: dict[str, str] = {}
    for candidate in kept:
        code = candidate.code
        for other in (each.code for each in kept):
            inside = all(other in support.inside for support in candidate.support)
            if other == code or (other[:3] != code[:3] and not (inside and code[0] != "R")):
                continue
            # What is itself doubtful takes no other's place.
            if scores[other] < _AS_LIKELY * scores[code]:
                continue
            vaguer = code[0] not in _BESIDE and _vague(titles[code]) > _vague(titles[other])
            if inside or (vaguer and other[:3] == code[:3]):
                found.setdefault(code, other)
    return found


def _vague(title: str) -> int:
    """How much a title leaves open.

    >>> _vague("Type 2 diabetes mellitus without complications"), _vague("Pallor")
    (2, 0)
    """
    said = title.lower()
    return 2 if "without complication" in said else int("unspecified" in said)


class Conflict(NamedTuple):
    """Two codes that an Excludes1 note keeps apart, and where it stands."""

    code: str
    other: str
    place: str


def conflicts(codes: Sequence[str], notes: Notes | None) -> list[Conflict]:
    """The pairs of ``codes`` that an Excludes1 note of either keeps apart."""
    if notes is None:
        return []
    found: list[Conflict] = []
    seen: set[frozenset[str]] = set()
    for code in codes:
        for _, here in notes.bearing(code):
            for line in here.excludes1:
                for other in codes:
                    pair = frozenset((code, other))
                    if other != code and pair not in seen and line.target.holds(other):
                        seen.add(pair)
                        found.append(Conflict(code, other, line.place))
    return found


@functools.cache
def _integral() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    text = (files("superbill.encoder.suggestions") / "integral.toml").read_text("utf-8")
    held = tomllib.loads(text)["integral"]
    return tuple(
        (
            tuple(each.replace(".", "") for each in row["disease"]),
            tuple(each.replace(".", "") for each in row["signs"]),
        )
        for row in held
    )


def integral(codes: Sequence[str]) -> dict[str, str]:
    """The signs among ``codes`` that belong to a disease among them: sign to disease."""
    found: dict[str, str] = {}
    for diseases, signs in _integral():
        disease = next((code for code in codes if code.startswith(diseases)), None)
        if disease is not None:
            for code in codes:
                if code != disease and code.startswith(signs):
                    found.setdefault(code, disease)
    return found


def said(conflict: Conflict, other: str) -> str:
    """A conflict in words, seen from the one code."""
    return f"not with {dotted(other)} unless they are unrelated ({conflict.place}; I.A.12.a)"
