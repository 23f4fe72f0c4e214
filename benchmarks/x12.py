"""X12: reader and typed claims against str.split, full check against pyx12, memory, processes.

Files are generated: an 837P of one transaction after another with 5,000 claims each, and an 835,
clean at levels 1 to 5. Ratios are taken within each round, so that a busy machine is busy for
both. pyx12 is measured on a part of the 837P, since it takes minutes for all of it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.measure import PYTHON, Measure, in_turn, ratio

MB = 1_000_000
ROUNDS = 5
CLAIMS_IN_A_SET = 5_000

_ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*^*00501*"
    "000000001*0*T*:~\n"
)


def claims(size: int) -> Iterator[str]:
    """An 837P of some ``size`` bytes, in pieces."""
    yield _ISA
    yield "GS*HC*SENDER*RECEIVER*20260301*1200*1*X*005010X222A1~\n"
    written, number, sets = 0, 0, 0
    while written < size:
        sets += 1
        body = [
            f"ST*837*{sets:04}*005010X222A1",
            f"BHT*0019*00*{sets:06}*20260301*1200*CH",
            "NM1*41*2*EXAMPLE BILLING SERVICE*****46*EB0001",
            "PER*IC*BILLING OFFICE*TE*5555550100",
            "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*EC0001",
            "HL*1**20*1",
            "PRV*BI*PXC*207R00000X",
            "NM1*85*2*EXAMPLE PHYSICIANS*****XX*1234567893",
            "N3*100 MAIN STREET",
            "N4*SPRINGFIELD*OH*455010001",
            "REF*EI*123456789",
        ]
        for level in range(2, CLAIMS_IN_A_SET + 2):
            number += 1
            body += _claim(level, number)
            if level % 200 == 0 and written + sum(map(len, body)) > size:
                break
        body.append(f"SE*{len(body) + 1}*{sets:04}")
        text = "~\n".join(body) + "~\n"
        written += len(text)
        yield text
    yield f"GE*{sets}*1~\nIEA*1*000000001~\n"


def _claim(level: int, number: int) -> list[str]:
    lines = 1 + number % 4
    charge = 100 + number % 50
    segments = [
        f"HL*{level}*1*22*0",
        "SBR*P*18*GRP1234*****" + "*CI",
        f"NM1*IL*1*LASTNAME{number % 9973}*FIRST{number % 997}****MI*MBR{number:09}",
        f"N3*{number % 9999} ELM STREET",
        "N4*SPRINGFIELD*OH*45501",
        f"DMG*D8*19{40 + number % 60}0{1 + number % 9}1{number % 10}*{'FM'[number % 2]}",
        "NM1*PR*2*EXAMPLE PAYER*****PI*EX001",
        f"CLM*ACCT{number:08}*{charge * lines}***11:B:1*Y*A*Y*Y",
        f"HI*ABK:I10*ABF:{'E119' if number % 2 else 'N179'}",
        "NM1*82*1*DOCTOR*JANE****XX*1245319599",
        "PRV*PE*PXC*207R00000X",
    ]
    for line in range(1, lines + 1):
        segments += [
            f"LX*{line}",
            f"SV1*HC:G0008*{charge}*UN*1***1",
            f"DTP*472*D8*202602{1 + number % 28:02}",
            f"REF*6R*{number:08}{line:02}",
        ]
    return segments


def remittances(size: int) -> Iterator[str]:
    """An 835 of some ``size`` bytes, in pieces."""
    yield _ISA
    yield "GS*HP*SENDER*RECEIVER*20260301*1200*1*X*005010X221A1~\n"
    written, number, sets = 0, 0, 0
    while written < size:
        sets += 1
        inside: list[str] = []
        paid, count = 0, 0
        while count < 2_000 and written + len(inside) * 30 < size:
            count += 1
            number += 1
            lines = 1 + number % 3
            charge, took = 120 + number % 40, 45
            paid += (charge - took) * lines
            inside += [
                f"CLP*ACCT{number:08}*1*{charge * lines}*{(charge - took) * lines}*{15 * lines}"
                f"*12*PAYER{number:010}*11*1",
                f"NM1*QC*1*LASTNAME{number % 9973}*FIRST{number % 997}****MI*MBR{number:09}",
                "NM1*82*1*DOCTOR*JANE****XX*1245319599",
                "DTM*232*20260210",
            ]
            for line in range(1, lines + 1):
                inside += [
                    f"SVC*HC:G0008*{charge}*{charge - took}**1",
                    f"DTM*472*202602{1 + number % 28:02}",
                    "CAS*CO*45*30",
                    "CAS*PR*3*15",
                    f"REF*6R*{number:08}{line:02}",
                    f"AMT*B6*{charge - 30}",
                ]
        body = [
            f"ST*835*{sets:04}",
            f"BPR*I*{paid}*C*CHK************20260301",
            f"TRN*1*CHECK{sets:06}*1123456789",
            "DTM*405*20260228",
            "N1*PR*EXAMPLE PAYER",
            "N3*1 PAYER PLAZA",
            "N4*COLUMBUS*OH*432150001",
            "PER*BL*PROVIDER SERVICES*TE*5555550111",
            "N1*PE*EXAMPLE PHYSICIANS*XX*1234567893",
            "LX*1",
            *inside,
        ]
        body.append(f"SE*{len(body) + 1}*{sets:04}")
        text = "~\n".join(body) + "~\n"
        written += len(text)
        yield text
    yield f"GE*{sets}*1~\nIEA*1*000000001~\n"


def generate(path: Path, pieces: Iterator[str]) -> Path:
    """Write a generated file."""
    with path.open("w", encoding="ascii", newline="") as file:
        file.writelines(pieces)
    return path


def run() -> Iterator[Measure]:
    """Every measurement."""
    with _files() as (p837, p835, part):
        store = _store(p837.parent)
        yield from _typed(p837)
        for path in (p837, p835):
            yield from _reader(path)
            yield from _check(path, store)
        yield from _against_pyx12(part, store)
        yield from _memory(p837.parent, store)
        yield from _processes(p837, store)


@contextmanager
def _files() -> Iterator[tuple[Path, Path, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        yield (
            generate(at / "claims.837", claims(10 * MB)),
            generate(at / "payments.835", remittances(10 * MB)),
            generate(at / "part.837", claims(MB // 2)),
        )


def _store(folder: Path) -> Path:
    """The user's own reference store, or one built for the measurement."""
    from superbill.store.build import build
    from superbill.store.home import default_store

    own = default_store()
    if own.exists():
        return own
    made = folder / "reference.sqlite"
    build(into=made)
    return made


def _split(path: Path) -> float:
    """A streaming split of the same file: segments, then elements."""
    start = time.perf_counter()
    with path.open(encoding="latin-1", newline="") as file:
        rest = ""
        while block := file.read(65_536):
            *segments, rest = (rest + block).split("~")
            for segment in segments:
                segment.split("*")
    return time.perf_counter() - start


def _read(path: Path) -> float:
    from superbill.interop.x12.reader import Reader

    start = time.perf_counter()
    for _ in Reader(path):
        pass
    return time.perf_counter() - start


def _walk(path: Path) -> float:
    from superbill.interop.x12.reader import transactions
    from superbill.interop.x12.tree import walk

    start = time.perf_counter()
    for transaction in transactions(path):
        for _ in walk(transaction):
            pass
    return time.perf_counter() - start


def checked(path: Path, store: Path, level: int = 5) -> float:
    """Check a file at every level; it must be clean. In a process of its own, or here."""
    from superbill.interop.x12.check import check_file
    from superbill.store.open import Store

    with Store.open(store) as opened:
        start = time.perf_counter()
        found = check_file(path, level=level, store=opened)
        took = time.perf_counter() - start
    assert found.accepted, found.findings[:3]
    return took


def _pyx12(path: Path) -> float:
    import io

    import pyx12.params
    import pyx12.x12n_document

    settings = pyx12.params.ParamsBase()
    settings.set("charset", "E")
    start = time.perf_counter()
    accepted = pyx12.x12n_document.x12n_document(
        settings, io.StringIO(path.read_text()), io.StringIO(), None
    )
    took = time.perf_counter() - start
    assert accepted
    return took


def _speed(name: str, path: Path, took: list[float]) -> Measure:
    return Measure(name, path.stat().st_size / MB / statistics.median(took), "MB/s")


def _reader(path: Path) -> Iterator[Measure]:
    taken = in_turn(ROUNDS, split=lambda: _split(path), read=lambda: _read(path))
    kind = path.suffix[1:]
    yield _speed(f"x12 {kind}: a streaming str.split", path, taken["split"])
    yield _speed(f"x12 {kind}: reader", path, taken["read"])
    yield Measure(
        f"x12 {kind}: reader ÷ split", ratio(taken["split"], taken["read"]), "×", 0.6, at_least=True
    )
    took = [_walk(path) for _ in range(ROUNDS)]
    yield _speed(f"x12 {kind}: segments with their loops", path, took)


def _read_typed(path: Path) -> float:
    from superbill.interop.x12 import read

    start = time.perf_counter()
    for _ in read(path):
        pass
    return time.perf_counter() - start


def _write_typed(path: Path) -> float:
    from datetime import UTC, datetime

    from superbill.interop.x12 import ClaimWriter, SequentialControlNumbers, parse_partner, read

    claims_ = list(read(path))
    start = time.perf_counter()
    with ClaimWriter(parse_partner(_PARTNER)) as writer:
        for claim in claims_:
            writer.add(claim)
        writer.save(path.with_suffix(".out"), SequentialControlNumbers(), datetime.now(UTC))
    return time.perf_counter() - start


_PARTNER = """
submitter = { name = "EXAMPLE BILLING SERVICE", id = "EB0001", phone = "5555550100" }
receiver = { name = "EXAMPLE CLEARINGHOUSE", id = "EC0001" }
interchange = { sender = "EB0001", receiver = "EC0001" }
"""


def _typed(path: Path) -> Iterator[Measure]:
    # Claims whose patient depends on a subscriber are read loop by loop.
    other = path.with_name("dependents.837")
    other.write_text(_with_dependents(path.read_text()))
    for name, each in (("usual claims", path), ("claims of dependents", other)):
        taken = in_turn(ROUNDS, split=partial(_split, each), read=partial(_read_typed, each))
        yield _speed(f"x12 837: typed, {name}", each, taken["read"])
        target = 0.25 if each == path else None
        yield Measure(
            f"x12 837: typed ÷ split, {name}",
            ratio(taken["split"], taken["read"]),
            "×",
            target,
            at_least=True,
        )
    yield _speed("x12 837: typed claims written", path, [_write_typed(path)])


def _with_dependents(text: str) -> str:
    """The same claims, each of a child of the subscriber."""
    child = (
        "NM1*PR*2*EXAMPLE PAYER*****PI*EX001~\nHL*0*0*23*0~\nPAT*19~\nNM1*QC*1*YOUNG*ANN~\n"
        "N3*1 ELM STREET~\nN4*SPRINGFIELD*OH*45501~\nDMG*D8*20150203*F~\n"
    )
    return text.replace("NM1*PR*2*EXAMPLE PAYER*****PI*EX001~\n", child)


def _check(path: Path, store: Path) -> Iterator[Measure]:
    for level in (2, 5):
        took = [checked(path, store, level) for _ in range(ROUNDS)]
        yield _speed(f"x12 {path.suffix[1:]}: check, levels 1 to {level}", path, took)


def _against_pyx12(path: Path, store: Path) -> Iterator[Measure]:
    taken = in_turn(ROUNDS, pyx12=lambda: _pyx12(path), check=lambda: checked(path, store))
    yield _speed("x12 837 (part): pyx12's validation", path, taken["pyx12"])
    yield _speed("x12 837 (part): check, levels 1 to 5", path, taken["check"])
    yield Measure(
        "x12 837 (part): check ÷ pyx12",
        ratio(taken["pyx12"], taken["check"]),
        "×",
        40,
        at_least=True,
    )


_PEAK = """
import sys
from pathlib import Path
if len(sys.argv) > 1:
    from benchmarks.x12 import checked
    checked(Path(sys.argv[1]), Path(sys.argv[2]))
# Not getrusage: there a child begins with the peak of its parent.
told = Path("/proc/self/status").read_text()
print(int(told.split("VmHWM:")[1].split()[0]) / 1024)
"""


def _peak(*args: str) -> float:
    done = subprocess.run(
        [PYTHON, "-c", _PEAK, *args], check=True, capture_output=True, text=True, env=os.environ
    )
    return float(done.stdout)


def _memory(folder: Path, store: Path) -> Iterator[Measure]:
    bare = _peak()
    small = _peak(str(folder / "claims.837"), str(store))
    large = generate(folder / "large.837", claims(200 * MB))
    grown = _peak(str(large), str(store))
    yield Measure("x12: peak memory at 10 MB over the interpreter's", small - bare, "MB", 64)
    yield Measure("x12: peak memory at 200 MB over the interpreter's", grown - bare, "MB", 64)
    yield Measure("x12: peak memory, 200 MB over 10 MB", grown - small, "MB", 4)


def _processes(path: Path, store: Path) -> Iterator[Measure]:
    def one() -> float:
        return _elapsed(lambda: [checked(path, store) for _ in range(2)])

    with ProcessPoolExecutor(2) as pool:
        list(pool.map(checked, [path] * 2, [store] * 2))

        def two() -> float:
            return _elapsed(lambda: list(pool.map(checked, [path] * 2, [store] * 2)))

        taken = in_turn(3, one=one, two=two)
    yield Measure(
        "x12: two files, two processes ÷ one", ratio(taken["one"], taken["two"]), "×", 1.7, True
    )


def _elapsed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    for measure in run():
        print(measure)
    sys.exit(0)
