"""The terms that a record is searched for: every title, inclusion term and index entry of a day.

A *term* is a set of classes of words that must all be near one another, further classes that may
be there, and the code or heading that it leads to. Terms are made once from the reference store
and kept in a file beside it, keyed by the store's lock; each bears the days on which it holds.
"""

from __future__ import annotations

import json
import os
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from superbill.dates import parse_day
from superbill.encoder.find.corpus import (
    HEADING_NOTE,
    INCLUSION,
    TITLE,
    Corpus,
    Phrase,
    diagnoses,
)
from superbill.encoder.find.words import STOP
from superbill.encoder.suggestions.classes import alike, classes, one_class
from superbill.encoder.suggestions.words import stems_of
from superbill.store.open import Store

type Array = np.ndarray[Any, Any]

FORMAT = 7
EXTERNAL, NEOPLASM, DRUG = 4, 5, 6
KINDS = (
    "title",
    "inclusion term",
    "index entry",
    "includes note",
    "external cause entry",
    "table of neoplasms",
    "table of drugs",
)
"""What a term is, by its number."""
_BOOKS = {
    "icd10cm.external_causes": EXTERNAL,
    "icd10cm.neoplasms": NEOPLASM,
    "icd10cm.drugs": DRUG,
}
_MOST_CLASSES = 9
_MOST_CODES_BELOW = 400
# Words of the books that say nothing of the condition: a record leaves them out.
_FILLERS = frozenset(
    stems_of(
        "nec nos unspecified specified other others classified elsewhere type site part any "
        "without mention condition conditions following involving associated code see also "
        "personal certain due with caused occurring manifestation manifestations"
    )
)
_NO_NEWS = re.compile(r"(?i)unspecified\b|initial encounter|not intractable|uncomplicated$")
_NOT_SAID = re.compile(
    r"(?i)\bas (?:the )?cause of diseases? classified elsewhere\b|"
    r"\bnot specified as \w+|\b\w+ not specified\b|\bnot elsewhere classified\b|"
    r"\bnot otherwise specified\b|\bNEC\b|\bNOS\b"
)
_WITHOUT = re.compile(r"(?i)\bwithout\b(?:(?!\bin\b).)*")
# Kinds that are told by what they are without; a record that says less means no such kind.
_TOLD_APART = re.compile(
    r"(?i)\bwithout (?:aura|prolapse|use disorder|refractory|active tuberculosis|return to)\b"
)
_OTHER = re.compile(r"(?i)\bothers?\b")
_PRINTED = ("icd10cm.index", "icd10cm.external_causes")


class Term(NamedTuple):
    """A term as people read it, and where it leads."""

    code: str
    kind: int
    shown: str
    source: tuple[str, str]


class Lexicon:
    """All terms, by the rarest of their classes."""

    def __init__(self, arrays: dict[str, Array], lists: dict[str, list[str]]) -> None:
        self.arrays = arrays
        self.code = lists["code"]
        self.shown = lists["shown"]
        self.source = lists["source"]
        self.numbers = {name: number for number, name in enumerate(lists["class"])}
        pairs = lists["alias"]
        self.aliases: dict[str, str] = dict(zip(pairs[::2], pairs[1::2], strict=True))
        self.names = lists["class"]
        self._days: dict[int, Array] = {}

    def holds(self, day: int) -> Array:
        """Which terms hold on the day (an ordinal)."""
        if day not in self._days:
            held: Array = (self.arrays["start"] <= day) & (day < self.arrays["end"])
            self._days[day] = held
        return self._days[day]

    def said(self, classes: Iterable[int], day: int) -> list[int]:
        """The terms of the day all of whose classes are among ``classes``."""
        a = self.arrays
        present = np.zeros(len(self.names) + 1, bool)
        mine = np.fromiter(classes, np.int64)
        if not len(mine):
            return []
        present[mine] = True
        starts, ends = a["bucket_at"][mine], a["bucket_at"][mine + 1]
        lengths = ends - starts
        total = int(lengths.sum())
        if not total:
            return []
        offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        terms = a["bucket"][np.arange(total) + offsets]
        terms = terms[self.holds(day)[terms]]
        # Each term has its classes in a row of fixed width, filled with one that is always there.
        present[-1] = True
        whole = present[a["slots"][terms]].all(axis=1)
        found: list[int] = terms[whole].tolist()
        return found

    def term(self, number: int) -> Term:
        """The term of this number."""
        dataset, _, place = self.source[number].partition("\t")
        return Term(
            self.code[number],
            int(self.arrays["kind"][number]),
            self.shown[number],
            (dataset, place),
        )


def place(store: Path, digest: str) -> Path:
    """Where the terms of the store at ``store`` lie."""
    return store.with_name(f"{store.stem}.terms{FORMAT}-{digest[:12]}")


def prepare(path: Path, *, making: Callable[[], None] = lambda: None) -> Path:
    """Make the terms of the store at ``path`` unless they are there; where they lie."""
    with Store.open(path) as store:
        target = place(path, store.digest)
        if not target.exists():
            making()
            save(make(store), target)
    for other in path.parent.glob(f"{path.stem}.terms*"):
        if other != target and not other.name.endswith(".part"):
            with suppress(OSError):
                other.unlink()
    return target


def make(store: Store) -> Lexicon:
    """The terms of ``store``, in memory (ten to twenty seconds)."""
    return build(diagnoses(store))


class _Entry(NamedTuple):
    classes: tuple[str, ...]
    optional: tuple[str, ...]
    code: str
    kind: int
    shown: str
    source: str
    start: int
    end: int


def build(corpus: Corpus) -> Lexicon:
    """The terms of a corpus."""
    entries: dict[tuple[tuple[str, ...], str, int, int], _Entry] = {}
    found = [entry for phrase in corpus.phrases for entry in _entries(phrase, corpus)]
    heard: Counter[str] = Counter(each for entry in found for each in set(entry.classes))
    for entry in (_named(each, heard) for each in found):
        key = (tuple(sorted(entry.classes)), entry.code, entry.start, entry.end)
        held = entries.get(key)
        if held is None or _rank(entry.kind) < _rank(held.kind):
            entries[key] = entry
    return _lexicon(list(entries.values()), _aliases(corpus))


def _aliases(corpus: Corpus) -> dict[str, str]:
    """Classes that the index prints beside one another for one main term: "asthma, asthmatic"."""
    found: dict[str, str] = {}
    for phrase in corpus.phrases:
        if phrase.source[0] not in _PRINTED:
            continue
        first, _, rest = phrase.essential.partition(", ")
        one, other = classes(first), classes(rest.partition(", ")[0])
        if len(one) == len(other) == 1 and alike(one[0], other[0]):
            found.setdefault(other[0], one[0])
    return found


def _named(entry: _Entry, heard: Mapping[str, int]) -> _Entry:
    """An entry whose name says enough without "disease", "syndrome" and the like."""
    kept = tuple(each for each in entry.classes if each not in _GENERIC)
    if len(kept) == len(entry.classes) or not kept:
        return entry
    if min(heard[each] for each in kept) > _RARE:
        return entry
    dropped = tuple(each for each in entry.classes if each in _GENERIC)
    return entry._replace(classes=kept, optional=(*entry.optional, *dropped))


def _rank(kind: int) -> int:
    """Which of two terms that say the same is shown: the index before the title."""
    return (1, 2, 0, 4, 3, 0, 5)[kind]


def _entries(phrase: Phrase, corpus: Corpus) -> Iterable[_Entry]:
    node = corpus.nodes.get(phrase.node)
    kind = _BOOKS.get(phrase.source[0], phrase.kind)
    if len(phrase.node) < 3 or "-" in phrase.node or kind == DRUG or phrase.kind == HEADING_NOTE:
        return
    if kind == TITLE and (node is None or len(phrase.node) == 7):
        return
    needed, optional = _needed(phrase, kind)
    if not needed or len(needed) > _MOST_CLASSES:
        return
    start = parse_day(phrase.valid_from, "valid_from").toordinal()
    end = parse_day(phrase.valid_to, "valid_to").toordinal()
    source = "\t".join(phrase.source)
    yield _Entry(needed, optional, phrase.node, kind, phrase.shown, source, start, end)


def _needed(phrase: Phrase, kind: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes that must be there, and those that may be; none where no record says the term.

    "Other specified" and "NEC" name what the books do not: no words say it.
    """
    text = _NOT_SAID.sub(" ", phrase.essential.partition(" – see ")[0])
    optional = list(classes(phrase.optional))
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if kind in {TITLE, INCLUSION}:
        if _OTHER.search(text):
            return (), ()
        if _TOLD_APART.search(text):
            return (), ()
        # What a code is without is not said of a record that does not have it.
        parts = [_WITHOUT.sub("", part) for part in parts]
        parts = [part for n, part in enumerate(parts) if n == 0 or not _NO_NEWS.match(part)]
        needed = classes(", ".join(parts))
    else:
        parts = [_WITHOUT.sub("", part) for part in parts]
        column = parts.pop() if kind == NEOPLASM else ""
        if kind == NEOPLASM:
            parts = parts[1:] if parts[1:2] != ["neoplastic"] else parts[2:]
        if parts and not [each for each in classes(parts[-1]) if each not in _FILLERS]:
            return (), ()
        if len(parts) > 2 and not set(classes(parts[-2])) - _FILLERS:
            # "Arrest, cardiac, due to, cardiac condition" cannot be told from "arrest, cardiac".
            before = {each for part in parts[:-2] for each in classes(part)}
            if set(classes(parts[-1])) - _FILLERS <= before | _CONDITIONS:
                return (), ()
        needed = _without_alternatives(parts, optional)
        needed += _COLUMNS.get(column, [])
    unique = tuple(dict.fromkeys(each for each in needed if each not in _FILLERS))
    return unique, tuple(dict.fromkeys(each for each in optional if each not in unique))


def _without_alternatives(parts: list[str], optional: list[str]) -> list[str]:
    """The classes of an index path; of words that begin alike ("abdomen, abdominal") the first."""
    found: list[str] = []
    before: list[str] = []
    for part in parts:
        mine = classes(part)
        for each in mine:
            if any(alike(each, one) for one in before):
                optional.append(each)
            else:
                found.append(each)
        before = mine
    return found


# What a rare name is mostly called without.
_GENERIC = frozenset(one_class(word) for word in ("disease", "syndrome", "disorder", "infection"))
_RARE = 12
_CONDITIONS = frozenset(one_class(word) for word in ("disease", "disorder", "condition", "failure"))
# What a column of the table of neoplasms adds to its site.
_COLUMNS = {
    "neoplasm malignant primary": [one_class("cancer")],
    "neoplasm malignant secondary metastatic": [one_class("metastasis")],
    "neoplasm carcinoma in situ": [one_class("situ")],
    "neoplasm benign": [one_class("benign"), one_class("neoplasm")],
    "neoplasm uncertain behavior": [
        one_class("neoplasm"),
        one_class("uncertain"),
        one_class("behavior"),
    ],
    "neoplasm unspecified behavior": [one_class("neoplasm")],
}


def _lexicon(entries: list[_Entry], aliases: Mapping[str, str]) -> Lexicon:
    heard: dict[str, int] = {}
    for entry in entries:
        for each in entry.classes:
            heard[each] = heard.get(each, 0) + 1
    names = list(dict.fromkeys([*heard, *(o for e in entries for o in e.optional)]))
    numbers = {name: number for number, name in enumerate(names)}
    filler = len(names)
    slots = np.full((len(entries), _MOST_CLASSES), filler, np.int32)
    optional, optional_at = array("i"), array("i", [0])
    buckets: list[list[int]] = [[] for _ in names]
    for row, entry in enumerate(entries):
        mine = [numbers[each] for each in entry.classes]
        slots[row, : len(mine)] = mine
        rarest = min(entry.classes, key=lambda each: heard[each])
        buckets[numbers[rarest]].append(row)
        optional.extend(numbers[each] for each in entry.optional)
        optional_at.append(len(optional))
    sizes = np.array([len(each) for each in buckets], np.int64)
    telling = np.log((len(entries) + 1) / (np.array([heard.get(n, 0) for n in names]) + 1))
    arrays: dict[str, Array] = {
        "slots": slots,
        "count": np.array([len(e.classes) for e in entries], np.int8),
        "kind": np.array([e.kind for e in entries], np.int8),
        "start": np.array([e.start for e in entries], np.int32),
        "end": np.array([e.end for e in entries], np.int32),
        "bucket": np.array([row for each in buckets for row in each], np.int32),
        "bucket_at": np.concatenate(([0], np.cumsum(sizes))),
        "optional": np.array(optional, np.int32),
        "optional_at": np.array(optional_at, np.int32),
        "telling": telling.astype(np.float32),
    }
    lists = {
        "class": names,
        "code": [e.code for e in entries],
        "shown": [e.shown for e in entries],
        "source": [e.source for e in entries],
        "alias": [each for pair in aliases.items() for each in pair],
    }
    return Lexicon(arrays, lists)


def save(lexicon: Lexicon, target: Path) -> None:
    """Write the terms to ``target``, whole or not at all."""
    lists = {
        "class": lexicon.names,
        "code": lexicon.code,
        "shown": lexicon.shown,
        "source": lexicon.source,
        "alias": [each for pair in lexicon.aliases.items() for each in pair],
    }
    arrays = dict(lexicon.arrays)
    for name, texts in lists.items():
        arrays[f"list:{name}"] = np.frombuffer(json.dumps(texts).encode(), np.uint8)
    written = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with written.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)


def load(path: Path) -> Lexicon:
    """Read the terms at ``path``."""
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    lists = {
        name[5:]: json.loads(arrays.pop(name).tobytes())
        for name in list(arrays)
        if name.startswith("list:")
    }
    return Lexicon(arrays, lists)


__all__ = ["STOP", "Lexicon", "Term", "build", "load", "make", "place", "prepare", "save"]
