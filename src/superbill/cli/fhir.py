"""Stays as FHIR R4: bundles written, read and held against FHIR's own structure."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli import options
from superbill.cli.failure import Failure, failures, report, system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, Any

    from superbill.cli.inputs import Source
    from superbill.interop.fhir.text import Json

FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.FILE)


class _Told:
    """Reports what cannot be read and goes on; ``bad`` counts it. Needs nothing heavy."""

    def __init__(self, as_json: bool) -> None:
        self.bad = 0
        self._as_json = as_json

    @contextmanager
    def trying(self, file: str, line: int | None = None) -> Iterator[None]:
        """Report what is wrong at a place."""
        from superbill.errors import SuperbillError

        try:
            yield
        except BrokenPipeError:
            raise
        except SuperbillError as error:
            self.bad += 1
            report(failures(error, file, line), self._as_json)
        except OSError as error:
            self.bad += 1
            report([system(error, "" if error.filename else file)], self._as_json)


@click.group("fhir")
def command() -> None:
    """Write, read and check stays as FHIR R4."""


@command.command(
    "write",
    epilog="""\b
Examples:
  superbill fhir write examples/heart_failure.json > stay.fhir.json
  superbill fhir write examples/heart_failure.json --decide > decided.fhir.json
  superbill fhir write stays.jsonl > bundles.ndjson
  superbill fhir write examples/office_visit.json --decide

\b
Exit codes: 0 written; 2 a stay was bad or not covered (the others are written).
""",
)
@click.option(
    "--decide",
    is_flag=True,
    help="Adjudicate too, and add each payer's ClaimResponse and ExplanationOfBenefit.",
)
@click.option("--created", metavar="DATE", help="The day that the claim bears; else today.")
@options.common
def write(
    files: tuple[Path, ...],
    hospital: Path | None,
    store: Path | None,
    as_json: bool,
    decide: bool,
    created: str | None,
) -> int:
    """Write stays and visits as FHIR Bundles.

    One is a Bundle, indented; JSON Lines of them, or --json, a Bundle a line. The ids are the same
    each time and say nothing of the patient. Claims of an 837: superbill x12 convert --to fhir.
    """
    from contextlib import nullcontext

    from superbill.adjudication import Ask, Engine, adjudicate_visit
    from superbill.bulk.stays import decide as decided
    from superbill.cli.desk import Desk, Place
    from superbill.cli.documents import documents
    from superbill.cli.inputs import source
    from superbill.cli.reference import ready
    from superbill.cli.visiting import holds_visits
    from superbill.dates import parse_day
    from superbill.errors import Invalid
    from superbill.interop.fhir import bundle, dumps, visit_bundle
    from superbill.model import Decision, Visit, VisitDecision

    day = _today() if created is None else parse_day(created, "--created")
    desk = Desk(as_json=as_json, hospital=hospital)

    def told(answer: Decision | VisitDecision | None, place: Place) -> None:
        """Why part of the bill is given to nobody; no payer's answer says that."""
        if answer is not None and answer.undetermined:
            desk.undetermined(answer.not_covered, place)

    def bundles(found: Source, engine: Engine | None) -> Iterator[tuple[Place, Json]]:
        visits, found = holds_visits(found)
        for line, document in documents(found) if visits else ():
            place = Place(found.name, line)
            with desk.trying(place):
                if isinstance(document, Invalid):
                    raise document
                if not isinstance(document, Visit):
                    apart = "Keep stays and visits in files of their own."
                    raise Invalid.at("(document)", "this is a stay among visits.", apart)
                decision = None if engine is None else adjudicate_visit(document, engine=engine)
                told(decision, place)
                yield place, visit_bundle(document, decision, created=day)
        for place, stay in () if visits else desk.inside(found):
            with desk.trying(place):
                answer = None if engine is None else decided(stay, engine, Ask())
                told(answer, place)
                yield place, bundle(stay, answer, created=day)

    with Engine(ready(store)) if decide else nullcontext() as engine:
        for path in files:
            with desk.trying(Place(str(path))), source(path) as found:
                lines = as_json or found.document is None or len(files) > 1
                for _, whole in bundles(found, engine):
                    _out(dumps(whole, indent=None if lines else 2))
    return 2 if desk.bad else 0


@command.command(
    "read",
    epilog="""\b
Examples:
  superbill fhir read stay.fhir.json > stay.json
  superbill fhir read bundles.ndjson > stays.jsonl
  superbill fhir read stay.fhir.json | superbill adjudicate -
  superbill fhir read claims.ndjson --as claim > claims.jsonl

\b
Exit codes: 0 read; 2 a bundle was bad (the others are read).
""",
)
@FILES
@click.option(
    "--as",
    "what",
    type=click.Choice(("stay", "claim", "remittance")),
    default="stay",
    show_default=True,
    help="A stay to adjudicate, the claim as on an 837, or what was paid, as on an 835.",
)
@options.json
def read(files: tuple[Path, ...], what: str, as_json: bool) -> int:
    """Read FHIR Bundles as stays, claims or remittances.

    A Bundle holds one stay: Patient, hospital (Organization), Encounter, Conditions, Procedures,
    Coverages, and the Claim with its lines. A remittance is read from ExplanationOfBenefits. What
    is passed over is said as a note. One document a line.
    """
    import msgspec

    from superbill.cli.inputs import source
    from superbill.interop.fhir import read_claim, read_remittance, read_stay
    from superbill.model import Claim, Encounter, Remittance

    told = _Told(as_json)
    for path in files:
        with told.trying(str(path)), source(path, fhir_as_it_is=True) as found:
            for line, document in _documents(found):
                with told.trying(found.name, line):
                    value: Claim | Encounter | Remittance
                    if what == "claim":
                        value, notes = read_claim(document)
                    elif what == "remittance":
                        value, notes = read_remittance(document)
                    else:
                        value, notes = read_stay(document)
                    for note in notes:
                        click.echo(f"note: {found.name}: {note}", err=True)
                    _out(msgspec.json.encode(value))
    return 2 if told.bad else 0


@command.command(
    "check",
    epilog="""\b
Examples:
  superbill fhir check stay.fhir.json
  superbill fhir check export/*.ndjson --json

\b
Exit codes: 0 as FHIR R4 has it; 1 something is not; 2 a file could not be read.
""",
)
@FILES
@options.json
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Hold resources and Bundles against FHIR R4's structure.

    What must be there, what is a list, types, and codes that FHIR itself fixes; no profiles and no
    value sets. With --json one object a resource: {"file", "resource", "faults"}.
    """
    from superbill.cli.inputs import source
    from superbill.interop.fhir import check as faults
    from superbill.interop.fhir import known, loads

    told, found_any = _Told(as_json), False
    for path in files:
        with told.trying(str(path)), source(path, fhir_as_it_is=True) as found:
            for line, document in _documents(found):
                with told.trying(found.name, line):
                    resource = loads(document)
                    listed = faults(resource)
                    found_any = found_any or bool(listed)
                    kind = str(resource.get("resourceType", ""))
                    place = found.name if line is None else f"{found.name}:{line}"
                    if as_json:
                        faulty = [fault._asdict() for fault in listed]
                        _out(
                            json.dumps({"file": place, "resource": kind, "faults": faulty}).encode()
                        )
                        continue
                    for fault in listed:
                        click.echo(f"{place}: {fault.path}: {fault.message}")
                        if fault.remedy:
                            click.echo(f"  mend: {fault.remedy}")
                    if not listed:
                        clean = "as FHIR R4 has it" if known(kind) else "its structure is not held"
                        click.echo(f"{place}: {kind}: {clean}")
    return 2 if told.bad else 1 if found_any else 0


def to_fhir(values: Iterator[Any], output: Path) -> int:
    """For ``x12 convert``: each claim or remittance as a Bundle on a line of its own."""
    if output == Path("-"):
        return _bundles(values, sys.stdout.buffer)
    from superbill.interop.x12.envelope import saving

    with saving(output) as file:
        return _bundles(values, file)


def _bundles(values: Iterator[Any], file: IO[bytes]) -> int:
    from superbill.interop.fhir import claim_bundle, dumps, remittance_bundle
    from superbill.model import Claim, Remittance

    count, day = 0, _today()
    for value in values:
        if isinstance(value, Claim):
            file.write(dumps(claim_bundle(value, created=day)) + b"\n")
        elif isinstance(value, Remittance):
            file.write(dumps(remittance_bundle(value, created=day)) + b"\n")
        else:
            continue
        count += 1
    return count


def _documents(found: Source) -> Iterator[tuple[int | None, bytes]]:
    if found.document is not None:
        yield None, found.document
        return
    for number, line in enumerate(found.lines, 1):
        if line.strip():
            yield number, line


def _today() -> date:
    """Today, or the day of ``SOURCE_DATE_EPOCH``, so that a file can be made again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now().astimezone().date()
    if not epoch.isdigit():
        report([Failure("usage", f"SOURCE_DATE_EPOCH is {epoch[:20]!r}, no number.")], False)
        return datetime.now().astimezone().date()
    return datetime.fromtimestamp(int(epoch), UTC).date()


def _out(line: bytes) -> None:
    sys.stdout.buffer.write(line if line.endswith(b"\n") else line + b"\n")
