"""The engine over a real store: every step wired, and each gap said with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.adjudication import Ask, Engine, adjudicate, adjudicate_each
from superbill.errors import Invalid, NotCovered
from superbill.model import Diagnosis, Encounter, read
from tests.unit.benefits.stays import payers

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture(scope="module")
def engine(reference_store: Path) -> Iterator[Engine]:
    with Engine(reference_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def heart_failure() -> Encounter:
    return read.encounter((EXAMPLES / "heart_failure.json").read_bytes())


def test_a_stay_from_its_codes_to_the_cent(engine: Engine, heart_failure: Encounter) -> None:
    decision = adjudicate(heart_failure, engine=engine, explain=True, what_if=True)
    assert decision.not_covered == ()
    assert decision.grouping is not None
    assert decision.payment is not None
    assert decision.grouping.drg == "291"
    families = {rule.split(".")[0] for rule in decision.edits.ran}
    assert families == {"integrity", "mce", "conventions"}
    medicare, medigap = decision.payers
    # 42 U.S.C. 1395e(a)(1) and 2 U.S.C. 901a(6): payment − 1,736.00, less two per cent of that.
    share = decision.payment.total - Decimal("1736.00")
    assert abs(medicare.paid - share * Decimal("0.98")) <= Decimal("0.005")
    assert medigap.paid == Decimal("1736.00")
    # The patient owes the items for convenience that no line covers.
    assert decision.patient == Decimal("45.00")
    assert decision.trace[: len(decision.payment.trace)] == decision.payment.trace
    assert decision.lock == engine.store.digest != ""


def test_what_each_code_is_worth_is_the_price_of_the_stay_without_it(
    engine: Engine, heart_failure: Encounter
) -> None:
    decision = adjudicate(heart_failure, engine=engine, what_if=True)
    assert decision.grouping is not None
    cases = decision.grouping.what_if
    *single, joint = cases
    assert len(single) == len(heart_failure.diagnoses) + len(heart_failure.procedures)
    # Acute on chronic heart failure and respiratory failure are each an MCC: only both matter.
    assert [joint.code, *(each.code for each in joint.also)] == ["I5023", "J9601"]
    struck = tuple(each for each in heart_failure.diagnoses if each.code not in ("I5023", "J9601"))
    both = adjudicate(replace(heart_failure, diagnoses=struck), engine=engine)
    assert both.grouping is not None
    assert both.payment is not None
    assert joint.changes
    assert (joint.drg, joint.payment) == (both.grouping.drg, both.payment.total)
    for place, case in enumerate(cases[:4]):
        kept = heart_failure.diagnoses[:place] + heart_failure.diagnoses[place + 1 :]
        alone = adjudicate(replace(heart_failure, diagnoses=kept), engine=engine)
        assert alone.grouping is not None
        assert alone.payment is not None
        assert (case.drg, case.payment) == (alone.grouping.drg, alone.payment.total)
        assert case.weight == engine.weight(case.drg, on=heart_failure.discharge_date)


def test_many_at_once_are_answered_as_one_by_one(engine: Engine) -> None:
    lines = (EXAMPLES / "many_stays.jsonl").read_bytes().splitlines()
    stays = [read.record(line) for line in lines if line.strip()]
    answers = adjudicate_each(stays, engine=engine, ask=Ask(detail=False))
    assert answers == [adjudicate(stay, engine=engine, detail=False) for stay in stays]
    for answer in answers:
        assert not isinstance(answer, Invalid)
        parts = answer.paid + answer.written_off + answer.patient + answer.undetermined
        assert parts == answer.charges


def test_without_a_rate_for_the_day_edits_and_group_remain(
    engine: Engine, heart_failure: Encounter
) -> None:
    earlier = replace(
        heart_failure,
        admission_date=date(2023, 11, 6),
        discharge_date=date(2023, 11, 12),
        procedures=(),
        occurrence_codes=(),
    )
    decision = adjudicate(earlier, engine=engine)
    assert decision.edits.ran
    assert decision.grouping is not None
    assert decision.payment is None
    assert decision.payers == ()
    assert decision.undetermined == decision.charges
    assert "2023-11-12" in decision.not_covered[0]
    assert "superbill data build --from DIR" in decision.not_covered[0]


def test_without_a_grouper_for_the_day_nothing_is_priced(
    engine: Engine, heart_failure: Encounter
) -> None:
    earlier = replace(
        heart_failure,
        admission_date=date(2019, 11, 6),
        discharge_date=date(2019, 11, 12),
        procedures=(),
        occurrence_codes=(),
    )
    decision = adjudicate(earlier, engine=engine)
    assert decision.grouping is None
    assert decision.payment is None
    assert [reason.split(":")[0] for reason in decision.not_covered] == [
        "The group",
        "The share of Medicare Part A",
    ]


def test_a_hospital_that_nothing_is_known_of(engine: Engine, heart_failure: Encounter) -> None:
    decision = adjudicate(replace(heart_failure, hospital=None), engine=engine)
    assert decision.grouping is not None
    assert "payment profile of hospital 360870" in decision.not_covered[0]
    assert "Give it in the stay's hospital" in decision.not_covered[0]


def test_a_group_without_weight(engine: Engine, heart_failure: Encounter) -> None:
    with pytest.raises(NotCovered, match="The weight of DRG 987654"):
        engine.weight("987654", on=heart_failure.discharge_date)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"diagnoses": (Diagnosis(code="I5099Z", poa="Y"),)}, "diagnoses[0]"),
        ({"covered_days": 7}, "covered_days"),
        (
            {"payers": payers({"kind": "plan", "name": "Plan"})},
            "payers[0].terms",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    engine: Engine, heart_failure: Encounter, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as raised:
        adjudicate(replace(heart_failure, **changes), engine=engine)
    assert any(problem.path.startswith(path) for problem in raised.value.problems)
    assert all(problem.remedy for problem in raised.value.problems)


def test_no_store_at_all(tmp_path: Path, heart_failure: Encounter) -> None:
    with (
        Engine(tmp_path / "none.sqlite") as nothing,
        pytest.raises(NotCovered, match="superbill data build"),
    ):
        adjudicate(heart_failure, engine=nothing)


def test_a_closed_engine_opens_again(reference_store: Path, heart_failure: Encounter) -> None:
    engine = Engine(reference_store)
    first = adjudicate(heart_failure, engine=engine)
    engine.close()
    engine.close()
    assert adjudicate(heart_failure, engine=engine) == first
    engine.close()
