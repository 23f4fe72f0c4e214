"""The published schemas as an oracle: whatever is changed in a file, both say the same of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from superbill.errors import Invalid
from superbill.interop import mrf
from tests.unit.interop.mrf.made import (
    GROUP,
    HOSPITAL,
    ITEM,
    PAYER,
    PRICE,
    RATES,
    changed,
    written,
)

pytestmark = pytest.mark.shared

VALUES: tuple[Any, ...] = (
    ...,
    "",
    "9999-99-99",
    "x",
    "other",
    "0",
    0,
    -1,
    1.5,
    12,
    True,
    [],
    {},
    [""],
    ["x", "x"],
    [{}],
)

CONTAINED = {
    "billing_code_type": "HCPCS",
    "billing_code_type_version": "2026",
    "billing_code": "G0438",
    "description": "Another",
}
FULL_RATES = RATES | {
    "plan_id_type": "ein",
    "plan_sponsor_name": "A sponsor",
    "provider_references": [
        {
            "provider_group_id": 7,
            "network_name": ["Wide"],
            "provider_groups": [GROUP, {"npi": [0], "tin": {"type": "npi", "value": "1234567893"}}],
        }
    ],
    "in_network": [
        ITEM
        | {
            "severity_of_illness": "1",
            "bundled_codes": [CONTAINED],
            "covered_services": [CONTAINED],
            "negotiated_rates": [
                {
                    "provider_references": [7],
                    "negotiated_prices": [
                        PRICE
                        | {"billing_code_modifier": ["95"], "additional_information": "in words"}
                    ],
                }
            ],
        }
    ],
}
FULL_HOSPITAL = HOSPITAL | {
    "standard_charge_information": [
        HOSPITAL["standard_charge_information"][0]
        | {
            "drug_information": {"unit": 1.5, "type": "ML"},
            "standard_charges": [
                {
                    "setting": "both",
                    "gross_charge": 5,
                    "discounted_cash": 4,
                    "minimum": 1,
                    "maximum": 90,
                    "modifier_code": ["50"],
                    "additional_generic_notes": "in words",
                    "payers_information": [
                        PAYER,
                        {
                            "payer_name": "Platform",
                            "plan_name": "PPO",
                            "methodology": "other",
                            "additional_payer_notes": "in words",
                            "standard_charge_percentage": 62.5,
                            "standard_charge_algorithm": "in words",
                            "median_amount": 2,
                            "10th_percentile": 1,
                            "90th_percentile": 3,
                            "count": "1 through 10",
                        },
                    ],
                }
            ],
        }
    ],
    "modifier_information": [
        {
            "description": "Bilateral",
            "code": "50",
            "setting": "both",
            "modifier_payer_information": [
                {"payer_name": "Region", "plan_name": "HMO", "description": "150%"}
            ],
        }
    ],
}

# Where we say more than the schema, and why.
STRICTER = {
    "version": "a version that is not known here",
    "last_updated_on": "a format, to which validators do not hold a text unless they are told to",
    "in_network.0.negotiated_rates.0.negotiated_prices.0.expiration_date": "the same",
    "provider_references": "a group that rates refer to and nothing defines",
    "provider_references.0": "the same",
    "provider_references.0.provider_group_id": "the same",
    "in_network.0.negotiated_rates.0.provider_references.0": "the same",
    "in_network.0.negotiated_rates.0.negotiated_prices.0.billing_code_modifier": "empty",
    "in_network.0.negotiated_rates.0.negotiated_prices.0.billing_code_modifier.0": "the same",
    "type_2_npi": "an NPI has ten digits",
    "type_2_npi.0": "the same",
}


def paths(found: Any, at: str = "") -> Iterator[str]:
    """Every place in a document."""
    pairs = enumerate(found) if isinstance(found, list) else found.items()
    for key, value in pairs:
        path = f"{at}.{key}".lstrip(".")
        yield path
        if isinstance(value, dict | list):
            yield from paths(value, path)


def differences(
    document: dict[str, Any], schema: dict[str, Any], folder: Path
) -> tuple[int, set[str], list[str]]:
    """How many changes were tried, and where the two do not say the same: as is known, or not."""
    validator = jsonschema.Draft7Validator(schema)
    found = []
    known: set[str] = set()
    tried = 0
    for path in paths(document):
        for value in VALUES:
            try:
                made = changed(document, path, value)
            except (KeyError, IndexError):
                continue
            tried += 1
            theirs = validator.is_valid(made)
            try:
                ours = not mrf.check(written(folder, made)).problem_count
            except Invalid:
                ours = False
            if theirs and not ours and path in STRICTER:
                known.add(path)
            elif ours != theirs:
                shown = "nothing" if value is ... else json.dumps(value)
                found.append(f"{path} = {shown}: {'schema' if theirs else 'we'} alone pass it")
    return tried, known, found


@pytest.mark.parametrize(
    ("name", "document", "least"),
    [
        ("tic/schemas/in-network-rates/in-network-rates.json", FULL_RATES, 700),
        (
            "hpt/documentation/JSON/schemas/V3.0.0_Hospital_price_transparency_schema.json",
            FULL_HOSPITAL,
            900,
        ),
    ],
)
def test_both_say_the_same(
    published: Path, tmp_path: Path, name: str, document: dict[str, Any], least: int
) -> None:
    schema = json.loads((published / "contracts" / name).read_text())
    if document is FULL_HOSPITAL:
        # The statement is told by its beginning alone.
        schema["definitions"]["attestation"]["properties"]["attestation"] = {
            "type": "string",
            "minLength": 1,
        }
    tried, known, found = differences(document, schema, tmp_path)
    assert not found, "\n".join(found)
    assert tried >= least
    # A known difference that is gone is no longer known.
    top = {path for path in STRICTER if path.split(".")[0] in document}
    assert known == top
