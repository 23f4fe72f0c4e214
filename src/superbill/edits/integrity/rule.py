"""What an integrity rule is, and what it may ask of the reference data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal, NamedTuple, Protocol

import msgspec

from superbill.dates import Span
from superbill.errors import Invalid, NotCovered
from superbill.model import Encounter, Finding

CodeSet = Literal["icd10cm", "icd10pcs"]


class Standing(NamedTuple):
    """Whether a code may be billed on a day, and what is known of it where it may not.

    ``valid`` settles it. Where it is false, ``span`` is the time in which the code could be
    billed nearest to the day (``None``: never, as far as the releases go back), ``incomplete``
    says that it only heads longer codes, and ``instead`` names codes that may be meant.
    ``release`` is what was read.
    """

    valid: bool
    span: Span | None = None
    incomplete: bool = False
    instead: tuple[str, ...] = ()
    release: str = ""


type Exempt = Callable[[str], bool]
"""Whether a diagnosis (undotted) is exempt from present-on-admission reporting."""


class Codes(Protocol):
    """What the rules ask of the code sets."""

    def standing(self, system: CodeSet, code: str, *, on: date) -> Standing:
        """Whether ``code`` (undotted) may be billed on the day.

        Raises :class:`~superbill.errors.NotCovered` where it cannot say.
        """
        ...

    def poa_exempt(self, *, on: date) -> Exempt | NotCovered:
        """What tells the exempt codes of the day; where nothing does, the error that says so.

        It is returned, not raised, since that would be for nearly every stay.
        """
        ...

    def all_valid(self, stay: Encounter, *, on: date) -> bool:
        """Whether every code of the stay may be billed on the day; no where it cannot say."""
        ...


class NoCodes:
    """Stands where no code sets were given: every question goes unanswered."""

    def standing(self, system: CodeSet, code: str, *, on: date) -> Standing:
        """Raises :class:`~superbill.errors.NotCovered`."""
        raise NotCovered("Whether a code may be billed", on=on, remedy=_GIVE)

    def poa_exempt(self, *, on: date) -> Exempt | NotCovered:
        """It cannot say."""
        return NotCovered("Which codes are exempt from POA reporting", on=on, remedy=_GIVE)

    def all_valid(self, stay: Encounter, *, on: date) -> bool:
        """It cannot say."""
        return False


_GIVE = "Open the reference store and pass it."


class Question(msgspec.Struct, frozen=True, gc=False):
    """What a rule is run on: the stay, the day whose code sets count, and the code sets."""

    stay: Encounter
    on: date
    codes: Codes


NOTHING: tuple[Finding, ...] = ()
"""What a rule finds in nearly every stay. A rule says so by the shortest way, and makes findings
only where there are some: every stay goes through every rule."""


class Rule(NamedTuple):
    """One check: the names that its findings may bear, and the function that makes them.

    The first line of the function's docstring says in plain words what holds where it finds
    nothing. It returns or raises :class:`~superbill.errors.NotCovered` where it cannot be run.
    """

    finds: tuple[str, ...]
    run: Callable[[Question], Iterable[Finding] | NotCovered]


def reason(validate: Callable[[str], str], number: str) -> str:
    """Why an identifier is refused, in the words of its own module; empty where it is not."""
    try:
        validate(number)
    except Invalid as invalid:
        return invalid.problems[0].message
    return ""


def dotted(code: str) -> str:
    """An ICD-10-CM code as people read it.

    >>> dotted("I5023"), dotted("I10")
    ('I50.23', 'I10')
    """
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
