"""What the values of ICD-10-PCS mean, and which words of a record count as them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from superbill.codes.titles import distance
from superbill.encoder.pcs.tables import DEFINITIONS
from superbill.sources.icd10cm_printed import title_key
from superbill.store.open import Store


class Said(NamedTuple):
    """The official definition of a value, its explanation, and the words it includes."""

    definition: str = ""
    explanation: str = ""
    includes: tuple[str, ...] = ()


class Key(NamedTuple):
    """A line of the body part key, device key or the like: a word, and the value it counts as."""

    word: str
    section: str
    axis: int
    label: str


class Definitions:
    """The definitions held for a day, else the nearest; nothing is said where none are held."""

    def __init__(self, store: Store, *, on: date) -> None:
        held = store.coverage(DEFINITIONS)
        self._store = store
        self._release = min(held, key=lambda item: distance(item[0], on))[1].id if held else 0

    def of(self, section: str, axis: int, label: str) -> Said:
        """What is said of a value of an axis (1 to 7) in a section."""
        rows = self._store.query(
            f"SELECT kind, text FROM {self._store.info(DEFINITIONS).table} "  # noqa: S608
            "WHERE section = ? AND axis = ? AND label = ? AND release = ? ORDER BY position",
            *(section, axis, label, self._release),
        )
        texts: dict[str, list[str]] = {}
        for kind, text in rows:
            texts.setdefault(str(kind), []).append(str(text))
        return Said(
            " ".join(texts.get("definition", ())),
            " ".join(texts.get("explanation", ())),
            tuple(texts.get("includes", ())),
        )

    def key(self, word: str) -> list[Key]:
        """The values that a word of the record counts as ("Abdominal aortic plexus")."""
        wanted = title_key(word)
        rows = self._store.query(
            f"SELECT text, section, axis, label FROM {self._store.info(DEFINITIONS).table} "  # noqa: S608
            "WHERE kind = 'includes' AND release = ? AND text LIKE ? ESCAPE '!' ORDER BY position",
            *(self._release, f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"),
        )
        return [
            Key(str(text), str(section), int(str(axis)), str(label))
            for text, section, axis, label in rows
            if title_key(str(text)) == wanted
        ]
