"""From the command to its answer, cold: looking a code up, beside ``python -c pass``."""

from __future__ import annotations

import statistics

from benchmarks.measure import PYTHON, SUPERBILL, Measure, in_turn, ratio, seconds

CODE = [SUPERBILL, "code", "I50.23", "--on", "2026-03-01"]


def run() -> list[Measure]:
    """Measure start-up."""
    seconds(CODE)
    took = in_turn(
        20,
        bare=lambda: seconds([PYTHON, "-c", "pass"]),
        code=lambda: seconds(CODE),
        help=lambda: seconds([SUPERBILL, "--help"]),
    )
    return [
        Measure("python -c pass", statistics.median(took["bare"]), "s"),
        Measure("superbill --help", statistics.median(took["help"]), "s"),
        Measure("superbill code", statistics.median(took["code"]), "s", target=0.4),
        Measure(
            "superbill code / python -c pass", ratio(took["code"], took["bare"]), "×", target=8
        ),
    ]
