"""``superbill x12``: check, show, split."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from superbill.interop.x12.check import check_file
from tests.unit.cli.conftest import Superbill
from tests.unit.interop.reader.files import CLEAN, clean, isa


@pytest.fixture(autouse=True)
def data(stored: Path) -> Path:
    return stored


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file(superbill: Superbill, name: str) -> None:
    ran = superbill("x12", "check", CLEAN[name], "--json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert found.keys() == {
        "file",
        "accepted",
        "interchanges",
        "transactions",
        "segments",
        "findings",
        "not_checked",
    }
    assert (found["file"], found["accepted"], found["findings"]) == (str(CLEAN[name]), True, [])
    assert (found["interchanges"], found["transactions"]) == (1, 1)


def test_findings_are_told_with_their_place(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "bad.835"
    path.write_bytes(clean("835").replace(b"BPR*I*265*C", b"BPR*I*266*C"))
    ran = superbill("x12", "check", path, "--json")
    assert ran.code == 1
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["snip"] == 3
    assert finding["rule"] == "balance.remittance"
    assert finding["where"] == {"byte": 177, "segment": "BPR", "loop": "ST", "element": "BPR02"}
    assert "266" in finding["message"]
    ran = superbill("x12", "check", path)
    assert ran.code == 1
    assert "byte 177, BPR02 in ST: BPR02 is 266" in ran.out
    assert "mend:" in ran.out
    assert "1 finding; 1 interchange, 1 transaction" in ran.out


@pytest.mark.parametrize(
    ("level", "rules"),
    [
        ("1", set()),
        ("2", {"element.code"}),
        ("4", {"element.code", "balance.claim", "patient.is_subscriber"}),
        ("3-5", {"balance.claim", "patient.is_subscriber", "code.npi"}),
        ("5", {"element.code", "balance.claim", "patient.is_subscriber", "code.npi"}),
    ],
)
def test_levels(superbill: Superbill, tmp_path: Path, level: str, rules: set[str]) -> None:
    content = clean("837P").replace(b"CLM*ACCT0001*250*", b"CLM*ACCT0001*251*")
    content = content.replace(b"SBR*S********MC", b"SBR*S*18*******QQ")
    content = content.replace(b"XX*1245319599", b"XX*1245319598")
    path = tmp_path / "bad.837"
    path.write_bytes(content)
    ran = superbill("x12", "check", path, "--json", "--level", level)
    assert {f["rule"] for f in json.loads(ran.out)["findings"]} == rules


@pytest.mark.parametrize("level", ["0", "8", "5-3", "x", "1-", ""])
def test_a_level_that_is_none(superbill: Superbill, level: str) -> None:
    ran = superbill("x12", "check", CLEAN["835"], "--level", level)
    assert ran.code == 2
    assert "is not a level" in ran.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Hello, world", "does not begin with ISA"),
        (isa()[:90].encode(), "ends inside the ISA"),
        (b"\x1f\x8b\x08rest", "damaged"),
        (b"PK\x03\x04", "zip archive"),
        (clean("837P").replace(b"005010X222A1", b"004010X098A1"), "4010"),
    ],
)
def test_what_cannot_be_read_is_2(
    superbill: Superbill, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    ran = superbill("x12", "check", path, "--json")
    assert ran.code == 2
    found = json.loads(ran.out)
    assert not found["accepted"]
    assert any(said in f["message"] for f in found["findings"])
    assert superbill("x12", "check", path).code == 2


def test_a_file_that_is_not_there_does_not_keep_others_from_being_checked(
    superbill: Superbill, tmp_path: Path
) -> None:
    ran = superbill("x12", "check", tmp_path / "none", CLEAN["835"], "--json")
    assert ran.code == 2
    first, second = map(json.loads, ran.out.splitlines())
    assert (first["accepted"], second["accepted"]) == (False, True)
    assert "No such file" in ran.err
    assert superbill("x12", "check", tmp_path).code == 2


def test_standard_input_and_gzip(superbill: Superbill, tmp_path: Path) -> None:
    packed = gzip.compress(clean("835"))
    ran = superbill("x12", "check", "-", "--json", stdin=packed)
    assert (ran.code, json.loads(ran.out)["file"]) == (0, "stdin")
    path = tmp_path / "a.835.gz"
    path.write_bytes(packed)
    assert superbill("x12", "check", path).code == 0


def test_an_empty_file_is_no_answer(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    ran = superbill("x12", "check", path, "--json")
    assert ran.code == 2
    assert json.loads(ran.out)["findings"][0]["rule"] == "file.empty"


def test_acknowledgements_are_written_once(superbill: Superbill, tmp_path: Path) -> None:
    out = tmp_path / "out.999"
    ran = superbill("x12", "check", CLEAN["837P"], CLEAN["999"], "--ack", out)
    assert ran.code == 0
    assert "1 TA1, 1 999, 1 277CA" in ran.err
    assert check_file(out, level=2).accepted
    first = out.read_bytes()
    superbill("x12", "check", CLEAN["837P"], "--ack", out)
    assert out.read_bytes()[:106] != first[:106]  # the control number goes on
    none = tmp_path / "none"
    ran = superbill("x12", "check", CLEAN["999"], "--ack", none)
    assert "nothing to acknowledge" in ran.err
    assert not none.exists()


RULES = """
payer = "Example Payer"

[[rule]]
id = "member_id"
loop = "2010BA"
element = "NM109"
when = { NM108 = "MI" }
match = "MBR[0-9]{6}"
message = "A member number is MBR and six digits."

[[rule]]
id = "authorization"
sets = ["837I"]
loop = "2300"
present = "REF*G1"
when = { CLM05-1 = "11" }
message = "A stay needs the number of its authorization."
mend = "Send REF*G1."
source = "companion guide, page 12"

[[rule]]
id = "no_notes"
loop = "2300"
absent = "NTE"
message = "Notes are not read."
"""


def test_a_payer_s_own_rules(superbill: Superbill, tmp_path: Path) -> None:
    rules = tmp_path / "payer.toml"
    rules.write_text(RULES)
    ran = superbill("x12", "check", CLEAN["837P"], "--rules", rules, "--json")
    assert ran.code == 0
    ran = superbill("x12", "check", CLEAN["837I"], "--rules", rules, "--json")
    found = json.loads(ran.out)["findings"]
    assert [(f["rule"], f["snip"], f["where"]["segment"]) for f in found] == [
        ("payer.member_id", 7, "NM1"),
        ("payer.authorization", 7, "CLM"),
    ]
    assert "Example Payer: A stay needs" in found[1]["message"]
    assert "page 12" in found[1]["message"]
    assert superbill("x12", "check", CLEAN["837I"], "--rules", rules, "--level", "5").code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("payer = ", "is not TOML"),
        ('payer = "A"', "missing required field `rule`"),
        (RULES.replace('loop = "2010BA"', 'loop = "9999"'), "is no loop"),
        (RULES.replace("MBR[0-9]{6}", "MBR["), "is no regular expression"),
        (RULES.replace('element = "NM109"', 'element = "NAME"'), "is no element"),
        (RULES.replace('["837I"]', '["837X"]'), "is no guide"),
        (RULES.replace('present = "REF*G1"\n', ""), "neither or both"),
        (RULES.replace('match = "MBR[0-9]{6}"\n', ""), "says nothing about its element"),
    ],
)
def test_a_rule_that_cannot_be_run_is_named(
    superbill: Superbill, tmp_path: Path, text: str, said: str
) -> None:
    rules = tmp_path / "payer.toml"
    rules.write_text(text)
    ran = superbill("x12", "check", CLEAN["837P"], "--rules", rules)
    assert ran.code == 2
    assert said in ran.err
    assert "payer.toml" in ran.err


def test_show(superbill: Superbill) -> None:
    ran = superbill("x12", "show", CLEAN["837P"])
    assert ran.code == 0
    for line in (
        "interchange 000000101: ZZ:EXAMPLESENDER to ZZ:EXAMPLEPAYER, test, byte 0",
        "transaction 0001: 837P, 005010X222A1, byte 164",
        "    2010AA billing provider",
        "        CLM claim ACCT0001, charge 250, place or bill type 11 B 1, provider signed Y,"
        " assignment A, benefits assigned Y, release of information Y",
    ):
        assert line in ran.out
    assert "?" not in ran.out


def test_show_one_claim_with_what_it_stands_below(superbill: Superbill) -> None:
    ran = superbill("x12", "show", CLEAN["837P"], "--claim", "ACCT0002")
    assert ran.code == 0
    assert "claim ACCT0002" in ran.out
    assert "EXAMPLE PHYSICIANS" in ran.out
    assert "ROE" in ran.out
    assert "ACCT0001" not in ran.out
    assert "DOE" not in ran.out
    ran = superbill("x12", "show", CLEAN["835"], "--claim", "ACCT0003")
    assert "claim ACCT0003" in ran.out
    assert "ACCT0001" not in ran.out
    ran = superbill("x12", "show", CLEAN["835"], "--claim", "NONE")
    assert (ran.code, ran.out) == (1, "")
    assert "There is no claim 'NONE'" in ran.err


def test_show_refuses_what_cannot_be_read(superbill: Superbill, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"nonsense")
    ran = superbill("x12", "show", path)
    assert ran.code == 2
    assert "byte 0" in ran.err


@pytest.mark.parametrize("line_break", [b"\n", b"", b"\r\n"])
def test_split(superbill: Superbill, tmp_path: Path, line_break: bytes) -> None:
    text = clean("837P").decode()
    start, end = text.index("ST*"), text.index("GE*")
    second = text[start:end].replace("*0001*005", "*0002*005").replace("SE*62*0001", "SE*62*0002")
    both = text[:end] + second + text[end:].replace("GE*1", "GE*2") + clean("835").decode()
    path = tmp_path / "batch.edi"
    path.write_bytes(both.encode().replace(b"\n", line_break))
    into = tmp_path / "parts"
    ran = superbill("x12", "split", path, "-o", into, "--json")
    assert ran.code == 0
    parts = [json.loads(line) for line in ran.out.splitlines()]
    assert [(p["set_id"], p["control"], p["segments"]) for p in parts] == [
        ("837", "0001", 62),
        ("837", "0002", 62),
        ("835", "0001", 39),
    ]
    names = {Path(p["path"]).name for p in parts}
    assert names == {f.name for f in into.iterdir()}
    assert "batch-000000101-101-0001.x12" in names
    for part in parts:
        content = Path(part["path"]).read_bytes()
        found = check_file(content, level=4)
        assert found.accepted, [str(f) for f in found.findings]
    first = Path(parts[0]["path"]).read_bytes()
    assert first == clean("837P").replace(b"\n", line_break)


def test_split_leaves_nothing_of_a_transaction_that_breaks_off(
    superbill: Superbill, tmp_path: Path
) -> None:
    content = clean("835").replace(b"SE*39*0001~\n", b"") + clean("270")
    path = tmp_path / "batch.edi"
    path.write_bytes(content)
    into = tmp_path / "parts"
    ran = superbill("x12", "split", path, "-o", into)
    assert ran.code == 1
    assert "no SE" in ran.err
    assert [p.name for p in into.iterdir()] == ["batch-000000401-401-0001.x12"]


def test_split_into_what_is_no_folder(superbill: Superbill, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = superbill("x12", "split", CLEAN["835"], "-o", tmp_path / "file")
    assert ran.code == 2
    assert "cannot be made" in ran.err
