"""What a claim may not lack or hold, and how it is refused; batches, groups and numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12 import ClaimWriter, SequentialControlNumbers, read
from superbill.interop.x12.check import check_file
from superbill.interop.x12.claims import writer as writing
from superbill.model import Claim, ClaimDiagnosis, Extra
from tests.unit.interop.claims.test_samples import partner
from tests.unit.interop.readback import File
from tests.unit.interop.reader.files import CLEAN

CREATED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLAIMS: dict[str, Claim] = {
    kind: next(iter(read(CLEAN[kind]))) for kind in ("837P", "837I", "837D")
}
P = CLAIMS["837P"]


def written(*claims: Claim, strict: bool = True) -> bytes:
    with ClaimWriter(partner(), strict=strict) as writer:
        for claim in claims:
            writer.add(claim)
        return writer.write(SequentialControlNumbers(7), CREATED)


def refused(claim: Claim, **options: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        written(claim, **options)
    assert all(problem.remedy for problem in caught.value.problems)
    return [problem.path for problem in caught.value.problems]


def line(**changes: Any) -> Claim:
    return replace(P, lines=(replace(P.lines[0], **changes), *P.lines[1:]))


def extra(*elements: tuple[str, ...], part: bool = False) -> Claim:
    return replace(P, extra=(Extra(loop="2300", elements=elements, part=part),))


CASES = [
    (replace(P, id=""), "id"),
    (replace(P, id="A*1"), "id"),
    (replace(P, id="A" * 39), "id"),
    (replace(P, charge=Decimal("NaN")), "charge"),
    (replace(P, charge=P.charge + 1), "charge"),
    (replace(P, patient=None), "patient"),
    (replace(P, billing=None), "billing"),
    (replace(P, coverages=()), "coverages"),
    (replace(P, lines=()), "lines"),
    (replace(P, diagnoses=()), "diagnoses"),
    (
        replace(P, diagnoses=(*P.diagnoses, ClaimDiagnosis(code="R05", kind="reason"))),
        "diagnoses[2].kind",
    ),
    (replace(P, place_of_service=""), "place_of_service"),
    (replace(P, type_of_bill="0111"), "type_of_bill"),
    (replace(P, statement_from=date(2026, 1, 1)), "statement_from"),
    (replace(P, admission_hour="1200", admission_date=None), "admission_date"),
    (line(revenue_code="0450"), "lines[0].revenue_code"),
    (line(number=-1), "lines[0].number"),
    (line(diagnosis_pointers=(9,)), "lines[0].diagnosis_pointers"),
    (line(diagnosis_pointers=()), "lines[0].diagnosis_pointers"),
    (line(units=None), "lines[0].units"),
    (line(units=Decimal("1.2345")), "lines[0].units"),
    (line(service=None), "lines[0].service"),
    (line(service_from=None, service_to=date(2026, 1, 1)), "lines[0].service_from"),
    (extra(("SE",), ("1",)), "extra[0].elements"),
    (extra(), "extra[0].elements"),
    (extra(("PS1",), ("a~b",)), "extra[0]"),
    (replace(CLAIMS["837I"], type_of_bill="0999"), "type_of_bill"),
    (replace(CLAIMS["837I"], frequency="9"), "frequency"),
    (replace(CLAIMS["837I"], discharge_hour="noon"), "discharge_hour"),
    (replace(CLAIMS["837D"], drg="291"), "drg"),
]


@pytest.mark.parametrize(("claim", "path"), CASES, ids=[path for _, path in CASES])
def test_what_is_wrong_is_named(claim: Claim, path: str) -> None:
    assert path in refused(claim)


def test_nobody_is_shown() -> None:
    assert P.patient is not None
    named = replace(P.patient, last_name="ZZYZX*")
    with pytest.raises(Invalid) as caught:
        written(replace(P, patient=named))
    assert "ZZYZX" not in str(caught.value)


def test_a_refused_claim_leaves_the_batch_as_it_was() -> None:
    with ClaimWriter(partner()) as writer:
        writer.add(P)
        with pytest.raises(Invalid):
            writer.add(replace(P, id=""))
        writer.add(P)
        assert list(read(writer.write(SequentialControlNumbers(), CREATED))) == [P, P]


def test_without_claims_no_number_is_used() -> None:
    numbers = SequentialControlNumbers()
    with ClaimWriter(partner()) as writer, pytest.raises(Invalid):
        writer.write(numbers, CREATED)
    assert numbers.next(partner().sender) == 1


def test_kinds_and_purposes_are_kept_apart() -> None:
    content = written(*CLAIMS.values(), replace(P, purpose="RP"), P)
    file = File(content)
    heads = [(gs[8], gs[6]) for gs in file.all("GS")]
    assert heads == [("005010X222A1", "7"), ("005010X223A2", "8"), ("005010X224A2", "9")]
    assert file.one("IEA")[1] == "3"
    assert [s[6] for s in file.all("BHT")] == ["CH", "RP", "CH", "CH", "CH"]
    assert len({s[3] for s in file.all("BHT")}) == 5
    assert check_file(content, level=4).findings == ()


def test_a_transaction_holds_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CLAIMS_IN_A_TRANSACTION", 3)
    monkeypatch.setattr(writing, "_IN_MEMORY", 1_000)
    claims = [replace(P, id=f"C{number}") for number in range(8)]
    content = written(*claims)
    file = File(content)
    assert [s[2] for s in file.all("ST")] == ["0001", "0002", "0003"]
    file.check_envelope()
    file.check_hierarchy()
    assert list(read(content)) == claims


def test_claims_of_a_patient_share_what_is_above_them() -> None:
    claims = [replace(P, id=f"C{number}") for number in range(102)]
    file = File(written(*claims))
    codes = [s[3] for s in file.all("HL")]
    assert codes.count("20") == 1
    assert codes.count("22") == 2


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.837"
    out.write_bytes(b"as it was")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with ClaimWriter(partner()) as writer:
        writer.add(P)
        monkeypatch.setattr(ClaimWriter, "_group", fail)
        with pytest.raises(Invalid, match=r"(?i)no space left"):
            writer.save(out, SequentialControlNumbers(), CREATED)
    assert [path.name for path in tmp_path.iterdir()] == ["out.837"]
    assert out.read_bytes() == b"as it was"


def test_passing_on_what_others_sent() -> None:
    bare = Claim(kind="837P", id="A" * 45, charge=Decimal(5), coverages=P.coverages[:1])
    assert "id" in refused(bare)
    assert [claim.id for claim in read(written(bare, strict=False))] == [bare.id]
