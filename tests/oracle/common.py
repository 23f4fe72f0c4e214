"""What every check against a publisher's own program shares: records in, differences out.

A system is a module of this folder with ``run(path) -> Result``. Its records are JSON objects,
one a line, in a ``.jsonl`` or ``.jsonl.gz`` file; each has at least an ``id``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

SHARED = Path(__file__).parents[3] / "shared" / "oracles"
"""Where the published results lie beside a checkout; absent elsewhere."""

SHOWN = 20
"""At most so many differences are printed."""


class Difference(NamedTuple):
    """One field of one record that does not agree."""

    id: str
    field: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.id}: {self.field}: expected {self.expected!r}, got {self.got!r}"


class Result(NamedTuple):
    """The outcome of a file: how many records, how many agree in every field compared.

    ``not_covered`` counts records that the product declines to answer. ``notes`` are further
    lines to print (a category reported apart, say).
    """

    system: str
    cases: int
    exact: int
    not_covered: int
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """The one JSON line that ends a run."""
        return json.dumps(
            {
                "system": self.system,
                "cases": self.cases,
                "exact": self.exact,
                "not_covered": self.not_covered,
            }
        )


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a ``.jsonl`` or ``.jsonl.gz`` file, in order; blank lines are skipped."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    ) as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
