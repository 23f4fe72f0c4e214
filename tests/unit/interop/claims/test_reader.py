"""Reading claims: the quick way is the slow way, pieces of any size, and what is refused where."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from benchmarks.x12 import claims as generated
from superbill.errors import Invalid
from superbill.interop.x12 import sources
from superbill.interop.x12.claims.usual import Usual
from superbill.interop.x12.typed import read
from superbill.model import Claim
from tests.unit.interop.claims.test_samples import FILES
from tests.unit.interop.reader.files import CLEAN, redressed

KINDS = ("837P", "837I", "837D")


def many() -> bytes:
    """A file of some hundred claims."""
    return "".join(generated(150_000)).encode()


def typed(source: Path | bytes) -> tuple[list[Claim], list[str]]:
    refused: list[Invalid] = []
    found = list(read(source, refused=refused.append))
    return found, [str(error) for error in refused]


def slowly(source: Path | bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Claim], list[str]]:
    with monkeypatch.context() as patched:
        patched.setattr(Usual, "claim", lambda self, level, above: None)
        return typed(source)


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n"])
def test_the_quick_way_is_the_slow_way(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = many().replace(b"~\n", end.encode())
    found, refused = typed(content)
    assert (found, refused) == slowly(content, monkeypatch)
    assert (len(found) > 250, refused) == (True, [])


# Each makes of a usual claim one that is not, or not quite.
CHANGES = [
    ("NM1*82*1*DOCTOR", "NM1*XX*1*DOCTOR"),
    ("NM1*82*1*DOCTOR", "NM1*82*3*DOCTOR"),
    ("PRV*PE*PXC*207R00000X~\n", "PRV*PE*PXC*207R00000X~\nSBR*S*18*******CI~\nOI***Y***Y~\n"),
    ("LX*1~\n", "LX*ONE~\n"),
    ("LX*1~\n", "LX*1*2~\n"),
    ("*UN*1***1~\n", "*UN*MANY***1~\n"),
    ("*UN*1***1~\n", "*UN*1***1~\nLIN**N4*00069420030~\nCTP****2*UN~\n"),
    ("*UN*1***1~\n", "*UN*1***1~\nSV1*HC:G0009*1*UN*1***1~\n"),
    ("*UN*1***1~\n", "*UN*1***1~\nNM1*82*1*OTHER*ANN****XX*1245319599~\n"),
    ("DTP*472*D8*", "DTP*472*D9*"),
    ("REF*6R*", "REF*6R*1~\nREF*9B*"),
    ("REF*6R*", "REF*6R*1*2*"),
    ("DMG*D8*", "DMG*D9*"),
    ("DMG*D8*", "PAT*****D8*20260101~\nDMG*D8*"),
    ("N3*", "N3**"),
    ("N4*SPRINGFIELD*OH*45501~", "N4*SPRINGFIELD*OH*45501*CA~"),
    ("****MI*MBR", "****II*MBR"),
    ("****MI*MBR", "**DR**MI*MBR"),
    ("NM1*IL*1*", "NM1*IL*2*"),
    ("NM1*PR*2*EXAMPLE PAYER*****PI*EX001~\n", ""),
    ("NM1*PR*2*EXAMPLE PAYER*****PI*EX001~\n", "NM1*PR*2*EXAMPLE PAYER*****PI*EX001~\nREF*2U*9~\n"),
    ("SBR*P*18*", "SBR*P**"),
    ("SBR*P*18*GRP1234******CI~\n", "SBR*P*18*GRP1234*A*B*C*D*E*CI~\nPAT*********Y~\n"),
    ("***11:B:1*Y*A*Y*Y~\n", "***11:B:1*Y*A*Y*Y~\nREF*G1*AUTH1~\nREF*EA*RECORD1~\n"),
    ("***11:B:1*Y*A*Y*Y~\n", "***11:A:1:9*Y*A*Y*Y~\nXYZ*1~\n"),
    ("CLM*ACCT", "CLM*ACCT~\nCLM*ACCT"),
    ("HI*ABK:I10", "HI*ABK:I10:::::X"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_both_ways_see_what_is_unusual(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = many().decode()
    assert old in text
    # In every third claim.
    levels = text.split("HL*")
    levels[1::3] = [level.replace(old, new, 1) for level in levels[1::3]]
    content = "HL*".join(levels).encode()
    assert typed(content) == slowly(content, monkeypatch)


@pytest.mark.shared
@pytest.mark.skipif(not FILES, reason="../shared/samples/x12 is not there")
def test_samples_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FILES:
        assert typed(path) == slowly(path, monkeypatch)


@pytest.mark.parametrize("size", [1, 7, 100, 1_000])
@pytest.mark.parametrize("kind", KINDS)
def test_pieces_of_any_size(kind: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = typed(CLEAN[kind])
    monkeypatch.setattr(sources, "PIECE", size)
    assert typed(CLEAN[kind]) == whole
    assert list(read(io.BytesIO(CLEAN[kind].read_bytes()))) == whole[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("marks", ["|>+\n", "\x1d\x1f\x1e\x1c"])
def test_any_delimiters(kind: str, marks: str) -> None:
    again = redressed(CLEAN[kind].read_bytes(), *marks)
    assert typed(again) == typed(CLEAN[kind])


def test_places_are_bytes() -> None:
    """Whatever the blocks are, a refusal names the byte of its CLM."""
    content = many() * 3
    bad = content.replace(b"CLM*ACCT00000007*", b"CLM*ACCT00000007*X").replace(
        b"CLM*ACCT00000260*", b"CLM*ACCT00000260*X"
    )
    found, refused = typed(bad)
    places = [
        i for i in range(len(bad)) if bad.startswith((b"CLM*ACCT00000007", b"CLM*ACCT00000260"), i)
    ]
    assert [int(text.partition(":")[0].removeprefix("byte ")) for text in refused] == places
    assert len(places) == 6
    assert len(found) == len(typed(content)[0]) - 6


def test_a_transaction_that_breaks_off_loses_one_claim() -> None:
    content = many()
    cut = content[: content.rindex(b"LX*")]
    found, refused = typed(cut)
    assert len(found) == len(typed(content)[0]) - 1
    assert len(refused) == 1
    assert "breaks off inside it" in refused[0]
    # And what follows is read all the same.
    assert len(typed(cut + CLEAN["837P"].read_bytes())[0]) == len(found) + 2


def test_without_somebody_to_tell_it_raises_at_the_end() -> None:
    content = many().replace(b"CLM*ACCT00000007*", b"CLM*ACCT00000007*X")
    found: list[Claim] = []
    with pytest.raises(Invalid) as caught:
        found.extend(read(content))
    assert len(found) == len(typed(many())[0]) - 1
    assert len(caught.value.problems) == 1


def test_versions_are_refused_by_name() -> None:
    content = CLEAN["837P"].read_bytes().replace(b"005010X222A1", b"004010X098A1")
    found, refused = typed(content)
    assert found == []
    assert "'837' '004010X098A1'" in refused[0]


def test_more_lines_than_any_claim_has() -> None:
    text = CLEAN["837P"].read_text()
    first = text.index("LX*1~")
    many_lines = "LX*1~\nSV1*HC:G0008*1*UN*1***1~\n" * 12_000
    found, refused = typed((text[:first] + many_lines + text[first:]).encode())
    assert len(found) == 1
    assert "more than 9,999 lines" in refused[0]


def test_a_loop_without_end() -> None:
    text = CLEAN["837P"].read_text()
    first = text.index("LX*1~")
    long = "NTE*ADD*WORDS~\n" * 100_000
    found, refused = typed((text[:first] + long + text[first:]).encode())
    assert len(found) == 1
    assert "longer than any claim's" in refused[0]
