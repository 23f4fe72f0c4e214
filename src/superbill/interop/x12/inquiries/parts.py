"""People, parties and dates of an inquiry as segments, each level's gathered apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from superbill.interop.x12.remits.writing import Writing
from superbill.interop.x12.segments import d8, rd8
from superbill.model import (
    Address,
    ClaimDate,
    Extra,
    InquiryMember,
    InquiryParty,
    InquiryTrace,
    Rejection,
)


class Parts(Writing):
    """Writes the parts of one inquiry."""

    def level(self, write: Callable[[], None]) -> list[str]:
        """The segments that ``write`` adds, taken out of what is written."""
        start = len(self.b.segments)
        write()
        made = self.b.segments[start:]
        del self.b.segments[start:]
        return made

    def repeated(self, values: Sequence[str], path: str, mark: str) -> str:
        """One element that comes several times."""
        return mark.join(self.text(value, f"{path}[{i}]") for i, value in enumerate(values))

    def whole(self, extras: Sequence[Extra], path: str, *names: str) -> None:
        """Whole segments of some names that the model has no field for."""
        self.left([e for e in extras if e.elements[0][0] in names], path)

    def others(self, extras: Sequence[Extra], path: str, *names: str) -> None:
        """All whole segments but those of some names."""
        self.left([e for e in extras if e.elements[0][0] not in names], path)

    def periods(self, found: Sequence[ClaimDate], path: str) -> None:
        """DTP: days and periods of days."""
        for i, when in enumerate(found):
            code = self.text(when.code, f"{path}[{i}].code")
            if when.end is None:
                self.b.add("DTP", code, "D8", d8(when.start))
            else:
                self.b.add("DTP", code, "RD8", rd8(when.start, when.end))

    def traces(self, found: Sequence[InquiryTrace]) -> None:
        """TRN."""
        for i, trace in enumerate(found):
            path = f"traces[{i}]"
            self.b.add(
                "TRN",
                self.text(trace.kind, f"{path}.kind"),
                self.text(trace.number, f"{path}.number"),
                self.text(trace.originator, f"{path}.originator"),
                self.text(trace.supplement, f"{path}.supplement"),
            )

    def rejections(self, found: Sequence[Rejection]) -> None:
        """AAA."""
        for i, each in enumerate(found):
            self.b.add(
                "AAA",
                "Y" if each.valid else "N",
                "",
                self.text(each.reason, f"rejections[{i}].reason"),
                self.text(each.follow_up, f"rejections[{i}].follow_up"),
            )

    def address(self, at: Address | None, path: str) -> None:
        """N3 and N4."""
        if at is None:
            return
        if at.street:
            street = self.text(at.street, f"{path}.street")
            self.b.add("N3", street, self.text(at.street2, f"{path}.street2"))
        if at.city or at.state or at.zip:
            self.b.add(
                "N4",
                self.text(at.city, f"{path}.city"),
                self.text(at.state, f"{path}.state"),
                self.text(at.zip, f"{path}.zip"),
            )

    def party(self, who: InquiryParty, path: str, rejections: Sequence[Rejection] = ()) -> None:
        """A party, with what is wrong with it."""
        self.add(
            (
                "NM1",
                self.text(who.entity, f"{path}.entity"),
                "1" if who.person else "2",
                *self._names(who, f"{path}.", who.name, "name"),
            ),
            who.extra,
            f"{path}.",
        )
        self.references("REF", who.references, f"{path}.references")
        self.address(who.address, f"{path}.address")
        self.contacts(who.contacts, f"{path}.contacts")
        self.rejections(rejections)
        if who.provider_code or who.taxonomy:
            self.b.add(
                "PRV",
                self.text(who.provider_code, f"{path}.provider_code"),
                "PXC" if who.taxonomy else "",
                self.text(who.taxonomy, f"{path}.taxonomy"),
            )
        self.left(who.extra, f"{path}.")

    def _names(
        self, who: InquiryParty | InquiryMember, path: str, last: str, name: str
    ) -> tuple[str, ...]:
        return (
            self.text(last, path + name),
            self.text(who.first_name, f"{path}first_name"),
            self.text(who.middle_name, f"{path}middle_name"),
            "",
            self.text(who.suffix, f"{path}suffix"),
            self.text(who.id_qualifier, f"{path}id_qualifier"),
            self.text(who.id, f"{path}id"),
        )

    def member(
        self,
        who: InquiryMember,
        path: str,
        entity: str,
        rejections: Sequence[Rejection] = (),
        *,
        born_first: bool = False,
    ) -> None:
        """A subscriber or dependent; ``born_first``: birth date and sex stand before the name."""
        if born_first:
            self._demographics(who)
        self.add(
            (
                "NM1",
                entity,
                "2" if who.organisation else "1",
                *self._names(who, f"{path}.", who.last_name, "last_name"),
            ),
            who.extra,
            f"{path}.",
        )
        self.references("REF", who.references, f"{path}.references")
        self.whole(who.extra, f"{path}.", "REF")
        self.address(who.address, f"{path}.address")
        self.whole(who.extra, f"{path}.", "N3", "N4")
        self.rejections(rejections)
        self.whole(who.extra, f"{path}.", "PRV")
        if not born_first:
            self._demographics(who)
        if who.relationship:
            self.add(
                (
                    "INS",
                    "Y" if who.relationship == "18" else "N",
                    self.text(who.relationship, f"{path}.relationship"),
                ),
                who.extra,
                f"{path}.",
            )
        self.whole(who.extra, f"{path}.", "HI")
        self.periods(who.dates, f"{path}.dates")
        self.others(who.extra, f"{path}.", "REF", "N3", "N4", "PRV", "HI")

    def _demographics(self, who: InquiryMember) -> None:
        if who.birth_date is not None or who.sex:
            born = d8(who.birth_date) if who.birth_date is not None else ""
            self.b.add("DMG", "D8" if born else "", born, self.text(who.sex, "sex"))
