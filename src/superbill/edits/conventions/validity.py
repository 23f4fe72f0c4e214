"""Whether a code is one on the day, and if not, what it lacks.

ICD-10-CM Official Guidelines, sections I.A.3 to I.A.5 and I.B.2: a code has its full number of
characters; where a seventh character applies it is required, and X fills the places before it. The
Medicare Code Editor's master, or the order file of the day, says which codes are valid.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from superbill.codes import icd10cm, icd10pcs, near
from superbill.codes.notation import dotted, may_be_cm, may_be_pcs
from superbill.codes.validity import history, is_valid
from superbill.edits.conventions.case import Case
from superbill.edits.conventions.table import section
from superbill.store.open import Store

_MOST = 5


class Validity:
    """Asks an open store which codes are valid on a day; what was asked is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, date], bool] = {}

    def valid(self, code: str, *, on: date) -> bool:
        """Whether the plain ``code`` may be reported on the day.

        Raises :class:`~superbill.errors.NotCovered` where nothing held speaks for the day.
        """
        key = code, on
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = is_valid(self._store, icd10cm.SYSTEM, code, on=on)
        return found

    def attributes(self, code: str, *, on: date) -> frozenset[str]:
        """The Medicare Code Editor's names for what it checks of the code on the day."""
        return frozenset(icd10cm.edits(self._store, "icd10cm.validity", code, on))

    def is_procedure(self, code: str, *, on: date) -> bool:
        """Whether the code is an ICD-10-PCS code of the day."""
        return may_be_pcs(code) and icd10pcs.valid(self._store, code, on=on)

    def suggestions(self, code: str, *, on: date) -> tuple[str, ...]:
        """Valid codes that may be meant, dotted."""
        found = near.suggestions(self._store, code, on=on)
        return tuple(each.dotted for each in found if not may_be_procedure(each.code))[:_MOST]

    def spans(self, code: str) -> str:
        """When the code was or will be valid, in words; empty if never."""
        return "; ".join(str(each) for each in history(self._store, icd10cm.SYSTEM, code))

    def below(self, code: str, *, on: date) -> tuple[str, ...]:
        """The first valid codes below a heading, dotted."""
        answer = icd10cm.lookup(self._store, code, on=on)
        return () if answer is None else tuple(map(dotted, answer.billable_below))[:_MOST]


def may_be_procedure(code: str) -> bool:
    """Whether a code is written as those of ICD-10-PCS, and not as those of ICD-10-CM."""
    return may_be_pcs(code) and not may_be_cm(code)


def valid_codes(case: Case, validity: Validity, on: date) -> None:
    """Every code is a valid ICD-10-CM code of the day, with all its characters.

    Raises :class:`~superbill.errors.NotCovered` where nothing held speaks for the day.
    """
    for position, profile in enumerate(case.profiles):
        if not validity.valid(profile.code, on=on):
            _explain(case, position, validity, on)


def _explain(case: Case, position: int, validity: Validity, on: date) -> None:
    code = case.codes[position]
    shown = case.profiles[position].shown
    say = _Sayer(case, position)
    if not may_be_cm(code):
        if validity.is_procedure(code, on=on):
            say(
                "other_system",
                f"{code} is an ICD-10-PCS procedure code, not a diagnosis.",
                "Report it among the procedures.",
                "45 CFR 162.1002",
            )
        else:
            say(
                "unknown_code",
                f"{code[:20]!r} is not written as an ICD-10-CM code is: a letter, a digit, and up"
                " to five more characters.",
                "Check how it is written.",
                section("I.A.2"),
            )
        return
    sevenths = case.book.notes.sevenths(code)
    stem = case.profiles[position].stem
    leaf = not case.book.notes.tree.children(stem)
    if sevenths and leaf and code != stem:
        if _seventh(say, code, stem, sevenths):
            return
    elif sevenths and leaf:
        listed = ", ".join(f"{one} ({meaning})" for one, meaning in list(sevenths.items())[:_MOST])
        filled = " after the X that fills the empty places" if len(code) < 6 else ""
        example = dotted(code.ljust(6, "X") + next(iter(sevenths)))
        say(
            "seventh_character",
            f"{shown} needs a seventh character{filled}: {listed}.",
            f"Add the one that the record supports, as in {example}.",
            section("I.A.5"),
        )
        return
    if spans := validity.spans(code):
        instead = validity.suggestions(code, on=on)
        perhaps = f" Perhaps {', '.join(instead)} is meant." if instead else ""
        say(
            "not_valid_on_day",
            f"{shown} is not valid on {on}. It was or is valid: {spans}.",
            f"Use the code that was in force on the day.{perhaps}",
            section("I.B.2"),
        )
    elif below := validity.below(code, on=on):
        say(
            "incomplete_code",
            f"{shown} heads longer codes and cannot be reported itself.",
            f"Code to the full number of characters: {', '.join(below)}.",
            section("I.B.2"),
        )
    else:
        instead = validity.suggestions(code, on=on)
        perhaps = f" Perhaps {', '.join(instead)} is meant." if instead else ""
        if not instead and stem != code and (under := validity.below(stem, on=on)):
            perhaps = f" {dotted(stem)} heads {', '.join(under)} and others."
        say(
            "unknown_code",
            f"{shown} is no ICD-10-CM code on {on} or on any day that is held.",
            f"Check it for a slip of typing.{perhaps}",
            section("I.A.3"),
        )


def _seventh(
    say: Callable[[str, str, str, str], None], code: str, stem: str, sevenths: dict[str, str]
) -> bool:
    """Say what is wrong with the characters after the stem; whether anything was said."""
    shown = dotted(code)
    tail = code[len(stem) :]
    room = 6 - len(stem)
    if len(code) < 7 and len(tail) == 1 and tail in sevenths and room:
        right = dotted(stem.ljust(6, "X") + tail)
        say(
            "placeholder",
            f"{shown} has its seventh character at place {len(code)}.",
            f"Fill the empty places with X: {right}.",
            section("I.A.4"),
        )
        return True
    if len(code) == 7 and tail[:-1].strip("X") == "" and tail[-1] not in sevenths:
        listed = ", ".join(sevenths)
        say(
            "seventh_character",
            f"{shown} has the seventh character {tail[-1]}, which is none of those that"
            f" {dotted(stem)} takes: {listed}.",
            "Use the one that the record supports.",
            section("I.A.5"),
        )
        return True
    if len(code) < 7 and not tail.strip("X"):
        example = dotted(stem.ljust(6, "X") + next(iter(sevenths)))
        say(
            "seventh_character",
            f"{shown} needs a seventh character: {', '.join(sevenths)}.",
            f"Add the one that the record supports, as in {example}.",
            section("I.A.5"),
        )
        return True
    return False


class _Sayer:
    """Adds findings about one code."""

    def __init__(self, case: Case, position: int) -> None:
        self._case = case
        self._position = position

    def __call__(self, rule: str, message: str, remedy: str, citation: str) -> None:
        self._case.found(
            f"conventions.{rule}", self._position, message, remedy, citation, severity="error"
        )
