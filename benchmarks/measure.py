"""What a measurement is, and how it is taken."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PYTHON = sys.executable
SUPERBILL = str(Path(sys.executable).with_name("superbill"))


class Measure(NamedTuple):
    """One figure; ``target`` is the bound that it must keep, and ``at_least`` which side."""

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the target is kept; true where there is none."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        figure = f"{self.name:58} {self.value:10.3f} {self.unit:9}"
        if self.target is None:
            return figure.rstrip()
        bound = f"{'≥' if self.at_least else '≤'} {self.target:g}"
        return f"{figure} {bound:8} {'met' if self.met else 'NOT MET'}"


def seconds(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """How long a command takes, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    return time.perf_counter() - start


def in_turn(rounds: int, **takes: Callable[[], float]) -> dict[str, list[float]]:
    """Measure each in turn, ``rounds`` times, so that a busy machine is busy for all of them."""
    found: dict[str, list[float]] = {name: [] for name in takes}
    for _ in range(rounds):
        for name, take in takes.items():
            found[name].append(take())
    return found


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))
