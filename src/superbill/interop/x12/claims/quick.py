"""The usual forms of a claim's loops, read in fewer steps than any form needs.

Of a line most is the same on many claims, and only its numbers (REF) differ; of CLM all but number
and charge; of a subscriber's loop the town and the birth date. What is the same is remembered with
its fields. A loop of another form is left to :class:`~.loops.Loop`, with the same result.
"""

from __future__ import annotations

from typing import Any

from superbill.interop.x12.claims import read_parties as parties
from superbill.interop.x12.claims.loops import Loop, Unfit
from superbill.interop.x12.claims.values import number
from superbill.model import Address, Individual, Reference

_KEPT = 16_384

type _Fields = dict[str, Any]


class Quick:
    """What was read of one guide's loops with one set of delimiters."""

    __slots__ = (
        "_after",
        "_bodies",
        "_claim",
        "_coverages",
        "_element",
        "_individual",
        "_level",
        "_line",
        "_lines",
        "_lx",
        "_payer",
        "_tails",
        "numbers",
    )

    def __init__(self, claim: Loop, line: Loop, individual: Loop, level: Loop, payer: Loop) -> None:
        self._claim = claim
        self._line = line
        self._individual = individual
        self._level = level
        self._payer = payer
        self._element = claim.element
        self._after = claim.after
        self._lx = f"LX{claim.element}"
        self.numbers = f"{claim.after}REF{claim.element}"
        self._lines: dict[str, _Fields] = {}
        self._bodies: dict[str, _Fields] = {}
        self._tails: dict[str, _Fields | None] = {}
        self._coverages: dict[tuple[str, str], tuple[_Fields, _Fields]] = {}

    def line(self, chunk: str) -> _Fields:
        """The fields of a service line, from its text without the first ``LX*``."""
        fields = self.usual_line(chunk)
        return self._line.fields(self._lx + chunk) if fields is None else fields

    def usual_line(self, chunk: str) -> _Fields | None:
        """The fields of a line that ends with one number (REF), or has none; of another, nothing.

        Of the text before the number nothing is looked at but whether it is known.
        """
        head, numbers, tail = chunk.partition(self.numbers)
        if numbers:
            reference = tail.split(self._element)
            if len(reference) != 2 or self._after in tail:
                return None
        known = self._lines.get(head)
        if known is None:
            known = keep(self._lines, head, self._line.fields(self._lx + head))
        fields = known.copy()
        if numbers:
            fields["references"] = (Reference(qualifier=reference[0], value=reference[1]),)
        return fields

    def claim(self, chunk: str) -> _Fields:
        """The fields of a claim's head."""
        first, _, body = chunk.partition(self._after)
        elements = first.split(self._element, 3)
        if len(elements) == 4:
            fields = self.head(elements[1], elements[2], elements[3], body)
            if fields is not None:
                return fields
        return self._claim.fields(chunk)

    def head(self, id_: str, charge: str, tail: str, body: str) -> _Fields | None:
        """The fields of a claim's head: of CLM, whose ``tail`` follows the charge, and of the rest.

        ``None`` where that is not enough to tell: then the whole is to be read.
        """
        said = self._tails.get(tail, _UNKNOWN)
        if said is _UNKNOWN:
            said = keep(self._tails, tail, self._tail(tail))
        known = self._bodies.get(body)
        if known is None:
            known = keep(self._bodies, body, self._claim.fields(body) if body else {})
        if said is None or ("extra" in known and "extra" in said):
            return None
        try:
            return {**said, **known, "id": id_, "charge": number(charge)}
        except Unfit:
            return None

    def _tail(self, text: str) -> _Fields | None:
        """What CLM says after its number and charge."""
        said = self._element.join(("CLM", "", "0", text))
        name, fields = self._claim.effect(said)
        if name or "charge" not in fields:
            return None
        return {field: value for field, value in fields.items() if field not in {"id", "charge"}}

    def insured(self, chunk: str) -> tuple[Individual, str]:
        """A patient who is the subscriber, and the member's number."""
        texts = chunk.split(self._after)
        name = texts[0].split(self._element)
        if len(texts) == 4 and len(name) == 10 and name[2] == "1" and name[8] == "MI":
            loop = self._individual
            street = texts[1].split(self._element)
            _, town = loop.known(texts[2])
            _, born = loop.known(texts[3])
            if (
                len(street) == 2
                and street[0] == "N3"
                and street[1]
                and name[9]
                and not name[6]
                and type(town) is dict
                and len(town) == 3
                and "city" in town
                and type(born) is dict
                and len(born) == 2
                and "birth_date" in born
            ):
                individual = Individual(
                    last_name=name[3],
                    first_name=name[4],
                    middle_name=name[5],
                    suffix=name[7],
                    address=Address(street=street[1], **town),
                    **born,
                )
                return individual, name[9]
        fields = self._individual.fields(chunk)
        member = fields.pop("member_id", "")
        return parties.individual(fields), member

    def coverage(self, insurance: str, payer: str) -> tuple[_Fields, _Fields]:
        """What SBR and the payer's loop say of a coverage, and what PAT says of the patient."""
        known = self._coverages.get((insurance, payer))
        if known is not None:
            return known
        fields = self._level.fields(insurance) if insurance else {}
        facts = {name: fields.pop(name) for name in _FACTS & fields.keys()}
        more = self._payer.fields(payer) if payer else {}
        extra = fields.pop("extra", ()) + more.pop("extra", ())
        more["payer_address"] = parties.address_of(more)
        fields |= more
        if extra:
            fields["extra"] = extra
        return keep(self._coverages, (insurance, payer), (fields, facts))


_UNKNOWN: _Fields = {}
_FACTS = {"death_date", "weight", "pregnant"}


def keep[K, V](known: dict[K, V], key: K, value: V) -> V:
    """Remember a value, and forget all others when they are many."""
    if len(known) >= _KEPT:
        known.clear()
    known[key] = value
    return value
