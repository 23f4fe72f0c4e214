"""``python -m tests.golden --write``: decide every stay anew and keep the decisions."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from superbill.adjudication import Engine
from superbill.store import build
from tests.golden import DECISIONS, decided, stays, strays


def main(args: list[str]) -> int:
    if args != ["--write"]:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "reference.sqlite"
        build.build(into=store)
        DECISIONS.mkdir(exist_ok=True)
        for path in strays():
            path.unlink()
            print(f"removed {path.name}")
        with Engine(store) as engine:
            for name, path in stays().items():
                kept = DECISIONS / f"{name}.json"
                before = kept.read_text(encoding="utf-8") if kept.exists() else ""
                after = decided(path, engine)
                if after != before:
                    kept.write_text(after, encoding="utf-8")
                    print(f"{'changed' if before else 'new'} {kept.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
