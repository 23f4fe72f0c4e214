"""Who a claim is about and who pays, from what stands above it and inside it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from superbill.interop.x12.claims import read_parties as parties
from superbill.interop.x12.claims.kinds import Kinds
from superbill.model import Coverage, Extra, Individual

_ORDER = {sequence: place for place, sequence in enumerate("PSTABCDEFGHU")}

# The numbers of a claim that are the billed payer's own.
_PAYERS_OWN = {"G1": "prior_authorization", "9F": "referral", "F8": "claim_control_number"}


class Level:
    """What stands above the claims of one subscriber level, and of the patient level in it.

    The texts of loops: SBR, subscriber, payer, patient, and what follows the patient's HL.
    """

    __slots__ = ("coverage", "extra", "made", "pat", "patient", "payer", "subscriber")

    def __init__(self) -> None:
        self.coverage = self.subscriber = self.payer = self.patient = ""
        self.pat: str | None = None
        self.extra: tuple[Extra, ...] = ()
        self.made: tuple[Individual | None, Coverage | None] | None = None

    def people(self, loops: Kinds) -> tuple[Individual | None, Coverage | None]:
        """The patient, and the coverage that the claims go to."""
        if self.made is None:
            self.made = self._make(loops)
        return self.made

    def _make(self, loops: Kinds) -> tuple[Individual | None, Coverage | None]:
        fields, facts = loops.quick.coverage(self.coverage, self.payer)
        person: Individual | None = None
        member = ""
        if self.subscriber:
            person, member = loops.quick.insured(self.subscriber)
        if facts:
            # What the subscriber's own level says of a patient belongs to the subscriber.
            person = replace(person or Individual(), **facts)
        if self.extra:
            fields = fields | {"extra": (*fields.get("extra", ()), *self.extra)}
        if self.pat is None and not self.patient:
            if not self.coverage and not self.payer and not member:
                return person, None
            return person, Coverage(billed=True, member_id=member, **fields)
        fields = fields.copy()
        pat = loops.patients.fields(self.pat) if self.pat else {}
        if said := fields.get("relationship", ""):
            # The patient is said to be the subscriber, and to be somebody else.
            odd = Extra(loop="2000B", elements=(("SBR",), ("",), (said,)), part=True)
            fields["extra"] = (*fields.get("extra", ()), odd)
        fields["relationship"] = pat.pop("pat_relationship", "")
        patient = loops.patient.fields(self.patient) if self.patient else {}
        patient.pop("member_id", None)
        extra = pat.pop("extra", ()) + patient.pop("extra", ())
        who = parties.individual(patient | pat | ({"extra": extra} if extra else {}))
        return who, Coverage(
            billed=True, member_id=member, subscriber=person or Individual(), **fields
        )


def place_in_order(coverage: Coverage) -> int:
    return _ORDER.get(coverage.sequence, len(_ORDER))


def own_numbers(fields: dict[str, Any], billed: Coverage) -> Coverage:
    """The numbers that the billed payer issued go from the claim's to its own."""
    own = {
        _PAYERS_OWN[r.qualifier]: r.value
        for r in fields["references"]
        if r.qualifier in _PAYERS_OWN and r.value and not r.payer_id
    }
    if not own:
        return billed
    left = []
    for r in fields["references"]:
        name = _PAYERS_OWN.get(r.qualifier, "")
        # A second number of one kind stays where it was.
        if not name or own.get(name) != r.value or r.payer_id or getattr(billed, name):
            left.append(r)
        else:
            billed = replace(billed, **{name: r.value})
    fields["references"] = tuple(left)
    return billed


def other_coverage(fields: dict[str, Any], patient: Individual | None) -> Coverage:
    """Another payer's coverage. The subscriber is left out where it is the patient alone."""
    insured = fields.pop("insured", None)
    if insured is not None:
        fields["member_id"] = insured.pop("member_id", "")
        who = parties.individual(insured)
        if fields.get("relationship") != "18" or who != named_alike(patient):
            fields["subscriber"] = who
    return Coverage(**fields)


def named_alike(patient: Individual | None) -> Individual | None:
    """How a patient is named as the subscriber of another payer: by name and address alone."""
    if patient is None:
        return None
    return Individual(
        last_name=patient.last_name,
        first_name=patient.first_name,
        middle_name=patient.middle_name,
        suffix=patient.suffix,
        organisation=patient.organisation,
        address=patient.address,
    )
