"""Stays one after another: what cannot be used is reported with its place, and the rest go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from superbill.bulk.stays import Undetermined, profiled
from superbill.cli.failure import FULL, Failure, failures, report, system
from superbill.cli.inputs import STDIN, Source, source, stay_of
from superbill.errors import Invalid, Problem, SuperbillError
from superbill.model import Encounter, Hospital, read
from superbill.pricing.ipps.load import read_profile

REASON = re.compile(r"(?s)(.*? is not covered(?: on [0-9-]+)?\.) (.*)")
CONSEQUENCE = "See why"
PLACES = {
    "The payment: The wage index": "hospital.wage_index",
    "The payment: The payment profile": "hospital",
    "The split": "payers",
}
"""Where in the document the way out lies, by how a reason begins."""


class Place(NamedTuple):
    """Where a stay was read; ``line`` is ``None`` where it is the whole file."""

    file: str
    line: int | None = None


class Desk:
    """Reads stays, and keeps count of what was bad.

    ``hospital`` is a profile that stands before that of each stay; ``providers`` CMS's
    provider-specific file, in which each stay's hospital is looked up.
    """

    def __init__(self, *, as_json: bool, hospital: Path | None = None) -> None:
        self.bad = 0
        self.hospital: Hospital | None = None
        self.providers: Path | None = None
        self._as_json = as_json
        if hospital is not None:
            if hospital == STDIN or hospital.suffix.lower() in (".toml", ".json"):
                self.hospital = profile(hospital)
            else:
                self.providers = hospital

    def _profiled(self, stay: Encounter) -> Encounter:
        if self.providers is None:
            return profiled(stay, self.hospital)
        return profiled(stay, provider(self.providers, stay.facility.ccn, stay.discharge_date))

    @contextmanager
    def trying(self, place: Place) -> Iterator[None]:
        """Report what is wrong with the input at ``place``, and go on."""
        try:
            yield
        except BrokenPipeError:
            raise
        except SuperbillError as error:
            self.refused(error, place)
        except OSError as error:
            if error.errno in FULL:
                raise  # it is the output that cannot be written, and the rest could not either
            self.bad += 1
            report([system(error, "" if error.filename else place.file)], self._as_json)

    def refused(self, error: SuperbillError, place: Place) -> None:
        """Report an input that cannot be answered."""
        if isinstance(error, Undetermined):
            self.undetermined(error.reasons, place)
            return
        self.bad += 1
        report(failures(error, place.file, place.line), self._as_json)

    def undetermined(
        self, reasons: tuple[str, ...], place: Place, *, otherwise: str = "discharge_date"
    ) -> None:
        """Report why part of a bill is given to nobody; ``otherwise`` is where if none is told."""
        self.bad += 1
        report(
            [
                Failure("not_covered", message, fix, place.file, place.line, path)
                for message, fix, path in (_reason(reason, otherwise) for reason in reasons)
                if not fix.startswith(CONSEQUENCE) or len(reasons) == 1
            ],
            self._as_json,
        )

    def stays(self, files: tuple[Path, ...]) -> Iterator[tuple[Place, Encounter]]:
        """Every stay that can be read, one by one."""
        for path in files:
            with self.trying(Place(str(path))), source(path) as found:
                yield from self.inside(found)

    def inside(self, found: Source) -> Iterator[tuple[Place, Encounter]]:
        """Every stay of an opened file that can be read."""
        for line, stay in _read(found):
            place = Place(found.name, line)
            if isinstance(stay, Invalid):
                self.refused(stay, place)
                continue
            try:
                whole = self._profiled(stay)
            except SuperbillError as error:
                self.refused(error, place)
            else:
                yield place, whole


def _read(found: Source) -> Iterator[tuple[int | None, Encounter | Invalid]]:
    if found.document is None:
        for number, line in enumerate(found.lines, 1):
            if line.strip():
                yield number, _attempt(line, found)
    elif found.document.lstrip().startswith(b"["):
        number = 0
        for number, stay in read.encounters(BytesIO(found.document)):
            yield number, stay
        if not number:
            yield None, Invalid.at("(document)", "there is no stay in it.", "Put one in the list.")
    else:
        yield None, read.encounter(found.document)


def _reason(reason: str, otherwise: str) -> tuple[str, str, str]:
    """A reason why something is not covered: what, the way out, and the place it concerns."""
    path = next((at for start, at in PLACES.items() if reason.startswith(start)), otherwise)
    found = REASON.fullmatch(reason)
    return (reason, "", path) if found is None else (found[1], found[2], path)


def _attempt(line: bytes, found: Source) -> Encounter | Invalid:
    try:
        return read.record(stay_of(line, found.name) if found.fhir else line)
    except Invalid as invalid:
        return invalid


def profile(path: Path) -> Hospital:
    """A hospital's profile from a TOML or JSON file.

    Raises :class:`~superbill.errors.Invalid` whose paths begin with the file's name.
    """
    with source(path) as found:
        document = found.document or b"".join(found.lines)
    try:
        if document.lstrip().startswith(b"{"):
            return read.hospital(document)
        return read.hospital_profile(document)
    except Invalid as invalid:
        raise Invalid(
            [Problem(f"{path}: {p.path}", p.message, p.remedy) for p in invalid.problems]
        ) from None


@lru_cache(maxsize=1024)
def provider(path: Path, ccn: str, on: date) -> Hospital:
    """A hospital's record of a day in CMS's provider-specific file."""
    return read_profile(path, ccn=ccn, on=on)
