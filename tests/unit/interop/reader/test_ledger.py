"""The ledger of what was sent, answers that come one by one, and what never was answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from superbill.cli.acks import command
from superbill.errors import Invalid
from superbill.interop.x12.ack import Ledger, read, sent_claims, strays, track
from superbill.interop.x12.ack.words import meaning
from superbill.store.home import VARIABLE
from tests.unit.interop.reader.files import clean, isa

AT = datetime(2026, 3, 3, 10, 20, tzinfo=UTC)
SENT = clean("837P")
GROUP = next(iter(sent_claims(SENT))).group
REFERENCE = next(iter(sent_claims(SENT))).reference
INTERCHANGE = next(iter(sent_claims(SENT))).interchange


def in_group(kind: str, version: str, set_id: str, *segments: str, number: int = 50) -> bytes:
    body = [f"ST*{set_id}*0001*{version}", *segments]
    lines = [
        f"GS*{kind}*RECEIVER*SENDER*20260304*1020*{number}*X*{version}",
        *body,
        f"SE*{len(body) + 1}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09}",
    ]
    return (isa(number=number) + "~".join(lines) + "~").encode()


def ta1(answer: str, fault: str) -> bytes:
    return (
        f"{isa(number=7)}TA1*{INTERCHANGE}*260303*1020*{answer}*{fault}~IEA*0*000000007~".encode()
    )


def ack_999(answer: str, *faults: str, group: str = GROUP, number: str = "0001") -> bytes:
    ik5 = "*".join(("IK5", answer, *faults))
    return in_group(
        "FA",
        "005010X231A1",
        "999",
        f"AK1*HC*{group}*005010X222A1",
        f"AK2*837*{number}*005010X222A1",
        ik5,
        f"AK9*{answer}*1*1*{int(answer != 'R')}",
    )


def ack_277(*claims: tuple[str, str, str], reference: str = REFERENCE, whole: str = "WQ") -> bytes:
    told = []
    for claim, code, action in claims:
        told += [f"TRN*2*{claim}", f"STC*{code}*20260304*{action}*250"]
    return in_group(
        "HN",
        "005010X214",
        "277",
        "BHT*0085*08*A1*20260304*1020*TH",
        "HL*1**20*1",
        "NM1*PR*2*PAYER*****PI*P1",
        "TRN*1*A1",
        "DTP*050*D8*20260304",
        "DTP*009*D8*20260304",
        "HL*2*1*21*1",
        "NM1*41*2*SENDER*****46*S1",
        f"TRN*2*{reference}",
        f"STC*A1:19:PR*20260304*{whole}*500",
        "HL*3*2*19*1",
        "NM1*85*2*CLINIC*****XX*1234567893",
        "HL*4*3*PT",
        "NM1*QC*1*SAMPLE*ELEANOR****MI*M1",
        *told,
    )


def outcomes(*answers: bytes) -> list[tuple[str, str, tuple[str, ...]]]:
    read_back = [one for answer in answers for one in read(answer)]
    return [(o.state, o.by, o.why) for o in track(sent_claims(SENT), read_back)]


def test_an_accepted_transaction_is_received_and_no_more() -> None:
    assert outcomes(ack_999("A")) == [("received", "999", ())] * 2
    assert outcomes(ta1("A", "000")) == [("received", "TA1", ())] * 2
    assert outcomes(ack_999("A"), ta1("A", "000"))[0][1] == "999"


def test_the_nearest_answer_decides() -> None:
    answer = ack_277(("ACCT0001", "A2:20:PR", "WQ"), ("ACCT0002", "A7:562:85", "U"))
    for before in ((), (ack_999("E", "5"),), (ta1("A", "000"), ack_999("A"))):
        assert outcomes(*before, answer) == [
            ("accepted", "277CA", ("A2:20",)),
            ("rejected", "277CA", ("A7:562",)),
        ]


def test_a_transaction_that_is_rejected_as_a_whole_rejects_its_claims() -> None:
    assert outcomes(ack_277(whole="U"))[0] == ("rejected", "277CA", ("A1:19",))
    assert outcomes(ack_999("R", "5", "I5"))[1] == ("rejected", "999", ("5", "I5"))
    assert outcomes(ta1("R", "025"), ack_999("A"))[0][0] == "rejected"


def test_numbers_are_the_same_with_and_without_leading_zeros() -> None:
    assert outcomes(ack_999("A", group=f"000{GROUP}", number="1"))[0][0] == "received"


def test_a_997_answers_as_a_999_does() -> None:
    old = ack_999("R", "5").replace(b"ST*999", b"ST*997").replace(b"IK5", b"AK5")
    assert outcomes(old)[0] == ("rejected", "999", ("5",))


def test_an_answer_goes_to_the_sender_that_it_names() -> None:
    other = SENT.replace(b"EXAMPLESENDER  ", b"ANOTHERSENDER  ")
    assert other != SENT
    back = SENT.index(b"EXAMPLESENDER")
    assert back
    answer = ack_999("R", "5").replace(b"RECEIVER       *260303", b"EXAMPLESENDER  *260303")
    both = [*sent_claims(SENT), *sent_claims(other)]
    found = [o.state for o in track(both, read(answer))]
    assert found == ["rejected", "rejected", "no answer", "no answer"]


def test_a_number_that_somebody_on_the_way_gave_is_passed_over() -> None:
    answer = ack_277(("ACCT0001", "A2:20:PR", "WQ"), reference="CLEARING1")
    assert [state for state, _, _ in outcomes(answer)] == ["accepted", "no answer"]


def test_answers_to_what_was_not_sent_are_told() -> None:
    answers = [
        *read(ack_999("A", group="999999")),
        *read(ack_999("A", number="0077")),
        *read(ta1("A", "000").replace(INTERCHANGE.encode(), b"000000321")),
        *read(ack_277(("STRANGE", "A2:20", "WQ"))),
    ]
    told = strays(sent_claims(SENT), answers)
    assert len(told) == 4
    assert "claim STRANGE" in told[3]
    assert strays(sent_claims(SENT), read(ack_277(("ACCT0001", "A2:20", "WQ")))) == []


def test_the_ledger_takes_answers_in_as_they_come(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "kept" / "sent.sqlite")
    assert ledger.outcomes() == []
    assert ledger.note(SENT, file="out.837", at=AT) == 2
    assert ledger.note(SENT, file="out.837", at=AT) == 0
    assert [o.state for o in ledger.outcomes()] == ["no answer"] * 2
    assert [o.state for o in ledger.settle(read(ack_999("A")))] == ["received"] * 2
    answer = ack_277(("ACCT0001", "A2:20:PR", "WQ"), ("ACCT0002", "A7:562:85", "U"))
    ledger.settle(read(answer))
    # An answer to the transaction that comes late does not undo the answers to the claims.
    kept = Ledger(ledger.path).settle(read(ack_999("A")))
    assert [(o.sent.claim, o.state, o.why) for o in kept] == [
        ("ACCT0001", "accepted", ("A2:20",)),
        ("ACCT0002", "rejected", ("A7:562",)),
    ]
    assert kept[0].sent.file == "out.837"


def test_claims_that_repeat_a_number_are_kept_apart(tmp_path: Path) -> None:
    twice = SENT.replace(b"ACCT0002", b"ACCT0001")
    ledger = Ledger(tmp_path / "sent.sqlite")
    assert ledger.note(twice, file="out.837", at=AT) == 2


def test_a_ledger_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    bad = tmp_path / "sent.sqlite"
    bad.write_bytes(b"no database, and long enough to be looked at as one" * 20)
    with pytest.raises(Invalid, match=r"ledger: .* cannot be read or written"):
        Ledger(bad).outcomes()


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    (tmp_path / "out.837").write_bytes(SENT)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.999").write_bytes(ack_999("A"))
    (inbox / "b.277").write_bytes(ack_277(("ACCT0002", "A7:562:85", "U")))
    return tmp_path


def asked(*args: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(args), standalone_mode=False)
    assert done.exception is None, done.exception
    return done.return_value, done.stdout, done.stderr


def test_the_command_tells_each_claim_and_what_is_overdue(mailbox: Path) -> None:
    out, inbox = str(mailbox / "out.837"), mailbox / "inbox"
    code, told, _ = asked(out, "--received", str(inbox / "a.999"), str(inbox / "b.277"))
    assert code == 1
    assert "ACCT0002: rejected by 277CA" in told
    assert "a party's National Provider Identifier" in told
    assert "1 received, 1 rejected" in told
    code, told, _ = asked(out, "--on", "2026-03-09", "--json")
    assert code == 1
    assert [c["overdue"] for c in json.loads(told)["claims"]] == [True, True]
    code, told, _ = asked(out, "--received", str(inbox / "a.999"), "--on", "2026-03-09")
    assert code == 0
    code, told, _ = asked(
        out, "--received", str(inbox / "a.999"), "--on", "2026-03-09", "--claim-level"
    )
    assert code == 1
    assert "received by 999, overdue" in told


def test_the_command_follows_the_ledger(mailbox: Path) -> None:
    out, inbox = str(mailbox / "out.837"), str(mailbox / "inbox")
    code, _, _ = asked(out, "--ledger", "--on", "2026-03-04")
    assert code == 0
    code, told, _ = asked("--ledger", "--received", inbox, "--on", "2026-03-04", "--all", "--json")
    assert code == 1
    assert [c["state"] for c in json.loads(told)["claims"]] == ["received", "rejected"]
    # What came in once is remembered.
    code, told, _ = asked("--ledger", "--on", "2026-03-04", "--json")
    assert [c["state"] for c in json.loads(told)["claims"]] == ["received", "rejected"]


def test_files_that_are_something_else_are_told(mailbox: Path) -> None:
    out, ack = str(mailbox / "out.837"), str(mailbox / "inbox" / "a.999")
    code, _, told = asked(ack, "--received", out)
    assert code == 2
    assert "holds no claims" in told
    assert "holds no acknowledgement" in told


def test_codes_have_words() -> None:
    assert meaning("TA1", "025") == "the control number was used before"
    assert meaning("999", "I5").startswith("segments break")
    assert meaning("277CA", "A8:400").startswith("Rejected: fields contradict")
    assert meaning("", "1") == ""
