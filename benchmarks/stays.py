"""Realistic stays, as many as wanted, the same ones for the same seed.

They are made from ``archetypes.toml`` and from the people, hospital and payers of
``examples/heart_failure.json``: about nine diagnoses and one procedure a stay, five hospitals,
Medicare with and without a second payer.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "heart_failure.json"
FIRST_DISCHARGE = date(2025, 11, 1)
DAYS = 300


def stays(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """``count`` stays as documents."""
    chance = random.Random(seed)
    with (HERE / "archetypes.toml").open("rb") as file:
        table = tomllib.load(file)
    reasons = table["reason"]
    weights = [reason["weight"] for reason in reasons]
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    hospitals = [_hospital(example, number) for number in range(5)]
    for number in range(count):
        reason = chance.choices(reasons, weights)[0]
        yield _stay(chance, number, reason, table["secondary"], example, chance.choice(hospitals))


def write(path: Path, count: int, seed: int = 1) -> Path:
    """The same as JSON Lines in ``path``."""
    with path.open("w", encoding="utf-8") as file:
        for stay in stays(count, seed):
            file.write(json.dumps(stay) + "\n")
    return path


def _stay(
    chance: random.Random,
    number: int,
    reason: dict[str, Any],
    secondary: dict[str, list[str]],
    example: dict[str, Any],
    hospital: dict[str, Any],
) -> dict[str, Any]:
    days = chance.randint(*reason["days"])
    discharge = FIRST_DISCHARGE + timedelta(days=chance.randrange(DAYS))
    admission = discharge - timedelta(days=days)
    diagnoses = [reason["principal"], *reason.get("with", [])]
    diagnoses += chance.sample(secondary["common"], chance.randint(2, 9))
    diagnoses += chance.sample(secondary["severe"], chance.choice((0, 0, 1, 1, 2)))
    coded = [{"code": code, "poa": chance.choices("YN", (19, 1))[0]} for code in _once(diagnoses)]
    coded[0]["poa"] = "Y"
    exempt = _once(chance.sample(secondary["exempt"], chance.randint(0, 3)))
    coded += [{"code": code, "poa": ""} for code in exempt]
    born = example["patient"]["birth_date"]
    year = int(born[:4]) + chance.randint(-8, 14)
    return {
        **example,
        "id": f"S{number:07}",
        "patient": {
            **example["patient"],
            "birth_date": f"{year}{born[4:]}",
            "sex": chance.choice("FM"),
        },
        "facility": {**example["facility"], "ccn": hospital["ccn"]},
        "hospital": hospital,
        "admission_date": admission.isoformat(),
        "discharge_date": discharge.isoformat(),
        "discharge_status": chance.choices(("01", "03", "06", "62", "20"), (50, 22, 18, 6, 4))[0],
        "admitting_diagnosis": reason["principal"],
        "diagnoses": coded,
        "procedures": [
            {"code": code, "date": admission.isoformat()} for code in reason.get("procedures", [])
        ],
        "lines": _lines(chance, days, reason["a_day"]),
        "occurrence_codes": [],
        "value_codes": [{"code": "80", "amount": str(days)}],
        "covered_days": days,
        "payers": example["payers"][: chance.choice((1, 2, 2))],
    }


def _lines(chance: random.Random, days: int, a_day: int) -> list[dict[str, str]]:
    room = _dollars(a_day * days * 40)
    lines = [{"revenue_code": "0120", "units": str(days), "charge": room}]
    for code in ("0250", "0270", "0300", "0320", "0410", "0420", "0450", "0636", "0730"):
        charge = _dollars(chance.randrange(20_00, a_day * days * 10))
        lines.append({"revenue_code": code, "units": str(chance.randint(1, 40)), "charge": charge})
    return lines


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _hospital(example: dict[str, Any], number: int) -> dict[str, Any]:
    profile = dict(example["hospital"])
    profile["ccn"] = f"36{870 + number:04}"
    profile["wage_index"] = str(Decimal(profile["wage_index"]) + Decimal(number) / 40)
    profile["intern_to_bed_ratio"] = str(Decimal(number) / 20)
    return profile


def _once(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(codes))
