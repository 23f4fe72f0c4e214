"""The reference store as the integrity rules ask it: is a code valid on a day, is it exempt.

Validity by day comes from the Medicare Code Editor's tables, and the POA-exempt list from CMS's
yearly file. What was looked up is kept, since stays share most of their codes; a store does not
change while it is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from superbill.dates import Span
from superbill.edits.integrity.rule import CodeSet, Exempt, Standing
from superbill.errors import NotCovered
from superbill.model import Encounter
from superbill.store.open import Store

_DATASETS: dict[CodeSet, str] = {
    "icd10cm": "icd10cm.validity",
    "icd10pcs": "icd10pcs.validity",
}
_EXEMPT = "icd10cm.poa_exempt"
_MOST_INSTEAD = 5


class StoreCodes:
    """The code sets of an open store, for :func:`superbill.edits.integrity.check`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._spans: dict[CodeSet, dict[str, tuple[Span, ...]]] = {
            system: {} for system in _DATASETS
        }
        self._exempt: dict[date, Exempt | NotCovered] = {}
        self._lists: dict[int, _ExemptList] = {}
        self._valid = {system: _valid(store, dataset) for system, dataset in _DATASETS.items()}

    def standing(self, system: CodeSet, code: str, *, on: date) -> Standing:
        """Whether ``code`` may be billed on the day, and what is known where it may not.

        Raises :class:`~superbill.errors.NotCovered` where no release speaks for the day.
        """
        spans = self._spans[system].get(code)
        for start, end in self._read(system, code) if spans is None else spans:
            if start <= on < end:
                return self._valid[system]
        return self._unusable(system, code, on)

    def all_valid(self, stay: Encounter, *, on: date) -> bool:
        """Whether every code is known to be billable on the day, from what was looked up before.

        No where one was not, or was billable in several periods: :meth:`standing` then says.
        """
        known = self._spans["icd10cm"]
        codes = stay.diagnosis_codes + stay.reason_for_visit
        if stay.admitting_diagnosis:
            codes = (*codes, stay.admitting_diagnosis)
        for code in codes:
            spans = known.get(code)
            if spans is None or not spans[0][0] <= on < spans[0][1]:
                return False
        known = self._spans["icd10pcs"]
        for procedure in stay.procedures:
            spans = known.get(procedure.code)
            if spans is None or not spans[0][0] <= on < spans[0][1]:
                return False
        return True

    def poa_exempt(self, *, on: date) -> Exempt | NotCovered:
        """Whether a diagnosis is on the POA-exempt list of the day, or why that cannot be told."""
        exempt = self._exempt.get(on)
        if exempt is None:
            exempt = self._exempt[on] = self._list_of(on)
        return exempt

    def _list_of(self, on: date) -> Exempt | NotCovered:
        try:
            release = self._store.release(_EXEMPT, on=on).id
        except NotCovered as missing:
            missing.__traceback__ = None  # the error is kept, and its frames need not be
            return missing
        if release not in self._lists:
            self._lists[release] = _ExemptList(self._store, on)
        return self._lists[release].__getitem__

    def _read(self, system: CodeSet, code: str) -> tuple[Span, ...]:
        """The days on which a code may be billed, kept for the next stay that has it."""
        spans = _joined(row.span for row in self._store.history(_DATASETS[system], code=code))
        if spans:  # what is no code must not fill the memory
            self._spans[system][code] = spans
        return spans

    def _unusable(self, system: CodeSet, code: str, on: date) -> Standing:
        dataset = _DATASETS[system]
        release = self._store.release(dataset, on=on)
        longer = self._longer(dataset, code, on)
        spans = self._read(system, code)
        nearest = min(spans, key=lambda span: _distance(span, on), default=None)
        return Standing(
            False,
            nearest,
            incomplete=bool(longer) and nearest is None,
            instead=longer,
            release=f"{release.dataset} {release.label}",
        )

    def _longer(self, dataset: str, code: str, on: date) -> tuple[str, ...]:
        """The first codes that begin with ``code`` and may be billed on the day."""
        info = self._store.info(dataset)
        found = self._store.query(
            f"SELECT DISTINCT code FROM {info.table} WHERE code > ? AND code < ?"  # noqa: S608
            " AND valid_from <= ? AND valid_to > ? ORDER BY code LIMIT ?",
            code,
            f"{code}~",
            on.isoformat(),
            on.isoformat(),
            _MOST_INSTEAD,
        )
        return tuple(str(row[0]) for row in found)


class _ExemptList(dict[str, bool]):
    """Whether each code is on one release of the list; codes are looked up as they come."""

    def __init__(self, store: Store, on: date) -> None:
        self._store = store
        self._on = on

    def __missing__(self, code: str) -> bool:
        found = self[code] = self._store.find(_EXEMPT, on=self._on, code=code) is not None
        return found


def _valid(store: Store, dataset: str) -> Standing:
    releases = store.coverage(dataset)
    label = f"{dataset} {releases[-1][1].label}" if releases else ""
    return Standing(True, release=label)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, each two that touch made one: what changes in between is not the validity."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        else:
            found.append(span)
    return tuple(found)


def _distance(span: Span, day: date) -> timedelta:
    return day - span.end if span.end <= day else span.start - day
