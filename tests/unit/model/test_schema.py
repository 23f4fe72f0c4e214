"""The published schemas: fresh, whole, and of one mind with the reader."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from superbill.model import (
    Claim,
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    EligibilityAnswer,
    EligibilityInquiry,
    Encounter,
    Hospital,
    Member,
    Order,
    Remittance,
    Visit,
    schema,
)
from tests.unit.model.documents import TABLE, stay, text

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "schema"
EXAMPLES = ROOT / "examples"

# What is no longer JSON when it is wrong, or wrong only beside another value.
UNSEEN = {
    "a DRG that stands twice in a table",
    "NaN, which is no JSON",
    "a decimal number of very many digits",
    "a name that stands twice",
    "a number with a nonsensical exponent",
    "age beyond that of people",
    "amount of 200,000 digits",
    "bill that begins after the discharge",
    "born after the admission",
    "charge beyond what a claim holds",
    "control character hidden in an escape",
    "discharge before admission",
    "empty identifier",
    "a plain number of very many digits",
    "more covered days than the stay has",
    "more not covered than charged",
    "more reserve days than a lifetime has",
    "more reserve days than covered days",
    "more reserve days than the stay has",
    "percentage in place of a share",
    "span that ends before it starts",
}


@cache
def validator(document: str) -> Draft202012Validator:
    made = schema.schema(document)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made, format_checker=Draft202012Validator.FORMAT_CHECKER)


INQUIRIES = (EligibilityInquiry, EligibilityAnswer, ClaimStatusInquiry, ClaimStatusAnswer)


@pytest.mark.parametrize("document", schema.DOCUMENTS)
def test_what_is_published_is_fresh(document: str) -> None:
    published = (PUBLISHED / f"{document}.schema.json").read_text(encoding="utf-8")
    assert published == schema.text(document), "run 'make docs' and read the diff"
    assert json.loads(published) == json.loads(json.dumps(schema.schema(document)))


def test_every_field_of_the_input_documents_says_what_it_means() -> None:
    for kind in {
        k
        for document in (Encounter, Hospital, Visit, Order, Claim, Remittance, Member, *INQUIRIES)
        for k in schema._structs(document)
    }:
        for field in msgspec.structs.fields(kind):
            said = schema.described(kind, field.name)
            assert said is not None, f"{kind.__name__}.{field.name}"
            assert said["about"].endswith(".")


def test_nothing_is_described_that_is_not_there() -> None:
    kinds = {
        kind.__name__: kind
        for document in (Encounter, Visit, Order, Claim, Remittance, Member, *INQUIRIES)
        for kind in schema._structs(document)
    }
    table = tomllib.loads((ROOT / "src/superbill/model/fields.toml").read_text(encoding="utf-8"))
    for name, fields in table.items():
        described = [kinds[name]] if name in kinds else list(kinds.values())
        known = {field.name for kind in described for field in msgspec.structs.fields(kind)}
        assert set(fields) <= known | {"kind", "method"}


def test_the_stay_that_is_right_is_right_by_the_schema() -> None:
    validator("encounter").validate(stay())


def documents(path: Path) -> list[Any]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in content.splitlines()]
    return [tomllib.loads(content) if path.suffix == ".toml" else json.loads(content)]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(EXAMPLES.glob("*.json*")) if not path.name.startswith("bad_")],
    ids=lambda path: path.name,
)
def test_the_examples_are_right_by_the_schema(path: Path) -> None:
    for document in documents(path):
        kind = "visit" if "biller" in document else "encounter"
        kind = "order" if "primary_service" in document else kind
        kind = "member" if "dual_status" in document else kind
        validator(kind).validate(document)


@pytest.mark.parametrize(
    "row", [row for row in TABLE["row"] if "text" not in row], ids=lambda row: row["name"]
)
def test_schema_and_reader_refuse_the_same(row: dict[str, Any]) -> None:
    """The reader refuses every row (see test_bad_input); the schema all but those listed."""
    document = json.loads(text(row))
    assert validator("encounter").is_valid(document) is (row["name"] in UNSEEN)
