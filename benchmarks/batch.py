"""10,000 stays from JSON Lines to decisions, beside msdrg merely grouping them; and its memory.

msdrg is given its own dictionaries, made beforehand; superbill reads text, edits, groups, prices,
splits and writes text. Each runs in a process of its own, in turn. One process is held against the
other by the processor time that each takes, which other work on the machine disturbs little; two
processes against one by the clock.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import stays
from benchmarks.measure import PYTHON, SUPERBILL, Measure, in_turn, ratio, seconds

COUNT = 10_000
FEW = 2_500
BUFFER = 1024**2
ROUNDS = 5
SEX = {"M": 0, "F": 1, "U": 2}


def run() -> list[Measure]:
    """Measure a batch, on the store in the data folder; it is built where there is none."""
    subprocess.run([SUPERBILL, "data", "build", "--if-missing"], check=True, capture_output=True)
    with tempfile.TemporaryDirectory() as folder:
        many = stays.write(Path(folder) / "many.jsonl", COUNT)
        few = stays.write(Path(folder) / "few.jsonl", FEW)
        took = in_turn(
            ROUNDS,
            peer=lambda: _taken("peer", many).processor,
            ours=lambda: _taken("ours", many, 1).processor,
            one=lambda: _taken("ours", many, 1).clock,
            two=lambda: _taken("ours", many, 2).clock,
        )
        command = [SUPERBILL, "adjudicate", str(many), "--json"]
        whole = min(seconds(command) for _ in range(2))
        small, large = (_taken("memory", path).memory for path in (few, many))
    best = {name: COUNT / min(times) for name, times in took.items()}
    return [
        Measure("msdrg group(), one process", best["peer"], "stays/s"),
        Measure("superbill, one process", best["ours"], "stays/s"),
        Measure("superbill, two processes", best["two"], "stays/s"),
        Measure("superbill adjudicate --json, from start to end", COUNT / whole, "stays/s"),
        Measure("one process / msdrg", ratio(took["peer"], took["ours"]), "×", 0.6, at_least=True),
        Measure("two processes / one", ratio(took["one"], took["two"]), "×", 1.7, at_least=True),
        Measure(f"memory after {FEW:,} stays", small, "MB"),
        Measure(f"memory after {COUNT:,} stays", large, "MB", target=small * 1.1),
    ]


class Taken(NamedTuple):
    """What a run took: seconds by the clock and of the processor, and megabytes at most."""

    clock: float
    processor: float
    memory: float


def _taken(what: str, path: Path, *more: int) -> Taken:
    """Run one of the functions below in a process of its own."""
    code = f"from benchmarks import batch; batch.{what}({str(path)!r}, *{more!r})"
    done = subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True)
    return Taken(*map(float, done.stdout.split()))


@contextmanager
def _measured() -> Iterator[None]:
    """Measure the block, and print what it took."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    taken = Taken(time.perf_counter() - clock, time.process_time() - processor, _most_memory())
    print(*taken)


def _most_memory() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def ours(path: str, jobs: int) -> None:
    """Decide every stay, the opening of what is read for it included."""
    from superbill.bulk import Done, run

    with (
        _measured(),
        Path(path).open("rb", buffering=BUFFER) as lines,
        tempfile.TemporaryFile(buffering=BUFFER) as out,
    ):
        for outcome in run(lines, jobs=jobs):
            if not isinstance(outcome, Done):
                raise SystemExit(f"line {outcome.line}: {outcome.error}")
            out.write(outcome.output.output)
            out.write(b"\n")


def peer(path: str) -> None:
    """Let msdrg group the same stays, its input ready in memory."""
    import msdrg

    with Path(path).open("rb") as lines:
        claims: list[Any] = [claim(json.loads(line)) for line in lines]
    with msdrg.MsdrgGrouper() as grouper, _measured():
        for one in claims:
            grouper.group(one)


def memory(path: str) -> None:
    """Decide every stay and keep nothing."""
    from superbill.bulk import run

    with _measured(), Path(path).open("rb") as lines:
        for _ in run(lines):
            pass


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
