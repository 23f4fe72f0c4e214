"""From a record to suggestions: candidates, rules, scores, and what is said of each."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from superbill.codes.notation import dotted
from superbill.codes.notes import Notes, open_notes
from superbill.encoder.suggestions import rules
from superbill.encoder.suggestions.answer import Rejected, Setting, Suggested, Suggestions
from superbill.encoder.suggestions.candidates import Candidate, Support, candidates, is_so
from superbill.encoder.suggestions.codes import DayCodes
from superbill.encoder.suggestions.combined import combinations
from superbill.encoder.suggestions.context import Read, read
from superbill.encoder.suggestions.lexicon import KINDS, Lexicon, load, place, prepare
from superbill.encoder.suggestions.model import Model, model
from superbill.encoder.suggestions.patient import patient
from superbill.errors import Invalid
from superbill.store.open import Store

MOST_CHARACTERS = 400_000
_SETTINGS = ("inpatient", "outpatient")
_MOST_SPANS = 8
_REJECTED_SHOWN = 40
_UNLIKELY = 0.02


class Scored(NamedTuple):
    """A candidate with its score; ``why`` is said of a code that others make together."""

    candidate: Candidate
    score: float
    why: str = ""


@functools.lru_cache(maxsize=2)
def _loaded(path: Path) -> Lexicon:
    return load(path)


def lexicon_of(store: Store) -> Lexicon:
    """The terms of ``store``, made first where they are not there yet."""
    where = place(store.path, store.digest)
    if not where.exists():
        _loaded.cache_clear()
        where = prepare(store.path)
    return _loaded(where)


class Suggester:
    """Suggests codes for records of one day. Keep it: opening costs more than a record does."""

    def __init__(
        self,
        store: Store,
        *,
        on: date,
        lexicon: Lexicon | None = None,
        learned: Model | None = None,
    ) -> None:
        self._day = on
        self._store = store
        self.codes = DayCodes(store, on=on)
        self.lexicon = lexicon_of(store) if lexicon is None else lexicon
        self.model = model() if learned is None else learned
        self._attributes = _attributes(store, on)
        self._notes: Notes | None = open_notes(store, on=on)

    def attributes(self, code: str) -> frozenset[str]:
        """What the code editor says of the age and sex that a code is for."""
        return self._attributes.get(code, frozenset())

    def candidates(self, text: str) -> tuple[Read, list[Candidate]]:
        """The record as read, and every code that its words may lead to."""
        record = read(text)
        return record, candidates(record, self.lexicon, self.codes, self._day.toordinal())

    def suggest(
        self, text: str, *, setting: Setting, threshold: float | None = None
    ) -> Suggestions:
        """The codes that ``text`` supports, likeliest first, and those set aside.

        Raises :class:`~superbill.errors.Invalid` for a text that is too long.
        """
        if len(text) > MOST_CHARACTERS:
            raise Invalid.at(
                "text",
                f"it has {len(text):,} characters; a record has at most {MOST_CHARACTERS:,}.",
                "Give the documents of a stay one by one.",
            )
        least = self.model.threshold if threshold is None else threshold
        record, found = self.candidates(text)
        person = patient(text)
        rejected: list[Rejected] = []
        kept: list[Scored] = []
        aside: dict[str, rules.Fault] = {}
        scores = dict(
            zip((each.code for each in found), self.model.scores(found, listed=True), strict=True)
        )
        history = rules.told_as_history(found, record.words)
        for code, other in history.items():
            # The words are the same, and as telling of the one as of the other.
            scores[other] = max(scores[other], scores[code])
        for candidate in found:
            score = scores[candidate.code]
            fault = rules.by_words(candidate, setting) or rules.by_patient(
                candidate.code, self.attributes(candidate.code), person
            )
            if fault is None and candidate.code in history:
                why = f"told as history: {dotted(history[candidate.code])} (I.C.21.c.4)"
                fault = rules.Fault("history", why)
            if fault is not None:
                aside[candidate.code] = fault
                # Of what is denied the closest reading is shown, and not all that it might be.
                if not all(support.inside for support in candidate.support):
                    rejected.append(self._rejected(record, Scored(candidate, score), fault))
            elif score < least:
                if score >= _UNLIKELY:
                    thin = rules.Fault("thin evidence", "the words may mean something else")
                    rejected.append(self._rejected(record, Scored(candidate, score), thin))
            else:
                kept.append(Scored(candidate, score))
        kept.sort(key=lambda each: (-each.score, each.candidate.code))
        kept, broader = _without_broader(kept, aside)
        kept, remarks, faults = self._against_one_another(kept)
        rejected += [self._rejected(record, each, fault) for each, fault in broader]
        rejected += [self._rejected(record, each, fault) for each, fault in faults]
        rejected.sort(key=lambda each: (each.rule == "thin evidence", -each.score, each.code))
        return Suggestions(
            on=self._day.isoformat(),
            setting=setting,
            suggestions=tuple(
                self._suggested(record, each, setting, remarks.get(each.candidate.code, ()))
                for each in kept
            ),
            rejected=tuple(rejected[:_REJECTED_SHOWN]),
            message=_message(text, record, kept),
            lock=self._store.digest,
        )

    def _against_one_another(
        self, kept: list[Scored]
    ) -> tuple[list[Scored], dict[str, tuple[str, ...]], list[tuple[Scored, rules.Fault]]]:
        """What goes because of another code, and what is remarked of those that stay."""
        by_code = {each.candidate.code: each for each in kept}
        gone: dict[str, rules.Fault] = {}
        titles = {code: self.codes.title(code) for code in by_code}
        scores = {code: each.score for code, each in by_code.items()}
        less = rules.less_specific([each.candidate for each in kept], scores, titles)
        for code, fuller in less.items():
            why = f"{dotted(fuller)} says the same and more (I.B.2)"
            gone[code] = rules.Fault("less specific", why)
        both: list[rules.Conflict] = []
        for conflict in rules.conflicts(list(by_code), self._notes):
            one, other = by_code[conflict.code], by_code[conflict.other]
            weaker, stronger = _weaker(one, other)
            if _all_words_of(weaker.candidate, stronger.candidate):
                strong = dotted(stronger.candidate.code)
                why = f"the same words lead to {strong} ({conflict.place}; I.A.12.a)"
                gone.setdefault(weaker.candidate.code, rules.Fault("excludes1", why))
            else:
                both.append(conflict)
        stay = [each for each in kept if each.candidate.code not in gone]
        made: list[Scored] = []
        for each in combinations([s.candidate.code for s in stay], self.codes):
            why = f"{dotted(each.code)} takes its place: {each.why}"
            gone[each.replaces] = rules.Fault("combined", why)
            if each.code not in by_code:
                made.append(_made([by_code[part] for part in each.parts], each.code, each.why))
        stay = [each for each in (*stay, *made) if each.candidate.code not in gone]
        remarks: dict[str, list[str]] = {}
        left = {each.candidate.code for each in stay}
        for conflict in both:
            if conflict.code in left and conflict.other in left:
                for mine, theirs in (conflict[:2], conflict[1::-1]):
                    remarks.setdefault(mine, []).append(rules.said(conflict, theirs))
        signs = rules.integral([each.candidate.code for each in stay])
        for sign, disease in signs.items():
            why = f"belongs to {dotted(disease)} as a rule: not coded beside it on a bill (I.B.5)"
            remarks.setdefault(sign, []).append(why)
        # Signs that a disease explains come last, likely or not.
        stay.sort(key=lambda s: (s.candidate.code in signs, -s.score, s.candidate.code))
        return (
            stay,
            {code: tuple(said) for code, said in remarks.items()},
            [(by_code[code], fault) for code, fault in gone.items()],
        )

    def _suggested(
        self, record: Read, scored: Scored, setting: Setting, remarks: tuple[str, ...]
    ) -> Suggested:
        candidate = scored.candidate
        best = candidate.support[0]
        term = self.lexicon.term(best.mention.term)
        said = list(remarks)
        if "uncertain" in best.states and setting == "inpatient":
            said.append("uncertain: coded as if it existed only if so at discharge (II.H, III.C)")
        if candidate.code[0] not in "ZR" and rules.after_history(best, record.words):
            said.append("told as history: code a history (Z80-Z87) if it is over (I.C.21.c.4)")
        kind = KINDS[term.kind]
        why = scored.why or f"{_quoted(record, best)}: {kind} “{term.shown}”"
        return Suggested(
            code=candidate.code,
            dotted=dotted(candidate.code),
            title=self.codes.title(candidate.code),
            score=round_share(scored.score),
            evidence=_spans(record, candidate),
            why=why,
            path=term.shown,
            source="/".join(term.source),
            missing=best.resolved.missing,
            remarks=tuple(dict.fromkeys(said)),
            guideline=self._guideline(candidate.code),
        )

    def _guideline(self, code: str) -> str:
        """The section of the guidelines on the chapter of a code, as it is cited."""
        path = () if self._notes is None else self._notes.tree.path(code)
        return f"I.C.{path[0].code}" if path and path[0].kind == "chapter" else ""

    def _rejected(self, record: Read, scored: Scored, fault: rules.Fault) -> Rejected:
        code = scored.candidate.code
        return Rejected(
            code=code,
            dotted=dotted(code),
            title=self.codes.title(code),
            score=round_share(scored.score),
            evidence=_spans(record, scored.candidate),
            rule=fault.rule,
            why=fault.why,
        )


def suggest(text: str, *, store: Store, on: date, setting: Setting) -> Suggestions:
    """The diagnosis codes that the words of a record support on the day, likeliest first.

    ``setting`` is ``inpatient`` or ``outpatient``: they differ on what is uncertain (guidelines
    II.H and IV.H). Raises :class:`~superbill.errors.NotCovered` where nothing held speaks for the
    day, and :class:`~superbill.errors.Invalid` for an unknown setting or too long a text.
    """
    if setting not in _SETTINGS:
        raise Invalid.at("setting", f"{setting!r} is none.", f"Use one of {', '.join(_SETTINGS)}.")
    return _suggester(store, on).suggest(text, setting=setting)


@functools.lru_cache(maxsize=2)
def _suggester(store: Store, on: date) -> Suggester:
    return Suggester(store, on=on)


def round_share(share: float) -> float:
    """A score as it is shown: three places, by truncation, for it is no money."""
    return int(share * 1000) / 1000


def _attributes(store: Store, on: date) -> dict[str, frozenset[str]]:
    """What the Medicare Code Editor says of the age and sex of each code of the day."""
    if not store.covers("icd10cm.validity", on=on):
        return {}
    day = on.isoformat()
    rows = store.query(
        "SELECT code, attributes FROM icd10cm_validity WHERE release = ? AND valid_from <= ? "
        "AND valid_to > ? AND attributes != ''",
        store.release("icd10cm.validity", on=on).id,
        day,
        day,
    )
    return {str(code): frozenset(str(said).split()) for code, said in rows}


def _made(parts: list[Scored], code: str, why: str) -> Scored:
    """A code that others make together: as sure as the least sure of them."""
    first = parts[0].candidate
    support = tuple(part.candidate.support[0] for part in parts)
    candidate = Candidate(code, support, first.facts, first.signature)
    return Scored(candidate, min(part.score for part in parts), why)


def _without_broader(
    kept: list[Scored], aside: Mapping[str, rules.Fault]
) -> tuple[list[Scored], list[tuple[Scored, rules.Fault]]]:
    """Set aside what is told inside words set aside only: the cancer of "no lung cancer"."""
    found = {each.candidate.code for each in kept}
    stay: list[Scored] = []
    gone: list[tuple[Scored, rules.Fault]] = []
    for each in kept:
        # What a record denies speaks only for the mentions that it denies.
        inside = [support.inside for support in each.candidate.support if is_so(support)]
        over = next(
            (
                aside[code]
                for code in sorted(inside[0] if inside else ())
                if code in aside and aside[code].rule in _SPREADS
            ),
            None,
        )
        if over is not None and all(codes and not codes & found for codes in inside):
            gone.append((each, over))
        else:
            stay.append(each)
    return stay, gone


_SPREADS = frozenset(("absent", "family", "hypothetical", "uncertain", "history"))


def _all_words_of(one: Candidate, other: Candidate) -> bool:
    """Whether every mention that led to the one code shares a word with one of the other's."""
    theirs = {place for support in other.support for place in support.mention.places}
    return all(theirs.intersection(support.mention.places) for support in one.support)


def _weaker(one: Scored, other: Scored) -> tuple[Scored, Scored]:
    """The weaker of two, first: what takes in all words of the other and more is the stronger."""
    for what in ("places", "classes"):
        mine, theirs = (
            {it for s in each.candidate.support for it in getattr(s.mention, what)}
            for each in (one, other)
        )
        if mine < theirs or theirs < mine:
            return (one, other) if mine < theirs else (other, one)
    return (one, other) if one.score < other.score else (other, one)


def _spans(record: Read, candidate: Candidate) -> tuple[tuple[int, int], ...]:
    """The characters that support a code: words side by side make one span."""
    spans: dict[tuple[int, int], None] = {}
    for support in candidate.support:
        for span in _runs(record, support):
            spans.setdefault(span)
    return tuple(list(spans)[:_MOST_SPANS])


def _runs(record: Read, support: Support) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    last = -2
    for at in support.mention.places:
        token = record.words[at].token
        # A small word between two that speak for the code is read with them.
        if found and at - last <= 2 and record.words[last + 1].token.word not in ",;.":
            found[-1] = (found[-1][0], token.end)
        else:
            found.append((token.start, token.end))
        last = at
    return found


def _quoted(record: Read, support: Support) -> str:
    return " … ".join(record.words[at].token.word for at in support.mention.places[:6])


def _message(text: str, record: Read, kept: list[Scored]) -> str:
    if not text.strip():
        return "The record is empty."
    if not any(word.token.word[:1].isalpha() for word in record.words):
        return "There are no words in the record."
    if kept:
        foreign = _other_language(record)
        return "Little of the record is English: only English is read." if foreign else ""
    if _other_language(record):
        return "No term of the classification was found. Records are read in English only."
    return "Nothing in the record supports a code well enough."


_COMMON = frozenset(("the", "of", "and", "with", "in", "was", "a", "to", "is", "no", "patient"))


def _other_language(record: Read) -> bool:
    """Whether a record of some length has hardly a common English word."""
    said = [word.token.word for word in record.words if word.token.word[:1].isalpha()]
    return len(said) >= 12 and sum(word in _COMMON for word in said) < len(said) / 25
