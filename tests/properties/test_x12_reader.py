"""Whatever is read: bytes are kept, patterns and plain checks agree, what we write we accept."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.interop.x12.blocks import blocks
from superbill.interop.x12.check import check_file
from superbill.interop.x12.check.elements import faults
from superbill.interop.x12.guides import GUIDES, guide
from superbill.interop.x12.guides.pattern import FORMATS, segment_pattern
from superbill.interop.x12.guides.spec import Element, Segment
from superbill.interop.x12.guides.table import dictionary, plain_segment
from superbill.interop.x12.institutional import InstitutionalClaim
from superbill.interop.x12.interchange import Trouble
from superbill.interop.x12.lossless import Document
from superbill.interop.x12.reader import segments
from superbill.interop.x12.segments import Delimiters
from tests.fuzz.x12 import mutate, seeds, survive
from tests.properties.test_x12_writer import claims, slow, write
from tests.unit.interop.reader.files import CLEAN, clean, redressed

PRINTABLE = "".join(map(chr, range(33, 127)))
MARKS = [
    Delimiters(),
    Delimiters("|", ">", "!", "\n"),
    Delimiters("\x1d", "\x1f", "\x1e", "\x1c"),
    Delimiters(".", "-", "^", "~"),
    Delimiters("*", ":", "", "~"),
    Delimiters("]", "\\", "^", "["),
]
FORMS = [form for name in (*GUIDES, "envelope") for form in guide(name).forms]
PLAIN = [found for name in dictionary().segments if (found := plain_segment(name))]

VALUES = st.one_of(
    st.sampled_from(
        [
            *("", " ", "A", "1", "12", "0", "-1", "1.5", ".5", "5.", "1E5", "-", "AB", "XX", "ZZ"),
            *("20260301", "20260230", "20240229", "19000229", "20000229", "260301", "17991231"),
            *(
                "20260301-20260302",
                "20260301-",
                "202603011200",
                "1200",
                "2400",
                "123456",
                "12345699",
            ),
            *(
                "D8",
                "RD8",
                "TM",
                "DT",
                "é",
                "\x07",
                "A B",
                "A ",
                " A",
                "9" * 18,
                "9" * 19,
                "A" * 61,
            ),
            *("00501", "HC", "1234567893", "Y", "N", "18", "P", "22", "40", "85", "QC", "LB", "DH"),
        ]
    ),
    st.text(PRINTABLE + " ", max_size=6),
)


def value(draw: st.DrawFn, element: Element, marks: Delimiters, form: str) -> str:
    """A value that is often right, sometimes nearly, sometimes not at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(VALUES)
    if element.usage == "N" or (element.usage == "S" and draw(st.booleans())):
        return ""
    if element.parts:
        parts: list[str] = []
        last = ""
        for part in element.parts:
            parts.append(value(draw, part, marks, last if part.number == "1251" else ""))
            last = parts[-1]
        while len(parts) > 1 and parts[-1] == "" and draw(st.integers(0, 9)):
            parts.pop()
        return marks.component.join(parts)
    if element.codes:
        return draw(st.sampled_from(element.codes))
    if form in FORMATS:
        return {
            "D8": "20260301",
            "RD8": "20260228-20260301",
            "TM": "1230",
            "DT": "202603011230",
        }.get(form, "260301")
    match element.kind:
        case "DT":
            return "20260301" if element.most > 6 else "260301"
        case "TM":
            return "1230"
        case "AN" | "ID":
            size = draw(st.sampled_from([element.least, min(element.most, element.least + 3)]))
            return "A" * size
        case _:
            return "7" * element.least


@st.composite
def sent(draw: st.DrawFn) -> tuple[Segment, list[str], Delimiters]:
    """A segment of some guide, or of the dictionary, and elements for it."""
    marks = draw(st.sampled_from(MARKS))
    spec = draw(st.sampled_from(FORMS) | st.sampled_from(PLAIN))
    elements = [spec.id]
    last = ""
    for element in spec.elements:
        elements.append(value(draw, element, marks, last if element.number == "1251" else ""))
        last = elements[-1] if element.number == "1250" else ""
        if marks.repetition and draw(st.integers(0, 30)) == 0:
            elements[-1] += marks.repetition + elements[-1]
    if draw(st.integers(0, 20)) == 0:
        elements.append(draw(VALUES))
    while elements[-1] == "" and len(elements) > 1 and draw(st.integers(0, 9)):
        elements.pop()
    # The reader has split at these already.
    gone = str.maketrans("", "", marks.element + marks.segment)
    return spec, [e.translate(gone) for e in elements], marks


def _repeats_a_composite(spec: Segment, elements: list[str], marks: Delimiters) -> bool:
    return any(
        bool(element.parts) and bool(marks.repetition) and marks.repetition in one
        for element, one in zip(spec.elements, elements[1:], strict=False)
    )


@settings(slow, max_examples=600)
@given(sent())
def test_a_segment_fits_its_pattern_just_where_nothing_is_wrong_with_it(
    case: tuple[Segment, list[str], Delimiters],
) -> None:
    spec, elements, marks = case
    fits = segment_pattern(spec, marks).fullmatch(marks.element.join(elements)) is not None
    found = list(faults(spec, elements, marks))
    # A repeated composite may have to be taken apart before it is known to be right.
    assert fits == (not found) or (not fits and _repeats_a_composite(spec, elements, marks)), (
        elements,
        found,
    )
    assert all(f.message and f.mend and f.snip in {1, 2} for f in found)


@settings(slow, max_examples=40)
@given(st.lists(claims(), min_size=1, max_size=3))
def test_what_is_written_is_accepted(items: list[InstitutionalClaim]) -> None:
    content = write(items)
    found = check_file(content, level=3)
    said = [str(f) for f in found.findings]
    assert found.accepted, said
    charged = sum((item.encounter.total_charges for item in items), Decimal(0))
    read = sum((Decimal(s.element(2)) for s in segments(content) if s.id == "CLM"), Decimal(0))
    assert read == charged


@settings(slow, max_examples=150)
@given(
    st.sampled_from(sorted(CLEAN)),
    st.lists(st.integers(0, 255), min_size=4, max_size=4, unique=True),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_any_bytes_may_be_delimiters(name: str, marks: list[int], line_break: str) -> None:
    chosen = [chr(mark) for mark in marks]
    used = set(clean(name).decode("latin-1")) - set("*:^~\n")
    if any(c in used or (c.isalnum() and c.isascii()) or c == " " for c in chosen):
        return
    if line_break and set(chosen) & set("\r\n"):
        return
    dressed = redressed(clean(name), *chosen).replace(
        chosen[3].encode("latin-1"), (chosen[3] + line_break).encode("latin-1")
    )
    found = check_file(dressed, level=4)
    assert found.accepted, [str(f) for f in found.findings]
    assert Document.read(dressed).bytes() == dressed


@settings(slow, max_examples=200)
@given(st.binary(max_size=600))
def test_any_bytes_are_kept(content: bytes) -> None:
    if content[:2] in {b"PK", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff", b"%P", b"\xc9\xe2"}:
        return
    kept = "".join(b.raw for b in blocks(content) if not isinstance(b, Trouble))
    assert kept.encode("latin-1") == content


def test_a_slice_of_the_fuzzing() -> None:
    chance = random.Random(20260303)
    corpus = seeds()
    for _ in range(400):
        survive(mutate(chance.choice(corpus), chance))
