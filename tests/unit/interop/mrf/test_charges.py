"""A hospital's standard charges: the three forms say the same, and what is told of a wrong one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.interop import mrf
from tests.unit.interop.mrf.made import (
    ABOUT,
    ATTESTS,
    CHARGE,
    HOSPITAL,
    OF_PAYER,
    PAYER,
    ROW,
    SERVICE,
    TALL,
    WIDE,
    changed,
    table,
    wide_column,
    written,
)


def _charges(path: Path, code: str = "G0439") -> list[mrf.StandardCharge]:
    with mrf.prices(path, codes=frozenset({code})) as (book, _):
        return list(book.charges(code))


@pytest.mark.parametrize(
    "document", [HOSPITAL, table(TALL), table(WIDE)], ids=["JSON", "tall", "wide"]
)
def test_each_form_says_the_same(tmp_path: Path, document: Any) -> None:
    (charge,) = _charges(written(tmp_path, document))
    assert msgspec.structs.replace(charge, path="") == mrf.StandardCharge(
        description="A service",
        setting="outpatient",
        codes=(
            mrf.ChargeCode(code_type="HCPCS", code="G0439"),
            mrf.ChargeCode(code_type="RC", code="0510"),
        ),
        gross=Decimal(200),
        discounted_cash=Decimal("150.5"),
        minimum=Decimal("80.25"),
        maximum=Decimal(90),
        payer="Region",
        plan="HMO",
        dollar=Decimal("80.25"),
        methodology="fee schedule",
    )


@pytest.mark.parametrize(
    ("document", "form"), [(HOSPITAL, "JSON"), (table(TALL), "tall CSV"), (table(WIDE), "wide CSV")]
)
def test_what_a_file_says_of_itself(tmp_path: Path, document: Any, form: str) -> None:
    header = mrf.check(written(tmp_path, document)).header
    assert header is not None
    assert (header.form, header.publisher, header.state) == (form, "Any Hospital", "OH")
    assert (header.last_updated_on.isoformat(), header.attested) == ("2026-04-01", True)
    assert header.npis[0] == "1234567893"


def test_a_wide_row_has_a_charge_for_each_payer_that_has_one(tmp_path: Path) -> None:
    others = {wide_column(k, "Platform|PPO"): "" for k in [*OF_PAYER, "additional_payer_notes"]}
    dollar = wide_column("standard_charge|negotiated_dollar", "Platform|PPO")
    method = wide_column("standard_charge|methodology", "Platform|PPO")
    both = WIDE | others | {dollar: "90", method: "case rate"}
    one = WIDE | others | {"code | 1": "G0438", "code|2": "", "code|2|type": ""}
    file = written(tmp_path, table(both, one))
    assert [(each.payer, each.dollar) for each in _charges(file)] == [
        ("Region", Decimal("80.25")),
        ("Platform", Decimal(90)),
    ]
    assert [each.payer for each in _charges(file, "G0438")] == ["Region"]


def test_without_payers_there_is_one_charge_to_everybody(tmp_path: Path) -> None:
    file = written(tmp_path, changed(HOSPITAL, f"{S}payers_information", ...))
    (charge,) = _charges(file)
    assert (charge.payer, charge.gross) == ("", Decimal(200))
    bare = WIDE | {wide_column(k): "" for k in OF_PAYER}
    assert (
        msgspec.structs.replace(_charges(written(tmp_path, table(bare)))[0], path=charge.path)
        == charge
    )


IT = "standard_charge_information.0."
S = IT + "standard_charges.0."
P = S + "payers_information.0."
ALGORITHM = {k: v for k, v in PAYER.items() if k != "standard_charge_dollar"} | {
    "standard_charge_algorithm": "110% of the invoice"
}
COUNTED = {"median_amount": 5, "10th_percentile": 4, "90th_percentile": 6}
WRONG: list[tuple[str, Any, str, str]] = [
    ("version", "2.2.0", "version", "is not version 3"),
    ("hospital_name", ..., "hospital_name", "is missing"),
    ("last_updated_on", "4/1/2026", "last_updated_on", "is not a date"),
    ("license_information.state", "XX", "license_information.state", "not allowed"),
    ("license_information", ..., "license_information.state", "is missing"),
    ("attestation.confirm_attestation", "yes", "attestation.confirm_attestation", "'yes'"),
    ("type_2_npi", ["12"], "type_2_npi.0", "no NPI"),
    ("location_name", [], "location_name", "empty list"),
    ("standard_charge_information", [], "standard_charge_information", "empty list"),
    (IT + "description", " ", IT + "description", "is empty"),
    (IT + "code_information", ..., IT + "code_information", "is missing"),
    (IT + "code_information.0.type", "HCPC", IT + "code_information.0.type", "not allowed"),
    (IT + "code_information.0.type", "NDC", IT + "drug_information", "is missing"),
    (IT + "drug_information", {"unit": 1, "type": "TAB"}, IT + "drug_information.type", "'TAB'"),
    (S + "setting", "ambulatory", S + "setting", "not allowed"),
    (S + "gross_charge", "200", S + "gross_charge", "expected a number"),
    (S + "minimum", ..., S + "minimum", "is missing"),
    (S + "maximum", 1, S + "minimum", "above the maximum"),
    (S[:-1], {"setting": "both"}, S[:-1], "has no amount"),
    (P + "payer_name", ..., P + "payer_name", "is missing"),
    (P + "methodology", "flat", P + "methodology", "not allowed"),
    (P + "methodology", "other", P + "additional_payer_notes", "is missing"),
    (P + "standard_charge_dollar", ..., P + "standard_charge_dollar", "no dollar amount"),
    (P + "count", "5", P + "count", "not allowed"),
    (P + "count", 12, P + "count", "expected text"),
    (P[:-1], ALGORITHM, P + "count", "is missing"),
    (P[:-1], ALGORITHM | {"count": "12"}, P + "10th_percentile", "is missing"),
    (P[:-1], ALGORITHM | {"count": "0"}, P + "additional_payer_notes", "is missing"),
]
RIGHT: list[Any] = [
    ALGORITHM | {"count": "0", "additional_payer_notes": "none was paid"},
    ALGORITHM | {"count": "1 through 10"} | COUNTED,
    ALGORITHM | {"count": "11"} | COUNTED,
]


def _bracketed(path: str) -> str:
    parts = path.split(".")
    return "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts).lstrip(".")


@pytest.mark.parametrize(("path", "value", "place", "said"), WRONG)
def test_what_is_wrong_in_json(
    tmp_path: Path, path: str, value: Any, place: str, said: str
) -> None:
    file = written(tmp_path, changed(HOSPITAL, path, value))
    found = [str(each) for each in mrf.check(file).problems]
    assert any(each.startswith(f"{_bracketed(place)}: ") and said in each for each in found), found
    with pytest.raises(Invalid):
        mrf.import_file(file, tmp_path / "book")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("payer", RIGHT, ids=range(len(RIGHT)))
def test_what_is_right(tmp_path: Path, payer: Any) -> None:
    file = written(tmp_path, changed(HOSPITAL, P[:-1], payer))
    assert mrf.check(file).problems == ()


CELLS = [
    ("version", "2.0.0", "row 2, column version", "is not version 3"),
    ("last_updated_on", "soon", "row 2, column last_updated_on", "is not a date"),
    ("type_2_npi", "12", "row 2, column type_2_npi", "no NPI"),
    (ATTESTS, "maybe", f"row 2, column {ATTESTS.lower()}", "not allowed"),
    ("hospital_name", "", "row 2, column hospital_name", "is empty"),
    ("setting", "ward", "row 4, column setting", "not allowed"),
    ("setting", "", "row 4, column setting", "is empty"),
    ("standard_charge|gross", "$200", "row 4, column standard_charge|gross", "'$200' is no number"),
    ("standard_charge|gross", "1,200", "row 4, column standard_charge|gross", "is no number"),
    ("standard_charge|gross", "0", "row 4, column standard_charge|gross", "not above 0"),
    ("code|1|type", "HCPC", "row 4, column code|1|type", "not allowed"),
    ("code | 1", "", "row 4, column code|1", "is empty"),
    ("code|2|type", "", "row 4, column code|2|type", "is empty"),
    ("code|2|type", "NDC", "row 4, column drug_unit_of_measurement", "is empty"),
    ("drug_unit_of_measurement", "1", "row 4, column drug_type_of_measurement", "is empty"),
    ("standard_charge|min", "", "row 4, column standard_charge|min", "is missing"),
    ("payer_name", "", "row 4, column payer_name", "is empty"),
    ("standard_charge|methodology", "", "row 4, column standard_charge|methodology", "is missing"),
    ("standard_charge|methodology", "other", "row 4, column additional_generic_notes", "missing"),
    ("count", "7", "row 4, column count", "not allowed"),
    ("standard_charge|negotiated_percentage", "50", "row 4, column count", "is missing"),
]


@pytest.mark.parametrize(("column", "value", "place", "said"), CELLS)
def test_what_is_wrong_in_a_table(
    tmp_path: Path, column: str, value: str, place: str, said: str
) -> None:
    about = ABOUT | ({column: value} if column in ABOUT else {})
    row = TALL | ({column: value} if column in TALL else {})
    found = [str(e) for e in mrf.check(written(tmp_path, table(row, about=about))).problems]
    assert any(each.startswith(f"{place}: ") and said in each for each in found), found


@pytest.mark.parametrize("form", [TALL, WIDE], ids=["tall", "wide"])
def test_every_column_is_missed(tmp_path: Path, form: dict[str, str]) -> None:
    for column in form:
        if column.startswith("code|2"):
            continue
        row = {k: v for k, v in form.items() if k != column}
        told = [str(e) for e in mrf.check(written(tmp_path, table(row))).problems]
        assert any(each.startswith("row 3, column ") and "is missing" in each for each in told)


@pytest.mark.parametrize("column", ABOUT)
def test_every_heading_of_the_first_row_is_missed(tmp_path: Path, column: str) -> None:
    about = {k: v for k, v in ABOUT.items() if k != column}
    if column == "hospital_name":
        with pytest.raises(Invalid, match="no price-transparency file"):
            mrf.check(written(tmp_path, table(TALL, about=about)))
        return
    told = [str(e) for e in mrf.check(written(tmp_path, table(TALL, about=about))).problems]
    assert any(each.startswith("row 1") and "missing" in each for each in told), told


def test_a_modifier_stands_alone(tmp_path: Path) -> None:
    row = dict.fromkeys(TALL, "") | {
        "description": "Bilateral",
        "setting": "both",
        "modifiers": "50|62",
        "payer_name": "Region",
        "plan_name": "HMO",
        "standard_charge|negotiated_percentage": "93.75",
        "additional_generic_notes": "93.75% for each surgeon",
    }
    file = written(tmp_path, table(TALL, row))
    with mrf.prices(file, codes=frozenset({"G0439"})) as (book, _):
        (term,) = book.modifier_terms(frozenset({"62", "50"}))
        assert (term.percentage, term.notes) == (Decimal("93.75"), "93.75% for each surgeon")
        assert not list(book.modifier_terms(frozenset({"50"})))


def test_a_table_cut_off(tmp_path: Path) -> None:
    text = table(TALL, TALL)
    begins = len(text) - len(text.splitlines()[-1]) - 1
    for end in range(begins + 5, len(text) - 20, 9):
        report = mrf.check(written(tmp_path, text[:end]))
        assert "cut off" in str(report.problems[-1])
    with pytest.raises(Invalid, match="cut off"):
        mrf.check(written(tmp_path, text[: begins + 5] + ',"half a te'))


def test_tables_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="0x96 is not UTF-8"):
        mrf.check(written(tmp_path, table(TALL).encode().replace(b"A service", b"A \x96 service")))
    with pytest.raises(Invalid, match="row 3: There are no column headings"):
        mrf.check(written(tmp_path, "\n".join(table(TALL).splitlines()[:2])))
    (problem,) = mrf.check(written(tmp_path, "\n".join(table(TALL).splitlines()[:3]))).problems
    assert problem.path == "row 4"
    with pytest.raises(Invalid, match="line 5: This is not CSV"):
        mrf.check(written(tmp_path, table(TALL) + "x" * 200_000))


def test_tables_that_were_saved_otherwise(tmp_path: Path) -> None:
    text = table(TALL)
    for mark, said in ((";", "semicolons"), ("\t", "tabs")):
        with pytest.raises(Invalid, match=f"parted by {said}"):
            mrf.check(written(tmp_path, text.replace(",", mark)))
    with pytest.raises(Invalid, match="UTF-16"):
        mrf.check(written(tmp_path, text.encode("utf-16")))
    mrf.import_file(written(tmp_path, text), tmp_path / "book")
    with pytest.raises(Invalid, match="a book of prices already"):
        mrf.check(tmp_path / "book")


def test_a_column_that_is_missing_is_told_of_once(tmp_path: Path) -> None:
    row = {k: v for k, v in TALL.items() if k != "setting"}
    (problem,) = mrf.check(written(tmp_path, table(row, row))).problems
    assert problem.path == "row 3, column setting"


def test_a_row_too_long(tmp_path: Path) -> None:
    report = mrf.check(
        written(tmp_path, table(TALL) + "x," * 40 + "\n" + table(TALL).splitlines()[3])
    )
    assert [each.path for each in report.problems] == ["row 5"]


def test_a_row_of_two_payers_and_a_heading_twice(tmp_path: Path) -> None:
    text = table(WIDE).replace("additional_generic_notes", "standard_charge|gross")
    told = [str(each) for each in mrf.check(written(tmp_path, text)).problems]
    assert "row 3, column standard_charge|gross: stands twice. Name each column once." in told


def test_a_bad_charge_is_left_out_with_its_item(tmp_path: Path) -> None:
    bad = SERVICE | {"standard_charges": [CHARGE, CHARGE | {"setting": "?"}]}
    file = written(tmp_path, HOSPITAL | {"standard_charge_information": [bad]})
    report = mrf.import_file(file, tmp_path / "book", leave_out=True)
    assert (report.prices, report.kept, report.left_out) == (2, 1, 1)
    assert ROW["description"] == _charges(tmp_path / "book")[0].description
