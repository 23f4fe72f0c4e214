"""Remittances written as 835s (005010X221A1), in the order of the guide.

What a remittance holds in ``extra`` is written where it stood. Nothing is worked out here and
nothing is mended: amounts that do not add up are written so. A remittance without a number of its
own, and claims without the payer's, are given ones that no other file of the sender has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from superbill.errors import Invalid, Problem
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.envelope import Transaction, TransactionKind, interchange, save
from superbill.interop.x12.partner import Partner, check_partner
from superbill.interop.x12.remits.claim import MIA, MIA_REMARKS, MOA, MOA_REMARKS, ROLES
from superbill.interop.x12.remits.writing import IN_A_SEGMENT, Writing
from superbill.interop.x12.segments import Builder, d8
from superbill.model import (
    BankAccount,
    ClaimGroup,
    InpatientOutcome,
    OutpatientOutcome,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceName,
    RemittanceParty,
)

KIND = TransactionKind("HP", "835", "005010X221A1", names_guide=False)

_ENTITIES = {role: code for code, role in ROLES.items()}


def write_835(
    remittances: Sequence[Remittance],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """The remittances as one interchange, a transaction each.

    Raises :class:`~superbill.errors.Invalid`, naming the field, for what cannot be sent, and then
    no control number is used.
    """
    check_partner(partner)
    if not remittances:
        raise Invalid.at("remittances", "has none.", "Give at least one remittance.")
    problems: list[Problem] = []
    for at, remittance in enumerate(remittances):
        prefix = f"remittances[{at}]." if len(remittances) > 1 else ""
        b = Builder(partner.syntax)
        segments(b, remittance, "0" * 13)
        problems += [Problem(prefix + p.path, p.message, p.remedy) for p in b.problems]
    if problems:
        raise Invalid(problems)
    number = control.next(partner.sender, floor=partner.interchange.first_control_number)
    return interchange(
        [_transaction(remittance, partner) for remittance in remittances],
        kind=KIND,
        partner=partner,
        number=number,
        created=created,
    )


def write_835_file(
    path: Path,
    remittances: Sequence[Remittance],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """:func:`write_835` into a file, whole or not at all. Returns what was written."""
    content = write_835(remittances, partner=partner, control=control, created=created)
    save(path, content)
    return content


def _transaction(remittance: Remittance, partner: Partner) -> Transaction:
    def made(identification: str) -> Sequence[str]:
        b = Builder(partner.syntax)
        segments(b, remittance, identification)
        return b.segments

    return made


def segments(b: Builder, remittance: Remittance, identification: str = "") -> None:
    """The segments between ST and SE. ``identification`` is for what has no number of its own."""
    _Writing(b, identification).whole(remittance)


class _Writing(Writing):
    def __init__(self, b: Builder, identification: str) -> None:
        super().__init__(b)
        self.identification = identification

    # Levels.

    def whole(self, found: Remittance) -> None:
        """Everything between ST and SE."""
        self.add(
            (
                "BPR",
                self.text(found.handling, "handling"),
                self.amount(found.amount, "amount"),
                "D" if found.debit else "C",
                self.text(found.method, "method"),
                self.text(found.format, "format"),
                *self._account(found.payer_account, "payer_account"),
                self.text(found.originator, "originator"),
                self.text(found.originator_supplement, "originator_supplement"),
                *self._account(found.payee_account, "payee_account"),
                d8(found.paid_on) if found.paid_on else "",
            ),
            found.extra,
        )
        self.add(
            (
                "TRN",
                "1",
                self.text(found.number, "number") or self.identification,
                self.text(found.payer_number, "payer_number"),
                self.text(found.payer_supplement, "payer_supplement"),
            ),
            found.extra,
        )
        if found.currency:
            self.b.add("CUR", "PR", self.text(found.currency, "currency"))
        if found.receiver:
            self.b.add("REF", "EV", self.text(found.receiver, "receiver"))
        if found.version:
            self.b.add("REF", "F2", self.text(found.version, "version"))
        if found.produced:
            self.b.add("DTM", "405", d8(found.produced))
        self.left(found.extra, "", ("ST",))
        self._party("PR", found.payer, "payer")
        self._party("PE", found.payee, "payee")
        self.left(found.extra, "", ("1000",))
        self._claims(found)
        self._provider_adjustments(found.provider_adjustments)
        self.left(found.extra, "", ("PLB",))

    def _account(self, found: BankAccount | None, path: str) -> tuple[str, str, str, str]:
        if found is None:
            return ("", "", "", "")
        return (
            self.text(found.bank_qualifier, f"{path}.bank_qualifier"),
            self.text(found.bank, f"{path}.bank"),
            self.text(found.kind, f"{path}.kind"),
            self.text(found.number, f"{path}.number"),
        )

    def _party(self, role: str, found: RemittanceParty, path: str) -> None:
        self.add(
            (
                "N1",
                role,
                self.text(found.name, f"{path}.name"),
                self.text(found.id_qualifier, f"{path}.id_qualifier"),
                self.text(found.id, f"{path}.id"),
            ),
            found.extra,
            f"{path}.",
        )
        at = found.address
        if at is not None:
            if at.street:
                self.b.add(
                    "N3",
                    self.text(at.street, f"{path}.address.street"),
                    self.text(at.street2, f"{path}.address.street2"),
                )
            if at.city or at.state or at.zip:
                self.add(
                    (
                        "N4",
                        self.text(at.city, f"{path}.address.city"),
                        self.text(at.state, f"{path}.address.state"),
                        self.text(at.zip, f"{path}.address.zip"),
                    ),
                    found.extra,
                    f"{path}.",
                )
        self.references("REF", found.references, f"{path}.references")
        self.contacts(found.contacts, f"{path}.contacts")
        self.left(found.extra, f"{path}.")

    def _claims(self, found: Remittance) -> None:
        groups = found.groups or ((ClaimGroup(),) if found.claims else ())
        held: list[list[int]] = [[] for _ in groups]
        for i, claim in enumerate(found.claims):
            if not 0 <= claim.group < len(groups):
                self.b.problem(
                    f"claims[{i}].group",
                    f"is {claim.group}, and there are {len(groups)} groups.",
                    f"Give 0 to {len(groups) - 1}.",
                )
                continue
            held[claim.group].append(i)
        for at, (group, members) in enumerate(zip(groups, held, strict=True)):
            self._group(group, f"groups[{at}].", first=at == 0)
            for i in members:
                self._claim(found.claims[i], i)

    def _group(self, group: ClaimGroup, path: str, *, first: bool) -> None:
        sums = (
            self.text(group.provider, f"{path}provider"),
            self.text(group.facility_type, f"{path}facility_type"),
            d8(group.fiscal_period_end) if group.fiscal_period_end else "",
            self.figure(group.claims, f"{path}claims"),
            self.figure(group.charge, f"{path}charge"),
        )
        summed = any(sums) or any(e.elements[0][0] == "TS3" and e.part for e in group.extra)
        if not (group.number or group.extra or summed) and first:
            return  # a payer that does not group its claims
        self.add(("LX", self.text(group.number, f"{path}number")), group.extra, path)
        if summed:
            self.add(("TS3", *sums), group.extra, path)
        self.left(group.extra, path)

    def _claim(self, found: RemittanceClaim, i: int) -> None:
        path = f"claims[{i}]."
        number = f"{self.identification}{i + 1:05}" if self.identification else ""
        self.add(
            (
                "CLP",
                self.b.text(found.id, f"{path}id", 38),
                self.text(found.status, f"{path}status"),
                self.amount(found.charge, f"{path}charge"),
                self.amount(found.paid, f"{path}paid"),
                self.figure(found.patient_responsibility, f"{path}patient_responsibility"),
                self.text(found.filing, f"{path}filing"),
                self.text(found.control_number, f"{path}control_number") or number,
                self.text(found.facility_type, f"{path}facility_type"),
                self.text(found.frequency, f"{path}frequency"),
                "",
                self.text(found.drg, f"{path}drg"),
                self.figure(found.drg_weight, f"{path}drg_weight"),
                self.figure(found.discharge_fraction, f"{path}discharge_fraction"),
            ),
            found.extra,
            path,
        )
        self.adjustments(found.adjustments, f"{path}adjustments")
        for k, who in enumerate(found.names):
            self._name(who, f"{path}names[{k}].")
        if found.inpatient is not None:
            self._outcome("MIA", found.inpatient, MIA, MIA_REMARKS, f"{path}inpatient.")
        if found.outpatient is not None:
            self._outcome("MOA", found.outpatient, MOA, MOA_REMARKS, f"{path}outpatient.")
        self.references("REF", found.references, f"{path}references")
        self.dates(found.dates, f"{path}dates")
        self.contacts(found.contacts, f"{path}contacts")
        self.figures("AMT", found.amounts, f"{path}amounts")
        self.figures("QTY", found.quantities, f"{path}quantities")
        self.left(found.extra, path)
        for k, line in enumerate(found.lines):
            self._line(line, f"{path}lines[{k}].")

    def _name(self, who: RemittanceName, path: str) -> None:
        self.add(
            (
                "NM1",
                _ENTITIES[who.role],
                "1" if who.person else "2",
                self.text(who.name, f"{path}name"),
                self.text(who.first_name, f"{path}first_name"),
                self.text(who.middle_name, f"{path}middle_name"),
                "",
                self.text(who.suffix, f"{path}suffix"),
                self.text(who.id_qualifier, f"{path}id_qualifier"),
                self.text(who.id, f"{path}id"),
            ),
            who.extra,
            path,
        )

    def _outcome(
        self,
        name: str,
        found: InpatientOutcome | OutpatientOutcome,
        places: dict[int, str],
        remarks: Sequence[int],
        path: str,
    ) -> None:
        elements = [""] * (max(*places, *remarks) + 1)
        elements[0] = name
        for at, field in places.items():
            elements[at] = self.figure(getattr(found, field), path + field)
        if len(found.remarks) > len(remarks):
            most = f"Leave {len(remarks)}."
            self.b.problem(f"{path}remarks", f"has {len(found.remarks)}.", most)
        for at, code in zip(remarks, found.remarks, strict=False):
            elements[at] = self.text(code, f"{path}remarks")
        self.b.add(*elements)

    def _line(self, found: RemittanceLine, path: str) -> None:
        self.add(
            (
                "SVC",
                self.service(found.service, f"{path}service"),
                self.amount(found.charge, f"{path}charge"),
                self.amount(found.paid, f"{path}paid"),
                self.text(found.revenue_code, f"{path}revenue_code"),
                self.figure(found.units_paid, f"{path}units_paid"),
                self.service(found.submitted, f"{path}submitted"),
                self.figure(found.units_billed, f"{path}units_billed"),
            ),
            found.extra,
            path,
        )
        self.dates(found.dates, f"{path}dates")
        self.adjustments(found.adjustments, f"{path}adjustments")
        self.references("REF", found.references, f"{path}references")
        self.figures("AMT", found.amounts, f"{path}amounts")
        self.figures("QTY", found.quantities, f"{path}quantities")
        self.references("LQ", found.remarks, f"{path}remarks")
        self.left(found.extra, path)

    def _provider_adjustments(self, found: Sequence[ProviderAdjustment]) -> None:
        at = 0
        key: Callable[[ProviderAdjustment], object] = lambda each: (  # noqa: E731
            each.provider,
            each.fiscal_period_end,
        )
        for _, several in groupby(found, key):
            all_ = list(several)
            for start in range(0, len(all_), IN_A_SEGMENT):
                first = all_[start]
                ends = first.fiscal_period_end
                elements = [
                    "PLB",
                    self.text(first.provider, f"provider_adjustments[{at}].provider"),
                    d8(ends) if ends else "",
                    *self._pairs(all_[start : start + IN_A_SEGMENT], at),
                ]
                at += len(all_[start : start + IN_A_SEGMENT])
                self.b.add(*elements)

    def _pairs(self, found: Sequence[ProviderAdjustment], at: int) -> Iterator[str]:
        for i, each in enumerate(found, at):
            path = f"provider_adjustments[{i}]"
            yield self.b.composite(
                self.text(each.reason, f"{path}.reason"),
                self.text(each.reference, f"{path}.reference"),
            )
            yield self.amount(each.amount, f"{path}.amount")
