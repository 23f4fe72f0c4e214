"""10,000 stays from JSON Lines to decisions, beside msdrg merely grouping them; and its memory.

msdrg is given its own dictionaries, made beforehand; superbill reads text, edits, groups, prices,
splits and writes text. Both run in a process of their own, in turn, so that a busy machine is busy
for both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import stays
from benchmarks.measure import PYTHON, SUPERBILL, Measure, in_turn, ratio, seconds

COUNT = 10_000
FEW = 2_500
ROUNDS = 5
SEX = {"M": 0, "F": 1, "U": 2}


def run() -> list[Measure]:
    """Measure a batch."""
    with tempfile.TemporaryDirectory() as folder:
        many = stays.write(Path(folder) / "many.jsonl", COUNT)
        few = stays.write(Path(folder) / "few.jsonl", FEW)
        took = in_turn(
            ROUNDS,
            peer=lambda: _timed("peer", many),
            one=lambda: _timed("ours", many, 1),
            two=lambda: _timed("ours", many, 2),
        )
        command = [SUPERBILL, "adjudicate", str(many), "--json"]
        whole = min(seconds(command) for _ in range(2))
        small, large = (_timed("memory", path) for path in (few, many))
    best = {name: COUNT / min(times) for name, times in took.items()}
    return [
        Measure("msdrg group(), one process", best["peer"], "stays/s"),
        Measure("superbill, one process", best["one"], "stays/s"),
        Measure("superbill, two processes", best["two"], "stays/s"),
        Measure("superbill adjudicate --json, from start to end", COUNT / whole, "stays/s"),
        Measure("one process / msdrg", ratio(took["peer"], took["one"]), "×", 0.6, at_least=True),
        Measure("two processes / one", ratio(took["one"], took["two"]), "×", 1.7, at_least=True),
        Measure(f"memory after {FEW:,} stays", small, "MB"),
        Measure(f"memory after {COUNT:,} stays", large, "MB", target=small * 1.1),
    ]


def _timed(what: str, path: Path, *more: int) -> float:
    """Run one of the functions below in a process of its own, and take the figure it prints."""
    code = f"from benchmarks import batch; print(batch.{what}({str(path)!r}, *{more!r}))"
    done = subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def ours(path: str, jobs: int) -> float:
    """Seconds that superbill takes, the opening of what it reads included."""
    from superbill.bulk import Done, run

    start = time.perf_counter()
    with Path(path).open("rb") as lines, tempfile.TemporaryFile() as out:
        for outcome in run(lines, jobs=jobs):
            if not isinstance(outcome, Done):
                raise SystemExit(f"line {outcome.line}: {outcome.error}")
            out.write(outcome.output.output + b"\n")
    return time.perf_counter() - start


def peer(path: str) -> float:
    """Seconds that msdrg takes to group the same stays, its input ready in memory."""
    import msdrg

    with Path(path).open("rb") as lines:
        claims: list[Any] = [claim(json.loads(line)) for line in lines]
    with msdrg.MsdrgGrouper() as grouper:
        start = time.perf_counter()
        for one in claims:
            grouper.group(one)
        return time.perf_counter() - start


def claim(stay: dict[str, Any]) -> dict[str, Any]:
    """A stay as msdrg takes it."""
    first, *others = stay["diagnoses"]
    born, admitted = stay["patient"]["birth_date"], stay["admission_date"]
    return {
        "version": 430 if stay["discharge_date"] < "2026-04-01" else 431,
        "age": int(admitted[:4]) - int(born[:4]) - (admitted[5:] < born[5:]),
        "sex": SEX[stay["patient"]["sex"]],
        "discharge_status": int(stay["discharge_status"]),
        "hospital_status": "NOT_EXEMPT",
        "pdx": _diagnosis(first),
        "sdx": [_diagnosis(other) for other in others],
        "procedures": [{"code": procedure["code"]} for procedure in stay["procedures"]],
    }


def _diagnosis(diagnosis: dict[str, str]) -> dict[str, str]:
    # msdrg refuses an empty indicator; one that is not reported is left out.
    return {name: value for name, value in diagnosis.items() if value}


def memory(path: str) -> float:
    """The most memory that a process held while it decided every stay, in MB."""
    import resource

    from superbill.bulk import run

    with Path(path).open("rb") as lines:
        _exhaust(run(lines))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _exhaust(outcomes: Iterator[object]) -> None:
    for _ in outcomes:
        pass
