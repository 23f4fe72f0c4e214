"""The work of ``superbill adjudicate``: each stay decided, shown, and its claim gathered."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from superbill import explain
from superbill.adjudication import Ask, Engine
from superbill.bulk import Answer, Outcome, Refused, decide, run
from superbill.bulk.stays import as_json, encode, missing
from superbill.cli import explaining, render
from superbill.cli.console import counted, drawing
from superbill.cli.desk import Desk, Place
from superbill.cli.inputs import Source
from superbill.cli.texts import describing
from superbill.model import Decision, Encounter

if TYPE_CHECKING:
    from superbill.cli.gathering import Gathering


class Deciding:
    """One call of the command: what was asked for, and what was found so far.

    ``form`` is how to explain; ``None``: not at all.
    """

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        claims: Gathering | None,
        *,
        json: bool,
        form: str | None,
        what_if: bool,
        detail: bool,
        conventions: bool,
        jobs: int,
    ) -> None:
        self.unclean = 0
        self._desk = desk
        self._engine = engine
        self._claims = claims
        self._json = json
        self._form = form
        self._what_if = what_if
        self._detail = detail
        self._conventions = conventions
        self._jobs = jobs
        self._shown = 0

    def read(self, found: Source) -> None:
        """Decide every stay of a file, and show each."""
        many = found.document is None
        slow = found.fhir or self._form or self._what_if or self._claims or self._desk.providers
        if many and not slow:
            self._stream(found)
            return
        for place, stay in self._desk.inside(found):
            with self._desk.trying(place):
                self._one(place, stay, many=many)

    def _stream(self, found: Source) -> None:
        """Many stays, by the quick way: a line is made in the process that decides the stay."""
        outcomes: Iterable[Outcome[Answer]] = run(
            found.lines,
            store=self._engine.store.path,
            jobs=self._jobs,
            hospital=self._desk.hospital,
            detail=self._detail,
            conventions=self._conventions,
            render=as_json if self._json else _row,
        )
        if not sys.stdout.isatty():
            outcomes = counted(outcomes, "stays")
        for outcome in outcomes:
            place = Place(found.name, outcome.line)
            if isinstance(outcome, Refused):
                self._desk.refused(outcome.error, place)
                continue
            answer = outcome.output
            self._line(answer.output)
            self._counted(place, clean=answer.clean, missing=answer.missing)

    def _one(self, place: Place, stay: Encounter, *, many: bool) -> None:
        brief = many and self._form is None
        ask = Ask(explain=not brief, what_if=self._what_if, detail=self._detail or not brief)
        decision = decide(stay, self._engine, ask)
        if self._claims is not None:
            self._claims.add(stay, decision)
        if self._json:
            self._line(encode(decision))
        elif brief:
            self._line(_row(stay, decision))
        else:
            self._whole(stay, decision)
        self._counted(place, clean=decision.edits.clean, missing=missing(decision))

    def _counted(self, place: Place, *, clean: bool, missing: tuple[str, ...]) -> None:
        self._shown += 1
        self.unclean += not clean
        if missing:
            self._desk.undetermined(missing, place)

    def _line(self, line: bytes) -> None:
        """One stay on one line; above the first of a table stand its headings."""
        if not self._json and not self._shown:
            click.echo(render.ROW_HEADING)
            sys.stdout.flush()
        sys.stdout.buffer.write(line + b"\n")

    def _whole(self, stay: Encounter, decision: Decision) -> None:
        """One stay in full, explained if that was asked for."""
        node = explain.outline(decision)
        if self._form in ("markdown", "json"):
            explaining.show(node, self._form)
            return
        if self._shown:
            click.echo("\n")
        with drawing() as out:
            render.decision(out, stay, decision, describing(self._engine.store, stay))
        if self._form is not None:
            click.echo()
            explaining.show(node, self._form)


def _row(stay: Encounter, decision: Decision) -> bytes:
    return render.row(stay, decision).encode()
