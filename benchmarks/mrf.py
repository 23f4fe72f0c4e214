"""A payer's in-network file: how fast it is read, and in how much memory whatever its size."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import PYTHON, SUPERBILL, Measure

SMALL, LARGE = 50, 250
"""Megabytes of the two files; SUPERBILL_BENCHMARK_MRF_MB makes the large one another size."""

GROUPS_PER_MB = 40
CODES = 2_000
ASKED = "Z0007"


def pieces(megabytes: int, *, references_last: bool) -> Iterator[str]:
    """A file of made-up rates, piece by piece: the groups grow with it, as real ones do."""
    chance = random.Random(7)
    groups = megabytes * GROUPS_PER_MB
    yield (
        '{"reporting_entity_name": "A Payer", "reporting_entity_type": "issuer",'
        '"last_updated_on": "2026-01-15", "version": "2.0.0", '
    )
    parts = [_references(groups, chance), _items(megabytes * 1_000_000, groups, chance)]
    first, second = reversed(parts) if references_last else parts
    yield from first
    yield ", "
    yield from second
    yield "}"


def _references(groups: int, chance: random.Random) -> Iterator[str]:
    yield '"provider_references": ['
    for number in range(groups):
        npis = chance.sample(range(1_000_000_000, 2_000_000_000), 20)
        tin = {"type": "ein", "value": f"{number:09}", "business_name": f"Clinic {number}"}
        group = {
            "provider_group_id": number,
            "network_name": ["Network"],
            "provider_groups": [{"npi": npis, "tin": tin}],
        }
        yield ("" if not number else ", ") + json.dumps(group)
    yield "]"


def _items(size: int, groups: int, chance: random.Random) -> Iterator[str]:
    yield '"in_network": ['
    written = 0
    number = 0
    while written < size:
        rates = [
            {
                "provider_references": chance.sample(range(groups), 5),
                "negotiated_prices": [
                    {
                        "negotiated_type": "negotiated",
                        "negotiated_rate": chance.randrange(100, 9_000_000) / 100,
                        "expiration_date": "9999-12-31",
                        "service_code": ["11", "22"],
                        "billing_class": "professional",
                        "setting": "outpatient",
                    }
                    for _ in range(2)
                ],
            }
            for _ in range(200)
        ]
        item = {
            "negotiation_arrangement": "ffs",
            "name": "A service",
            "billing_code_type": "LOCAL",
            "billing_code_type_version": "2026",
            "billing_code": f"Z{number % CODES:04}",
            "description": "A service",
            "negotiated_rates": rates,
        }
        text = ("" if not number else ", ") + json.dumps(item)
        written += len(text)
        number += 1
        yield text
    yield "]"


def write(path: Path, megabytes: int, *, references_last: bool = False) -> None:
    """A file of about so many megabytes."""
    with path.open("w") as file:
        file.writelines(pieces(megabytes, references_last=references_last))


class Ran(NamedTuple):
    """How long a command took, and the most memory that it held."""

    seconds: float
    megabytes: float
    lines: int


def _run(*args: object) -> Ran:
    # A process of its own waits for the command, so that its most memory is the command's.
    program = (
        "import resource, subprocess, sys; "
        "done = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.PIPE); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.stdout.count(b'\\n'))"
    )
    start = time.perf_counter()
    command = [PYTHON, "-c", program, SUPERBILL, *map(str, args)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Ran(time.perf_counter() - start, int(told[0]) / 1024, int(told[1]))


def run() -> list[Measure]:
    """Price one code from two files, one five times as large, and import the smaller."""
    large = int(os.environ.get("SUPERBILL_BENCHMARK_MRF_MB", LARGE))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "small.json", SMALL, references_last=True)
        write(folder / "large.json", large, references_last=True)
        ask = ("--code", ASKED, "--json")
        small = _run("contract", "price", folder / "small.json", *ask)
        big = _run("contract", "price", folder / "large.json", *ask)
        checked = _run("contract", "check", folder / "small.json")
        imported = _run("contract", "import", folder / "small.json", "-o", folder / "book")
        found = _run("contract", "price", folder / "book", *ask)
        assert found.lines == small.lines > 0
        size = (folder / "large.json").stat().st_size / 1e6
        part = (folder / "small.json").stat().st_size / 1e6
    return [
        Measure(f"a code priced from a file of {size:,.0f} MB", size / big.seconds, "MB/s"),
        Measure(f"a file of {part:,.0f} MB checked", part / checked.seconds, "MB/s"),
        Measure(f"a file of {part:,.0f} MB imported", part / imported.seconds, "MB/s"),
        Measure("a code priced from its book", found.seconds, "s"),
        Measure(f"memory for {part:,.0f} MB", small.megabytes, "MB"),
        Measure(f"memory for {size:,.0f} MB", big.megabytes, "MB", 150),
        Measure(
            "memory for the larger over the smaller", big.megabytes / small.megabytes, "times", 1.25
        ),
    ]
