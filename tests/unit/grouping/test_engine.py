"""The native program: opened once, closed properly, fit for threads and processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest

from superbill.grouping.msdrg import Engine, GrouperClaim, group_claim
from superbill.grouping.msdrg.reference import RELEASE
from superbill.sources.msdrg_library import Program, ProgramFailed

CLAIMS = [
    GrouperClaim(number, (("I5023", "Y"), (code, "N")), (), 70, "F", "01", "NON_EXEMPT")
    for number in (400, 411, 421, 431, 440)
    for code in ("J9601", "L89154", "N179", "E785", "I10", "T80211A")
]


def test_a_closed_engine_says_so() -> None:
    engine = Engine()
    assert group_claim(CLAIMS[0], engine=engine).drg == "291"
    engine.close()
    engine.close()
    with pytest.raises(ProgramFailed, match="closed"):
        group_claim(CLAIMS[0], engine=engine)


def test_a_request_that_the_program_cannot_read_is_named() -> None:
    with Program("msdrg") as program, pytest.raises(ProgramFailed, match="not json"):
        program(b"not json")


def test_threads_share_one_engine() -> None:
    with Engine() as engine:
        expected = [group_claim(claim, engine=engine) for claim in CLAIMS]
    with Engine() as engine, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda claim: group_claim(claim, engine=engine), CLAIMS * 20))
    assert found == expected * 20


FORKED = """
import multiprocessing, sys
from superbill.grouping.msdrg import Engine, GrouperClaim, group_claim
engine = Engine()
claim = GrouperClaim(431, (("I5023", "Y"),), (), 70, "F", "01", "NON_EXEMPT")
def work(_):
    return group_claim(claim, engine=engine).drg
if __name__ == "__main__":
    assert work(0) == "293"  # opened before the fork
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        assert pool.map(work, range(20)) == ["293"] * 20
    assert work(0) == "293"
    print("done")
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_open_their_own(method: str, tmp_path: Path) -> None:
    if method == "fork" and sys.platform == "win32":
        pytest.skip("no fork on Windows")
    script = tmp_path / "forked.py"
    script.write_text(FORKED, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script), method],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (run.stdout, run.stderr) == ("done\n", "")


def test_an_engine_that_is_forgotten_warns_of_nothing() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-X",
            "dev",
            "-c",
            "from superbill.grouping.msdrg import *\n"
            "engine = Engine()\n"
            "claim = GrouperClaim(431, (('I5023', 'Y'),), (), 70, 'F', '01', 'EXEMPT')\n"
            "print(group_claim(claim, engine=engine).drg)\n",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (run.stdout, run.stderr) == ("293\n", "")


def test_the_release_named_is_the_package_installed() -> None:
    assert f"msdrg {version('msdrg')}" == RELEASE
