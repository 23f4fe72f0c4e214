"""What is expected to be paid: decisions as they are, stays and visits adjudicated first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from superbill.adjudication import Engine, adjudicate, adjudicate_visit
from superbill.bulk.stays import profiled
from superbill.cli.desk import Desk, Place, provider
from superbill.cli.inputs import Source, stay_of
from superbill.errors import Invalid
from superbill.model import Decision, VisitDecision, read

type Expected = Decision | VisitDecision

_CHOICE = "Give stays, visits, or what superbill adjudicate --json printed, one a line."


class _Names(msgspec.Struct):
    """The fields that tell documents apart."""

    encounter_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    visit_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    purpose: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Expecting:
    """Reads expected decisions. The store is opened when the first stay or visit comes."""

    def __init__(self, store: Callable[[], Path], desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._names = msgspec.json.Decoder(_Names)
        self._stay = msgspec.json.Decoder(Decision)
        self._visit = msgspec.json.Decoder(VisitDecision)

    def read(self, found: Source) -> list[Expected]:
        """Every decision of a file; a line that cannot be used is reported, and the rest go on."""
        decided: list[Expected] = []
        with ExitStack() as opened:
            decide = _Deciding(self._store, self._desk, opened)
            for line, document in _documents(found):
                with self._desk.trying(Place(found.name, line)):
                    decided.append(self._one(document, decide))
        return decided

    def _one(self, document: bytes, decide: _Deciding) -> Expected:
        try:
            names = self._names.decode(document)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid.at(
                "(document)", f"is not JSON that is read here: {error}.", _CHOICE
            ) from (error)
        try:
            if names.encounter_id is not msgspec.UNSET:
                return self._stay.decode(document)
            if names.visit_id is not msgspec.UNSET:
                return self._visit.decode(document)
        except msgspec.DecodeError as error:
            raise Invalid.at("(document)", f"is no whole decision: {error}.", _CHOICE) from error
        if names.purpose is not msgspec.UNSET:
            what = "is a claim as on an 837, which tells what was billed and not what to expect."
            raise Invalid.at("(document)", what, _CHOICE)
        return decide(document)


class _Deciding:
    """Adjudicates stays and visits."""

    def __init__(self, store: Callable[[], Path], desk: Desk, opened: ExitStack) -> None:
        self._store = store
        self._desk = desk
        self._opened = opened
        self._engine: Engine | None = None

    def __call__(self, document: bytes) -> Expected:
        if self._engine is None:
            self._engine = self._opened.enter_context(Engine(self._store()))
        engine = self._engine
        if read.is_visit(document):
            return adjudicate_visit(read.visit(document), engine=engine)
        stay = read.encounter(document)
        if self._desk.providers is None:
            return adjudicate(profiled(stay, self._desk.hospital), engine=engine)
        record = provider(self._desk.providers, stay.facility.ccn, stay.discharge_date)
        return adjudicate(profiled(stay, record), engine=engine)


def _documents(found: Source) -> Iterator[tuple[int | None, bytes]]:
    if found.document is not None:
        if found.document.lstrip().startswith(b"["):
            try:
                several = msgspec.json.decode(found.document, type=list[msgspec.Raw])
            except msgspec.DecodeError as error:
                raise Invalid.at("(document)", f"is not JSON: {error}.", _CHOICE) from error
            for at, one in enumerate(several, 1):
                yield at, bytes(one)
            return
        yield None, found.document
        return
    for number, line in enumerate(found.lines, 1):
        if line.strip():
            yield number, stay_of(line, found.name) if found.fhir else line
