"""Words of Greek and Latin parts, taken apart: "hepatopexy" is a repair of the liver.

The parts stand in ``words.toml``. A word is taken apart only where the texts of a system do not
have it as it stands.
"""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any, NamedTuple

from superbill.encoder.find.words import stem

_LINKS = ("", "o", "i", "a", "io")
_SHORTEST = 6
_MOST_ROOTS = 3

type Part = tuple[str, ...]


class _Parts(NamedTuple):
    roots: dict[str, Part]
    endings: dict[bool, dict[str, Part]]


@functools.cache
def _parts() -> _Parts:
    text = (files("superbill.encoder.find") / "words.toml").read_text("utf-8")
    held: dict[str, Any] = tomllib.loads(text)

    def stemmed(table: dict[str, list[str]]) -> dict[str, Part]:
        return {part: tuple(dict.fromkeys(map(stem, meant))) for part, meant in table.items()}

    endings = {
        True: stemmed(held["procedure_endings"]),
        False: stemmed(held["condition_endings"]),
    }
    return _Parts(stemmed(held["roots"]), endings)


@functools.lru_cache(maxsize=4096)
def apart(word: str, *, procedure: bool) -> tuple[Part, ...]:
    """The parts of a word, each as the stems that may stand for it; empty where it has none.

    >>> apart("hepatopexy", procedure=True)
    (('repair', 'reposition'), ('liver',))
    >>> apart("gastralgia", procedure=False)
    (('pain',), ('stomach',))
    >>> apart("window", procedure=False)
    ()
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return ()
    parts = _parts()
    for size in range(len(word) - 2, 2, -1):
        ending = parts.endings[procedure].get(word[-size:])
        if ending is not None:
            roots = _roots(word[:-size], parts.roots, _MOST_ROOTS)
            if roots:
                return (ending, *roots)
    return ()


def _roots(rest: str, roots: dict[str, Part], most: int) -> tuple[Part, ...] | None:
    """The roots that ``rest`` is made of, the longest first; ``None`` where it is made of none."""
    if not rest:
        return ()
    if not most:
        return None
    for size in range(len(rest), 1, -1):
        root = roots.get(rest[:size])
        if root is None:
            continue
        for link in _LINKS:
            if rest[size:].startswith(link):
                others = _roots(rest[size + len(link) :], roots, most - 1)
                if others is not None:
                    return (root, *others)
    return None
