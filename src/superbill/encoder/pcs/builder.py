"""A procedure code built axis by axis: section, body system, operation, and on through the table.

At each step only those values are offered that lead to a code that there is on the day. Beside
each stands its official definition, and the words of the record that count as it (the body part
key and the device key of the printed book).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from superbill.codes.answer import From
from superbill.codes.notation import compact
from superbill.codes.titles import title as any_title
from superbill.encoder.pcs.definitions import Definitions
from superbill.encoder.pcs.tables import AXES, Table, Tables
from superbill.encoder.pcs.tables import Value as AxisValue
from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.store.open import Store


class Choice(Value, frozen=True, kw_only=True):
    """A value that may come next.

    ``codes`` is how many codes of the day it leads to. ``includes`` are words that count as it.
    """

    value: str
    label: str
    codes: int
    definition: str = ""
    explanation: str = ""
    includes: tuple[str, ...] = ()


class Choices(Value, frozen=True, kw_only=True):
    """What may come after ``prefix``: the axis, what it is called, and its values.

    With all seven characters chosen there are no choices, ``axis`` is 0, and ``title`` is the
    title of the code. ``tables`` says which tables were used, and whether they are of the day.
    """

    on: date
    prefix: str
    labels: tuple[str, ...]
    axis: int
    axis_title: str
    choices: tuple[Choice, ...]
    tables: From
    title: str = ""

    @property
    def complete(self) -> bool:
        """Whether ``prefix`` is a whole code."""
        return len(self.prefix) == AXES


_Step = tuple[list[tuple[AxisValue, int]], tuple[str, ...]]


class Builder:
    """Builds the ICD-10-PCS codes of a day from the tables that are held.

    Raises :class:`~superbill.errors.NotCovered` where no tables are held, or nothing says which
    codes there are on the day.
    """

    def __init__(self, store: Store, *, on: date) -> None:
        self._store = store
        self.day = on
        self.tables = Tables(store, on=on)
        self._definitions = Definitions(store, on=on)
        # Of the first characters only: all later steps are read in a few milliseconds.
        self._first_steps: dict[str, _Step] = {}

    def choices(self, prefix: str = "") -> Choices:
        """What may come after the characters chosen so far; at first, the sections.

        Raises :class:`~superbill.errors.Invalid` where no code of the day that the tables allow
        starts so, naming the character at fault.
        """
        chosen = compact(prefix)
        if len(chosen) > AXES:
            raise Invalid.at("prefix", f"{prefix[:20]!r} is longer than a code.", "Give up to 7.")
        values, labels = self._values(chosen)
        if not values and len(chosen) < AXES:
            raise self._no_way(chosen)
        if len(chosen) == AXES:
            return self._whole(chosen, labels)
        choices = [self._choice(chosen, value, count) for value, count in values]
        return Choices(
            on=self.day,
            prefix=chosen,
            labels=labels,
            axis=len(chosen) + 1,
            axis_title=values[0][0].title,
            choices=tuple(choices),
            tables=self.tables.source,
        )

    def complete(self, prefix: str = "") -> Choices:
        """Like :meth:`choices`, but steps with a single value are taken."""
        step = self.choices(prefix)
        while not step.complete and len(step.choices) == 1:
            step = self.choices(step.prefix + step.choices[0].value)
        return step

    def codes(self, prefix: str = "") -> list[str]:
        """Every code that can be built from ``prefix``, in order."""
        chosen = compact(prefix)
        held = self.tables.below(chosen[:3])
        return [
            code
            for code in self.tables.codes(chosen)
            if (table := held.get(code[:3])) is not None and table.allows(code)
        ]

    def _values(self, chosen: str) -> _Step:
        """The next values with how many codes each leads to, and the labels of those chosen."""
        if len(chosen) > 2:
            return self._next_values(chosen)
        if chosen not in self._first_steps:
            self._first_steps[chosen] = self._next_values(chosen)
        return self._first_steps[chosen]

    def _next_values(self, chosen: str) -> _Step:
        place = len(chosen)
        codes = self.codes(chosen)
        if not codes:
            return [], ()
        counts = Counter(code[place : place + 1] for code in codes)
        first = {code[place : place + 1]: code for code in reversed(codes)}
        held = self.tables.below(chosen[:3])
        found = []
        labels: tuple[str, ...] = ()
        for character, code in sorted(first.items()):
            table = held[code[:3]]
            values = table.values(code) or ()
            if place > 2:
                alike = [each for each in codes if each.startswith(chosen + character)]
                values = _said(table, alike, values)
            labels = tuple(value.label for value in values[:place])
            if character:
                found.append((values[place], counts[character]))
        if place > 2 and len(first) > 1:
            table = held[chosen[:3]]
            values = _said(table, codes, table.values(codes[0]) or ())
            labels = tuple(value.label for value in values[:place])
        return found, labels

    def _choice(self, chosen: str, value: AxisValue, count: int) -> Choice:
        section = (chosen + value.value)[0]
        said = self._definitions.of(section, len(chosen) + 1, value.label)
        return Choice(
            value=value.value,
            label=value.label,
            codes=count,
            definition=value.definition or said.definition,
            explanation=said.explanation,
            includes=said.includes,
        )

    def _whole(self, code: str, labels: tuple[str, ...]) -> Choices:
        if not labels:
            raise self._no_way(code)
        text = any_title(self._store, "ICD-10-PCS", code, on=self.day)
        return Choices(
            on=self.day,
            prefix=code,
            labels=labels,
            axis=0,
            axis_title="",
            choices=(),
            tables=self.tables.source,
            title="" if text is None else text.text,
        )

    def _no_way(self, chosen: str) -> Invalid:
        """Which character is at fault, and what may stand there instead."""
        good = chosen
        while good and not self.codes(good):
            good = good[:-1]
        place = len(good) + 1
        if place > AXES:
            return Invalid.at("prefix", f"{chosen} is no code of {self.day}.", "Go a step back.")
        values, _ = self._values(good)
        may = ", ".join(f"{value.value} {value.label}" for value, _ in values[:12])
        return Invalid.at(
            "prefix",
            f"no code of {self.day.isoformat()} that the tables of {self.tables.source.label} "
            f"allow starts with {chosen[:place]}.",
            f"Character {place} may be: {may}" + (", …" if len(values) > 12 else "."),
        )


def _said(
    table: Table, codes: Sequence[str], values: tuple[AxisValue, ...]
) -> tuple[AxisValue, ...]:
    """The values of codes of a table that begin alike, with every label that they may have.

    In new technology a character means one substance with one group, another with the next.
    """
    said = list(values)
    for place in range(3, AXES):
        rows = [row for row in table.rows if values[place].value in row[place - 3]]
        if len({row[place - 3][values[place].value].label for row in rows}) > 1:
            labels = {
                each[place].label: None
                for code in codes
                if code[place] == values[place].value and (each := table.values(code))
            }
            said[place] = values[place]._replace(label=" or ".join(labels))
    return tuple(said)


__all__ = ["Builder", "Choice", "Choices"]
