"""A procedure code read aloud, axis by axis.

Where the tables held allow the code, each axis says what its table says. A code that is newer than
the tables is read as far as is certain: a value keeps its meaning within its table, and where the
title of the order file says the value in the place where it says that of a code that differs in
this axis alone, the title's own words are taken. Otherwise the axis is said not to be in the
tables held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from superbill.codes.answer import From
from superbill.codes.notation import compact, may_be_pcs
from superbill.codes.titles import title as any_title
from superbill.codes.validity import is_valid
from superbill.encoder.index.names import loose
from superbill.encoder.pcs.definitions import Definitions
from superbill.encoder.pcs.tables import AXES, Table, Tables
from superbill.encoder.pcs.tables import Value as AxisValue
from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.sources.icd10pcs_tables import VALUE
from superbill.store.open import Store

Known = Literal["tables", "title", "not in the tables held"]
Meaning = tuple[str, str, Known]


class Axis(Value, frozen=True, kw_only=True):
    """One character of a code: what the axis is called, and what the value means.

    ``known`` says from where: the ``tables``, the ``title`` in the order file, or not at all.
    """

    axis: int
    title: str
    value: str
    label: str
    known: Known
    definition: str = ""
    explanation: str = ""
    includes: tuple[str, ...] = ()


class Reading(Value, frozen=True, kw_only=True):
    """A code read aloud. ``allowed`` says whether the tables held allow it, ``valid`` whether it
    may be reported on the day.
    """

    on: date
    code: str
    title: str
    valid: bool
    allowed: bool
    axes: tuple[Axis, ...]
    tables: From

    def aloud(self) -> str:
        """The axes as one sentence a line."""
        lines = [f"{self.code}  {self.title}".rstrip()]
        lines += [f"  {a.value}  {a.title}: {a.label or a.known}" for a in self.axes]
        return "\n".join(lines)


def read_code(store: Store, code: str, *, on: date) -> Reading:
    """Read ``code`` aloud.

    Raises :class:`~superbill.errors.Invalid` where it has not the form of an ICD-10-PCS code or
    no release held knows it, and :class:`~superbill.errors.NotCovered` where no tables are held.
    """
    plain = compact(code)
    if len(plain) != AXES or not may_be_pcs(plain):
        raise Invalid.at(
            "code",
            f"{code[:20]!r} is no ICD-10-PCS code.",
            "It has seven characters, digits and letters without I and O.",
        )
    tables = Tables(store, on=on)
    text = any_title(store, "ICD-10-PCS", plain, on=on)
    table = tables.table(plain[:3])
    values = table.values(plain) if table else None
    valid = is_valid(store, "ICD-10-PCS", plain, on=on)
    if values is None and text is None and not valid:
        raise Invalid.at("code", f"no release held knows {plain}.", "Build it: superbill build-pcs")
    reader = Reader(store, tables, on)
    return Reading(
        on=on,
        code=plain,
        title="" if text is None else text.text,
        valid=valid,
        allowed=values is not None,
        axes=tuple(reader.axis(plain, place) for place in range(AXES)),
        tables=tables.source,
    )


class Reader:
    """Finds what each axis of a code means."""

    def __init__(self, store: Store, tables: Tables, on: date) -> None:
        self._store = store
        self._tables = tables
        self._day = on
        self._definitions = Definitions(store, on=on)
        # A table to leave out, to try how well the others tell.
        self.without = ""

    def axis(self, code: str, place: int) -> Axis:
        title, label, known = self._meaning(code, place)
        said = self._definitions.of(code[0], place + 1, label)
        table = self._tables.table(code[:3])
        definition = table.head[place].definition if table and place < 3 else ""
        return Axis(
            axis=place + 1,
            title=title,
            value=code[place],
            label=label,
            known=known,
            definition=definition or said.definition,
            explanation=said.explanation,
            includes=said.includes,
        )

    def _meaning(self, code: str, place: int) -> Meaning:
        table = self._tables.table(code[:3])
        if table is None:
            return self._of_section(code, place)
        if place < 3:
            return table.head[place].title, table.head[place].label, "tables"
        values = table.values(code)
        if values is not None:
            return values[place].title, values[place].label, "tables"
        return self.newer(code, place, _axis_title(table, place), table)

    def newer(self, code: str, place: int, title: str, table: Table | None) -> Meaning:
        """An axis of a code that is newer than the tables."""
        label = self._elsewhere(code, place)
        if label:
            return title, label, "tables"
        label = self._group(code, place) or (self._in_title(table, code, place) if table else "")
        return (title, label, "title") if label else (title, "", NOT_HELD)

    def _elsewhere(self, code: str, place: int) -> str:
        """What the value means in the tables of the same body system, or, failing that, section.

        It is taken where they agree and the title of the code says it in so many words (a value
        that says "No Device" or the like cannot be said, and is taken where they agree).
        """
        scopes = (code[:3], code[:2], code[:1])
        for scope in scopes if place < 6 else scopes[:2]:
            labels = {
                axis[code[place]].label
                for name, table in self._tables.below(scope).items()
                if name != self.without
                for axis in _columns(table, place)
                if code[place] in axis
            }
            if place == 6 and scope != code[:3]:
                # What a qualifier means is the business of its table, but for these two.
                labels &= {"No Qualifier", "Diagnostic"}
            said = [label for label in labels if self._says(code, label)]
            if len(labels) == 1 and said:
                return said[0]
            if labels and scope != code[:3]:
                return ""
        return ""

    def _says(self, code: str, label: str) -> bool:
        if label.startswith("No "):
            return True
        words = frozenset(loose(label).split())
        return bool(words) and words <= frozenset(loose(self._title(code)).split())

    def _in_title(self, table: Table, code: str, place: int) -> str:
        """The words of the title that stand where those of a sister code stand.

        A sister differs in this axis alone, and the tables say what its value means.
        """
        mine = self._title(code)
        found = set()
        for value in VALUES:
            sister = code[:place] + value + code[place + 1 :]
            values = table.values(sister)
            if value == code[place] or values is None:
                continue
            label, theirs = values[place].label, self._title(sister)
            if theirs.count(label) != 1:
                continue
            before, after = theirs.split(label)
            if mine.startswith(before) and mine.endswith(after) and len(mine) > len(before + after):
                found.add(mine[len(before) : len(mine) - len(after)])
        return found.pop() if len(found) == 1 else ""

    def _group(self, code: str, place: int) -> str:
        """The group of new technology, which the title of such a code ends in."""
        group = _GROUP.search(self._title(code)) if place == 6 and code[0] == "X" else None
        return group[0] if group else ""

    def _of_section(self, code: str, place: int) -> Meaning:
        """An axis of a table that is not held, from those of its body system and section."""
        tables = self._tables.below(code[:2]) or self._tables.below(code[:1])
        if not tables:
            return f"Axis {place + 1}", "", NOT_HELD
        title = _axis_title(next(iter(tables.values())), place)
        if place > 2:
            return self.newer(code, place, title, None)
        if place < 2:
            same = self._tables.below(code[: place + 1])
            labels = {table.head[place].label for table in same.values()}
            if len(labels) == 1:
                return title, labels.pop(), "tables"
        # The order file heads each table: "New Technology, Joints, Insertion".
        section = next(iter(tables.values())).head[0].label
        heading = self._title(code[:3]).removeprefix(f"{section}, ")
        parts = heading.split(", ")
        if len(parts) == 2 and place > 0:
            return title, parts[place - 1], "title"
        return title, "", NOT_HELD

    def _title(self, code: str) -> str:
        text = any_title(self._store, "ICD-10-PCS", code, on=self._day)
        return "" if text is None else text.text


VALUES = tuple(c for c in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ" if VALUE.fullmatch(c))
"""The characters that a code may hold, in order."""

NOT_HELD: Known = "not in the tables held"
_GROUP = re.compile(r"New Technology Group \d+$")


def _axis_title(table: Table, place: int) -> str:
    if place < 3:
        return table.head[place].title
    return next(iter(table.rows[0][place - 3].values())).title


def _columns(table: Table, place: int) -> Iterator[dict[str, AxisValue]]:
    """The values of an axis by character, once for each row."""
    if place < 3:
        yield {table.head[place].value: table.head[place]}
    else:
        yield from (row[place - 3] for row in table.rows)
