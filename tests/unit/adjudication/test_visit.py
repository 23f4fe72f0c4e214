"""A visit adjudicated from the published schedules, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from superbill.adjudication import Engine, adjudicate_visit
from superbill.errors import Invalid
from superbill.explain import outline_visit, text
from superbill.model import Visit, read
from superbill.money import ZERO
from superbill.store import build
from superbill.store.catalog import by_id
from superbill.store.datasets import clfs, mpfs, ncci

EXAMPLE = Path(__file__).parents[3] / "examples" / "office_visit.json"


@pytest.fixture(scope="module")
def engine(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("visits") / "reference.sqlite"
    folder = published / "mpfs"
    files = [each for each in folder.glob("*.csv") if "Jul" not in each.name]
    files.append(folder / "zip_locality")
    others = [by_id(name) for name in ("hcpcs.codes", "icd10cm.validity")]
    catalog = [*(each._replace(embedded=(), anchors=()) for each in others)]
    catalog += [*mpfs.DATASETS, *clfs.DATASETS, *ncci.DATASETS]
    build.build(files, path, catalog=catalog, comparisons=(), skip_unrecognised=True)
    with Engine(path) as opened:
        yield opened


def example(**more: Any) -> Visit:
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return read.visit(json.dumps(document | more))


@pytest.mark.shared
def test_the_example_to_the_cent(engine: Engine) -> None:
    found = adjudicate_visit(example(), engine=engine, explain=True)
    assert [(each.code, each.system, str(each.allowed)) for each in found.prices] == [
        ("G0439", "MPFS", "155.46"),
        ("G0444", "MPFS", "21.29"),
        ("G0108", "MPFS", "124.88"),
    ]
    assert found.not_covered == ()
    assert [str(each.paid) for each in found.payers] == ["241.42", "17.40"]
    assert (str(found.patient), str(found.written_off)) == ("33.00", "78.18")
    assert found.charges == found.paid + found.written_off + found.patient
    shown = text(outline_visit(found))
    for words in ("conversion factor", "33.4009", "42 CFR 410.152(l)", "90 FR 52063", "RVU26A"):
        assert words in shown


@pytest.mark.shared
def test_a_laboratory_test_goes_to_its_own_schedule(engine: Engine) -> None:
    lines = [{"code": "G0103", "charge": "50.00"}]
    found = adjudicate_visit(example(lines=lines, service_date="2026-05-04"), engine=engine)
    assert [(each.system, str(each.allowed)) for each in found.prices] == [("CLFS", "19.31")]
    # 42 U.S.C. 1395l(a)(1)(D): 100 percent; × 0.02 = 0.3862 → 0.39.
    assert (str(found.payers[0].paid), found.patient) == ("18.92", ZERO)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([{"code": "J0129", "charge": "50.00"}], "Another payment system may pay it"),
        ([{"code": "V9999", "charge": "50.00"}], "No schedule that is held lists the code"),
        ([{"code": "G0327", "charge": "50.00"}], "contractor"),
    ],
)
def test_a_line_without_a_price_leaves_the_bill_open(
    engine: Engine, lines: list[dict[str, Any]], words: str
) -> None:
    found = adjudicate_visit(example(lines=lines, service_date="2026-05-04"), engine=engine)
    assert found.prices[0].status == "open"
    assert found.undetermined == Decimal("50.00")
    assert words in found.not_covered[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"place_of_service": "77"}, "place_of_service"),
        ({"zip": "00000"}, "zip"),
        ({"lines": [{"code": "G0439", "charge": "1.00", "units": "1.5"}]}, "lines[0].units"),
        (
            {"lines": [{"code": "G0439", "charge": "1.00", "modifiers": ["TC"]}]},
            "lines[0].modifiers",
        ),
    ],
)
def test_what_cannot_be_priced_is_named_by_its_line(
    engine: Engine, change: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        adjudicate_visit(example(**change), engine=engine)
    assert [problem.path for problem in refusal.value.problems] == [path]


@pytest.mark.shared
def test_nobody_asks_medicare_of_a_patient_alone(engine: Engine) -> None:
    payers = [{"kind": "self_pay", "name": "Patient", "discount": "0.20"}]
    found = adjudicate_visit(example(payers=payers), engine=engine)
    assert found.prices == ()
    assert str(found.patient) == "296.00"


@pytest.mark.shared
def test_procedures_of_a_day_are_ranked(engine: Engine) -> None:
    """Multiple procedure indicator 2: the higher in full, the other by half (CPM 12, 40.6)."""
    lines = [{"code": "G0268", "charge": "500.00"}, {"code": "G0168", "charge": "500.00"}]
    both = adjudicate_visit(example(lines=lines), engine=engine)
    alone = [
        adjudicate_visit(example(lines=[line]), engine=engine).prices[0].allowed for line in lines
    ]
    lower = 0 if alone[0] < alone[1] else 1
    assert both.prices[1 - lower].allowed == alone[1 - lower]
    assert abs(both.prices[lower].allowed * 2 - alone[lower]) <= Decimal("0.01")
