"""Conventions: the notes of the tabular list and the official guidelines, acted upon.

The ICD-10-CM tabular list (CDC/NCHS) says beside its codes what excludes what, what is coded first
and what is added; the Official Guidelines for Coding and Reporting say how codes are combined and
ordered. The discharge date (or the date of service) selects the release. Each finding cites the
place of the note or the section, and is a question where only the record can answer it.

:func:`check` is the edit of a stay; :func:`check_record` takes codes alone. What could not be
checked is reported so: a day whose list is not held, a note that no machine can read.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from superbill.codes.editions import Edition, edition
from superbill.codes.notes import Notes, Tree
from superbill.edits.conventions import (
    alike,
    excludes,
    injuries,
    order,
    past,
    patient,
    pregnancy,
    sequence,
    validity,
)
from superbill.edits.conventions.case import Case
from superbill.edits.conventions.guidelines import guidelines, left_over
from superbill.edits.conventions.profile import (
    BURNT,
    CAUSE,
    INJURED,
    PREGNANT,
    TOLD,
    Profiles,
)
from superbill.edits.conventions.record import Record, Setting, of_encounter
from superbill.edits.conventions.table import IN_FORCE
from superbill.errors import Invalid, NotCovered
from superbill.model import EditReport, Encounter, NotChecked
from superbill.store.open import Store

__all__ = [
    "OF_CODES",
    "OF_STAYS",
    "Conventions",
    "Record",
    "Setting",
    "check",
    "check_record",
    "of_encounter",
]

_BY_NOTES = (
    "excludes1",
    "code_first",
    "use_additional",
    "code_also",
    "history",
    "laterality",
    "unspecified",
    "trimester",
    "seventh_characters_agree",
)
_BY_GUIDELINES = (
    "guidelines",
    "burn_degree",
    "pressure_ulcer_stage",
    "substance_pattern",
    "physeal_fracture",
    "superficial_injury",
    "external_cause_order",
)
_ALONE = (
    "other_system",
    "unknown_code",
    "not_valid_on_day",
    "incomplete_code",
    "seventh_character",
    "placeholder",
    "manifestation_first",
    "external_cause_first",
    "age",
    "sex",
    "poa",
)
OF_STAYS = tuple(f"conventions.{name}" for name in _BY_NOTES + _BY_GUIDELINES)
"""What is checked of a stay; of it, the Medicare Code Editor and the integrity rules check
the rest of :data:`OF_CODES`."""
OF_CODES = tuple(f"conventions.{name}" for name in _ALONE) + OF_STAYS
"""What is checked of codes alone."""

_NO_LIST = "The store holds no tabular list. Build it: superbill data build"
_GET = "Bring the tabular list (XML) of that release: superbill data build --from DIR"


class Conventions:
    """What the conventions are read from: an open store. Keep it for many records.

    Profiles of codes are kept for each release of the tabular list.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._days: dict[date, _Day] = {}
        self._books: dict[Edition, Profiles | None] = {}

    @cached_property
    def validity(self) -> validity.Validity:
        """Which codes are valid on a day."""
        return validity.Validity(self.store)

    def of_day(self, on: date) -> _Day:
        """What speaks for a day, and what is not checked on it."""
        found = self._days.get(on)
        if found is None:
            found = self._days[on] = self._open(on)
        return found

    def _open(self, on: date) -> _Day:
        picked = edition(self.store, on)
        book = None if picked is None else self._book(picked)
        if picked is None or book is None:
            missing = tuple(NotChecked(rule=name, reason=_NO_LIST) for name in OF_STAYS)
            return _Day(None, False, "", missing)
        source = picked.source
        left: list[NotChecked] = []
        if not source.exact:
            left.append(
                NotChecked(
                    rule="conventions.notes_of_the_day",
                    reason=f"The tabular list of {on} is not held; the notes of {source.label} were"
                    f" read, which may differ. {_GET}",
                )
            )
        if on not in IN_FORCE:
            left.append(
                NotChecked(
                    rule="conventions.guidelines_of_the_day",
                    reason=f"The guidelines of {on} are not held; those in force from"
                    f" {IN_FORCE.start} to {IN_FORCE.last} were applied, which may differ.",
                )
            )
        release = f"{source.dataset} {source}"
        return _Day(book, source.exact, release, tuple(left), in_force=on in IN_FORCE)

    def _book(self, picked: Edition) -> Profiles | None:
        if picked not in self._books:
            held = picked.notes is not None
            tree = Tree(self.store, picked)
            self._books[picked] = Profiles(Notes(self.store, tree)) if held else None
        return self._books[picked]


class _Day:
    """The profiles that serve a day, whether they are of it, and what to say if not."""

    __slots__ = ("book", "exact", "in_force", "left", "release")

    def __init__(
        self,
        book: Profiles | None,
        exact: bool,
        release: str,
        left: tuple[NotChecked, ...],
        *,
        in_force: bool = True,
    ) -> None:
        self.in_force = in_force
        self.book = book
        self.exact = exact
        self.release = release
        self.left = left


def check(
    stay: Encounter, *, on: date, conventions: Conventions, detail: bool = True
) -> EditReport:
    """The conventions on the diagnoses of an inpatient stay.

    ``on`` is the discharge date. What the Medicare Code Editor and the integrity rules say of a
    stay (validity, age, sex, manifestation or external cause as principal, POA) is left to them.
    Without ``detail`` the notes that a person has to read are counted, not listed.
    """
    day = conventions.of_day(on)
    if day.book is None or not stay.diagnoses:
        return EditReport(not_checked=day.left)
    case = _case(of_encounter(stay), day.book, day)
    _examine(case, day.book)
    return EditReport(
        ran=OF_STAYS,
        findings=tuple(case.findings),
        not_checked=day.left + _unread(case, detail=detail),
    )


def check_record(record: Record, *, on: date, conventions: Conventions) -> EditReport:
    """The conventions on codes alone, with what is known of the patient.

    Raises :class:`~superbill.errors.Invalid` where there is no code. What cannot be looked up for
    the day is not checked, with the reason.
    """
    if not record.codes:
        raise Invalid.at("codes", "There is no code to check.", "Name at least one.")
    day = conventions.of_day(on)
    if day.book is None:
        return EditReport(not_checked=day.left)
    case = _case(record, day.book, day)
    left = list(day.left)
    known = conventions.validity

    def attempt(names: tuple[str, ...], run: object, *rest: object) -> None:
        assert callable(run)
        before = len(case.findings)
        try:
            run(case, *rest)
        except NotCovered as missing:
            del case.findings[before:]
            left.extend(NotChecked(rule=f"conventions.{n}", reason=str(missing)) for n in names)

    attempt(_ALONE[:6], validity.valid_codes, known, on)
    order.manifestation_first(case)
    order.external_cause_first(case)
    attempt(("age",), patient.age, known, on)
    attempt(("sex",), patient.sex, known, on)
    attempt(("poa",), patient.present_on_admission, conventions.store, on)
    _examine(case, day.book)
    skipped = {one.rule for one in left}
    return EditReport(
        ran=tuple(name for name in OF_CODES if name not in skipped),
        findings=tuple(case.findings),
        not_checked=tuple(left) + _unread(case, detail=True),
    )


def _case(record: Record, book: Profiles, day: _Day) -> Case:
    return Case(record, book, exact=day.exact, in_force=day.in_force, release=day.release)


def _examine(case: Case, book: Profiles) -> None:
    """Every rule on codes together, in the order in which their findings are reported."""
    guidelines(case, book.table)
    excludes.excludes1(case)
    left_over(case)
    traits = case.traits
    if traits & TOLD:
        sequence.sequence(case)
        past.history(case)
    pairs = alike.neighbours(case)
    if pairs:
        alike.laterality(case, pairs)
        alike.unspecified(case, pairs)
        past.encounters(case, alike.doubled(case, pairs))
        injuries.pressure_ulcers(case, pairs)
        injuries.substances(case, pairs)
    if traits & PREGNANT:
        pregnancy.trimester(case)
    if traits & BURNT:
        injuries.burns(case, pairs)
    if traits & INJURED:
        injuries.physeal_fractures(case)
        injuries.superficial_injuries(case)
    if traits & CAUSE:
        past.external_phase(case)
        injuries.external_causes(case)


def _unread(case: Case, *, detail: bool) -> tuple[NotChecked, ...]:
    found = {one.reason: one for profile in case.profiles for one in profile.unread}
    if not found or detail:
        return tuple(found.values())
    count = len(found)
    notes = "One note" if count == 1 else f"{count} notes"
    return (
        NotChecked(
            rule="conventions.notes",
            reason=f"{notes} that bear on these codes are for a person to read; superbill check"
            " lists them.",
        ),
    )
