"""Who a claim is about and who pays, from what stands above it and inside it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from superbill.interop.x12.claims import read_parties as parties
from superbill.model import Coverage, Extra, Individual

_ORDER = {sequence: place for place, sequence in enumerate("PSTABCDEFGHU")}

# The numbers of a claim that are the billed payer's own.
_PAYERS_OWN = {"G1": "prior_authorization", "9F": "referral", "F8": "claim_control_number"}


class Level:
    """What stands above the claims of one subscriber level, and of the patient level in it."""

    __slots__ = ("coverage", "extra", "made", "pat", "patient", "payer", "subscriber")

    def __init__(self) -> None:
        self.coverage: dict[str, Any] | None = None
        self.subscriber: dict[str, Any] | None = None
        self.payer: dict[str, Any] | None = None
        self.patient: dict[str, Any] | None = None
        self.pat: dict[str, Any] | None = None
        self.extra: tuple[Extra, ...] = ()
        self.made: tuple[Individual | None, Coverage | None] | None = None

    def people(self) -> tuple[Individual | None, Coverage | None]:
        """The patient, and the coverage that the claims go to."""
        if self.made is None:
            self.made = self._make()
        return self.made

    def _make(self) -> tuple[Individual | None, Coverage | None]:
        insured = dict(self.subscriber or {})
        member_id = insured.pop("member_id", "")
        coverage = dict(self.coverage or {})
        facts = {name: coverage.pop(name) for name in _FACTS & coverage.keys()}
        subscriber: Individual | None = None
        patient: Individual | None = None
        if self.pat is not None or self.patient is not None:
            pat = dict(self.pat or {})
            if said := coverage.get("relationship", ""):
                # The patient is said to be the subscriber, and to be somebody else.
                odd = Extra(loop="2000B", elements=(("SBR",), ("",), (said,)), part=True)
                coverage["extra"] = (*coverage.get("extra", ()), odd)
            coverage["relationship"] = pat.pop("pat_relationship", "")
            # What the subscriber's own level says of a patient belongs to the subscriber.
            subscriber = parties.individual(insured | facts)
            person = dict(self.patient or {})
            person.pop("member_id", None)
            extra = pat.pop("extra", ()) + person.pop("extra", ())
            patient = parties.individual(person | pat | ({"extra": extra} if extra else {}))
        elif self.subscriber is not None or facts:
            patient = parties.individual(insured | facts)
        if self.coverage is None and self.payer is None and not member_id:
            return patient, None
        payer = dict(self.payer or {})
        extra = coverage.pop("extra", ()) + payer.pop("extra", ()) + self.extra
        payer["payer_address"] = parties.address_of(payer)
        return patient, Coverage(
            **coverage, **payer, billed=True, member_id=member_id, subscriber=subscriber,
            extra=extra,
        )  # fmt: skip


_FACTS = {"death_date", "weight", "pregnant"}


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
