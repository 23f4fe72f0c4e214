"""Claims and remittances as tables: what stands where, bad rows, and whole files or none."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from superbill.errors import Invalid
from superbill.interop import tabular
from superbill.interop.tabular import Format, Refused, files
from superbill.interop.trees import structs
from superbill.interop.x12.remits import each
from superbill.interop.x12.typed import read as read_x12
from superbill.model import (
    Claim,
    ClaimDiagnosis,
    ClaimLine,
    Coverage,
    Drug,
    Individual,
    Remittance,
    Service,
)

X12 = Path(__file__).parents[5] / "shared" / "samples" / "x12"
DOC = Path(__file__).parents[4] / "docs" / "tabular.md"

CLAIM = Claim(
    kind="837I",
    id="A|1",
    charge=Decimal("1250.50"),
    type_of_bill="0131",
    statement_from=date(2026, 3, 1),
    patient=Individual(last_name="Sample", birth_date=date(1944, 5, 17), sex="F"),
    coverages=(
        Coverage(payer_name="One", billed=True, paid=None),
        Coverage(payer_name="Two", sequence="S", paid=Decimal("10.00")),
    ),
    diagnoses=(
        ClaimDiagnosis(code="I5023", kind="principal", poa="Y"),
        ClaimDiagnosis(code="N179"),
    ),
    lines=(
        ClaimLine(
            number=1,
            charge=Decimal("1000.50"),
            service=Service(code="J1100", modifiers=("JW", "59")),
            units=Decimal("2.5"),
            diagnosis_pointers=(1, 2),
            drug=Drug(ndc="00000000000", quantity=Decimal(3), unit="ML"),
        ),
        ClaimLine(number=2, charge=Decimal("250.00"), revenue_code="0250"),
    ),
)


def table(folder: Path, name: str, form: str = "csv") -> list[dict[str, Any]]:
    """The rows of a file, by other means than ours."""
    path = folder / f"{name}.{form}"
    if form == "parquet":
        return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]
    if form == "jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("form", tabular.FORMATS)
def test_a_claim_comes_back(tmp_path: Path, form: Format) -> None:
    written = tabular.write([CLAIM, CLAIM], tmp_path, form)
    assert [(w.path.name, w.rows) for w in written] == [
        (f"claims.{form}", 2),
        (f"claim_lines.{form}", 4),
    ]
    assert list(tabular.read(tmp_path)) == [CLAIM, CLAIM]


def test_parquet_has_types(tmp_path: Path) -> None:
    tabular.write([CLAIM], tmp_path, "parquet")
    schema = pq.read_schema(tmp_path / "claims.parquet")
    assert schema.field("charge").type == pa.decimal128(18, 2)
    assert schema.field("statement_from").type == pa.date32()
    assert schema.field("diagnoses").type == pa.list_(pa.string())
    (row,) = table(tmp_path, "claims", "parquet")
    assert row["charge"] == Decimal("1250.50")
    assert row["statement_from"] == date(2026, 3, 1)
    assert row["diagnoses"] == ["I5023", "N179"]
    assert row["diagnosis_kinds"] == ["principal", "other"]
    assert row["payer_paid"] == [None, Decimal("10.00")]
    first, second = table(tmp_path, "claim_lines", "parquet")
    assert (first["claim"], first["line"], second["line"]) == (1, 1, 2)
    assert first["modifiers"] == ["JW", "59"]
    assert first["units"] == Decimal("2.500000")
    assert second["service"] is None


def test_csv_is_text_with_lists_joined(tmp_path: Path) -> None:
    tabular.write([CLAIM], tmp_path, "csv")
    (row,) = table(tmp_path, "claims")
    assert row["claim_id"] == "A|1"
    assert row["charge"] == "1250.50"
    assert row["diagnosis_poa"] == "Y|"
    assert row["payer_billed"] == "true|false"
    first, _ = table(tmp_path, "claim_lines")
    assert (first["modifiers"], first["diagnosis_pointers"]) == ("JW|59", "1|2")
    # Data are left as they are, also where a spreadsheet would see a formula.
    formula = msgspec.structs.replace(CLAIM, id="=1+1")
    tabular.write([formula], tmp_path, "csv")
    assert table(tmp_path, "claims")[0]["claim_id"] == "=1+1"


def test_json_lines_have_amounts_as_text_and_lists_as_lists(tmp_path: Path) -> None:
    tabular.write([CLAIM], tmp_path, "jsonl")
    (row,) = table(tmp_path, "claims", "jsonl")
    assert row["charge"] == "1250.50"
    assert row["diagnoses"] == ["I5023", "N179"]
    assert "drg" not in row


@pytest.mark.shared
@pytest.mark.skipif(not X12.is_dir(), reason="the samples at ../shared/samples/x12 are not there")
def test_every_sample_comes_back_from_each_format(tmp_path: Path) -> None:
    items: list[Claim | Remittance] = []
    for path in sorted(X12.rglob("*.*")):
        if path.suffix != ".md":
            try:
                items += read_x12(path, refused=lambda _: None)
                items += [r for r in each(path) if isinstance(r, Remittance)]
            except Invalid:
                continue
    claims = [i for i in items if isinstance(i, Claim)]
    remittances = list({id(i): i for i in items if isinstance(i, Remittance)}.values())
    assert len(claims) > 40
    assert remittances
    for form in tabular.FORMATS:
        tabular.write([*claims, *remittances], tmp_path / form, form)
        assert list(tabular.read(tmp_path / form)) == [*claims, *remittances]


def test_every_column_is_a_field_of_the_model() -> None:
    for each_table in tabular.tables().values():
        for column in each_table.columns:
            kind: type[msgspec.Struct] = each_table.record
            for step in column.steps:
                names = {f.name: f.type for f in msgspec.structs.fields(kind)}
                assert step in names, f"{each_table.name}.{column.name}"
                kind = next(iter(structs(names[step])), kind)


def edit(path: Path, change: dict[tuple[int, str], str]) -> None:
    """Change cells of a CSV file, by row (from 1) and column."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for (number, column), value in change.items():
        rows[number - 1][column] = value
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("file", "cell", "value", "says"),
    [
        ("claims", (2, "charge"), "1,250", "claims.csv row 2, charge: an amount such as"),
        ("claims", (2, "charge"), "NaN", "claims.csv row 2, charge"),
        ("claims", (2, "charge"), "", "claims.csv row 2, charge"),
        ("claims", (2, "kind"), "837X", "claims.csv row 2, kind"),
        ("claims", (2, "statement_from"), "3/1/2026", "claims.csv row 2, statement_from: a day"),
        ("claims", (2, "diagnosis_poa"), "Y", "claims.csv row 2, diagnosis_poa: it has 1 entries"),
        ("claims", (2, "claim"), "", "claims.csv row 2, claim: it is empty"),
        ("claims", (2, "rest"), "{", "claims.csv row 2, rest: it is no JSON"),
        ("claim_lines", (3, "charge"), "x", "claim_lines.csv row 3, charge: an amount"),
        ("claim_lines", (3, "diagnosis_pointers"), "1|x", "row 3, diagnosis_pointers: a whole"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_go_on(
    tmp_path: Path, file: str, cell: tuple[int, str], value: str, says: str
) -> None:
    tabular.write([CLAIM, CLAIM, CLAIM], tmp_path, "csv")
    edit(tmp_path / f"{file}.csv", {cell: value})
    found = list(tabular.read(tmp_path))
    assert [f for f in found if isinstance(f, Claim)] == [CLAIM, CLAIM]
    refused = [str(f.error) for f in found if isinstance(f, Refused)]
    assert any(says in each for each in refused), refused


def test_rows_out_of_order_and_rows_of_nothing_are_told(tmp_path: Path) -> None:
    tabular.write([CLAIM, CLAIM], tmp_path, "csv")
    edit(tmp_path / "claim_lines.csv", {(3, "claim"): "7", (4, "claim"): "7"})
    found = list(tabular.read(tmp_path))
    refused = [str(f.error) for f in found if isinstance(f, Refused)]
    assert [("no row that it belongs to" in each) for each in refused] == [True, True]
    edit(tmp_path / "claims.csv", {(1, "claim"): "2"})
    refused = [str(f.error) for f in tabular.read(tmp_path) if isinstance(f, Refused)]
    assert any("Sort by the keys" in each for each in refused)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("claim,claim_id,charges\n", "there is no such column"),
        ("claim_id\n", "claims.csv, claim: the column is missing"),
        ("claim,claim\n", "stands twice"),
        ("", "the column is missing"),
        ("claim,kind\n1\n", "it has 1 cells, and the head has 2"),
        ('claim,kind\n1,"83\n', "no CSV"),
        ('claim,"kind', "its head is no CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "claims.csv").write_text(text)
    try:
        found = [str(f.error) for f in tabular.read(tmp_path) if isinstance(f, Refused)]
    except Invalid as invalid:
        found = [str(invalid)]
    assert any(says in each for each in found), found


def test_bad_parquet_and_json_lines_are_told(tmp_path: Path) -> None:
    (tmp_path / "claims.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(Invalid, match="no Parquet file"):
        list(tabular.read(tmp_path))
    (tmp_path / "claims.jsonl").write_text('{"claim": 1, "kind": "837P"}\n[1]\n{"claim": 3')
    with pytest.raises(Invalid, match="Leave one of them"):
        list(tabular.read(tmp_path))
    (tmp_path / "claims.parquet").unlink()
    refused = [str(f.error) for f in tabular.read(tmp_path) if isinstance(f, Refused)]
    assert [("must be there" in r, "no JSON object" in r, "no JSON." in r) for r in refused] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    with pytest.raises(Invalid, match="no table"):
        list(tabular.read(tmp_path / "nothing"))


def test_a_number_that_parquet_cannot_hold_leaves_no_file(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(CLAIM, charge=Decimal("0.005"))
    with pytest.raises(Invalid, match="claims row 2, charge"):
        tabular.write([CLAIM, odd], tmp_path, "parquet")
    assert list(tmp_path.iterdir()) == []
    tabular.write([CLAIM, odd], tmp_path, "csv")
    assert list(tabular.read(tmp_path)) == [CLAIM, odd]


def test_an_error_halfway_leaves_what_was_there(tmp_path: Path) -> None:
    tabular.write([CLAIM], tmp_path, "csv")
    before = (tmp_path / "claims.csv").read_bytes()

    def broken() -> Any:
        yield CLAIM
        raise Invalid.at("", "no")

    with pytest.raises(Invalid):
        tabular.write(broken(), tmp_path, "csv")
    assert (tmp_path / "claims.csv").read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"claims.csv", "claim_lines.csv"}


def test_without_pyarrow_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Invalid, match=r"superbill\[tabular\]"):
        tabular.write([CLAIM], tmp_path, "parquet")
    tabular.write([CLAIM], tmp_path, "csv")


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 50)
    tabular.write((CLAIM for _ in range(120)), tmp_path, "parquet")
    groups = pq.ParquetFile(tmp_path / "claims.parquet").metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [50, 50, 20]


def test_the_page_lists_every_column() -> None:
    text = DOC.read_text(encoding="utf-8")
    for each_table in tabular.tables().values():
        _, found, rest = text.partition(f"### {each_table.name}\n")
        assert found, each_table.name
        section = rest.partition("\n### ")[0]
        assert each_table.grain in section
        for column in each_table.columns:
            row = f"| {column.name} | {column.type.replace('*', ' list')} | {column.about} |"
            assert row in section, row
