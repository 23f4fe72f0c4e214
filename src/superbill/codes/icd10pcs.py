"""ICD-10-PCS: what an inpatient procedure code is on a day.

CMS maintains and publishes the system; the discharge date selects the release. A code has
seven characters; its first three name a table, which is a heading.
"""

from __future__ import annotations

from datetime import date

from superbill.codes.answer import CodeAnswer, Place, System, Title
from superbill.codes.icd10cm import edits, status
from superbill.codes.notation import compact, may_be_pcs
from superbill.codes.titles import title as any_title
from superbill.codes.validity import history, is_valid
from superbill.errors import NotCovered
from superbill.store.open import Store

SYSTEM: System = "ICD-10-PCS"
_LISTED_BELOW = 25


def valid(store: Store, code: str, *, on: date) -> bool:
    """Whether ``code`` may be reported on the day. Raises :class:`~superbill.errors.NotCovered`."""
    return is_valid(store, SYSTEM, compact(code), on=on)


def title(store: Store, code: str, *, on: date) -> Title | None:
    """The text of ``code`` on the day; ``None`` where no release held knows it."""
    return any_title(store, SYSTEM, compact(code), on=on)


def lookup(store: Store, code: str, *, on: date) -> CodeAnswer | None:
    """All that is known of a procedure code, or of the table of its first three characters.

    ``None`` where no release held knows it on any day. Raises
    :class:`~superbill.errors.NotCovered` where nothing held says which codes are valid on the day.
    """
    code = compact(code)
    billable = is_valid(store, SYSTEM, code, on=on)
    if not may_be_pcs(code):
        return None
    spans = history(store, SYSTEM, code)
    text = any_title(store, SYSTEM, code, on=on)
    below: tuple[str, ...] = ()
    count = 0
    if len(code) < 7:
        below, count = _below(store, code, on)
    if not spans and text is None and not below:
        return None
    not_held: list[str] = []
    operating_room = None
    if billable:
        try:
            row = store.find("icd10pcs.operating_room", on=on, code=code)
            operating_room = None if row is None else row.flag("operating_room")
        except NotCovered as missing:
            not_held.append(str(missing))
        if text is None:
            not_held.append(
                f"The text of {code}: no release held knows it. Bring the order file of the "
                "year: superbill data build --from DIR"
            )
    table = any_title(store, SYSTEM, code[:3], on=on) if len(code) == 7 else None
    return CodeAnswer(
        system=SYSTEM,
        code=code,
        dotted=code,
        on=on,
        status=status(spans, on, billable=billable),
        billable=billable,
        title=text,
        validity=spans,
        lock=store.digest,
        operating_room=operating_room,
        edits=edits(store, "icd10pcs.validity", code, on) if billable else (),
        parents=()
        if table is None
        else (
            Place(code=code[:3], dotted=code[:3], kind="table", title=table.text, billable=False),
        ),
        billable_below=below,
        billable_count=count,
        not_held=tuple(not_held),
    )


def _below(store: Store, code: str, on: date) -> tuple[tuple[str, ...], int]:
    """Valid codes of the day that begin with ``code``, the first few, and how many there are."""
    dataset, condition = ("icd10pcs.validity", "1")
    if not store.covers(dataset, on=on):
        dataset, condition = ("icd10pcs.order", "billable = 1")
    info = store.info(dataset)
    query = (
        f"FROM {info.table} WHERE code > ? AND code < ? AND release = ? "
        f"AND valid_from <= ? AND valid_to > ? AND {condition}"
    )
    day = on.isoformat()
    bounds = (code, code + "[", store.release(dataset, on=on).id, day, day)
    rows = store.query(f"SELECT code {query} ORDER BY code LIMIT {_LISTED_BELOW}", *bounds)
    (count,) = store.query(f"SELECT count(*) {query}", *bounds)[0]
    return tuple(str(row[0]) for row in rows), int(str(count))
