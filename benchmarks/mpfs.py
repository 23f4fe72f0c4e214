"""Lines of the physician fee schedule: one by one, and in columns."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.measure import Measure, in_turn, ratio
from superbill.pricing.mpfs import Line, Pricer
from superbill.pricing.mpfs.bulk import Bulk, Columns
from superbill.store.build import build
from superbill.store.datasets import mpfs
from superbill.store.open import Store

SINGLY = 30_000
TOGETHER = 1_000_000
ROUNDS = 5
RVU = (
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,"
    "DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,"
    "AMOUNT"
)
GPCI = (
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
    "2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI"
)
CODES = 10_000
LOCALITIES = 109


def _files(folder: Path, chance: random.Random) -> None:
    """A schedule as long as the published one, of made-up codes and values."""
    rows = [RVU]
    for number in range(CODES):
        work, outside, inside, risk = (chance.randrange(1, 2000) for _ in range(4))
        totals = (work + outside + risk, work + inside + risk)
        cells = [f"{each / 100:.2f}" for each in (work, outside, inside, risk, *totals)]
        rows.append(
            f"Z{number:04},,Service,A,,{cells[0]},{cells[1]},,{cells[2]},,{cells[3]},{cells[4]},"
            f"{cells[5]},0,XXX,0.00,0.00,0.00,0,1,0,0,0,,33.4009,09,0,99,0.00,0.00,0.00"
        )
    (folder / "PPRRVU2026_Jan_nonQPP.csv").write_text("\n".join(rows) + "\n")
    indices = ["ADDENDUM E. CY 2026", GPCI]
    for number in range(LOCALITIES):
        cells = [f"{chance.randrange(300, 1900) / 1000:.3f}" for _ in range(3)]
        indices.append(f"{number + 10000},ST,01,PLACE,{','.join(cells)}")
    (folder / "GPCI2026.csv").write_text("\n".join(indices) + "\n")


def run() -> list[Measure]:
    """Measure both on the same lines, one in five with a modifier that matters."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _files(folder, chance)
        catalog = [each._replace(anchors=()) for each in mpfs.DATASETS]
        build([folder], folder / "store.sqlite", catalog=catalog, comparisons=())
        with Store.open(folder / "store.sqlite") as store:
            return _measured(store, chance)


def _measured(store: Store, chance: random.Random) -> list[Measure]:
    lines = [
        Line(
            code=f"Z{chance.randrange(CODES):04}",
            modifiers=chance.choice(((), (), ("59",), ("LT",), ("50",))),
            date=date(2026, 1, 1) + timedelta(days=chance.randrange(365)),
            carrier=str(10000 + chance.randrange(LOCALITIES)),
            locality="01",
            pos=chance.choice(("11", "22", "12", "21")),
            units=chance.choice((1, 1, 1, 2, 5)),
            apm=chance.random() < 0.3,
        )
        for _ in range(SINGLY)
    ]
    whole = [np.resize(each, TOGETHER) for each in _columns(lines)]
    columns = Columns(*whole[:6], carrier=whole[6], locality=whole[7])
    pricer, bulk = Pricer(store), Bulk(store)

    def singly() -> float:
        start = time.perf_counter()
        for line in lines:
            pricer.price(line)
        return (time.perf_counter() - start) / len(lines)

    def together() -> float:
        start = time.perf_counter()
        bulk.price(columns)
        return (time.perf_counter() - start) / TOGETHER

    first = together()
    took = in_turn(ROUNDS, singly=singly, together=together)
    answers = bulk.price(columns).allowed[: len(lines)]
    for line, cents in zip(lines, answers.tolist(), strict=True):
        assert pricer.price(line).allowed * 100 == cents, line
    return [
        Measure("lines priced one by one", 1 / min(took["singly"]), "lines/s", 15_000, True),
        Measure("lines priced in columns, the first time", 1 / first, "lines/s"),
        Measure("lines priced in columns", 1 / min(took["together"]), "lines/s"),
        Measure(
            "columns over one by one", ratio(took["singly"], took["together"]), "times", 20, True
        ),
    ]


def _columns(lines: list[Line]) -> list[np.ndarray]:
    return [
        np.array([line.code for line in lines], "S5"),
        np.array([line.date for line in lines], "datetime64[D]"),
        np.array([line.pos for line in lines], "S2"),
        np.array(["".join(line.modifiers) for line in lines], "S8"),
        np.array([line.units for line in lines]),
        np.array([line.apm for line in lines]),
        np.array([line.carrier for line in lines], "S5"),
        np.array([line.locality for line in lines], "S2"),
    ]
