"""Any claim that an 837 can hold is the same claim after it was written and read."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from superbill.interop.x12 import (
    ClaimWriter,
    Partner,
    SequentialControlNumbers,
    parse_partner,
    read,
)
from superbill.interop.x12.check import check_file
from superbill.model import Claim, ClaimKind
from tests.properties.x12_claims import claims
from tests.unit.interop.readback import File, pyx12_errors

CREATED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KINDS: tuple[ClaimKind, ...] = ("837P", "837I", "837D")
MARKS = ("*:^~", "|>+\n", "\x1d\x1f\x1e\x1c")

# Claims are large: shrinking one takes minutes, and its problems name their places anyhow.
slow = settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def partner(marks: str = "*:^~") -> Partner:
    made = parse_partner(
        """
        [submitter]
        name = "EXAMPLE BILLING"
        id = "EB001"
        contact = "BILLING OFFICE"
        phone = "5555550100"
        [receiver]
        name = "EXAMPLE CLEARINGHOUSE"
        id = "EC001"
        [interchange]
        sender = "EB001"
        receiver = "EC001"
        """
    )
    return msgspec.structs.replace(made, text=msgspec.structs.replace(made.text, delimiters=marks))


def written(*given_: Claim, marks: str = "*:^~") -> bytes:
    with ClaimWriter(partner(marks)) as writer:
        for claim in given_:
            writer.add(claim)
        return writer.write(SequentialControlNumbers(), CREATED)


@pytest.mark.parametrize("kind", KINDS)
@slow
@given(st.data())
def test_written_and_read_back(kind: ClaimKind, data: st.DataObject) -> None:
    claim = data.draw(claims(kind))
    content = written(claim)
    assert list(read(content)) == [claim]
    assert msgspec.json.decode(msgspec.json.encode(claim), type=Claim) == claim
    File(content).check_hierarchy()
    found = check_file(content, level=2).findings
    assert [f"{f.rule} {f.at.segment} {f.at.loop} {f.message}" for f in found] == []


@settings(slow, max_examples=8)
@given(st.lists(st.sampled_from(KINDS).flatmap(claims), min_size=2, max_size=5))
def test_many_of_all_kinds_in_one_file(given_: list[Claim]) -> None:
    again = list(read(written(*given_)))
    assert len(again) == len(given_)
    for kind in KINDS:
        assert [c for c in again if c.kind == kind] == [c for c in given_ if c.kind == kind]


@pytest.mark.parametrize("kind", ["837P", "837I"])
@settings(slow, max_examples=8)
@given(st.data())
def test_pyx12_accepts_what_is_written(kind: ClaimKind, data: st.DataObject) -> None:
    assert pyx12_errors(written(data.draw(claims(kind)))) == []
