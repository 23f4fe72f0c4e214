"""Claims of the usual form, read whole: one patient, who is the subscriber, and one payer.

A subscriber level with one claim, whose lines name no drug, provider or decision of their own, is
taken apart at once, and its parts are read as everywhere. Most claims are such; a level of
any other form is not taken here, and is read loop by loop with the same result.
"""

from __future__ import annotations

from typing import Any, cast

from msgspec.structs import force_setattr

from superbill.interop.x12.claims.kinds import Kinds
from superbill.interop.x12.claims.loops import Unfit
from superbill.interop.x12.claims.people import own_numbers
from superbill.interop.x12.claims.quick import keep
from superbill.interop.x12.claims.read_parties import ROLES
from superbill.interop.x12.claims.values import number
from superbill.interop.x12.segments import Delimiters
from superbill.model import (
    Address,
    Claim,
    ClaimKind,
    ClaimLine,
    Coverage,
    Individual,
    Provider,
    Reference,
)

# Segments that begin a loop of another form, inside the loops of a claim.
_FOREIGN = ("NM1", "SBR", "CLM", "SVD", "LIN", "LQ")


class Usual:
    """Reads subscriber levels of the usual form, of one guide and one set of delimiters."""

    __slots__ = (
        "_above",
        "_after",
        "_claims",
        "_coverages",
        "_element",
        "_foreign",
        "_kind",
        "_loops",
        "_made",
        "_named",
        "_new_claim",
        "_new_line",
        "_new_name",
        "_new_payer",
    )

    def __init__(self, kind: ClaimKind, loops: Kinds, marks: Delimiters) -> None:
        after, element = loops.after, marks.element
        self._kind = kind
        self._loops = loops
        self._after = after
        self._element = element
        self._new_claim = f"{after}CLM{element}"
        self._new_line = f"{after}LX{element}"
        self._new_name = f"{after}NM1{element}"
        self._new_payer = f"{after}SBR{element}"
        self._foreign = tuple(f"{after}{name}{element}" for name in _FOREIGN)
        self._coverages: dict[tuple[str, str], Coverage] = {}
        self._made: dict[str, ClaimLine] = {}
        # Claims of one billing provider but for what is their own, by CLM's rest and what follows.
        self._above: dict[str, Any] | None = None
        self._claims: dict[tuple[str, str], Claim] = {}
        self._named: dict[str, Provider] = {}

    def claim(self, level: str, above: dict[str, Any]) -> Claim | None:
        """The claim of a level (without its first ``HL*``), below what ``above`` says.

        ``None`` where the level has another form.
        """
        people, _, rest = level.partition(self._new_claim)
        head, new_line, lines = rest.partition(self._new_line)
        if not new_line or self._new_payer in head:
            return None
        element = self._element
        billed, patient = self._people(people)
        if patient is None or billed is None:
            return None
        first, name, names = head.partition(self._new_name)
        said, _, body = first.partition(self._after)
        elements = said.split(element, 2)
        if len(elements) != 3:
            return None
        made = self._lines(lines)
        if made is None:
            return None
        providers: tuple[Provider, ...] = ()
        if name:
            known_names = self._named
            for text in names.split(self._new_name):
                who = known_names.get(text) or self._provider(text)
                if who is None:
                    return None
                providers += (who,)
        if above is not self._above:
            self._above, self._claims = above, {}
        known = self._claims.get((elements[2], body))
        if known is None:
            known = self._template(elements[1], elements[2], body)
            if known is None:
                return None
        try:
            charge = number(elements[1])
        except Unfit:
            return None
        claim: Claim = known.__copy__()  # type: ignore[attr-defined]  # msgspec does not declare it
        force_setattr(claim, "id", elements[0])
        force_setattr(claim, "charge", charge)
        force_setattr(claim, "patient", patient)
        force_setattr(claim, "providers", providers)
        force_setattr(claim, "lines", made)
        if claim.references:
            fields = {"references": claim.references}
            billed = own_numbers(fields, billed)
            force_setattr(claim, "references", fields["references"])
        force_setattr(claim, "coverages", (billed,))
        return claim

    def _template(self, charge: str, tail: str, body: str) -> Claim | None:
        """A claim with all that its head says but number and charge."""
        fields = self._loops.quick.head("", charge, tail, body)
        if fields is None or self._above is None:
            return None
        return keep(self._claims, (tail, body), Claim(kind=self._kind, **self._above, **fields))

    def _people(self, text: str) -> tuple[Coverage | None, Individual | None]:
        """HL to the payer's loop."""
        texts = text.split(self._after, 6)
        if len(texts) != 7:
            return None, None
        level, insurance, named, where, town_text, born_text, payer = texts
        element, loops = self._element, self._loops
        name, street = named.split(element), where.split(element)
        if (
            level[-5:] != f"{element}22{element}0"
            or insurance[:3] != "SBR"
            or len(name) != 10
            or name[0] != "NM1"
            or name[1] != "IL"
            or name[2] != "1"
            or name[6]
            or name[8] != "MI"
            or not name[9]
            or len(street) != 2
            or street[0] != "N3"
            or not street[1]
        ):
            return None, None
        known = self._coverages.get((insurance, payer))
        if known is None:
            fields, facts = loops.quick.coverage(insurance, payer)
            plain = not any(name in payer for name in self._foreign)
            if facts or not plain or payer[:7] != f"NM1{element}PR{element}":
                return None, None
            made = Coverage(billed=True, **fields)
            known = keep(self._coverages, (insurance, payer), made)
        _, town = loops.subscriber.known(town_text)
        _, born = loops.subscriber.known(born_text)
        if (
            type(town) is not dict
            or len(town) != 3
            or "city" not in town
            or type(born) is not dict
            or len(born) != 2
            or "birth_date" not in born
        ):
            return None, None
        patient = Individual(
            last_name=name[3],
            first_name=name[4],
            middle_name=name[5],
            suffix=name[7],
            address=Address(street=street[1], **town),
            **born,
        )
        billed: Coverage = known.__copy__()  # type: ignore[attr-defined]  # as above
        force_setattr(billed, "member_id", name[9])
        return billed, patient

    def _lines(self, text: str) -> tuple[ClaimLine, ...] | None:
        """The lines, which end with one number (REF) or have none."""
        after, element, known = self._after, self._element, self._made
        numbers = self._loops.quick.numbers
        found = []
        for line in text.split(self._new_line):
            head, number_, tail = line.partition(numbers)
            made = known.get(head) or self._line(head)
            if made is None:
                return None
            if number_:
                reference = tail.split(element)
                if len(reference) != 2 or after in tail:
                    return None
                made = cast("ClaimLine", made.__copy__())  # type: ignore[attr-defined]  # as above
                named = Reference(qualifier=reference[0], value=reference[1])
                force_setattr(made, "references", (named,))
            found.append(made)
        return tuple(found)

    def _line(self, head: str) -> ClaimLine | None:
        """A line without its number; ``None`` where it has another form."""
        if any(name in head for name in self._foreign):
            return None
        fields = self._loops.quick.usual_line(head)
        if fields is None or not {"number", "charge"} <= fields.keys():
            return None  # that a line lacks something is told where claims are refused
        return keep(self._made, head, ClaimLine(**fields))

    def _provider(self, text: str) -> Provider | None:
        """The provider of a loop, from its text without ``NM1*``."""
        code = text.partition(self._element)[0]
        if code not in ROLES or any(name in text for name in self._foreign):
            return None
        made = self._loops.provider("2310", code, f"NM1{self._element}{text}")
        return keep(self._named, text, made)
