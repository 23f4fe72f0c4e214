"""The files that the contracts are held against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("src", "tests", "docs", "examples", "benchmarks", ".ci")
TEXT = {".py", ".toml", ".md", ".json", ".jsonl", ".csv", ".txt", ".edi", ".837", ".yml", ""}
NOT_OURS = {"__pycache__", ".hypothesis"}


def files(*folders: str, suffixes: set[str] | None = None) -> Iterator[Path]:
    """Every text file of the project below ``folders`` (all of them if none is named)."""
    wanted = TEXT if suffixes is None else suffixes
    if not folders:
        for path in sorted(ROOT.iterdir()):
            if path.is_file() and path.suffix in wanted and path.name not in (".git", "uv.lock"):
                yield path
    for folder in folders or OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in wanted and not NOT_OURS & set(path.parts):
                yield path


def name(path: Path) -> str:
    """A file as it is called in the project."""
    return path.relative_to(ROOT).as_posix()
