"""Every 837 of the samples: typed, written, checked, and read again as the same claims."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import Partner, SequentialControlNumbers, parse_partner
from superbill.interop.x12.check import check_file
from superbill.interop.x12.claims.writer import ClaimWriter
from superbill.interop.x12.reader import transactions
from superbill.interop.x12.typed import read
from superbill.model import Claim

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "x12"
FILES = sorted(SAMPLES.glob("*837*/*")) + sorted(SAMPLES.glob("mixed/*"))
CREATED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="../shared/samples/x12 is not there"),
]


def partner() -> Partner:
    return parse_partner(
        """
        [submitter]
        name = "Example Billing"
        id = "EB001"
        phone = "5555550100"
        [receiver]
        name = "Example Clearinghouse"
        id = "EC001"
        [interchange]
        sender = "EB001"
        receiver = "EC001"
        """
    )


def typed(source: Path | bytes) -> tuple[list[Claim], list[Invalid]]:
    refused: list[Invalid] = []
    return list(read(source, refused=refused.append)), refused


def written(claims: list[Claim]) -> bytes:
    writer = ClaimWriter(partner(), strict=False)
    for claim in claims:
        writer.add(claim)
    return writer.write(SequentialControlNumbers(), CREATED)


def content(source: Path | bytes) -> Counter[str]:
    """The segments below the first HL of each transaction, their numbers without needless zeros."""
    found: Counter[str] = Counter()
    for transaction in transactions(source):
        mark = transaction.isa.delimiters.component
        below = False
        for segment in transaction:
            if segment.id == "HL":
                below = True
            elif below and segment.id != "SE":
                elements = [
                    ":".join(map(plain, element.split(mark))).rstrip(":")
                    for element in segment.elements
                ]
                found["*".join(elements).rstrip("*")] += 1
    return found


def plain(text: str) -> str:
    if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", text) and len(text) < 12:
        return format(Decimal(text).normalize(), "f")
    return text


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_is_typed_or_refused_with_its_place(path: Path) -> None:
    claims, refused = typed(path)
    assert claims or refused
    for error in refused:
        for problem in error.problems:
            assert re.fullmatch(r"byte \d+", problem.path)
            assert problem.remedy


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_written_reads_as_the_same_claims(path: Path) -> None:
    claims, refused = typed(path)
    if not claims:
        return
    again = written(claims)
    assert typed(again) == (claims, [])
    if not refused:
        # Loops above claims may be written once or more often; none of their words is lost.
        assert content(path).keys() <= content(again).keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_clean_sample_stays_clean(path: Path) -> None:
    claims, _ = typed(path)
    if not claims or not check_file(path, level=4).accepted:
        return
    assert check_file(written(claims), level=4).findings == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_claim_is_the_same_in_json(path: Path) -> None:
    for claim in typed(path)[0]:
        assert msgspec.json.decode(msgspec.json.encode(claim), type=Claim) == claim


def test_most_samples_are_typed() -> None:
    """All but those of another version, of a broken ISA, or of an 837I with professional lines."""
    assert sum(bool(typed(path)[0]) for path in FILES) == 35
