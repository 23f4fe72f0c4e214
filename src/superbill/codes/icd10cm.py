"""ICD-10-CM: what a diagnosis code is on a day.

CDC/NCHS maintains the classification; CMS publishes which codes are valid, exempt from
present-on-admission reporting, and CC or MCC. The discharge date (or the date of service)
selects the release.
"""

from __future__ import annotations

from datetime import date

from superbill.codes.answer import CodeAnswer, Severity, Status, System, Title, Validity
from superbill.codes.notation import compact, dotted, may_be_cm
from superbill.codes.tabular import Tabular
from superbill.codes.titles import origin
from superbill.codes.titles import title as any_title
from superbill.codes.validity import history, is_valid
from superbill.dates import fiscal_year
from superbill.errors import NotCovered
from superbill.store.open import Store

SYSTEM: System = "ICD-10-CM"
_LISTED_BELOW = 25


def valid(store: Store, code: str, *, on: date) -> bool:
    """Whether ``code`` may be reported on the day. Raises :class:`~superbill.errors.NotCovered`."""
    return is_valid(store, SYSTEM, compact(code), on=on)


def title(store: Store, code: str, *, on: date) -> Title | None:
    """The text of ``code`` on the day; ``None`` where no release held knows it."""
    return any_title(store, SYSTEM, compact(code), on=on)


def lookup(store: Store, code: str, *, on: date) -> CodeAnswer | None:
    """All that is known of a diagnosis code, dotted or not, on a day.

    ``None`` where no release held knows it on any day (see
    :func:`superbill.codes.near.suggestions`). Raises :class:`~superbill.errors.NotCovered`
    where nothing held says which codes are valid on the day.
    """
    code = compact(code)
    billable = is_valid(store, SYSTEM, code, on=on)
    if not may_be_cm(code):
        return None
    spans = history(store, SYSTEM, code)
    tabular = Tabular.on(store, on, code)
    path = () if tabular is None else tabular.path(code)
    here = path[-1] if path and path[-1].code == code else None
    text = any_title(store, SYSTEM, code, on=on)
    if not spans and here is None and text is None:
        return None
    not_held: list[str] = []
    severity = _severity(store, code, on, not_held) if billable else None
    exempt = _poa_exempt(store, code, on, not_held) if billable else None
    below, count = (
        ((), 0) if billable or tabular is None else tabular.billable_below(code, _LISTED_BELOW)
    )
    return CodeAnswer(
        system=SYSTEM,
        code=code,
        dotted=dotted(code),
        on=on,
        status=status(spans, on, billable=billable),
        billable=billable,
        title=text,
        validity=spans,
        lock=store.digest,
        severity=severity,
        poa_exempt=exempt,
        edits=edits(store, "icd10cm.validity", code, on) if billable else (),
        parents=path[:-1] if here is not None else path,
        children=() if tabular is None or here is None else tabular.children(code),
        notes=() if tabular is None else tabular.notes(path, code),
        tabular=None if tabular is None else tabular.source,
        billable_below=below,
        billable_count=count,
        not_held=tuple(not_held),
    )


def status(spans: tuple[Validity, ...], on: date, *, billable: bool) -> Status:
    """What the code is on the day, in words."""
    if billable:
        return "valid"
    if not spans:
        return "heading"
    return "not yet valid" if on < spans[0].valid_from else "no longer valid"


def edits(store: Store, dataset: str, code: str, on: date) -> tuple[str, ...]:
    """The Medicare Code Editor's names for what it checks of the code on the day."""
    if not store.covers(dataset, on=on):
        return ()
    row = store.find(dataset, on=on, code=code)
    return () if row is None else tuple(row.text("attributes").split())


def drg_version(on: date) -> str:
    """The MS-DRG version that serves discharges on the day, such as ``43.0``.

    >>> drg_version(date(2026, 3, 1)), drg_version(date(2023, 4, 1))
    ('43.0', '40.1')
    """
    # Version 40 serves fiscal year 2023 and each year has the next; April's update is its .1.
    return f"{fiscal_year(on) - 1983}.{int(4 <= on.month < 10)}"


def _severity(store: Store, code: str, on: date, not_held: list[str]) -> Severity | None:
    try:
        row = store.find("icd10cm.severity", on=on, code=code)
    except NotCovered as missing:
        not_held.append(str(missing))
        return None
    if row is None:
        return None
    level = row.text("severity")
    return Severity(
        version=drg_version(on),
        level="MCC" if level == "MCC" else "CC" if level == "CC" else "NEITHER",
        mdc=row.integer("mdc"),
        source=origin(row.release, exact=True),
    )


def _poa_exempt(store: Store, code: str, on: date, not_held: list[str]) -> bool | None:
    try:
        return store.find("icd10cm.poa_exempt", on=on, code=code) is not None
    except NotCovered as missing:
        not_held.append(str(missing))
        return None
