"""Suggestions measured on clinical case texts with codes, and what they learned from them.

    python -m tests.encoder.notes                measure, and print the report
    python -m tests.encoder.notes fit            fit on the development notes; write learned.json
    python -m tests.encoder.notes plot           draw docs/reliability.svg

The texts are CodiEsp (CLEF eHealth 2020, CC BY 4.0, Barcelona Supercomputing Center) in English
machine translation, at ``../shared/samples/notes``: ``train`` to develop on, ``dev`` to choose by.
No text of them is kept: what is fitted are numbers, and counts for codes and for terms of the
reference data. Codes are scored that may be reported on the day; exact codes and categories,
micro-averaged. Where in a text a code was found is not given with the set, so that the overlap of
evidence cannot be measured.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from superbill.encoder.suggestions import Suggester
from superbill.encoder.suggestions.model import Model
from superbill.store.home import default_store
from superbill.store.open import Store

type Array = np.ndarray[Any, Any]

DAY = date(2026, 3, 1)
CODED = date(2018, 10, 1)  # the coders used the classification of a year before this
ROOT = Path(__file__).parents[2]
NOTES = ROOT.parent / "shared" / "samples" / "notes"


class Note(NamedTuple):
    """A text with the codes (undotted) that its coders gave it.

    ``codes`` may be reported on the day; ``older`` may not: they have since become headings, were
    retired, or were written without their seventh character.
    """

    name: str
    text: str
    codes: frozenset[str]
    older: frozenset[str]


def notes(part: str, known: Suggester) -> list[Note]:
    """The notes of ``train`` or ``dev``."""
    given: dict[str, set[str]] = {}
    for line in (NOTES / f"{part}D.tsv").read_text("utf-8").splitlines():
        name, _, code = line.partition("\t")
        given.setdefault(name, set()).add(code.strip().replace(".", "").upper())
    return [
        Note(
            name,
            (NOTES / "text" / f"{name}.txt").read_text("utf-8"),
            frozenset(code for code in codes if code in known.codes),
            frozenset(code for code in codes if code not in known.codes),
        )
        for name, codes in given.items()
    ]


def meant(note: Note, code: str, previous: dict[str, set[str]]) -> bool:
    """Whether the coders, who wrote codes of an earlier year, meant a code of the day.

    A code that an older one of theirs has become the beginning of is meant, and so is the newer
    code for what they wrote, by the conversion table.
    """
    if code in note.codes or any(code.startswith(each) for each in note.older):
        return True
    return bool(previous.get(code, set()) & (note.codes | note.older))


def conversions(store: Store) -> dict[str, set[str]]:
    """The codes that were assigned before each code that is newer than the notes."""
    if not store.covers("icd10cm.conversion", on=DAY):
        return {}
    found: dict[str, set[str]] = {}
    for code, before in store.query(
        "SELECT code, previous FROM icd10cm_conversion WHERE release = ? AND valid_from >= ? "
        "AND previous != '' AND previous = previous_last",
        store.release("icd10cm.conversion", on=DAY).id,
        CODED.isoformat(),
    ):
        found.setdefault(str(code), set()).add(str(before))
    return found


class Score(NamedTuple):
    """Micro-averaged figures."""

    precision: float
    recall: float
    f1: float

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def predicted(
    held: Iterable[Note], suggester: Suggester, least: float | None = None
) -> list[list[str]]:
    """The codes suggested for each note, likeliest first."""
    return [
        [
            each.code
            for each in suggester.suggest(
                note.text, setting="inpatient", threshold=least
            ).suggestions
        ]
        for note in held
    ]


def kept(held: Iterable[Note], suggester: Suggester) -> list[list[str]]:
    """The codes suggested and those that the rules of coding set aside: denied, or broader.

    The coders of the set gave such codes as often as others; a bill must not have them.
    """
    out = []
    for note in held:
        answer = suggester.suggest(note.text, setting="inpatient")
        aside = [
            each.code
            for each in answer.rejected
            if each.rule in {"absent", "less specific", "excludes1"}
            and each.score >= suggester.model.threshold
        ]
        out.append([*(each.code for each in answer.suggestions), *aside])
    return out


def score(held: Sequence[Note], found: Sequence[Sequence[str]], size: int = 7) -> Score:
    """Exact codes, or with ``size`` 3 their categories."""
    right = said = wanted = 0
    for note, codes in zip(held, found, strict=True):
        mine, theirs = {c[:size] for c in codes}, {c[:size] for c in note.codes}
        right += len(mine & theirs)
        said += len(mine)
        wanted += len(theirs)
    precision, recall = right / max(said, 1), right / max(wanted, 1)
    return Score(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def forward(held: Sequence[Note], found: Sequence[Sequence[str]], store: Store) -> Score:
    """As :func:`score`, where a newer code for what the coders wrote is right, too."""
    previous = conversions(store)
    right = said = wanted = reached = 0
    for note, codes in zip(held, found, strict=True):
        right += sum(meant(note, code, previous) for code in codes)
        said += len(codes)
        for code in note.codes | note.older:
            wanted += 1
            reached += any(
                each == code
                or (code in note.older and each.startswith(code))
                or code in previous.get(each, ())
                for each in codes
            )
    precision, recall = right / max(said, 1), reached / max(wanted, 1)
    return Score(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def recall_at(held: Sequence[Note], found: Sequence[Sequence[str]], most: int = 10) -> float:
    """The share of codes that stand among the first ``most`` suggested."""
    right = sum(
        len(note.codes & set(codes[:most])) for note, codes in zip(held, found, strict=True)
    )
    return right / max(sum(len(note.codes) for note in held), 1)


def report(suggester: Suggester, store: Store) -> None:
    """Print what was found and what was not."""
    for part in ("train", "dev"):
        held = notes(part, suggester)
        print(
            f"{part}: {len(held)} notes, {sum(len(n.codes) for n in held)} codes of {DAY} "
            f"({sum(len(n.older) for n in held)} others left out)"
        )
        for least in (None, 0.5, 0.7):
            found = predicted(held, suggester, least)
            named = f"at {suggester.model.threshold if least is None else least}"
            size = sum(map(len, found)) / len(held)
            print(
                f"  {named:8} exact {score(held, found)}   category {score(held, found, 3)}"
                f"   {size:.1f} a note"
            )
        found = predicted(held, suggester)
        print(f"  with their older codes read as those of the day: {forward(held, found, store)}")
        print(f"  with what rules of coding set aside kept: {score(held, kept(held, suggester))}")
        whole = predicted(held, suggester, 0.0)
        print(
            f"  recall at 10: {recall_at(held, whole):.3f}; of all candidates: "
            f"{recall_at(held, whole, 10_000):.3f}"
        )
        _causes(held, suggester)


def _causes(held: Sequence[Note], suggester: Suggester) -> None:
    """Why codes of the coders were not suggested, and what was suggested that they did not give."""
    why: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for note in held:
        answer = suggester.suggest(note.text, setting="inpatient")
        said = {each.code for each in answer.suggestions}
        aside = {each.code: each.rule for each in answer.rejected}
        categories = {code[:3] for code in said}
        for code in note.codes - said:
            if code in aside:
                why[aside[code]] += 1
            elif code[:3] in categories:
                why["another code of the category was suggested"] += 1
            else:
                why["no term of the note leads there, or a narrower one does"] += 1
                unknown[code] += 1
        wrong.update(said - note.codes)
    total = sum(len(note.codes) for note in held)
    print("  codes not suggested, by cause (share of all the coders' codes):")
    for cause, count in why.most_common():
        print(f"    {count:5} {count / total:6.1%}  {cause}")
    print("  most often missing: " + _list(unknown, suggester))
    print("  most often too much: " + _list(wrong, suggester))


def _list(codes: Counter[str], suggester: Suggester) -> str:
    return "; ".join(
        f"{code} {suggester.codes.title(code)[:40]} {n}" for code, n in codes.most_common(20)
    )


def main() -> None:
    """Measure, fit or plot."""
    parser = argparse.ArgumentParser(prog="python -m tests.encoder.notes")
    parser.add_argument("what", nargs="?", choices=("report", "fit", "plot"), default="report")
    parser.add_argument("--store", type=Path, default=None)
    asked = parser.parse_args()
    if not NOTES.is_dir():
        print(f"Suggestions were not measured: the notes are not here: {NOTES}")
        return
    from tests.encoder import notes_fit as fitting  # it reads the notes by this module

    with Store.open(asked.store or default_store()) as store:
        blank = Model(fitting.blank()) if asked.what == "fit" else None
        suggester = Suggester(store, on=DAY, learned=blank)
        {"report": report, "fit": fitting.fit, "plot": fitting.plot}[asked.what](suggester, store)


if __name__ == "__main__":
    main()
