"""Whole encounters: the decision with every step, kept as JSON, so that a changed rule shows.

The stays are those of ``examples`` and of ``stays`` here; what they come to is in ``decisions``.
``python -m tests.golden --write`` writes the decisions anew: read the difference before keeping it.
A figure in them is no authority; what a rule must yield is in ``tests/cases`` and ``tests/oracle``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from superbill.adjudication import Engine, adjudicate
from superbill.errors import Invalid
from superbill.model import read

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DECISIONS = HERE / "decisions"


def stays() -> dict[str, Path]:
    """Every stay by the name of its decision."""
    found = [*ROOT.joinpath("examples").glob("*.json"), *HERE.joinpath("stays").glob("*.json")]
    return {path.stem: path for path in sorted(found) if b'"admission_date"' in path.read_bytes()}


def decided(path: Path, engine: Engine) -> str:
    """What the stay at ``path`` comes to, as it is kept."""
    try:
        stay = read.encounter(path.read_bytes())
        decision = adjudicate(stay, engine=engine, explain=True, what_if=True)
    except Invalid as invalid:
        kept: Any = {"invalid": [str(problem) for problem in invalid.problems]}
    else:
        kept = _plain(msgspec.to_builtins(decision))
        # They name the build of the reference data, which any other dataset changes too.
        kept.pop("lock")
        kept.get("payment", {}).pop("release", None)
        # The list of rules is the same for every stay; what could not be checked is kept.
        kept["edits"].pop("ran", None)
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """Without what is empty, which says nothing and fills pages."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if not _empty(inner)}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def strays() -> Iterator[Path]:
    """Decisions whose stay is gone."""
    known = stays()
    return (path for path in DECISIONS.glob("*.json") if path.stem not in known)
