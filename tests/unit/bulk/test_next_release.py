"""Stays in two releases: dates moved together, codes touched, DRG and payment before and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from superbill.adjudication import Engine
from superbill.bulk.next_release import discharged_in, next_release
from superbill.codes.differences import ByCode, between, release_named
from superbill.dates import Span, fiscal_span
from superbill.errors import Invalid
from superbill.model import Diagnosis, Encounter, read

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def stay() -> Encounter:
    return read.encounter((EXAMPLES / "heart_failure.json").read_bytes())


def test_all_dates_move_together(stay: Encounter) -> None:
    moved = discharged_in(stay, fiscal_span(2027))
    days = moved.discharge_date - stay.discharge_date
    assert moved.discharge_date == date(2027, 3, 1)
    assert moved.admission_date - stay.admission_date == days
    assert moved.length_of_stay == stay.length_of_stay
    assert moved.age == stay.age
    assert moved.hospital == stay.hospital
    assert [p.date for p in moved.procedures] == [
        None if p.date is None else p.date + days for p in stay.procedures
    ]


@pytest.mark.parametrize(
    ("day", "span", "moved"),
    [
        (date(2024, 2, 29), fiscal_span(2025), date(2025, 2, 28)),
        (date(2025, 12, 1), fiscal_span(2025), date(2024, 12, 1)),
        (date(2025, 12, 1), Span(date(2026, 4, 1), date(2026, 10, 1)), date(2026, 4, 1)),
        (date(2026, 5, 1), Span(date(2026, 4, 1), date(2026, 10, 1)), date(2026, 5, 1)),
    ],
)
def test_the_same_day_of_the_year_where_there_is_one(
    stay: Encounter, day: date, span: Span, moved: date
) -> None:
    before = replace(stay, admission_date=day, discharge_date=day, procedures=())
    assert discharged_in(before, span).discharge_date == moved


def test_a_retired_code_touches_a_stay(stay: Encounter, reference_store: Path) -> None:
    """B88.0 was a code until 30 September 2025; FY2026 has B88.01 and B88.09."""
    diagnoses = (*stay.diagnoses, Diagnosis(code="B880", poa="Y"))
    with Engine(reference_store) as engine:
        one = release_named(engine.store, "icd10cm", "FY2025", "before")
        other = release_named(engine.store, "icd10cm", "FY2026", "after")
        found = next_release(
            replace(stay, diagnoses=diagnoses),
            (ByCode(between(engine.store, "icd10cm", "FY2025", "FY2026")),),
            one,
            other,
            engine=engine,
        )
    assert found.touched
    assert not found.regrouped
    assert [(change.kind, change.dotted) for change in found.changes] == [("retired", "B88.0")]
    assert [each.codes for each in found.recoded] == [{"B88.0": "B88.01"}, {"B88.0": "B88.09"}]
    assert (found.before.discharge_date, found.before.version) == (date(2025, 3, 1), "42.0")
    assert (found.after.discharge_date, found.after.version) == (date(2026, 3, 1), "43.0")
    assert (found.before.weight, found.before.payment) == (None, None)
    assert any("weight" in reason for reason in found.before.not_covered)
    # IPPS final rule FY 2026, Table 5: DRG 291.
    assert (found.after.drg, found.after.weight) == ("291", Decimal("1.2838"))
    assert found.after.payment is not None
    assert found.payment_change is None
    assert found.after == found.recoded[0].result


def test_a_stay_that_no_release_can_read_is_refused(stay: Encounter, reference_store: Path) -> None:
    with Engine(reference_store) as engine:
        one = release_named(engine.store, "icd10cm", "FY2025", "before")
        other = release_named(engine.store, "icd10cm", "FY2026", "after")
        wrong = replace(stay, diagnoses=(Diagnosis(code="I5099", poa="Y"),))
        with pytest.raises(Invalid, match=r"I50\.99 is no ICD-10-CM code"):
            next_release(wrong, (), one, other, engine=engine)


def test_a_principal_diagnosis_of_which_another_group_is_made(
    stay: Encounter, reference_store: Path
) -> None:
    """DRG 077 to 079, hypertensive encephalopathy, are no more from FY2026."""
    diagnoses = (Diagnosis(code="I674", poa="Y"),)
    with Engine(reference_store) as engine:
        store = engine.store
        one = release_named(store, "msdrg", "FY2025", "before")
        other = release_named(store, "msdrg", "FY2026", "after")
        changes = ByCode(between(store, "msdrg", "FY2025", "FY2026"))
        found = next_release(
            replace(stay, diagnoses=diagnoses, procedures=()),
            (changes,),
            one,
            other,
            engine=engine,
        )
    assert found.regrouped
    assert found.touched
    assert found.before.drg == "079"
    assert [(change.kind, change.code) for change in found.changes][:1] == [("retired", "079")]
