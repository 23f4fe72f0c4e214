"""Partner files: every fault names its setting; what is written follows the settings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import (
    Batch837I,
    InstitutionalClaim,
    SequentialControlNumbers,
    direct_partner,
    parse_partner,
    read_partner,
    write_837i,
    write_837i_file,
)
from tests.unit.interop import stays
from tests.unit.interop.readback import File, pyx12_errors
from tests.unit.interop.stays import CREATED, MEDICARE, PARTNER, PARTNER_TOML, stay

FAULTS = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "partner_faults.toml").read_text("utf-8")
)["case"]


def write(**claims: Any) -> bytes:
    return write_837i([InstitutionalClaim(stay())], **claims, created=CREATED)


def test_a_file_with_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "partner.toml"
    path.write_text(
        PARTNER_TOML
        + """
sender_qualifier = "30"
receiver_qualifier = "33"
usage = "production"
acknowledge = true
group_sender = "APPSEND"
group_receiver = "APPRECV"
authorization = "AUTH"
password = "SECRET"
first_control_number = 5000

[text]
delimiters = "|>!'"
character_set = "basic"
line_breaks = true
"""
    )
    given = read_partner_without_email(path)
    content = write(partner=given, control=SequentialControlNumbers())
    assert pyx12_errors(content) == []
    assert content.startswith(
        b"ISA|03|AUTH      |01|SECRET    |30|EGH001         |33|EC0001         |260303|1020|!|"
        b"00501|000005000|1|P|>'\nGS|HC|APPSEND|APPRECV|20260303|1020|5000|X|005010X223A2'\n"
    )
    assert content.endswith(b"IEA|1|000005000'\n")
    assert File(content).one("NM1", "41")[3] == "EXAMPLE GENERAL HOSPITAL"


def read_partner_without_email(path: Path) -> Any:
    # The @ of an e-mail address is not in the basic set.
    with pytest.raises(Invalid) as caught:
        read_partner(path)
    assert [p.path for p in caught.value.problems] == ["submitter.email"]
    path.write_text(path.read_text().replace('email = "billing@example.org"', ""))
    return read_partner(path)


@pytest.mark.parametrize("case", FAULTS, ids=[c["name"] for c in FAULTS])
def test_a_fault_names_its_setting(case: dict[str, Any]) -> None:
    text = PARTNER_TOML.replace(case["seen"], case["put"]) if "seen" in case else case["text"]
    assert text != PARTNER_TOML
    with pytest.raises(Invalid) as caught:
        parse_partner(text, "partner.toml")
    problem = caught.value.problems[0]
    assert problem.path == case["path"]
    assert case["says"] in str(problem)
    assert problem.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"absent\.toml: cannot be read"):
        read_partner(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(Invalid, match=r"latin\.toml: cannot be read"):
        read_partner(tmp_path / "latin.toml")


def test_a_test_partner_from_the_claim_alone() -> None:
    claim = InstitutionalClaim(stay())
    given = direct_partner(claim)
    content = write_837i(
        [claim], partner=given, control=SequentialControlNumbers(), created=CREATED
    )
    assert pyx12_errors(content) == []
    file = File(content)
    assert file.segments[0][15] == "T"
    assert file.one("NM1", "40")[9] == MEDICARE.payer_id


def test_a_test_partner_needs_phone_and_payer() -> None:
    silent = stay(
        facility=msgspec.structs.replace(stays.FACILITY, phone=""),
        payers=(msgspec.structs.replace(MEDICARE, payer_id=""),),
    )
    with pytest.raises(Invalid) as caught:
        direct_partner(InstitutionalClaim(silent))
    assert [p.path for p in caught.value.problems] == ["facility.phone", "payers[0].payer_id"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.837"
    path.write_bytes(b"what was there before")
    numbers = SequentialControlNumbers()

    def go(encounter: Any, to: Path) -> bytes:
        return write_837i_file(
            to,
            [InstitutionalClaim(encounter)],
            partner=PARTNER,
            control=numbers,
            created=CREATED,
        )

    with pytest.raises(Invalid):
        go(stay(attending=None), path)
    assert path.read_bytes() == b"what was there before"
    content = go(stay(), path)
    assert path.read_bytes() == content
    assert b"*000000001*" in content  # the refused claim used no number
    with pytest.raises(Invalid, match="cannot be written: there is no folder"):
        go(stay(), tmp_path / "no folder" / "out.837")
    with pytest.raises(Invalid, match="cannot be written: it is a folder") as refused:
        go(stay(), tmp_path)
    assert ".part" not in str(refused.value)  # the file beside it is not what was named
    with pytest.raises(Invalid, match="cannot be written"):
        go(stay(), path / "out.837")
    assert [p.name for p in tmp_path.iterdir()] == ["out.837"]


def test_no_claim_is_no_file() -> None:
    numbers = SequentialControlNumbers()
    with pytest.raises(Invalid, match="claims: has none"):
        write_837i([], partner=PARTNER, control=numbers, created=CREATED)
    assert numbers.next(PARTNER.sender) == 1


def test_a_refused_claim_leaves_the_batch_as_it_was() -> None:
    batch, alone = Batch837I(PARTNER), Batch837I(PARTNER)
    for encounter in (stay(id="1"), stay(attending=None), stay(id="2")):
        if encounter.attending is None:
            with pytest.raises(Invalid):
                batch.add(InstitutionalClaim(encounter))
        else:
            batch.add(InstitutionalClaim(encounter))
            alone.add(InstitutionalClaim(encounter))
    assert len(batch) == 2
    assert batch.write(SequentialControlNumbers(), CREATED) == alone.write(
        SequentialControlNumbers(), CREATED
    )


def test_five_thousand_claims_a_transaction() -> None:
    claim = InstitutionalClaim(stay(lines=stays.lines(1), procedures=()))
    content = write_837i(
        [claim] * 5_001, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED
    )
    file = File(content)
    file.check_envelope()
    file.check_hierarchy()
    assert [s[2] for s in file.all("ST")] == ["0001", "0002"]
    assert len({s[3] for s in file.all("BHT")}) == 2
    ends = [i for i, s in enumerate(file.segments) if s.id == "SE"]
    first = sum(s.id == "CLM" for s in file.segments[: ends[0]])
    assert (first, len(file.all("CLM"))) == (5_000, 5_001)
    # Each transaction stands alone: the hospital is written in both.
    assert len(file.all("NM1", "85")) == 2
