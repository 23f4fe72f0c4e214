"""What the conventions are checked on: codes in their order, and what is known of the patient."""

from __future__ import annotations

from typing import Literal, NamedTuple

from superbill.model import Encounter

Setting = Literal["inpatient", "outpatient"]


class Record(NamedTuple):
    """The diagnoses of one encounter, plain, the principal (or first-listed) one first.

    ``poa`` has one indicator for each code (empty where none is given). ``age`` is in whole years,
    ``sex`` is M, F or U; ``None`` and empty mean that it is not known. ``where`` is the place of a
    code in the document, with ``{}`` for its position.
    """

    codes: tuple[str, ...]
    poa: tuple[str, ...] = ()
    age: int | None = None
    sex: str = ""
    setting: Setting = "inpatient"
    where: str = "codes[{}]"


def of_encounter(stay: Encounter) -> Record:
    """The record of an inpatient stay."""
    return Record(
        codes=tuple([diagnosis.code for diagnosis in stay.diagnoses]),
        poa=tuple([diagnosis.poa for diagnosis in stay.diagnoses]),
        age=stay.age,
        sex=stay.patient.sex,
        where="diagnoses[{}].code",
    )
