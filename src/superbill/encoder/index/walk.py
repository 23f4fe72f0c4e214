"""The official path as steps: index, references, and the tabular list last.

A walk begins with words: a main term and what qualifies it. It goes down the terms that the words
name, follows every "see", and asks only what decides between codes: a term whose codes are all
those of the default is passed over. Where the words run out it asks; the default code is marked.
At the end the tabular list decides: the code is completed to one that may be reported on the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from superbill.encoder.index import finish
from superbill.encoder.index.begin import best_starts
from superbill.encoder.index.below import Codes
from superbill.encoder.index.bycode import by_code
from superbill.encoder.index.chosen import choice_named
from superbill.encoder.index.day import DayIndex, Index
from superbill.encoder.index.deeper import SIDES
from superbill.encoder.index.entry import IndexEntry
from superbill.encoder.index.names import said_by, stems
from superbill.encoder.index.near import near_offers, with_near
from superbill.encoder.index.reach import Way, decides, ways_below
from superbill.encoder.index.reference import Target, resolve
from superbill.encoder.index.state import Offer, StepKind, Walk
from superbill.errors import Invalid
from superbill.sources.icd10cm_drug_neoplasm import DRUG_COLUMNS, NEOPLASM_COLUMNS
from superbill.sources.icd10cm_printed import dotted
from superbill.store.open import Store

_COLUMNS = {"drugs": DRUG_COLUMNS, "neoplasms": NEOPLASM_COLUMNS}
_NEOPLASM = re.compile(r"neoplas(?:m|tic)s?\b", re.IGNORECASE)
_REFERENCES: dict[str, StepKind] = {"see": "see", "see also": "see also"}
_MOST_STEPS = 60
_LONGEST = 500


def walk(store: Store, text: str, *, on: date, answers: Sequence[str | int] = ()) -> Walk:
    """Begin a walk: ``fracture, radius, lower end`` or ``acute bronchitis``; answer its questions.

    ``answers`` are numbers, codes or words of the choices, one for each question in turn;
    ``"default"`` takes the default. The :class:`Walk` that comes back has the path as evidence,
    and either the next question, or the code reached, or says why there is none.

    Raises :class:`~superbill.errors.NotCovered` where the index of the day is not held, and
    :class:`~superbill.errors.Invalid` for a text without words or an answer that fits no choice.
    """
    walker = Walker(store, on=on)
    walked = walker.begin(text)
    for answer in answers:
        walked = walker.answer(walked, str(answer))
    return walked


class Walker:
    """Walks through the index and the tabular list of one day."""

    def __init__(self, store: Store, *, on: date) -> None:
        self.index: DayIndex = Index(store).on(on)
        self.codes = Codes(store, on=on)
        self.store = store
        self.day = on

    def start(self, text: str, *, book: str = "diseases") -> Walk:
        """Begin with words, as people write them: parts set apart by commas, or plain words."""
        if not any(character.isalnum() for character in text):
            raise Invalid.at("text", "there are no words in it.", "Write a term: fracture, radius")
        if len(text) > _LONGEST:
            raise Invalid.at(
                "text",
                f"it has {len(text):,} characters; a term has at most {_LONGEST}.",
                "Write one term at a time; a whole note is for suggestions.",
            )
        begun = Walk(on=self.day, text=text)
        starts = best_starts(self.index, text, book=book)
        if book == "diseases" and _NEOPLASM.match(text):
            starts = best_starts(self.index, text, book="neoplasms") or starts
        if not starts:
            return self._gone(begun, text, book)
        begun = replace(begun, unused=starts[0].unused)
        if starts[0].unused:
            begun = self._past(begun, text, book)
        if len(starts) == 1:
            return self._down(self._along(begun, starts[0].path), starts[0].path[-1])
        offers = [self._offer(", ".join(e.essential for e in s.path), s.path[-1]) for s in starts]
        return begun.ask("main term", f"Which is meant by “{text}”?", offers)

    def start_at(self, entry: IndexEntry) -> Walk:
        """Begin at an entry of the index, as if its whole path had been said."""
        path = self.index.path(entry)
        begun = Walk(on=self.day, text=", ".join(each.essential for each in path))
        return self._down(self._along(begun, path), entry)

    def choose(self, walk: Walk, number: int) -> Walk:
        """Answer the question of ``walk`` with the choice of this number.

        Raises :class:`~superbill.errors.Invalid` where there is no such choice.
        """
        choices = walk.question.choices if walk.question else ()
        choice = next((each for each in choices if each.number == number), None)
        if choice is None:
            known = f"Choose 1 to {len(choices)}." if choices else "Nothing is asked any more."
            raise Invalid.at("choice", f"there is no choice {number}.", known)
        kind, _, rest = choice.to.partition(":")
        walk = replace(walk, question=None)
        if kind == "code":
            walk = walk.went("tabular", choice.text, rest)
            return finish.tabular(walk, self.codes, rest)
        if kind == "default":
            walk = walk.went("default", choice.text, rest)
            return finish.complete(walk, self.codes, rest, on=self.day)
        book, node, *column = rest.split(":")
        entry = self._entry(book, node)
        if kind in _REFERENCES:
            walk = walk.went(_REFERENCES[kind], choice.text)
        if kind != "column":
            walk = self._along(walk, self.index.path(entry))
        return self._cell(walk, entry, int(column[0])) if column else self._down(walk, entry)

    def answer(self, walk: Walk, text: str) -> Walk:
        """Answer the question of ``walk`` with a number, a code, or words of one of its choices.

        ``default`` takes the default. Raises :class:`~superbill.errors.Invalid` where no choice,
        or more than one, goes by the words.
        """
        if walk.question is None:
            raise Invalid.at("choice", f"{text[:40]!r} answers nothing.", "Nothing is asked.")
        return self.choose(walk, choice_named(walk.question.choices, text))

    def begin(self, text: str, *, nearby: bool = True) -> Walk:
        """Begin with words or a code, in whichever book they have a place.

        Where they have none in the index of diseases, the index of external causes and the table
        of drugs are tried. With ``nearby``, entries that a search finds are offered where words
        are still without a place (:meth:`near`).
        """
        walk = by_code(self, text) or self._in_some_book(text)
        return self.near(walk) if nearby and self.lost(walk) else walk

    def _in_some_book(self, text: str) -> Walk:
        best = self.start(text)
        found = bool(best.path or best.question or best.outcome or best.marks)
        if found and not best.unused_stems - SIDES:
            return best
        for book in ("external causes", "drugs"):
            if not self.index.holds(book) or (found and book == "drugs"):
                continue
            walk = self.start(text, book=book)
            fewer = len(walk.unused_stems) < len(best.unused_stems) or not found
            if fewer and (walk.path or walk.question or walk.outcome):
                return walk
        return best

    def lost(self, walk: Walk) -> bool:
        """Whether words that the walk began with are without a place, and help is wanted."""
        if walk.stuck:
            return not walk.marks and walk.default == ""
        asked = walk.question.asks if walk.question else "tabular"
        return bool(walk.unused_stems - SIDES) and asked in {"main term", "term", "reference"}

    def near(self, walk: Walk) -> Walk:
        """The walk with entries offered that a search finds for its words.

        The search's index of texts is made first where there is none yet (see
        :func:`superbill.encoder.find.prepare`).
        """
        found = near_offers(self.store, self.index, self.codes, walk.text, on=self.day)
        return with_near(walk, *found)

    def defaults(self, walk: Walk) -> Walk:
        """Answer every question left as a record answers it that says nothing more.

        Stops at the first question that has no default.
        """
        for _ in range(_MOST_STEPS):
            choices = walk.question.choices if walk.question else ()
            default = [choice.number for choice in choices if choice.default]
            if len(default) != 1:
                break
            walk = self.choose(walk, default[0])
        return walk

    def _gone(self, begun: Walk, text: str, book: str) -> Walk:
        """What to say where no term of the day goes by the words."""
        marked = self._past(begun, text, book)
        if marked.marks and marked.default:
            code = marked.default.replace(".", "")
            return finish.complete(marked, self.codes, code, on=self.day)
        return replace(marked, stuck=f"The index has no main term for “{text}”.")

    def _past(self, begun: Walk, text: str, book: str) -> Walk:
        """The walk marked with the entry that went by these very words, where one once did."""
        titles = [part.strip() for part in text.split(",") if part.strip()]
        for entry in Index(self.store).past(titles, before=self.day, book=book)[:1]:
            mark = (
                f"“{', '.join(titles)}” stood in the index before "
                f"{entry.valid_to.isoformat()} as: {entry}"
            )
            stem = entry.stem
            if stem and not self.codes.starting(stem):
                successors = ", ".join(dotted(code) for code in self.codes.successors(stem))
                mark += f"; {dotted(stem)} was followed by {successors or 'no code that is known'}"
            return replace(begun.marked(mark), default=dotted(entry.code))
        return begun

    def _down(self, walk: Walk, entry: IndexEntry) -> Walk:
        """Go on from an entry: by the words left, its reference, a question, or its code."""
        if len(walk.path) > _MOST_STEPS:
            return replace(walk, stuck="The references lead in a circle.")
        if entry.omits_code:
            return replace(walk, stuck=f"“{entry.title}”: no code is assigned.")
        own = entry.code
        if entry.code_in_title:
            own = entry.code_in_title
            walk = walk.marked(f"The code is printed within the title: {entry.title}")
        ways = [way for way in ways_below(self.index, entry) if decides(way, own)]
        taken = _taken(walk, ways)
        if taken is not None:
            path = self.index.path(taken.entry)[-taken.depth :]
            walk = self._along(walk, path).without(frozenset(stems(taken.essential)))
            return self._down(walk, taken.entry)
        targets = resolve(self.index, entry)
        table = self._in_table(walk, targets)
        if table is not None:
            return table
        if any(entry.cells):
            return self._columns(walk, entry, ways)
        if own and not ways:
            return finish.complete(_with(walk, entry), self.codes, own, on=self.day)
        if own or ways:
            return self._which(walk, entry, own, ways, targets)
        if targets:
            return self._follow(walk, targets)
        return replace(walk, stuck=f"“{entry.title}” has neither code nor reference.")

    def _in_table(self, walk: Walk, targets: Sequence[Target]) -> Walk | None:
        """The walk gone on in a table that an entry refers to, where words are left for it."""
        for target in targets:
            if target.leads != "book" or not walk.unused:
                continue
            # "Poisoning by aspirin": what joins the words names nothing.
            words = [part for part in walk.unused if any(stems(part))]
            starts = best_starts(self.index, ", ".join(words), book=target.book)
            if len(starts) == 1:
                walk = replace(walk.went(target.kind, target.text), unused=starts[0].unused)
                return self._down(self._along(walk, starts[0].path), starts[0].path[-1])
        return None

    def _which(
        self,
        walk: Walk,
        entry: IndexEntry,
        own: str,
        ways: Sequence[Way],
        targets: Sequence[Target],
    ) -> Walk:
        """Ask among the terms below an entry, its default, and the places it refers to."""
        offers = [_onward(way) for way in ways]
        offers += [offer for target in targets for offer in self._offers(target)]
        if own:
            none = Offer(f"none of these: {dotted(own)}", f"default:{own}", frozenset({own}))
            offers.insert(0, none)
        walk = replace(_with(walk, entry), default=dotted(own))
        default = 0 if own else None
        return walk.ask("term", f"{entry.essential}: which?", offers, default=default)

    def _follow(self, walk: Walk, targets: Sequence[Target]) -> Walk:
        """Follow what an entry refers to; ask where that is several places."""
        if len(targets) == 1 and len(targets[0].entries) == 1:
            (target,) = targets
            (entry,) = target.entries
            walk = walk.went(target.kind, target.text)
            walk = self._along(walk, self.index.path(entry))
            if target.column is not None:
                return self._cell(walk, entry, target.column)
            return self._down(walk, entry)
        offers = [offer for target in targets for offer in self._offers(target)]
        if len(offers) == 1 and offers[0].to.startswith("code:"):
            code = offers[0].to.partition(":")[2]
            return finish.tabular(walk.went("see", offers[0].text, code), self.codes, code)
        if offers:
            return walk.ask("reference", "Where does it belong?", offers)
        return replace(walk, stuck="; ".join(_why_not(target) for target in targets))

    def _offers(self, target: Target) -> list[Offer]:
        """What a reference offers as choices."""
        if target.leads == "codes":
            return [
                Offer(
                    f"{target.kind} {target.text}: {self.codes.title(code)}",
                    f"code:{code}",
                    frozenset({code}),
                )
                for code in target.codes
                if "-" not in code and self.codes.starting(code)
            ]
        offers = []
        for entry in target.entries:
            text = f"{target.kind} {target.text}"
            if len(target.entries) > 1:
                text += f": {', '.join(each.essential for each in self.index.path(entry))}"
            column = "" if target.column is None else f":{target.column}"
            to = f"{target.kind}:{entry.book}:{entry.node}{column}"
            offers.append(Offer(text, to, self._codes_of(entry)))
        return offers

    def _columns(self, walk: Walk, entry: IndexEntry, ways: Sequence[Way]) -> Walk:
        """A row of a table: ask for the column, or for a closer term."""
        offers = [
            Offer(
                name.replace("_", " "),
                f"column:{entry.book}:{entry.node}:{place}",
                frozenset({cell}),
            )
            for place, (name, cell) in enumerate(
                zip(_COLUMNS[entry.book], entry.cells, strict=True)
            )
            if cell
        ]
        place = said_by(walk.unused, [offer.text for offer in offers])
        if len(offers) == 1 and not ways:
            place = 0
        if place is not None:
            walk = walk.without(frozenset(stems(offers[place].text)))
            return self._cell(walk, entry, int(offers[place].to.rsplit(":", 1)[1]))
        offers += [_onward(way) for way in ways]
        return walk.ask("column", f"{entry.essential}: which?", offers)

    def _cell(self, walk: Walk, entry: IndexEntry, column: int) -> Walk:
        cell = entry.cells[column] if column < len(entry.cells) else ""
        name = _COLUMNS[entry.book][column].replace("_", " ")
        if cell:
            walk = walk.went("column", name, cell, entry.source, entry.book)
            return finish.complete(walk, self.codes, cell, on=self.day)
        if resolve(self.index, entry) or ways_below(self.index, entry):
            return self._down(replace(walk, unused=(*walk.unused, name)), entry)
        return replace(walk, stuck=f"The table has no code for {entry.essential}, {name}.")

    def _along(self, walk: Walk, path: Sequence[IndexEntry]) -> Walk:
        """The walk with these entries as steps, less those that it has already."""
        gone = {(step.text, step.book) for step in walk.path}
        for entry in path:
            if (entry.title, entry.book) in gone:
                continue
            kind: StepKind = "term" if entry.parent else "main term"
            walk = walk.went(kind, entry.title, entry.code, entry.source, entry.book)
        return walk

    def _offer(self, text: str, entry: IndexEntry) -> Offer:
        return Offer(text, _to(entry), self._codes_of(entry))

    def _entry(self, book: str, node: str) -> IndexEntry:
        entry = self.index.at(int(node), book=book)
        if entry is None:
            raise Invalid.at("choice", "the index of the day has no such entry.", "Begin anew.")
        return entry

    def _codes_of(self, entry: IndexEntry) -> frozenset[str]:
        below = (code for way in ways_below(self.index, entry) for code in way.codes)
        return frozenset({entry.code, *entry.cells, *below}) - {""}


def _to(entry: IndexEntry) -> str:
    return f"term:{entry.book}:{entry.node}"


def _onward(way: Way) -> Offer:
    see = "; ".join(f"{kind} {text}" for kind, text in way.entry.references())
    return Offer(way.title, _to(way.entry), way.codes, see=see)


def _with(walk: Walk, entry: IndexEntry) -> Walk:
    """The walk with the manifestation that the entry prints in brackets."""
    return replace(walk, manifestation=dotted(entry.manifestation)) if entry.manifestation else walk


def _taken(walk: Walk, ways: Sequence[Way]) -> Way | None:
    """The one way that words left over name; see :func:`said_by`."""
    place = said_by(walk.unused, [way.essential for way in ways])
    return None if place is None else ways[place]


def _why_not(target: Target) -> str:
    """Why a reference leads no further."""
    if target.leads == "condition":
        return f"{target.kind} {target.text}: look under the condition that is meant."
    if target.leads == "book":
        return f"{target.kind} {target.text}: look in that table."
    if target.leads == "codes":
        return f"{target.kind} {target.text}: no such code on the day."
    return f"{target.kind} {target.text}: the index has no such place."
