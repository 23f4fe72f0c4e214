"""Reading: delimiters, several interchanges, what stands between, and what is refused."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.errors import Invalid
from superbill.interop.x12.blocks import SEGMENT_LIMIT, Block, Gap, blocks
from superbill.interop.x12.interchange import Trouble
from superbill.interop.x12.lossless import Document
from superbill.interop.x12.reader import Reader, segments, transactions
from tests.unit.interop.reader.files import CLEAN, clean, isa, redressed


def ids(content: bytes) -> list[str]:
    return [s.id for s in segments(content)]


def troubles(content: bytes) -> list[Trouble]:
    return [b for b in blocks(content) if isinstance(b, Trouble)]


def raw(content: bytes) -> bytes:
    return "".join(b.raw for b in blocks(content) if not isinstance(b, Trouble)).encode("latin-1")


SHORT = f"{isa()}GS*HC*A*B*20260303*1020*1*X*005010X222A1~GE*0*1~IEA*1*000000001~"


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize(
    "change",
    [
        lambda b: b,
        lambda b: b.replace(b"\n", b""),
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b.replace(b"~\n", b"~  \n"),
        lambda b: b.replace(b"~\n", b"\n"),
        lambda b: b.replace(b"~\n", b"\r\n"),
        lambda b: b"\xef\xbb\xbf" + b + b"  \r\n\x1a\0\0",
        lambda b: b"\r\n  " + b,
        lambda b: b + b,
        lambda b: b.removesuffix(b"~\n"),
        lambda b: redressed(b, "|", ">", "+", "\x1c"),
    ],
)
def test_segments_and_their_places_are_the_same_whatever_the_dress(
    name: str, change: object
) -> None:
    content = change(clean(name))  # type: ignore[operator]
    plain = ids(clean(name))
    found = list(segments(content))
    times = 2 if content == clean(name) * 2 else 1
    assert [s.id for s in found] == plain * times
    assert [s.number for s in found] == list(range(1, len(found) + 1))
    for segment in found:
        at = content[segment.offset : segment.offset + len(segment.id)]
        assert at.decode() == segment.id
    assert raw(content) == content
    assert Document.read(content).bytes() == content


def test_the_reader_tells_where_it_is() -> None:
    content = clean("835")
    reader = Reader(content)
    with pytest.raises(ValueError, match="Nothing has been read"):
        _ = reader.offset
    for elements, segment in zip(reader, segments(content), strict=True):
        assert (elements, reader.offset, reader.number) == (
            segment.elements,
            segment.offset,
            segment.number,
        )
        assert reader.text == "*".join(elements)
        assert reader.interchange.control == "000000301"


def test_each_interchange_has_its_own_delimiters() -> None:
    other = isa("|", ">", "!", "\n", 2) + "TA1|000000001|260303|1020|A|000\nIEA|0|000000002\n"
    found = list(segments((SHORT + other + SHORT).encode()))
    assert [s.id for s in found] == [
        *ids(SHORT.encode()),
        "ISA",
        "TA1",
        "IEA",
        *ids(SHORT.encode()),
    ]
    assert found[5].elements[2] == "260303" or found[5].elements[1] == "000000001"


def test_an_interchange_without_its_end_does_not_hide_the_next() -> None:
    cut = SHORT[: SHORT.index("GE*")]
    found = list(segments((cut + SHORT).encode()))
    assert [s.id for s in found] == ["ISA", "GS", "ISA", "GS", "GE", "IEA"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (isa().replace("SENDER".ljust(15), "SENDER".ljust(14)), "ISA06 has 14 characters"),
        (isa().replace("RECEIVER".ljust(15), "RECEIVER".ljust(16)), "ISA08 has 16 characters"),
        (isa()[:60] + "\n" + isa()[60:], "broken by the end of a line"),
        (isa()[:50], "ends inside the ISA"),
        (isa().replace("*", "A"), "cannot part elements"),
        (isa()[:-1] + "Z", "cannot be a delimiter"),
        (isa()[:-2] + "*~", "ISA16|same|fixed widths"),
        (isa(component="^"), "the same"),
        ("Dear Sir or Madam, " * 10, "does not begin with ISA"),
        ("\x00\x01\x02\x03" * 50, "does not begin with ISA"),
        ("UNA:+.? 'UNB+UNOA:1+" * 10, "does not begin with ISA"),
    ],
)
def test_a_malformed_head_is_refused_with_its_place(text: str, said: str) -> None:
    rest = "" if "ends inside" in said else SHORT[106:]
    content = (text + rest).encode("latin-1")
    found = troubles(content)
    assert found
    assert found[0].offset == len(content) - len(content.lstrip(b"\0"))
    assert any(part in found[0].message for part in said.split("|"))
    assert found[0].mend
    assert raw(content) == content
    with pytest.raises(Invalid, match=f"byte {found[0].offset}"):
        list(segments(content))


def test_after_what_cannot_be_read_the_next_interchange_is() -> None:
    bad = SHORT.replace("SENDER".ljust(15), "SENDER".ljust(14))
    content = f"{SHORT}\n{bad}\nISA\n{SHORT}".encode()
    found = [b for b in blocks(content) if isinstance(b, Block)]
    assert [t for b in found for t in b.texts].count(SHORT[: SHORT.index("~")]) == 2
    assert [t.offset for t in troubles(content)] == [len(SHORT) + 1]
    assert raw(content) == content


def test_text_after_the_end_is_told() -> None:
    content = f"{SHORT}GS*HC*A*B~".encode()
    (trouble,) = troubles(content)
    assert (trouble.rule, trouble.offset) == ("envelope.outside", len(SHORT))


def test_a_line_without_end_is_refused_in_flat_memory() -> None:
    def endless() -> Iterator[bytes]:
        yield SHORT[:-1].encode().replace(b"~", b"~", 1)
        for _ in range(3_000):
            yield b"A" * 65_536

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.pieces = endless()

        def read(self, size: int = -1) -> bytes:
            return next(self.pieces, b"")

    tracemalloc.start()
    found = [b for b in blocks(Endless()) if not isinstance(b, Gap)]  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found[-1], Trouble)
    assert found[-1].rule == "envelope.segment_length"
    assert f"{SEGMENT_LIMIT:,}" in found[-1].message
    assert peak < 4_000_000


def test_gzip_is_read_by_its_content(tmp_path: Path) -> None:
    plain = clean("837P")
    path = tmp_path / "claims.edi"
    path.write_bytes(gzip.compress(plain[:500]) + gzip.compress(plain[500:]))
    assert ids(path.read_bytes()) == ids(plain)
    assert [s.id for s in segments(path)] == ids(plain)
    with path.open("rb") as file:
        assert [s.id for s in segments(file)] == ids(plain)


@pytest.mark.parametrize("cut", [12, 200, -4])
def test_damaged_gzip_is_refused(cut: int) -> None:
    content = gzip.compress(clean("837P"))[:cut]
    with pytest.raises(Invalid, match="damaged or ends early"):
        list(segments(content))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from superbill.interop.x12 import sources

    monkeypatch.setattr(sources, "_FREE_GROWTH", 1_000_000)
    claim = b"REF*D9*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~"
    bomb = gzip.compress(SHORT[: SHORT.index("GE*")].encode() + claim * 200_000)
    with pytest.raises(Invalid, match="grows more than 200 times"):
        list(segments(bomb))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        ("ISA".encode("utf-16"), "UTF-16"),
        (b"\xc9\xe2\xc1\x5c\xf0\xf0", "EBCDIC"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_other_kinds_of_files_are_called_by_their_names(content: bytes, what: str) -> None:
    with pytest.raises(Invalid, match=what):
        list(segments(content))


def test_nothing_is_nothing() -> None:
    assert list(segments(b"")) == []
    assert list(segments(b" \r\n\n")) == []


def test_transactions_one_by_one() -> None:
    content = clean("837P") + clean("835") + clean("999")
    found = [(t.set_id, t.version, t.control, len(list(t)), t.whole) for t in transactions(content)]
    assert found == [
        ("837", "005010X222A1", "0001", 62, True),
        ("835", "005010X221A1", "0001", 39, True),
        ("999", "005010X231A1", "0001", 14, True),
    ]


def test_a_transaction_may_be_passed_over_or_left_in_the_middle() -> None:
    content = clean("837P") + clean("835")
    seen = []
    for transaction in transactions(content):
        seen.append(transaction.set_id)
        if transaction.set_id == "837":
            for segment in transaction:
                if segment.id == "CLM":
                    break
    assert seen == ["837", "835"]
    assert [t.set_id for t in transactions(content)] == ["837", "835"]


def test_a_transaction_that_breaks_off_is_not_whole() -> None:
    content = clean("835").replace(b"SE*39*0001~\n", b"")
    transaction = next(transactions(content))
    assert [s.id for s in transaction][-1] == "PLB"
    assert not transaction.whole


def test_a_document_is_changed_in_one_place_only() -> None:
    document = Document.read(clean("837P"))
    clm = next(p for p in document.segments() if p.elements[0] == "CLM")
    clm.set(2, "260")
    assert document.bytes() == clean("837P").replace(b"CLM*ACCT0001*250*", b"CLM*ACCT0001*260*")
    with pytest.raises(Invalid, match="CLM01"):
        clm.set(1, "A*B")
    with pytest.raises(Invalid, match="CLM01"):
        clm.set(1, "Ωmega")
