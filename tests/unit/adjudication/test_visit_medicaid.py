"""A visit that a state's Medicaid pays, alone and after Medicare, from the published schedules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from superbill.adjudication import Engine, adjudicate_visit
from superbill.explain import outline_visit, text
from superbill.model import VisitDecision, read
from superbill.store import build
from superbill.store.catalog import by_id
from superbill.store.datasets import medicaid, mpfs

EXAMPLE = Path(__file__).parents[3] / "examples" / "office_visit.json"
ALASKA = {"kind": "medicaid", "name": "Alaska Medicaid", "state": "AK"}
OHIO = {"kind": "medicaid", "name": "Ohio Medicaid", "state": "OH"}
MEDICARE = {"kind": "medicare_part_b", "name": "Medicare", "deductible_met": "283.00"}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def engine(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("visits") / "reference.sqlite"
    made = path.with_name("MEDICAID_OH_2026.csv")
    made.write_text("state,code,modifier,rate,from,to\nOH,G0168,,95.00,2026-01-01,2026-12-31\n")
    folder = published / "mpfs"
    files = [each for each in folder.glob("*.csv") if "Jul" not in each.name]
    files += [made, folder / "zip_locality", *(published / "medicaid").glob("*.csv")]
    others = [by_id(name) for name in ("hcpcs.codes", "icd10cm.validity")]
    catalog = [each._replace(embedded=(), anchors=()) for each in others]
    catalog += [*mpfs.DATASETS, *medicaid.DATASETS]
    build.build(files, path, catalog=catalog, comparisons=(), skip_unrecognised=True)
    with Engine(path) as opened:
        yield opened


def decided(
    engine: Engine, payers: list[dict[str, Any]], *lines: dict[str, Any], **more: Any
) -> VisitDecision:
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    document |= {"payers": payers, "lines": list(lines), "zip": "99501"} | more
    return adjudicate_visit(read.visit(json.dumps(document)), engine=engine, explain=True)


def test_medicaid_alone(engine: Engine) -> None:
    """A4216 $0.97 × 3 = 2.91, and A4261 $45.00 held to the charge of 40.00; copay 1.00."""
    found = decided(
        engine,
        [ALASKA | {"copay": "1.00"}],
        {"code": "A4216", "charge": "5.00", "units": "3"},
        {"code": "A4261", "charge": "40.00"},
    )
    assert found.not_covered == ()
    (payer,) = found.payers
    assert [(str(each.allowed), str(each.paid)) for each in payer.lines] == [
        ("2.91", "1.91"),
        ("40.00", "40.00"),
    ]
    assert (str(found.patient), str(found.written_off)) == ("1.00", "2.09")
    shown = text(outline_visit(found))
    for words in ("medicaid.ak SFY2026", "rate × units", "Lesser of schedule and charge"):
        assert words in shown


@pytest.mark.parametrize(
    ("payer", "paid", "written_off"),
    [
        # Medicare allows 115.56 in Alaska's locality, pays 92.45 × 0.98 and leaves 23.11.
        (ALASKA, "23.11", "286.29"),  # $149.47 - 90.60 = 58.87, more than what is left
        (OHIO, "4.40", "305.00"),  # 95.00 - 90.60
        (OHIO | {"lesser_of": False}, "23.11", "286.29"),
    ],
)
def test_medicaid_after_medicare(
    engine: Engine, payer: dict[str, Any], paid: str, written_off: str
) -> None:
    found = decided(engine, [MEDICARE, payer], {"code": "G0168", "charge": "400.00"})
    assert found.not_covered == ()
    assert [str(each.allowed) for each in found.prices] == ["115.56"]
    assert [str(each.paid) for each in found.payers] == ["90.60", paid]
    assert (str(found.patient), str(found.written_off)) == ("0.00", written_off)


@pytest.mark.parametrize(
    ("payer", "line", "more", "words"),
    [
        (ALASKA, {"code": "A4226"}, {}, "it pays by report"),
        (ALASKA, {"code": "J0129"}, {}, "by the drug's NDC"),
        (ALASKA, {"code": "G0439"}, {}, "not in the schedule (medicaid.ak SFY2026)"),
        (ALASKA, {"code": "A4216"}, {"service_date": "2026-07-01"}, "medicaid.ak"),
        (OHIO, {"code": "A4216"}, {}, "not in the schedule (medicaid.other OH from 2026-01-01)"),
        (OHIO, {"code": "G0168"}, {"service_date": "2025-12-31"}, "MEDICAID_XX_"),
        (OHIO | {"state": "WA"}, {"code": "G0168"}, {}, "holds nothing of WA"),
    ],
)
def test_the_split_says_why_there_is_no_amount(
    engine: Engine,
    payer: dict[str, Any],
    line: dict[str, Any],
    more: dict[str, Any],
    words: str,
) -> None:
    found = decided(engine, [payer], line | {"charge": "50.00"}, **more)
    assert str(found.undetermined) == "50.00"
    assert words in found.not_covered[0]
