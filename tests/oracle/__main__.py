"""Check a file of a publisher's own results: ``python -m tests.oracle SYSTEM FILE``.

SYSTEM is a module of this folder (``ipps``, ``drg``, ``mce``). Prints at most 20 differences and
ends with one JSON line: system, cases, exact, not_covered.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.oracle.common import SHOWN, Result

HERE = Path(__file__).parent


def systems() -> list[str]:
    """The systems that can be checked: every module here but the shared ones."""
    return sorted(
        file.stem
        for file in HERE.glob("*.py")
        if file.stem != "common" and not file.stem.startswith(("_", "test_"))
    )


def main(arguments: list[str]) -> int:
    """Run one system over one file; 0 when the file was checked, 2 when it could not be."""
    if len(arguments) != 2 or arguments[0] not in systems():
        print(
            f"usage: python -m tests.oracle {'|'.join(systems())} FILE.jsonl[.gz]", file=sys.stderr
        )
        return 2
    system, name = arguments
    path = Path(name)
    if not path.is_file():
        print(f"{path}: no such file", file=sys.stderr)
        return 2
    result: Result = import_module(f"tests.oracle.{system}").run(path)
    for difference in result.differences[:SHOWN]:
        print(difference)
    if len(result.differences) > SHOWN:
        print(f"... and {len(result.differences) - SHOWN} more differences")
    for note in result.notes:
        print(note)
    print(result.summary())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
