"""A stay for the grouping tests, short where it can be."""

from __future__ import annotations

from datetime import date

from superbill.model import Diagnosis, Encounter, Facility, Person, Procedure


def stay(
    *diagnoses: str, procedures: tuple[str, ...] = (), poa: str = "Y", status: str = "01"
) -> Encounter:
    """A woman of 70, admitted on 2026-05-01 for five days."""
    return Encounter(
        id="T1",
        patient=Person(last_name="DOE", first_name="JANE", birth_date=date(1956, 1, 1), sex="F"),
        facility=Facility(name="General Hospital", ccn="010001", npi="1234567893"),
        admission_date=date(2026, 5, 1),
        discharge_date=date(2026, 5, 6),
        discharge_status=status,
        diagnoses=tuple(Diagnosis(code=code, poa="Y") for code in diagnoses)
        if poa == "Y"
        else tuple(Diagnosis(code=code, poa="N") for code in diagnoses),
        procedures=tuple(Procedure(code=code) for code in procedures),
    )
