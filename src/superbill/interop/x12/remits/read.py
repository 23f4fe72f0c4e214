"""An 835 read segment by segment, into a :class:`~superbill.model.Remittance`.

Which segment belongs to what is told by the segments that open a level: N1 the payer and the
payee, LX a group of claims, CLP a claim, SVC a service, PLB what concerns the payment as a whole.
What the model has no field for is kept as it was sent, in ``extra``. A transaction whose amounts
are no numbers is refused with the place of each; those beside it are read all the same.

Only 005010X221 is read (45 CFR 162.1602, in force for remittances since 1 January 2012).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from superbill.errors import Problem
from superbill.interop.x12.remits import claim as claim_level
from superbill.interop.x12.remits.elements import (
    Here,
    contact,
    day,
    extra,
    number,
    only,
    rest,
    text,
    tuples,
)
from superbill.model import (
    Address,
    BankAccount,
    ClaimGroup,
    Extra,
    ProviderAdjustment,
    Reference,
    Remittance,
    RemittanceParty,
)
from superbill.money import ZERO


class Reading:
    """One 835 as it is read, segment by segment. ``level`` is the level that is open."""

    def __init__(self, mark: str, memo: claim_level.Memo) -> None:
        self.mark = mark
        self.memo = memo
        self.problems: list[Problem] = []
        self.level = "ST"
        self.head: dict[str, Any] = {}
        self.seen: set[str] = set()
        self.extra: list[Extra] = []
        self.parties: dict[str, dict[str, Any]] = {}
        self.party: dict[str, Any] = {}
        self.groups: list[dict[str, Any]] = []
        self.claims: list[Any] = []
        self.claim: claim_level.ClaimReading | None = None
        self.plb: list[ProviderAdjustment] = []

    def problem(self, segment: Here, message: str, mend: str) -> None:
        """Note that the transaction cannot be read."""
        where = f"byte {segment.offset}, segment {segment.number} ({segment.id[:3]})"
        self.problems.append(Problem(where, message, mend))

    def amount(self, segment: Here, place: int) -> Decimal:
        """An amount that must be a number; zero where it was not sent."""
        sent = text(segment.elements, place)
        if not sent:
            return ZERO
        found = number(sent)
        if found is None:
            self.problem(
                segment,
                f"{segment.id}{place:02} is {sent[:24]!a}, which is no amount.",
                "Ask the payer to send it anew.",
            )
            return ZERO
        return found

    def take(self, segment: Here) -> None:
        """The next segment."""
        name = segment.elements[0]
        if name == "CLP":
            self._claim(segment)
        elif name in _OPENS:
            self.close()
            _OPENS[name](self, segment)
        elif self.claim is not None:
            self.claim.take(segment)
        elif name not in {"ST", "SE"}:
            hears = _HEARS.get((self.level, name))
            if hears is None or not hears(self, segment.elements, segment):
                self._leave(segment.elements)

    def close(self) -> None:
        """The claim that is open has ended."""
        if self.claim is not None:
            self.claims.append(self.claim.value())
            self.claim = None

    def _leave(self, elements: list[str]) -> None:
        into = self.extra
        if self.level in {"1000A", "1000B"}:
            into = self.party["extra"]
        elif self.level == "2000":
            into = self.groups[-1]["extra"]
        into.append(extra(self.level, elements, self.mark))

    # What opens a level.

    def _n1(self, segment: Here) -> None:
        e = segment.elements
        role = text(e, 1)
        level = {"PR": "1000A", "PE": "1000B"}.get(role, "")
        if not level or level in self.parties or self.groups or self.level not in _BEFORE_CLAIMS:
            self.level = "1000" if self.level in _BEFORE_CLAIMS else self.level
            self._leave(e)
            return
        self.level = level
        left = list(rest(level, e, {1, 2, 3, 4}, self.mark))
        self.party = self.parties[level] = {
            "name": text(e, 2),
            "id_qualifier": text(e, 3),
            "id": text(e, 4),
            "extra": left,
            "references": [],
            "contacts": [],
        }

    def _lx(self, segment: Here) -> None:
        e = segment.elements
        self.level = "2000"
        left = list(rest("2000", e, {1}, self.mark))
        self.groups.append({"number": text(e, 1), "extra": left})

    def _claim(self, segment: Here) -> None:
        self.close()
        if not self.groups:
            self.groups.append({"number": "", "extra": []})
        self.level = "2100"
        self.claim = claim_level.ClaimReading(self, segment, len(self.groups) - 1)

    def _plb(self, segment: Here) -> None:
        self.level = "PLB"
        e = segment.elements
        sent = text(e, 2)
        ends = day(sent)
        if sent and ends is None:
            self.problem(
                segment, f"PLB02 is {sent[:12]!a}, which is no day.", "Ask the payer to mend it."
            )
        for place in range(3, max(len(e), 5), 2):
            reason, _, reference = text(e, place).partition(self.mark)
            if reason or reference or text(e, place + 1):
                self.plb.append(
                    ProviderAdjustment(
                        provider=text(e, 1),
                        fiscal_period_end=ends,
                        reason=reason.strip(),
                        reference=reference.strip(),
                        amount=self.amount(segment, place + 1),
                    )
                )

    # What stands in a level. Each answers whether it took the segment.

    def _bpr(self, e: list[str], segment: Here) -> bool:
        if "BPR" in self.seen:
            return False
        self.seen.add("BPR")
        known = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
        paid_on = day(text(e, 16))
        if paid_on is None:
            known -= {16}
        flag = text(e, 3)
        if flag not in {"C", "D"}:
            known -= {3}
        self.head |= {
            "handling": text(e, 1),
            "amount": self.amount(segment, 2),
            "debit": flag == "D",
            "method": text(e, 4),
            "format": text(e, 5),
            "payer_account": _account(e, 6),
            "originator": text(e, 10),
            "originator_supplement": text(e, 11),
            "payee_account": _account(e, 12),
            "paid_on": paid_on,
        }
        self.extra += rest("ST", e, known, self.mark)
        return True

    def _trn(self, e: list[str], segment: Here) -> bool:
        if "TRN" in self.seen:
            return False
        self.seen.add("TRN")
        known = {1, 2, 3, 4} if text(e, 1) == "1" else {2, 3, 4}
        self.head |= {
            "number": text(e, 2),
            "payer_number": text(e, 3),
            "payer_supplement": text(e, 4),
        }
        self.extra += rest("ST", e, known, self.mark)
        return True

    def _cur(self, e: list[str], segment: Here) -> bool:
        return text(e, 1) == "PR" and only(e, {1, 2}) and self._once("currency", text(e, 2))

    def _ref(self, e: list[str], segment: Here) -> bool:
        field = {"EV": "receiver", "F2": "version"}.get(text(e, 1))
        return field is not None and only(e, {1, 2}) and self._once(field, text(e, 2))

    def _dtm(self, e: list[str], segment: Here) -> bool:
        return text(e, 1) == "405" and only(e, {1, 2}) and self._once("produced", day(text(e, 2)))

    def _once(self, field: str, value: object) -> bool:
        if not value or field in self.head:
            return False
        self.head[field] = value
        return True

    def _n3(self, e: list[str], segment: Here) -> bool:
        return only(e, {1, 2}) and self._street("N3", text(e, 1), text(e, 2))

    def _street(self, name: str, *lines: str) -> bool:
        if name in self.party or not lines[0]:
            return False
        self.party[name] = lines
        return True

    def _n4(self, e: list[str], segment: Here) -> bool:
        city = (text(e, 1), text(e, 2), text(e, 3))
        if "N4" in self.party or not any(city):
            return False
        self.party["N4"] = city
        self.party["extra"] += rest(self.level, e, {1, 2, 3}, self.mark)
        return True

    def _party_ref(self, e: list[str], segment: Here) -> bool:
        if not only(e, {1, 2}):
            return False
        self.party["references"].append(Reference(qualifier=text(e, 1), value=text(e, 2)))
        return True

    def _per(self, e: list[str], segment: Here) -> bool:
        if not only(e, range(9)):
            return False
        self.party["contacts"].append(contact(e))
        return True

    def _ts3(self, e: list[str], segment: Here) -> bool:
        group = self.groups[-1]
        if "provider" in group:
            return False
        known = {1, 2, 3, 4, 5}
        ends, claims, charge = day(text(e, 3)), number(text(e, 4)), number(text(e, 5))
        known -= {place for place, v in ((3, ends), (4, claims), (5, charge)) if v is None}
        group |= {
            "provider": text(e, 1),
            "facility_type": text(e, 2),
            "fiscal_period_end": ends,
            "claims": claims,
            "charge": charge,
        }
        group["extra"] += rest("2000", e, known, self.mark)
        return True

    def remittance(self) -> Remittance:
        """What was read."""
        head = {"number": "", "amount": ZERO, "paid_on": None, "method": "", "handling": ""}
        return Remittance(
            **(head | self.head),  # type: ignore[arg-type]
            payer=_party(self.parties.get("1000A", {})),
            payee=_party(self.parties.get("1000B", {})),
            groups=tuple(ClaimGroup(**tuples(group)) for group in self.groups),
            claims=tuple(self.claims),
            provider_adjustments=tuple(self.plb),
            extra=tuple(self.extra),
        )


_BEFORE_CLAIMS = {"ST", "1000A", "1000B", "1000"}

_OPENS: dict[str, Callable[[Reading, Here], None]] = {
    "N1": Reading._n1,
    "LX": Reading._lx,
    "PLB": Reading._plb,
}

type _Hears = Callable[[Reading, list[str], Here], bool]

_HEARS: dict[tuple[str, str], _Hears] = {
    ("ST", "BPR"): Reading._bpr,
    ("ST", "TRN"): Reading._trn,
    ("ST", "CUR"): Reading._cur,
    ("ST", "REF"): Reading._ref,
    ("ST", "DTM"): Reading._dtm,
    ("2000", "TS3"): Reading._ts3,
}
for _level in ("1000A", "1000B"):
    _HEARS |= {
        (_level, "N3"): Reading._n3,
        (_level, "N4"): Reading._n4,
        (_level, "REF"): Reading._party_ref,
        (_level, "PER"): Reading._per,
    }


def _account(e: list[str], place: int) -> BankAccount | None:
    parts = [text(e, at) for at in range(place, place + 4)]
    if not any(parts):
        return None
    return BankAccount(bank_qualifier=parts[0], bank=parts[1], kind=parts[2], number=parts[3])


def _party(found: dict[str, Any]) -> RemittanceParty:
    fields = dict(found)
    street = fields.pop("N3", ("", ""))
    city = fields.pop("N4", ("", "", ""))
    if any(street) or any(city):
        fields["address"] = Address(
            street=street[0], street2=street[1], city=city[0], state=city[1], zip=city[2]
        )
    return RemittanceParty(**({"name": ""} | tuples(fields)))
