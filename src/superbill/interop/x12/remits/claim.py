"""The claims of an 835 read: CLP with all that follows it, to the last line of the claim."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from superbill.errors import Problem
from superbill.interop.x12.remits.elements import (
    Here,
    contact,
    day,
    extra,
    number,
    only,
    rest,
    service,
    text,
    tuples,
)
from superbill.model import (
    ClaimAdjustment,
    ClaimDate,
    Figure,
    InpatientOutcome,
    OutpatientOutcome,
    Reference,
    RemittanceClaim,
    RemittanceLine,
    RemittanceName,
)
from superbill.model.remittance import NameRole

ROLES: dict[str, NameRole] = {
    "QC": "patient",
    "IL": "insured",
    "74": "corrected",
    "82": "rendering",
    "TT": "crossover",
    "PR": "priority_payer",
    "GB": "other_insured",
}
"""Who is named, by entity code (NM101)."""

MIA = {
    1: "covered_days",
    2: "operating_outlier",
    3: "lifetime_psychiatric_days",
    4: "drg_amount",
    6: "disproportionate_share",
    7: "secondary_pass_through",
    8: "capital",
    9: "capital_federal",
    10: "capital_hospital",
    11: "capital_disproportionate_share",
    12: "old_capital",
    13: "capital_medical_education",
    14: "operating_hospital",
    15: "cost_report_days",
    16: "operating_federal",
    17: "capital_outlier",
    18: "medical_education",
    19: "professional_component",
    24: "capital_exception",
}
MIA_REMARKS = (5, 20, 21, 22, 23)
MOA = {1: "rate", 2: "hcpcs_payable", 8: "esrd", 9: "professional_component"}
MOA_REMARKS = (3, 4, 5, 6, 7)

_CLP = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13})
_SVC = frozenset({1, 2, 3, 4, 5, 6, 7})
_NM1 = frozenset({1, 2, 3, 4, 5, 7, 8, 9})


class Memo:
    """What segments were read to be, by their text: most come again and again.

    One is for files of the same delimiters. It is emptied when it is full.
    """

    __slots__ = ("claim", "line")

    def __init__(self) -> None:
        # The field and what goes into it; without a field, all fields of a line that opens.
        self.claim: dict[str, tuple[str, Any]] = {}
        self.line: dict[str, tuple[str, Any]] = {}


_MOST_KEPT = 20_000
_LONGEST_KEPT = 200
# What a segment of these is read to be depends on what stands before it.
_NEVER_KEPT = frozenset({"MIA", "MOA"})


class Desk(Protocol):
    """What reads the transaction around the claim."""

    mark: str
    memo: Memo
    problems: list[Problem]

    def problem(self, segment: Here, message: str, mend: str) -> None:
        """Note that the transaction cannot be read."""
        ...

    def amount(self, segment: Here, place: int) -> Decimal:
        """An amount that must be a number."""
        ...


class ClaimReading:
    """A claim as it is read."""

    __slots__ = ("_added", "_at", "_claim", "_desk", "_held", "_line", "_lines", "_loop", "_ref")

    def __init__(self, desk: Desk, clp: Here, group: int) -> None:
        self._desk = desk
        self._lines: list[RemittanceLine] = []
        self._line: dict[str, Any] | None = None
        self._loop = "2100"
        self._held = desk.memo.claim
        self._ref = f"REF{clp.text[3:4] or '*'}"
        self._added = ("", 0)
        e = [sent.strip() for sent in clp.elements]
        e += [""] * (14 - len(e))
        owed, weight, fraction = number(e[5]), number(e[12]), number(e[13])
        self._claim: dict[str, Any] = {
            "id": e[1],
            "status": e[2],
            "charge": desk.amount(clp, 3),
            "paid": desk.amount(clp, 4),
            "patient_responsibility": owed,
            "filing": e[6],
            "control_number": e[7],
            "facility_type": e[8],
            "frequency": e[9],
            "drg": e[11],
            "drg_weight": weight,
            "discharge_fraction": fraction,
            "group": group,
        }
        figures = ((5, owed), (12, weight), (13, fraction))
        unread = {at for at, value in figures if value is None and e[at]}
        if unread or e[10] or len(e) > 14:
            left = rest("2100", clp.elements, _CLP - unread, desk.mark)
            if left:
                self._claim["extra"] = left
        self._at = self._claim

    def known(self, sent: str) -> bool:
        """Take a segment whose text was read before; whether it was."""
        held = self._held.get(sent)
        if held is not None:
            field, values = held
            if not field:
                self._open(values.copy())
                return True
        elif sent[:4] == self._ref:
            # Mostly numbers of claims and lines, which come once and are not worth keeping.
            parts = sent.split(sent[3])
            if len(parts) != 3:
                return False
            pair = Reference(qualifier=parts[1].strip(), value=parts[2].strip())
            field, values = "references", (pair,)
        else:
            return False
        into = self._at.get(field)
        if into is None:
            self._at[field] = values
        elif into.__class__ is list:
            into += values
        else:
            self._at[field] = [*into, *values]
        return True

    def take(self, segment: Here) -> None:
        """The next segment of the claim."""
        e = segment.elements
        name = e[0]
        before = len(self._desk.problems)
        self._added = ("", 0)
        if name == "SVC":
            fields = self._service(segment)
            if len(self._desk.problems) == before:
                self._keep(segment.text, "", fields.copy())
            self._open(fields)
            return
        if name in {"ST", "SE"}:
            return
        if name == "CAS":
            self._adjust(segment)
        else:
            hears = _LINE.get(name) if self._line is not None else _CLAIM.get(name)
            if hears is None or not hears(self, e):
                self._list("extra").append(extra(self._loop, e, self._desk.mark))
        field, start = self._added
        if field and name not in _NEVER_KEPT and len(self._desk.problems) == before:
            self._keep(segment.text, field, tuple(self._at[field][start:]))

    def _keep(self, sent: str, field: str, values: Any) -> None:
        if len(sent) <= _LONGEST_KEPT:
            if len(self._held) >= _MOST_KEPT:
                self._held.clear()
            self._held[sent] = (field, values)

    def value(self) -> RemittanceClaim:
        """What was read."""
        self._close_line()
        return RemittanceClaim(**tuples(self._claim), lines=tuple(self._lines))

    def _list(self, field: str) -> list[Any]:
        found = self._at.get(field, ())
        if found.__class__ is not list:
            found = self._at[field] = [*found]
        self._added = (field, len(found))
        several: list[Any] = found
        return several

    def _close_line(self) -> None:
        if self._line is not None:
            self._lines.append(RemittanceLine(**tuples(self._line)))

    def _open(self, fields: dict[str, Any]) -> None:
        self._close_line()
        self._loop = "2110"
        self._held = self._desk.memo.line
        self._at = self._line = fields

    def _service(self, segment: Here) -> dict[str, Any]:
        e, mark = segment.elements, self._desk.mark
        known = set(_SVC)
        values: dict[str, Any] = {}
        for place, name in ((1, "service"), (6, "submitted")):
            values[name] = service(text(e, place), mark)
            if values[name] is None:
                known.discard(place)
        for place, name in ((5, "units_paid"), (7, "units_billed")):
            values[name] = number(text(e, place))
            if values[name] is None:
                known.discard(place)
        return {
            "charge": self._desk.amount(segment, 2),
            "paid": self._desk.amount(segment, 3),
            "revenue_code": text(e, 4),
            **values,
            "extra": rest("2110", e, known, mark),
        }

    def _adjust(self, segment: Here) -> None:
        e = segment.elements
        group = text(e, 1)
        into = self._list("adjustments")
        for place in range(2, max(len(e), 5), 3):
            reason, units = text(e, place), text(e, place + 2)
            if not (reason or units or text(e, place + 1)):
                continue
            quantity = number(units)
            if units and quantity is None:
                self._desk.problem(
                    segment,
                    f"CAS{place + 2:02} is {units[:24]!a}, which is no number.",
                    "Ask the payer to send it anew.",
                )
            amount = self._desk.amount(segment, place + 1)
            into.append(
                ClaimAdjustment(group=group, reason=reason, amount=amount, quantity=quantity)
            )

    # What stands in a claim or a line. Each answers whether it took the segment.

    def _name(self, e: list[str]) -> bool:
        role = ROLES.get(text(e, 1))
        if role is None or text(e, 2) not in {"1", "2"}:
            return False
        self._list("names").append(
            RemittanceName(
                role=role,
                person=text(e, 2) == "1",
                name=text(e, 3),
                first_name=text(e, 4),
                middle_name=text(e, 5),
                suffix=text(e, 7),
                id_qualifier=text(e, 8),
                id=text(e, 9),
                extra=rest("2100", e, _NM1, self._desk.mark),
            )
        )
        return True

    def _mia(self, e: list[str]) -> bool:
        return self._outcome(e, "inpatient", InpatientOutcome, MIA, MIA_REMARKS)

    def _moa(self, e: list[str]) -> bool:
        return self._outcome(e, "outpatient", OutpatientOutcome, MOA, MOA_REMARKS)

    def _outcome(
        self,
        e: list[str],
        field: str,
        kind: Callable[..., Any],
        places: dict[int, str],
        remarks: tuple[int, ...],
    ) -> bool:
        if field in self._claim or not only(e, {*places, *remarks}):
            return False
        figures = {name: number(text(e, at)) for at, name in places.items() if text(e, at)}
        if None in figures.values():
            return False
        told = tuple(text(e, at) for at in remarks if text(e, at))
        self._claim[field] = kind(**figures, remarks=told)
        return True

    def _reference(self, e: list[str]) -> bool:
        return self._pair(e, "references")

    def _remark(self, e: list[str]) -> bool:
        return self._pair(e, "remarks")

    def _pair(self, e: list[str], field: str) -> bool:
        if len(e) > 3 and not only(e, {1, 2}):
            return False
        self._list(field).append(Reference(qualifier=text(e, 1), value=text(e, 2)))
        return True

    def _date(self, e: list[str]) -> bool:
        start = day(text(e, 2))
        if start is None or not only(e, {1, 2}):
            return False
        self._list("dates").append(ClaimDate(code=text(e, 1), start=start))
        return True

    def _contact(self, e: list[str]) -> bool:
        if not only(e, range(9)):
            return False
        self._list("contacts").append(contact(e))
        return True

    def _amount(self, e: list[str]) -> bool:
        return self._figure(e, "amounts")

    def _quantity(self, e: list[str]) -> bool:
        return self._figure(e, "quantities")

    def _figure(self, e: list[str], field: str) -> bool:
        value = number(text(e, 2))
        if value is None or not only(e, {1, 2}):
            return False
        self._list(field).append(Figure(code=text(e, 1), value=value))
        return True


type _Hears = Callable[[ClaimReading, list[str]], bool]

_CLAIM: dict[str, _Hears] = {
    "NM1": ClaimReading._name,
    "MIA": ClaimReading._mia,
    "MOA": ClaimReading._moa,
    "REF": ClaimReading._reference,
    "DTM": ClaimReading._date,
    "PER": ClaimReading._contact,
    "AMT": ClaimReading._amount,
    "QTY": ClaimReading._quantity,
}
_LINE: dict[str, _Hears] = {
    "DTM": ClaimReading._date,
    "REF": ClaimReading._reference,
    "AMT": ClaimReading._amount,
    "QTY": ClaimReading._quantity,
    "LQ": ClaimReading._remark,
}
