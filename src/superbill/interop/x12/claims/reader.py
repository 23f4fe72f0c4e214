"""Claims out of an 837, one by one, as the text goes by.

The text is cut before each segment that begins a loop, and each loop is read by its kind
(:class:`~.loops.Loop`). Which kind it is, the identifier tells together with what stands before:
that is all of a guide that is needed, so a claim is read whatever order its segments have within
a loop. A claim that cannot be typed is told with its place, and its neighbours come through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, cast

from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12.claims import read_parties as parties
from superbill.interop.x12.claims.kinds import Kinds, kinds
from superbill.interop.x12.claims.open_claim import Held, OpenClaim, Place, bad_line
from superbill.interop.x12.claims.people import (
    Level,
    other_coverage,
    own_numbers,
    place_in_order,
)
from superbill.interop.x12.claims.usual import Usual
from superbill.interop.x12.passages import End, Head, Passage
from superbill.model import (
    Address,
    Claim,
    ClaimKind,
    ClaimLine,
    Drug,
    Extra,
    LineAdjudication,
    Provider,
)

_LONGEST_LOOP = 1_000_000
_MOST_LINES = 9_999

type _State = Literal["", "A", "B", "C", "claim", "other", "line"]


class ClaimReader:
    """The claims of one transaction; see :class:`~superbill.interop.x12.typed.TypedReader`."""

    __slots__ = (
        "_above",
        "_billing",
        "_claim",
        "_held",
        "_held_at",
        "_held_count",
        "_kind",
        "_level",
        "_loops",
        "_mark",
        "_marks",
        "_out",
        "_pay_to",
        "_pay_to_plan",
        "_purpose",
        "_refused",
        "_speciality",
        "_state",
        "_usual",
    )

    def __init__(self, guide: str, head: Head, refused: Callable[[Invalid], None]) -> None:
        self._kind = cast("ClaimKind", guide)
        self._marks = head.isa.delimiters
        self._mark = self._marks.element
        self._refused = refused
        self._loops: Kinds = kinds(self._kind, self._marks, self._marks.segment)
        self._usual = Usual(self._kind, self._loops, self._marks)
        self._above: dict[str, Any] | None = None
        self._held, self._held_count = "", 0
        self._held_at: Held | None = None
        self._out: list[Claim] = []
        self._purpose = "CH"
        self._state: _State = ""
        self._speciality: dict[str, Any] = {}
        self._billing: Provider | None = None
        self._pay_to: Address | None = None
        self._pay_to_plan: Provider | None = None
        self._level = Level()
        self._claim: OpenClaim | None = None

    def take(self, passage: Passage) -> Iterable[Claim]:
        """Read on; the claims that are whole now."""
        held, count, held_at = self._held, self._held_count, self._held_at
        if not count:
            self._loops = kinds(self._kind, self._marks, passage.after)
            self._usual = Usual(self._kind, self._loops, self._marks)
        loops = self._loops
        after = loops.after
        text = passage.text(after)
        new_level = f"{after}HL{self._mark}"
        levels = (held + after + text if count else text).split(new_level)
        final = len(levels) - 1
        usual, out = self._usual.claim, self._out
        last = ""
        for index, level in enumerate(levels):
            if 0 < index < final and self._above is not None:
                claim = usual(level, self._above)
                if claim is not None:
                    self._finish()
                    out.append(claim)
                    continue
            chunks = loops.split(new_level[len(after) :] + level if index else level)
            if index == final:
                # The last loop may go on in the next passage.
                last = chunks.pop()
            for number, chunk in enumerate(chunks):
                if chunk[:3] == "CLM":
                    self._begin(
                        Place(passage, levels, index, chunks, number, count, held_at, after)
                    )
                self._chunk(chunk)
        segments = last.count(after) + 1
        before = passage.last - passage.first - segments
        self._held, self._held_count = last, segments
        if before >= 0 or held_at is None:
            self._held_at = Held(passage, max(before, 0))
        if self._claim is not None and len(self._claim.lines) > _MOST_LINES:
            self._wrong(f"It has more than {_MOST_LINES:,} lines.")
            del self._claim.lines[1:]
        if len(last) > _LONGEST_LOOP:
            self._wrong("A loop of it is longer than any claim's.")
            self._held, self._held_count = "", 0
        out, self._out = self._out, []
        return out

    def end(self, end: End) -> Iterable[Claim]:
        """The transaction is over; the claim that was still open."""
        if self._held_count:
            if self._held[:3] == "CLM" and self._held_at is not None:
                self._begin(self._held_at)
            self._chunk(self._held)
        if not end.whole:
            self._wrong(f"The transaction breaks off inside it, at byte {end.offset}.")
        self._finish()
        return self._out

    # Loops, by the segments that begin them.

    def _chunk(self, chunk: str) -> None:
        head = chunk[:3]
        claim = self._claim
        loops = self._loops
        if head[:2] == "LX" and claim is not None:
            claim.lines.append(loops.quick.line(chunk[3:]))
            self._state = "line"
        elif head == "NM1":
            self._name(chunk)
        elif head == "CLM" and claim is not None:
            claim.fields = loops.quick.claim(chunk)
            self._state = "claim"
        elif head[:2] == "HL":
            self._hierarchy(chunk)
        elif head == "SBR":
            self._insurance(chunk)
        elif self._state == "line" and claim is not None:
            self._part_of_line(claim.lines[-1], head, chunk)
        elif claim is not None:
            claim.extra += self._as_it_is(chunk, "2300")
        elif not self._state:
            self._heading(chunk)

    def _heading(self, chunk: str) -> None:
        for text in chunk.split(self._loops.after):
            elements = text.split(self._mark)
            if elements[0] == "BHT" and len(elements) > 6:
                self._purpose = elements[6]

    def _hierarchy(self, chunk: str) -> None:
        """HL, with what follows it before the next loop."""
        if self._claim is not None:
            self._finish()
        first, _, rest = chunk.partition(self._loops.after)
        elements = first.split(self._mark)
        code = elements[3] if len(elements) > 3 else ""
        if code == "20":
            self._state = "A"
            self._billing = self._pay_to = self._pay_to_plan = self._above = None
            self._speciality = self._loops.fields(self._loops.top, rest) if rest else {}
            self._level = Level()
        elif code == "23":
            self._state = "C"
            above, level = self._level, Level()
            level.coverage, level.subscriber = above.coverage, above.subscriber
            level.payer, level.extra = above.payer, above.extra
            level.pat = rest
            self._level = level
        else:
            self._state = "B"
            self._level = Level()
            if self._above is None:
                self._above = self._all_above()
            if rest:
                self._level.extra = self._as_it_is(rest, "2000B")

    def _insurance(self, chunk: str) -> None:
        """SBR: of the payer that the claims go to, or of another payer of a claim."""
        loops, claim = self._loops, self._claim
        if claim is not None:
            claim.others.append(dict(loops.fields(loops.other, chunk)))
            self._state = "other"
        elif not self._level.coverage:
            self._level.coverage = chunk
            self._level.made = None
        else:
            self._level.extra += self._as_it_is(chunk, "2000B")

    def _name(self, chunk: str) -> None:
        """NM1, by who is named where."""
        mark, state, loops = self._mark, self._state, self._loops
        code = chunk[4:6] if chunk[6:7] == mark else chunk.split(mark, 2)[1]
        claim = self._claim
        if claim is not None:
            if state == "line":
                self._of_line(claim.lines[-1], code, chunk)
            elif state == "other":
                self._of_other(claim.others[-1], code, chunk)
            elif code in parties.ROLES:
                claim.providers.append(loops.provider("2310", code, chunk))
            else:
                claim.extra += self._as_it_is(chunk, "2310")
        elif state == "B":
            level = self._level
            level.made = None
            if code == "IL" and not level.subscriber:
                level.subscriber = chunk
            elif code == "PR" and not level.payer:
                level.payer = chunk
            else:
                level.extra += self._as_it_is(chunk, "2010")
        elif state == "C":
            level = self._level
            level.made = None
            if code == "QC" and not level.patient:
                level.patient = chunk
            else:
                level.extra += self._as_it_is(chunk, "2010")
        elif state == "A":
            self._of_billing(code, chunk)

    def _of_billing(self, code: str, chunk: str) -> None:
        loops = self._loops
        if code == "85" and self._billing is None:
            fields = dict(loops.fields(loops.roles["2010AA"][code], chunk))
            top = dict(self._speciality)
            extra = top.pop("extra", ()) + fields.pop("extra", ())
            self._billing = parties.provider(fields | top | ({"extra": extra} if extra else {}))
        elif code == "PE" and self._pay_to_plan is None:
            self._pay_to_plan = loops.provider("2010AC", code, chunk)
        elif code == "87" and self._pay_to is None:
            fields = dict(loops.fields(loops.pay_to, chunk))
            self._pay_to = parties.address_of(fields)
            usual = "1" if self._billing is not None and self._billing.person else "2"
            extra = fields.pop("extra", ())
            said = fields.pop("entity", usual)
            if said != usual:
                extra += (Extra(loop="2010AB", elements=(("NM1",), ("",), (said,)), part=True),)
            self._more_of_billing(extra)
        else:
            self._more_of_billing(self._as_it_is(chunk, "2010AB"))

    def _more_of_billing(self, extra: tuple[Extra, ...]) -> None:
        if extra:
            billing = self._billing or Provider(role="billing")
            self._billing = replace(billing, extra=billing.extra + extra)

    def _of_line(self, line: dict[str, Any], code: str, chunk: str) -> None:
        if code in parties.ROLES:
            found = self._loops.provider("2420", code, chunk)
            line["providers"] = (*line.get("providers", ()), found)
        else:
            line["extra"] = line.get("extra", ()) + self._as_it_is(chunk, "2420")

    def _of_other(self, other: dict[str, Any], code: str, chunk: str) -> None:
        loops = self._loops
        if code == "IL" and "insured" not in other:
            other["insured"] = dict(loops.fields(loops.subscriber2, chunk))
        elif code == "PR" and "payer_name" not in other:
            payer = dict(loops.fields(loops.payer2, chunk))
            payer["payer_address"] = parties.address_of(payer)
            extra = other.pop("extra", ()) + payer.pop("extra", ())
            other |= payer
            if extra:
                other["extra"] = extra
        elif code in parties.ROLES:
            found = loops.provider("2330", code, chunk)
            other["providers"] = (*other.get("providers", ()), found)
        else:
            other["extra"] = other.get("extra", ()) + self._as_it_is(chunk, "2330")

    def _part_of_line(self, line: dict[str, Any], head: str, chunk: str) -> None:
        loops = self._loops
        if head == "SVD":
            fields = loops.fields(loops.decided, chunk)
            if "paid" in fields:
                found = LineAdjudication(**fields)
                line["adjudications"] = (*line.get("adjudications", ()), found)
                return
        elif head == "LIN" and "drug" not in line:
            fields = loops.fields(loops.drug, chunk)
            if "ndc" in fields:
                line["drug"] = Drug(**fields)
                return
        loop = {"SVD": "2430", "LIN": "2410"}.get(head, "2440")
        line["extra"] = line.get("extra", ()) + self._as_it_is(chunk, loop)

    def _as_it_is(self, chunk: str, loop: str) -> tuple[Extra, ...]:
        """The segments of a loop that has no place in the model."""
        mark, component = self._mark, self._marks.component
        return tuple(
            Extra(
                loop=loop,
                elements=tuple(tuple(e.split(component)) for e in text.split(mark)),
            )
            for text in chunk.split(self._loops.after)
            if text
        )

    def _all_above(self) -> dict[str, Any]:
        """What stands above every claim of a billing provider."""
        return {
            "purpose": self._purpose,
            "billing": self._billing,
            "pay_to": self._pay_to,
            "pay_to_plan": self._pay_to_plan,
        }

    # Claims.

    def _begin(self, place: Place | Held) -> None:
        if self._claim is not None:
            self._finish()
        self._claim = OpenClaim(place)

    def _finish(self) -> None:
        """Hand over the claim that is open, or tell what is wrong with it."""
        claim, self._claim = self._claim, None
        if claim is None:
            return
        fields = claim.fields
        if "id" not in fields:
            claim.wrong = claim.wrong or "Its CLM has no number, or no charge that is an amount."
        if claim.wrong:
            self._refuse(claim)
            return
        patient, billed = self._level.people(self._loops)
        if "references" in fields and billed is not None:
            billed = own_numbers(fields, billed)
        coverages = () if billed is None else (billed,)
        if claim.others:
            others = (other_coverage(each, patient) for each in claim.others)
            coverages = tuple(sorted((*coverages, *others), key=place_in_order))
        if claim.extra:
            fields["extra"] = fields.get("extra", ()) + claim.extra
        try:
            lines = tuple([ClaimLine(**line) for line in claim.lines])
        except TypeError:
            claim.wrong = bad_line(claim.lines)
            self._refuse(claim)
            return
        self._out.append(
            Claim(
                kind=self._kind,
                patient=patient,
                coverages=coverages,
                providers=tuple(claim.providers),
                lines=lines,
                **(self._above or self._all_above()),
                **fields,
            )
        )

    def _wrong(self, what: str) -> None:
        if self._claim is not None:
            self._claim.wrong = self._claim.wrong or what

    def _refuse(self, claim: OpenClaim) -> None:
        self._refused(
            Invalid.at(
                f"byte {claim.place.byte()}",
                f"The claim that begins here cannot be read. {claim.wrong}",
                "Check the file: 'superbill x12 check' tells all that is wrong with it.",
            )
        )
