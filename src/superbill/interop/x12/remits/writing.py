"""Values as segments: what remittances and inquiries have in common when they are written.

Nothing is altered and nothing is cut: what the characters or the lengths of an element cannot carry
is noted with the field's path, to be refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from superbill.interop.x12.segments import Builder, d8, plain
from superbill.model import (
    ClaimAdjustment,
    ClaimDate,
    Extra,
    Figure,
    PayerContact,
    Reference,
    Service,
)

_LONGEST = 264
# What elements hold, by the field that goes into them (X12 005010, elements 93, 127, 166, 19, 67,
# 1035 to 1039, 1032, 1028).
_LENGTHS = {
    "name": 60,
    "last_name": 60,
    "first_name": 35,
    "middle_name": 25,
    "suffix": 10,
    "id": 80,
    "street": 55,
    "street2": 55,
    "city": 30,
    "state": 2,
    "zip": 15,
    "number": 50,
    "value": 50,
    "control_number": 50,
    "provider": 50,
    "reference": 50,
    "code": 48,
    "description": 80,
    "payer_number": 10,
    "originator": 10,
}
IN_A_SEGMENT = 6
"""Adjustments that one segment holds."""


class Writing:
    """Turns values into the segments of ``b``, and notes what cannot be sent."""

    def __init__(self, b: Builder) -> None:
        self.b = b

    # Elements.

    def text(self, value: str, path: str) -> str:
        """Words, a code or a number, which may be as long as its element holds."""
        if not value:
            return ""
        field = path.rpartition(".")[2]
        return self.b.text(value, path, _LENGTHS.get(field, _LONGEST))

    def amount(self, value: Decimal, path: str) -> str:
        """Dollars and cents."""
        return self.b.amount(value, path, negative=True)

    def figure(self, value: Decimal | None, path: str) -> str:
        """A number of any kind."""
        if value is None:
            return ""
        if not value.is_finite():
            return self.b.problem(path, f"{value} is not a number.", "Give a plain number.")
        return plain(value)

    def service(self, value: Service | None, path: str) -> str:
        """A service as a composite."""
        if value is None:
            return ""
        if len(value.modifiers) > 4:
            self.b.problem(f"{path}.modifiers", "has more than four.", "Leave four.")
        modifiers = [*value.modifiers, "", "", "", ""][:4]
        return self.b.composite(
            self.text(value.qualifier, f"{path}.qualifier"),
            self.text(value.code, f"{path}.code"),
            *(self.text(m, f"{path}.modifiers[{k}]") for k, m in enumerate(modifiers)),
            self.text(value.description, f"{path}.description"),
        )

    # Segments.

    def add(self, elements: Sequence[str], parts: Sequence[Extra] = (), path: str = "") -> None:
        """A segment, with what ``parts`` hold of it beyond the model."""
        merged = list(elements)
        for part in parts:
            if part.part and part.elements[0][0] == elements[0]:
                for at, components in enumerate(part.elements):
                    if at and any(components):
                        merged += [""] * (at + 1 - len(merged))
                        merged[at] = self.sent(components, f"{path}extra")
        self.b.add(*merged)

    def sent(self, components: Sequence[str], path: str) -> str:
        """What was sent, as it was."""
        return self.b.composite(*(self.text(c, path) for c in components))

    def left(self, extras: Sequence[Extra], path: str, loops: Sequence[str] = ()) -> None:
        """Whole segments that the model has no field for."""
        for each in extras:
            if not each.part and (not loops or each.loop in loops):
                self.b.add(*(self.sent(c, f"{path}extra") for c in each.elements))

    def references(self, name: str, found: Sequence[Reference], path: str) -> None:
        """Segments of a qualifier and a value."""
        for i, each in enumerate(found):
            at = f"{path}[{i}]"
            self.b.add(
                name,
                self.text(each.qualifier, f"{at}.qualifier"),
                self.text(each.value, f"{at}.value"),
            )

    def contacts(self, found: Sequence[PayerContact], path: str) -> None:
        """PER segments."""
        for i, each in enumerate(found):
            at = f"{path}[{i}]"
            numbers = [
                element
                for n in each.numbers
                for element in (
                    self.text(n.qualifier, f"{at}.numbers"),
                    self.text(n.value, f"{at}.numbers"),
                )
            ]
            if len(numbers) > 6:
                self.b.problem(f"{at}.numbers", "has more than three.", "Leave three.")
            self.b.add(
                "PER",
                self.text(each.function, f"{at}.function"),
                self.text(each.name, f"{at}.name"),
                *numbers,
            )

    def dates(self, found: Sequence[ClaimDate], path: str) -> None:
        """DTM segments."""
        for i, each in enumerate(found):
            self.b.add("DTM", self.text(each.code, f"{path}[{i}].code"), d8(each.start))

    def figures(self, name: str, found: Sequence[Figure], path: str) -> None:
        """Segments of a code and a number."""
        for i, each in enumerate(found):
            at = f"{path}[{i}]"
            self.b.add(
                name, self.text(each.code, f"{at}.code"), self.figure(each.value, f"{at}.value")
            )

    def adjustments(self, found: Sequence[ClaimAdjustment], path: str) -> None:
        """CAS segments, six adjustments of a group in each."""
        i = 0
        for group, several in groupby(found, lambda each: each.group):
            all_ = list(several)
            for start in range(0, len(all_), IN_A_SEGMENT):
                elements = ["CAS", self.text(group, f"{path}[{i}].group")]
                for each in all_[start : start + IN_A_SEGMENT]:
                    at = f"{path}[{i}]"
                    elements += [
                        self.text(each.reason, f"{at}.reason"),
                        self.amount(each.amount, f"{at}.amount"),
                        self.figure(each.quantity, f"{at}.quantity"),
                    ]
                    i += 1
                self.b.add(*elements)
