"""``python -m benchmarks``: list, or measure what is named."""

from __future__ import annotations

import json
import sys
from importlib import import_module

NAMES = ("startup", "build", "batch", "search", "suggest", "x12", "mpfs", "mrf")


def main(args: list[str]) -> int:
    """List the benchmarks, or run those named and say whether every target is met."""
    as_json = "--json" in args
    named = [arg for arg in args if arg != "--json"]
    if not named:
        for name in NAMES:
            print(f"{name:9} {(import_module(f'benchmarks.{name}').__doc__ or '').splitlines()[0]}")
        print(f"{'all':9} Everything.")
        return 0
    if unknown := set(named) - {*NAMES, "all"}:
        print(f"There is no benchmark {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    met = True
    for name in NAMES if "all" in named else named:
        for measure in import_module(f"benchmarks.{name}").run():
            print(json.dumps(measure._asdict() | {"met": measure.met}) if as_json else measure)
            met = met and measure.met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
