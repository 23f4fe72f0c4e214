"""Segments turned into fields: what a segment of a loop says, in the names of the model.

A :class:`Loop` knows, by identifier, how its segments are read. What a segment says depends on its
text alone, and most texts come again and again in a file, so each is read once and remembered (a
bounded number of them). A segment that no field can hold, whole or in part, becomes an
:class:`~superbill.model.Extra`; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from superbill.interop.x12.segments import Delimiters
from superbill.model import Extra

type Effect = tuple[str, Any]
"""What a segment says: a list's name with more of its members, or ``""`` with single fields."""

type Parse = Callable[[list[str], "Loop"], Effect | None]
"""From a segment's elements to what it says; ``None`` where the model has no place for it."""

_REMEMBERED = 16_384


class Unfit(ValueError):
    """A text that is no amount, no day or no count."""


class Loop:
    """How the segments of one kind of loop are read; ``id`` is what an extra is said to be in."""

    __slots__ = ("_known", "_parsers", "after", "component", "element", "id")

    def __init__(
        self, loop: str, parsers: Mapping[str, Parse], marks: Delimiters, after: str
    ) -> None:
        self.id = loop
        self.element = marks.element
        self.component = marks.component
        self.after = after
        self._parsers = parsers
        self._known: dict[str, Effect] = {}

    def fields(self, chunk: str) -> dict[str, Any]:
        """The fields of the segments of ``chunk``, which stand one after another in it."""
        known = self._known
        fields: dict[str, Any] = {}
        for text in chunk.split(self.after):
            name, value = known.get(text) or self._learn(text)
            if name:
                if name in fields:
                    fields[name] += value
                else:
                    fields[name] = value
            else:
                size = len(fields)
                fields.update(value)
                if len(fields) != size + len(value):
                    return self._careful(chunk)
        return fields

    def known(self, text: str) -> Effect:
        """What one segment says, remembered."""
        return self._known.get(text) or self._learn(text)

    def _learn(self, text: str) -> Effect:
        effect = self.effect(text)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = effect
        return effect

    def effect(self, text: str) -> Effect:
        """What one segment says."""
        elements = text.split(self.element)
        parse = self._parsers.get(elements[0])
        if parse is not None:
            try:
                effect = parse(elements, self)
            except (Unfit, IndexError):
                effect = None
            if effect is not None:
                return effect
        return "extra", (self.unknown(elements),) if text else ()

    def unknown(self, elements: Iterable[str], *, part: bool = False) -> Extra:
        """A segment that has no field."""
        mark = self.component
        return Extra(
            loop=self.id, elements=tuple(tuple(e.split(mark)) for e in elements), part=part
        )

    def rest(self, elements: list[str], held: Container[int]) -> dict[str, Any]:
        """What of a segment the model does not hold: nothing, or the fields with one extra.

        ``held`` are the places of the elements that it holds.
        """
        left = [e if not place or place not in held else "" for place, e in enumerate(elements)]
        if not any(left[1:]):
            return {}
        return {"extra": (self.unknown(left, part=True),)}

    def _careful(self, chunk: str) -> dict[str, Any]:
        """As :meth:`fields`, where a segment that may come once comes again: it is an extra."""
        fields: dict[str, Any] = {}
        extra: tuple[Extra, ...] = ()
        for text in chunk.split(self.after):
            name, value = self.effect(text)
            if name == "extra":
                extra += value
            elif name:
                fields[name] = fields.get(name, ()) + value
            elif value.keys() - {"extra"} & fields.keys():
                extra += (self.unknown(text.split(self.element)),)
            else:
                extra += value.get("extra", ())
                fields.update(value)
        if extra:
            fields["extra"] = extra
        return fields
