"""A procedure code in the making: what is chosen so far, what may come next, and answers to it.

It begins at the sections, at the first characters of a code, or at a term of the ICD-10-PCS index;
where the index leads to several places, they are the first choice. Steps with a single value are
taken. The steps are plain data, the same in Python and in JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Self

from superbill.codes.answer import From
from superbill.codes.notation import compact, dotted, may_be_cm
from superbill.codes.titles import title
from superbill.codes.validity import history
from superbill.encoder.index.names import said_by, stems
from superbill.encoder.pcs.builder import Builder, Choice, Choices
from superbill.encoder.pcs.index import Lead, PcsIndex, UnknownTerm
from superbill.encoder.pcs.reading import Reading, read_code
from superbill.encoder.pcs.tables import AXES
from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.store.open import Store

Asks = Literal["index", "axis", "nothing"]
_SHOWN = 8
_LONGEST = 200
_UNSURE = 0.03


class BuildStep(Value, frozen=True, kw_only=True):
    """How far a code has come.

    ``prefix`` are the characters chosen, ``labels`` what they mean, ``index`` the path of the
    index that was taken. ``asks`` is what comes next: a place that the ``index`` leads to, the
    value of an ``axis`` (1 to 7), or ``nothing`` where the code is whole; its ``title`` is then
    told, and ``reading`` says it axis by axis. ``marks`` are things to know. ``tables`` says
    which tables were used, and whether they are of the day.
    """

    on: date
    prefix: str
    labels: tuple[str, ...]
    index: tuple[str, ...]
    asks: Asks
    axis: int
    question: str
    choices: tuple[Choice, ...]
    marks: tuple[str, ...]
    tables: From
    title: str = ""
    reading: Reading | None = None


class Building:
    """A code in the making on a day; :meth:`choose` makes the next one."""

    def __init__(
        self,
        store: Store,
        builder: Builder,
        at: Choices | None,
        *,
        leads: Sequence[Lead] = (),
        index: tuple[str, ...] = (),
        marks: tuple[str, ...] = (),
    ) -> None:
        self._store = store
        self._builder = builder
        self._at = at
        self._leads = tuple(leads)
        self.index = index
        self.marks = marks
        self.tables: From = builder.tables.source
        self.prefix: str = at.prefix if at else ""
        self.labels: tuple[str, ...] = at.labels if at else ()
        self.complete: bool = at is not None and at.complete
        self.offers: tuple[Choice, ...] = at.choices if at else tuple(map(_offer, self._leads))

    @property
    def asks(self) -> str:
        """The question, in words; empty where nothing is asked."""
        if self._at is None:
            return "Where does the index lead?"
        if self.complete:
            return ""
        return f"Character {self._at.axis}, {self._at.axis_title}: which?"

    def choose(self, answer: str) -> Self:
        """The next building, with a choice taken: its character, or words that it alone is called.

        Raises :class:`~superbill.errors.Invalid` where no choice, or more than one, is meant.
        """
        if self.complete:
            raise Invalid.at("choice", f"{answer[:40]!r} answers nothing.", "The code is whole.")
        taken = self.offers[_named(self.offers, answer)]
        path = self.index
        if self._at is None:
            lead = next(lead for lead in self._leads if lead.prefix == taken.value)
            path = lead.path
        prefix = taken.value if self._at is None else self.prefix + taken.value
        at = self._builder.complete(prefix)
        return type(self)(self._store, self._builder, at, index=path, marks=self.marks)

    def spoken(self) -> Reading:
        """The whole code, read aloud. Raises ``Invalid`` before it is whole."""
        return read_code(self._store, self.prefix, on=self._builder.day)

    def step(self) -> BuildStep:
        """How far the code has come, as data."""
        at = self._at
        asks: Asks = "index" if at is None else ("nothing" if self.complete else "axis")
        return BuildStep(
            on=self._builder.day,
            prefix=self.prefix,
            labels=self.labels,
            index=self.index,
            asks=asks,
            axis=at.axis if at else 0,
            question=self.asks,
            choices=self.offers,
            marks=self.marks,
            tables=self.tables,
            title=at.title if at else "",
            reading=self.spoken() if self.complete else None,
        )


def build_pcs(
    store: Store,
    partial: str = "",
    *,
    index: str | None = None,
    answers: Sequence[str] = (),
    on: date,
) -> BuildStep:
    """The next step of an ICD-10-PCS code, or the code where it is whole.

    ``partial`` are its first characters; or ``index`` is a term of the ICD-10-PCS index.
    ``answers`` are characters or words of the choices, one for each step in turn.

    Raises :class:`~superbill.errors.Invalid` for characters that no code starts with, a term that
    the index does not know, or an answer that fits no choice, and
    :class:`~superbill.errors.NotCovered` where no tables are held.
    """
    building = begin(store, partial, index=index, on=on)
    for answer in answers:
        building = building.choose(answer)
    return building.step()


def begin(
    store: Store,
    partial: str = "",
    *,
    index: str | None = None,
    nearby: bool = True,
    on: date,
) -> Building:
    """Begin at the sections, at first characters, or at a term of the index; see build_pcs.

    With ``nearby``, a term that the index does not have is searched for among the titles.
    """
    builder = Builder(store, on=on)
    if index is None:
        chosen = compact(partial)
        try:
            return Building(store, builder, builder.complete(chosen))
        except Invalid:
            _say_what_it_is(store, builder, chosen)
            raise
    known = PcsIndex(store, on=on)
    try:
        leads = known.leads(index)
    except UnknownTerm:
        leads = _searched(store, builder, index, on) if nearby else []
        if not leads:
            raise
    marks = tuple(dict.fromkeys(_counts_as(lead) for lead in leads if lead.use))
    lasting = _distinct([lead for lead in leads if lead.prefix and lead.codes])
    if not lasting:
        dead = [lead.prefix for lead in leads if lead.prefix]
        if dead:
            marks += (f"No code of {on.isoformat()} starts with {', '.join(dict.fromkeys(dead))}.",)
        sections = {key.section for lead in leads for key in lead.keys}
        start = builder.complete(sections.pop() if len(sections) == 1 else "")
        return Building(store, builder, start, index=leads[0].path, marks=marks)
    if len(lasting) == 1:
        at = builder.complete(lasting[0].prefix)
        return Building(store, builder, at, index=lasting[0].path, marks=marks)
    return Building(store, builder, None, leads=lasting, marks=marks)


def _searched(store: Store, builder: Builder, text: str, on: date) -> list[Lead]:
    """The tables and body parts of the codes that a search finds for words."""
    from superbill.encoder.find import answer  # noqa: PLC0415 - it loads numbers

    found: dict[str, Lead] = {}
    for hit in answer(store, text, on=on, system="pcs", limit=_SHOWN).hits:
        prefix = hit.code[:4]
        if hit.score >= _UNSURE and prefix not in found and (codes := builder.codes(prefix)):
            labels = builder.choices(prefix).labels
            found[prefix] = Lead(("search", *labels[2:]), prefix, len(codes))
    return list(found.values())


def _distinct(leads: Sequence[Lead]) -> list[Lead]:
    """The leads, each prefix once."""
    found: dict[str, Lead] = {}
    for lead in leads:
        found.setdefault(lead.prefix, lead)
    return list(found.values())


def _counts_as(lead: Lead) -> str:
    axes = sorted({f"character {key.axis} of section {key.section}" for key in lead.keys})
    where = f" ({'; '.join(axes)})" if axes else ""
    return f"“{lead.path[-1]}” counts as {lead.use}{where}; begin with the operation."


def _offer(lead: Lead) -> Choice:
    return Choice(value=lead.prefix, label=", ".join(lead.path), codes=lead.codes)


def _say_what_it_is(store: Store, builder: Builder, code: str) -> None:
    """Raise what is better to know of a code than that it cannot be built."""
    day = builder.day
    if may_be_cm(code) and code[:1].isalpha():
        text = title(store, "ICD-10-CM", code, on=day)
        if text is not None:
            raise Invalid.at(
                "prefix",
                f"{dotted(code)} is a diagnosis code of ICD-10-CM ({text.text}).",
                f"Look it up: superbill code {dotted(code)}",
            )
    if len(code) != AXES:
        return
    spans = history(store, "ICD-10-PCS", code)
    if any(day in span for span in spans):
        raise Invalid.at(
            "prefix",
            f"{code} is a code of {day.isoformat()}, but the tables of "
            f"{builder.tables.source.label} do not have it, so it cannot be built from them.",
            f"Read it as far as is known: superbill build-pcs --read {code}",
        )
    if spans:
        valid = "; ".join(str(span) for span in spans)
        raise Invalid.at(
            "prefix",
            f"{code} is no code of {day.isoformat()}. It was or will be valid: {valid}.",
            "Build from its first characters to see what there is on the day.",
        )


def _named(offers: Sequence[Choice], answer: str) -> int:
    """The place of the choice that ``answer`` means."""
    said = " ".join(answer.split())
    own = [place for place, offer in enumerate(offers) if offer.value == said.upper()]
    lowered = said.lower()
    exact = [place for place, offer in enumerate(offers) if offer.label.lower() == lowered]
    counted = [
        place
        for place, offer in enumerate(offers)
        if any(word.lower() == lowered for word in offer.includes)
    ]
    for found in (own, exact, counted, _by_words(offers, said)):
        if len(found) == 1:
            return found[0]
    listed = "; ".join(f"{offer.value} {offer.label}" for offer in offers[:_SHOWN])
    more = len(offers) - _SHOWN
    remedy = f"Choose: {listed}" + (f"; and {more} more." if more > 0 else ".")
    raise Invalid.at("choice", f"{said[:60]!r} names no single choice.", remedy)


def _by_words(offers: Sequence[Choice], said: str) -> list[int]:
    if len(said) > _LONGEST:
        return []
    words = [frozenset(stems(offer.label)) for offer in offers]
    common = frozenset.intersection(*words) if len(words) > 1 else frozenset()
    left = [word for word in said.split() if not frozenset(stems(word)) <= common]
    place = said_by([" ".join(left)], [offer.label for offer in offers])
    return [] if place is None else [place]


__all__ = ["BuildStep", "Building", "begin", "build_pcs"]
