"""Claims out of an 837, one by one, as the text goes by.

The text is cut before each segment that begins a loop, and each loop is read by its kind
(:class:`~.loops.Loop`). Which kind it is, the identifier tells together with what stands before:
that is all of a guide that is needed, so a claim is read whatever order its segments have within
a loop. A claim that cannot be typed is told with its place, and its neighbours come through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12.claims import read_parties as parties
from superbill.interop.x12.claims.loops import Loop
from superbill.interop.x12.claims.read_claim import claim_parsers
from superbill.interop.x12.claims.read_lines import DECIDED, DRUG, line_parsers
from superbill.interop.x12.passages import End, Head, Passage
from superbill.interop.x12.segments import Delimiters
from superbill.model import (
    Address,
    Claim,
    ClaimKind,
    ClaimLine,
    Coverage,
    Drug,
    Extra,
    Individual,
    LineAdjudication,
    Provider,
)

# The segments that begin a loop.
_HEADS = ("NM1", "HL", "CLM", "LX", "SBR", "SVD", "LIN", "LQ")

_ORDER = {sequence: place for place, sequence in enumerate("PSTABCDEFGHU")}

# The numbers of a claim that are the billed payer's own.
_PAYERS_OWN = {"G1": "prior_authorization", "9F": "referral", "F8": "claim_control_number"}

_CHUNKS_KEPT = 8_192
_LONGEST_LOOP = 1_000_000
_MOST_LINES = 9_999

type _State = Literal["", "A", "B", "C", "claim", "other", "line"]


class Kinds:
    """The kinds of loops of one guide with one set of delimiters, and what was read of them."""

    __slots__ = (
        "after",
        "chunks",
        "claim",
        "decided",
        "drug",
        "level",
        "line",
        "other",
        "patient",
        "patients",
        "pay_to",
        "payer",
        "payer2",
        "roles",
        "split",
        "subscriber",
        "subscriber2",
        "top",
    )

    def __init__(self, kind: ClaimKind, marks: Delimiters, after: str) -> None:
        def loop(name: str, parsers: Any) -> Loop:
            return Loop(name, parsers, marks, after)

        self.after = after
        self.claim = loop("2300", claim_parsers(kind))
        self.line = loop("2400", line_parsers(kind))
        self.subscriber = loop("2010BA", parties.INDIVIDUAL)
        self.payer = loop("2010BB", parties.PAYER)
        self.patient = loop("2010CA", parties.INDIVIDUAL)
        self.level = loop("2000B", parties.SUBSCRIBER_LEVEL)
        self.patients = loop("2000C", parties.PATIENT_LEVEL)
        self.other = loop("2320", parties.OTHER_PAYER)
        self.subscriber2 = loop("2330A", parties.INDIVIDUAL)
        self.payer2 = loop("2330B", parties.PAYER)
        self.drug = loop("2410", DRUG)
        self.decided = loop("2430", DECIDED)
        self.top = loop("2000A", {"PRV": parties.provider_parsers("billing")["PRV"]})
        self.pay_to = loop("2010AB", parties.PAY_TO)
        self.roles = {
            level: {
                code: loop(level, parties.provider_parsers(role))
                for code, role in parties.ROLES.items()
            }
            for level in ("2010AA", "2010AC", "2310", "2330", "2420")
        }
        self.chunks: dict[tuple[Loop, str], Any] = {}
        heads = "|".join(_HEADS)
        self.split = re.compile(
            f"{re.escape(after)}(?=(?:{heads}){re.escape(marks.element)})"
        ).split

    def provider(self, level: str, code: str, chunk: str) -> Provider:
        """The provider of a loop, which is remembered."""
        loop = self.roles[level][code]
        known = self.chunks.get((loop, chunk))
        if known is None:
            known = self.keep(loop, chunk, parties.provider(loop.fields(chunk)))
        return cast("Provider", known)

    def fields(self, loop: Loop, chunk: str) -> dict[str, Any]:
        """The fields of a loop whose text comes often; not to be changed."""
        known = self.chunks.get((loop, chunk))
        if known is None:
            known = self.keep(loop, chunk, loop.fields(chunk))
        return cast("dict[str, Any]", known)

    def keep(self, loop: Loop, chunk: str, value: Any) -> Any:
        """Remember what a loop says."""
        if len(self.chunks) >= _CHUNKS_KEPT:
            self.chunks.clear()
        self.chunks[loop, chunk] = value
        return value


@lru_cache(maxsize=8)
def kinds(kind: ClaimKind, marks: Delimiters, after: str) -> Kinds:
    """The kinds of loops, made once for each guide and set of delimiters."""
    return Kinds(kind, marks, after)


class _Place(NamedTuple):
    """Where a chunk stands: worked out when it is asked for."""

    passage: Passage
    chunks: list[str]
    chunk: int
    held_at: int
    held: int
    after: str

    def byte(self) -> int:
        if not self.chunk:
            return self.held_at if self.held else self.passage.place(0)
        before = sum(c.count(self.after) + 1 for c in self.chunks[: self.chunk])
        return self.passage.place(before - self.held)


class _Open:
    """The claim that is being read."""

    __slots__ = ("extra", "fields", "lines", "others", "place", "providers", "wrong")

    def __init__(self, place: _Place | int) -> None:
        self.fields: dict[str, Any] = {}
        self.place = place
        self.extra: tuple[Extra, ...] = ()
        self.providers: list[Provider] = []
        self.others: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.wrong = ""


class _Level:
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


class ClaimReader:
    """The claims of one transaction; see :class:`~superbill.interop.x12.typed.TypedReader`."""

    __slots__ = (
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
    )

    def __init__(self, guide: str, head: Head, refused: Callable[[Invalid], None]) -> None:
        self._kind = cast("ClaimKind", guide)
        self._marks = head.isa.delimiters
        self._mark = self._marks.element
        self._refused = refused
        self._loops: Kinds = kinds(self._kind, self._marks, self._marks.segment)
        self._held, self._held_count, self._held_at = "", 0, 0
        self._out: list[Claim] = []
        self._purpose = "CH"
        self._state: _State = ""
        self._speciality: dict[str, Any] = {}
        self._billing: Provider | None = None
        self._pay_to: Address | None = None
        self._pay_to_plan: Provider | None = None
        self._level = _Level()
        self._claim: _Open | None = None

    def take(self, passage: Passage) -> Iterable[Claim]:
        """Read on; the claims that are whole now."""
        held, count, held_at = self._held, self._held_count, self._held_at
        if not count:
            self._loops = kinds(self._kind, self._marks, passage.after)
        loops = self._loops
        after = loops.after
        text = passage.text(after)
        chunks = loops.split(held + after + text if count else text)
        # The last loop may go on in the next passage.
        last = chunks[-1]
        for index, chunk in enumerate(chunks[:-1]):
            if chunk[:3] == "CLM":
                self._begin(_Place(passage, chunks, index, held_at, count, after))
            self._chunk(chunk)
        self._held_at = _Place(passage, chunks, len(chunks) - 1, held_at, count, after).byte()
        self._held, self._held_count = last, last.count(after) + 1
        if len(last) > _LONGEST_LOOP:
            self._wrong("A loop of it is longer than any claim's.")
            self._held, self._held_count = "", 0
        out, self._out = self._out, []
        return out

    def end(self, end: End) -> Iterable[Claim]:
        """The transaction is over; the claim that was still open."""
        if self._held_count:
            if self._held[:3] == "CLM":
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
            claim.lines.append(loops.line.fields(chunk))
            self._state = "line"
            if len(claim.lines) > _MOST_LINES:
                self._too_many(claim)
        elif head == "NM1":
            self._name(chunk)
        elif head == "CLM" and claim is not None:
            claim.fields = loops.claim.fields(chunk)
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
        self._finish()
        first, _, rest = chunk.partition(self._loops.after)
        elements = first.split(self._mark)
        code = elements[3] if len(elements) > 3 else ""
        if code == "20":
            self._state = "A"
            self._billing = self._pay_to = self._pay_to_plan = None
            self._speciality = self._loops.fields(self._loops.top, rest) if rest else {}
            self._level = _Level()
        elif code == "23":
            self._state = "C"
            above, level = self._level, _Level()
            level.coverage, level.subscriber = above.coverage, above.subscriber
            level.payer, level.extra = above.payer, above.extra
            level.pat = self._loops.fields(self._loops.patients, rest) if rest else {}
            self._level = level
        else:
            self._state = "B"
            self._level = _Level()
            if rest:
                self._level.extra = self._as_it_is(rest, "2000B")

    def _insurance(self, chunk: str) -> None:
        """SBR: of the payer that the claims go to, or of another payer of a claim."""
        loops, claim = self._loops, self._claim
        if claim is not None:
            claim.others.append(dict(loops.fields(loops.other, chunk)))
            self._state = "other"
        elif self._level.coverage is None:
            self._level.coverage = loops.fields(loops.level, chunk)
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
            if code == "IL" and level.subscriber is None:
                level.subscriber = loops.subscriber.fields(chunk)
            elif code == "PR" and level.payer is None:
                level.payer = loops.fields(loops.payer, chunk)
            else:
                level.extra += self._as_it_is(chunk, "2010")
        elif state == "C":
            level = self._level
            level.made = None
            if code == "QC" and level.patient is None:
                level.patient = loops.patient.fields(chunk)
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

    # Claims.

    def _begin(self, place: _Place | int) -> None:
        self._finish()
        self._claim = _Open(place)

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
        patient, billed = self._level.people()
        if "references" in fields and billed is not None:
            billed = _own_numbers(fields, billed)
        coverages = () if billed is None else (billed,)
        if claim.others:
            others = (_other(each, patient) for each in claim.others)
            coverages = tuple(sorted((*coverages, *others), key=_place_in_order))
        if claim.extra:
            fields["extra"] = fields.get("extra", ()) + claim.extra
        lines = []
        try:
            for line in claim.lines:
                lines.append(ClaimLine(**line))  # noqa: PERF401 (their number tells which is bad)
        except TypeError:
            # A required field is absent, which says that its segment is not there or not sound.
            claim.wrong = (
                f"Its line {len(lines) + 1} has no number, or no charge that is an amount."
            )
            self._refuse(claim)
            return
        self._out.append(
            Claim(
                kind=self._kind,
                purpose=self._purpose,
                patient=patient,
                billing=self._billing,
                pay_to=self._pay_to,
                pay_to_plan=self._pay_to_plan,
                coverages=coverages,
                providers=tuple(claim.providers),
                lines=tuple(lines),
                **fields,
            )
        )

    def _wrong(self, what: str) -> None:
        if self._claim is not None:
            self._claim.wrong = self._claim.wrong or what

    def _too_many(self, claim: _Open) -> None:
        claim.wrong = f"It has more than {_MOST_LINES:,} lines."
        del claim.lines[1:]

    def _refuse(self, claim: _Open) -> None:
        place = claim.place
        byte = place if isinstance(place, int) else place.byte()
        self._refused(
            Invalid.at(
                f"byte {byte}",
                f"The claim that begins here cannot be read. {claim.wrong}",
                "Check the file: 'superbill x12 check' tells all that is wrong with it.",
            )
        )


def _place_in_order(coverage: Coverage) -> int:
    return _ORDER.get(coverage.sequence, len(_ORDER))


def _own_numbers(fields: dict[str, Any], billed: Coverage) -> Coverage:
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


def _other(fields: dict[str, Any], patient: Individual | None) -> Coverage:
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
