"""Documents for the tests: the stay that is right, and the same stay made wrong."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[2] / "cases"
TABLE = tomllib.loads((CASES / "bad_input.toml").read_text(encoding="utf-8"))
BASE: str = TABLE["base"]

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def stay(**change: Any) -> dict[str, Any]:
    """The stay that is right, with fields of it replaced (``lines__0__charge`` for a place)."""
    made: dict[str, Any] = json.loads(BASE)
    for place, value in change.items():
        put(made, ".".join(place.split("__")), value)
    return made


def put(document: Any, place: str, value: Any) -> None:
    """Set the value at ``place``, written as problems write it (``lines[0].charge``)."""
    *way, last = _steps(place)
    for step in way:
        document = document[step]
    document[last] = value


def remove(document: Any, place: str) -> None:
    """Take away what stands at ``place``."""
    *way, last = _steps(place)
    for step in way:
        document = document[step]
    del document[last]


def _steps(place: str) -> list[str | int]:
    return [
        int(number or name) if (number or name).isdigit() else name
        for name, number in _STEP.findall(place)
    ]


def text(row: dict[str, Any]) -> str:
    """The document of a row of the table, as text."""
    if "text" in row:
        return "[" * 100_000 if row["text"] == "MANY BRACKETS" else str(row["text"])
    document = json.loads(BASE)
    for place, value in row.get("change", {}).items():
        put(document, place, value)
    for place in row.get("remove", []):
        remove(document, place)
    written = json.dumps(document)
    # What stands between two @ is written as it is, though it is no JSON or none that dumps makes.
    written = re.sub(r'"@(.*?)@(.?)"', lambda raw: raw[1].replace('\\"', '"') + raw[2], written)
    written = written.replace('"LONG"', '"' + "1" * row.get("long", 0) + '"')
    line = '{"revenue_code": "0250", "charge": "1.00"}'
    return written.replace('"MANY"', f"[{', '.join([line] * row.get('many', 0))}]")
