"""How a text of the books becomes classes of words, and which of them are forms of one word."""

from __future__ import annotations

from superbill.encoder.suggestions.words import meanings, stems_of

_SAME_START = 4


def alike(one: str, other: str) -> bool:
    """Whether two classes are forms of one word: "failure, failed", and not "-itis, -pathy".

    >>> alike("failur", "fail"), alike("abdomen", "abdomin"), alike("nephrit", "nephropath")
    (True, True, False)
    """
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if shared is None:
        shared = min(len(one), len(other))
    return one != other and shared >= _SAME_START and 5 * shared >= 3 * max(len(one), len(other))


def classes(text: str) -> list[str]:
    """The classes of a text's words, in order, each once."""
    known = meanings()
    stems = list(stems_of(text))
    out: list[str] = []
    at = 0
    while at < len(stems):
        for size in range(min(3, len(stems) - at), 1, -1):
            # "Malignant neoplasm" is said otherwise as often as not.
            meant = _CANONICAL.get(tuple(stems[at : at + size]))
            if meant is not None:
                out.append(meant)
                at += size
                break
        else:
            out.append(known.group.get(stems[at], stems[at]))
            at += 1
    return list(dict.fromkeys(out))


def one_class(word: str) -> str:
    """The class of a single word."""
    (each,) = stems_of(word)
    return meanings().group.get(each, each)


def _canonical() -> dict[tuple[str, ...], str]:
    said = ("malignant neoplasm", "neoplasm malignant", "malignant tumor", "malignant neoplasms")
    return {stems_of(each): one_class("cancer") for each in said}


_CANONICAL = _canonical()
