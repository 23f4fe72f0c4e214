"""A stay under way from FHIR: its fields, whence each came, what is wrong, what is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from superbill.errors import Invalid, Problem
from superbill.interop.fhir import systems
from superbill.interop.fhir.index import Found, Index
from superbill.interop.fhir.text import Json
from superbill.model import Encounter, read


class Reading(NamedTuple):
    """A stay that was read, and what of the bundle was passed over."""

    stay: Encounter
    notes: tuple[str, ...]


class Draft:
    """A stay under way: its fields as JSON has them, and where in FHIR each came from."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.document: Json = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._places: dict[str, str] = {}

    def put(self, field: str, value: Any, place: str) -> None:
        """A field of the stay, and its place in FHIR."""
        self.document[field] = value
        self._places[field] = place

    def from_(self, field: str, place: str) -> None:
        """Where a part of a field came from (``diagnoses[2].code``)."""
        self._places[field] = place

    def problem(self, place: str, message: str, remedy: str) -> None:
        """Something is wrong; reading goes on, so that all is said at once."""
        self.problems.append(Problem(place, message, remedy))

    def note(self, text: str) -> None:
        """Something was passed over."""
        if text not in self.notes:
            self.notes.append(text)

    def finish(self) -> Reading:
        """The stay; raises ``Invalid`` with every problem, each at its place in FHIR."""
        if self.problems:
            raise Invalid(self.problems)
        try:
            stay = read.encounter(msgspec.json.encode(self.document))
        except Invalid as invalid:
            raise Invalid([self._placed(p) for p in invalid.problems]) from None
        return Reading(stay, tuple(self.notes))

    def _placed(self, problem: Problem) -> Problem:
        field = problem.path
        while field and field not in self._places:
            field = re.sub(r"(\.?[^.\[\]]+|\[\d+\])$", "", field)
        if not field:
            return problem
        return Problem(self._places[field], problem.message, problem.remedy)

    def carried(self, found: Found, names: Iterable[str] | None = None) -> Json:
        """The fields that an extension of ours carries; none other than ``names`` where given."""
        extension = systems.extension(found.resource, systems.REST)
        if extension is None:
            return {}
        try:
            fields = msgspec.json.decode(extension.get("valueString", ""), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeError, TypeError):
            self.problem(
                f"{found.path}.extension",
                f"the text of {systems.REST} is not JSON.",
                "Write it as it was given, or leave the extension out.",
            )
            return {}
        return {k: v for k, v in fields.items() if names is None or k in set(names)}
