"""Small price-transparency files, of made-up items and Level II codes."""

from __future__ import annotations

import copy
import csv
import io
import json
from pathlib import Path
from typing import Any

ATTESTS = (
    "To the best of its knowledge and belief, this hospital has included all applicable standard "
    "charge information"
)

PRICE: dict[str, Any] = {
    "negotiated_type": "negotiated",
    "negotiated_rate": 120.5,
    "expiration_date": "2026-12-31",
    "service_code": ["11", "22"],
    "billing_class": "professional",
    "setting": "outpatient",
}
ITEM: dict[str, Any] = {
    "negotiation_arrangement": "ffs",
    "name": "Wellness visit",
    "billing_code_type": "HCPCS",
    "billing_code_type_version": "2026",
    "billing_code": "G0439",
    "description": "A made-up description",
    "negotiated_rates": [{"provider_references": [7], "negotiated_prices": [PRICE]}],
}
GROUP: dict[str, Any] = {
    "npi": [1234567893, 1000000004],
    "tin": {"type": "ein", "value": "12-3456789", "business_name": "Any Clinic"},
}
RATES: dict[str, Any] = {
    "reporting_entity_name": "A Payer",
    "reporting_entity_type": "health insurance issuer",
    "plan_name": "Plan A",
    "issuer_name": "An Issuer",
    "plan_id_type": "hios",
    "plan_id": "0000000000",
    "plan_market_type": "individual",
    "last_updated_on": "2026-01-15",
    "version": "2.0.0",
    "provider_references": [
        {"provider_group_id": 7, "network_name": ["Wide"], "provider_groups": [GROUP]}
    ],
    "in_network": [ITEM],
}

PAYER: dict[str, Any] = {
    "payer_name": "Region",
    "plan_name": "HMO",
    "methodology": "fee schedule",
    "standard_charge_dollar": 80.25,
}
CHARGE: dict[str, Any] = {
    "setting": "outpatient",
    "gross_charge": 200,
    "discounted_cash": 150.5,
    "minimum": 80.25,
    "maximum": 90,
    "payers_information": [PAYER],
}
SERVICE: dict[str, Any] = {
    "description": "A service",
    "code_information": [{"code": "G0439", "type": "HCPCS"}, {"code": "0510", "type": "RC"}],
    "standard_charges": [CHARGE],
}
HOSPITAL: dict[str, Any] = {
    "hospital_name": "Any Hospital",
    "last_updated_on": "2026-04-01",
    "version": "3.0.0",
    "location_name": ["Any Hospital"],
    "hospital_address": ["1 Main Street, Springfield, OH 45501"],
    "license_information": {"state": "OH", "license_number": "1"},
    "attestation": {
        "attestation": ATTESTS,
        "confirm_attestation": True,
        "attester_name": "Some Body",
    },
    "type_2_npi": ["1234567893"],
    "standard_charge_information": [SERVICE],
}


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """``document`` with one place changed (``in_network.0.name``); ``...`` takes it away."""
    made = copy.deepcopy(document)
    at: Any = made
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        at = at[part]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made


def written(folder: Path, document: dict[str, Any] | str | bytes, name: str = "file") -> Path:
    """A file of it."""
    path = folder / name
    if isinstance(document, dict):
        document = json.dumps(document)
    path.write_bytes(document.encode() if isinstance(document, str) else document)
    return path


ABOUT = {
    "hospital_name": "Any Hospital",
    "last_updated_on": "4/1/2026",
    "version": "3.0.0",
    "location_name": "Any Hospital|Other Place",
    "hospital_address": "1 Main Street, Springfield, OH 45501",
    "license_number | OH": "1",
    "type_2_npi": "1234567893 | 1000000004",
    ATTESTS: "TRUE",
    "attester_name": "Some Body",
}
ROW = {
    "description": "A service",
    "code | 1": "G0439",
    "code|1|type": "HCPCS",
    "code|2": "0510",
    "code|2|type": "RC",
    "modifiers": "",
    "setting": "outpatient",
    "drug_unit_of_measurement": "",
    "drug_type_of_measurement": "",
    "standard_charge|gross": "200",
    "standard_charge|discounted_cash": "150.5",
    "standard_charge|min": "80.25",
    "standard_charge|max": "90",
    "additional_generic_notes": "",
}
OF_PAYER = {
    "standard_charge|negotiated_dollar": "80.25",
    "standard_charge|negotiated_percentage": "",
    "standard_charge|negotiated_algorithm": "",
    "median_amount": "",
    "10th_percentile": "",
    "90th_percentile": "",
    "count": "",
    "standard_charge|methodology": "fee schedule",
}
TALL = ROW | {"payer_name": "Region", "plan_name": "HMO"} | OF_PAYER


def wide_column(column: str, who: str = "Region|HMO") -> str:
    """A column of the tall form as the wide form names it."""
    before, _, after = column.partition("|")
    return "|".join(filter(None, (before, who, after)))


WIDE = (
    ROW
    | {wide_column(k): v for k, v in OF_PAYER.items()}
    | {wide_column("additional_payer_notes"): ""}
)


def table(*rows: dict[str, str], about: dict[str, str] = ABOUT) -> str:
    """A table of a hospital's charges; the first row's keys are the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    width = max(len(about), len(rows[0]))
    for cells in (list(about), list(about.values()), list(rows[0])):
        writer.writerow(cells + [""] * (width - len(cells)))
    for row in rows:
        cells = [row.get(column, "") for column in rows[0]]
        writer.writerow(cells + [""] * (width - len(cells)))
    return out.getvalue()
