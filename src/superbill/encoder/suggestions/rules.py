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
from superbill.encoder.suggestions.candidates import Candidate, Support, is_so
from superbill.encoder.suggestions.context import Word
from superbill.encoder.suggestions.patient import Patient

_STATES = {
    "absent": "the record denies it or rules it out",
    "family": "it is told of a relative",
    "hypothetical": "it is only thought of: a risk, a screening or an instruction",
}
_UNCERTAIN = "uncertain in an outpatient record: code the signs instead (IV.H)"
_ALLERGIES = ("Z88", "Z91", "Z92", "T78")
_REACTION = "it is told of an allergy, and not of this illness"
_AGES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}


_AS_LIKELY = 0.4
_BESIDE = "CDSTR"
_TIGHT = 1
# What may be part of a finding of any chapter.
_ANYWHERE = frozenset(("R52", "R58", "R609", "B999", "I519", "I999", "L989", "T148XXA", "T1490XA"))
# "Illness, unspecified" and "counseling, unspecified" say nothing that a bill could use.
_SAYS_NOTHING = frozenset(("R69", "Z719", "Z7689", "R6889", "X58XXXA"))


class Fault(NamedTuple):
    """Why a candidate is set aside: the rule's name, and what to say."""

    rule: str
    why: str


def by_words(candidate: Candidate, setting: Setting) -> Fault | None:
    """The rule that sets a candidate aside by how its words stand, if all of them do."""
    if candidate.code in _SAYS_NOTHING:
        return Fault("says nothing", "it names no condition")
    faults: list[Fault] = []
    ruled_out = any("ruled out" in support.states for support in candidate.support)
    for support in candidate.support:
        state = next((name for name in _STATES if name in support.states), "")
        if support.section == "allergy" and not candidate.code.startswith(_ALLERGIES):
            faults.append(Fault("allergy", _REACTION))
        elif state:
            faults.append(Fault(state, _STATES[state]))
        elif ruled_out and "uncertain" in support.states:
            faults.append(Fault("absent", _STATES["absent"]))
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
        mentions = [each for each in candidate.support if is_so(each)] or candidate.support
        for fuller in kept:
            other = fuller.code
            if other != code and _said_in(candidate, fuller, titles):
                found.setdefault(code, other)
                continue
            inside = all(other in support.inside for support in mentions)
            if other == code or (other[:3] != code[:3] and not (inside and code[0] != "R")):
                continue
            # What is itself doubtful takes no other's place.
            if scores[other] < _AS_LIKELY * scores[code]:
                continue
            vaguer = code[0] not in _BESIDE and _vague(titles[code]) > _vague(titles[other])
            if inside or (vaguer and other[:3] == code[:3]):
                found.setdefault(code, other)
    return found


def _said_in(candidate: Candidate, other: Candidate, titles: Mapping[str, str]) -> bool:
    """Whether an unspecified code is told by words of a specific one: the pain of "knee pain"."""
    code = candidate.code
    if code[0] != other.code[0] and code not in _ANYWHERE:
        return False
    if not _vague(titles[code]) or _vague(titles[other.code]):
        return False
    fuller = [
        frozenset(support.mention.places)
        for support in other.support
        if support.mention.gap <= _TIGHT and not support.mention.marks
    ]
    return all(
        any(
            len(theirs) > len(support.mention.places)
            and theirs.intersection(support.mention.places)
            for theirs in fuller
        )
        for support in candidate.support
    )


def _vague(title: str) -> int:
    """How much a title leaves open.

    >>> _vague("Type 2 diabetes mellitus without complications"), _vague("Pallor")
    (2, 0)
    """
    said = title.lower()
    if "without complication" in said:
        return 2
    return int("unspecified" in said or "without lower urinary" in said)


_HISTORY = frozenset(("history", "h/o", "hx"))
_OVER = frozenset(("former", "formerly", "ex", "quit", "previous", "prior", "stopped"))
_PERSONAL = ("Z85", "Z86", "Z87")
_BEFORE = 6


def told_as_history(found: Sequence[Candidate], words: Sequence[Word]) -> dict[str, str]:
    """The codes of conditions that are told as history only, to the code of the history of each.

    "History of prostate cancer" is Z85.46 and no C61 (I.C.2.m, I.C.21.c.4). A heading alone says
    less: under "past medical history" stand lasting conditions, too.
    """
    over: dict[str, str] = {}
    for history in found:
        if not history.code.startswith(_PERSONAL):
            continue
        said = [s.mention for s in history.support if after_history(s, words)]
        for candidate in found if said else ():
            if candidate.code[0] != "Z" and all(
                after_history(support, words)
                and any(set(support.mention.places) <= set(mention.places) for mention in said)
                for support in candidate.support
            ):
                over.setdefault(candidate.code, history.code)
    return over


def after_history(support: Support, words: Sequence[Word]) -> bool:
    """Whether "history of" stands close before a mention, in its sentence."""
    low = support.mention.places[0]
    before = words[max(0, low - _BEFORE) : low + 1]
    cues = _HISTORY | _OVER if "past" in support.states else _OVER
    return any(word.token.word in cues and word.sentence == words[low].sentence for word in before)


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
