"""Control numbers: counted per sender, and never given twice, whatever dies meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import (
    SequentialControlNumbers,
    StoredControlNumbers,
    control_number,
    user_control_numbers,
)

TAKE = """
import sys
from pathlib import Path
from superbill.interop.x12 import StoredControlNumbers
numbers = StoredControlNumbers(Path(sys.argv[1]))
with open(sys.argv[2], "a", buffering=1) as out:
    for _ in range(int(sys.argv[3])):
        out.write(f"{numbers.next('ZZ:A')}\\n")
"""


def test_counted_apart_for_each_sender_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "numbers.sqlite"
    assert [StoredControlNumbers(path).next("ZZ:A") for _ in range(3)] == [1, 2, 3]
    assert StoredControlNumbers(path).next("ZZ:B") == 1
    assert StoredControlNumbers(path).next("ZZ:A") == 4


def test_a_floor_lifts_but_never_lowers(tmp_path: Path) -> None:
    numbers = StoredControlNumbers(tmp_path / "numbers.sqlite")
    assert [numbers.next("ZZ:A", floor=n) for n in (500, 500, 10, 502, 600)] == [
        500,
        501,
        502,
        503,
        600,
    ]
    held = SequentialControlNumbers()
    assert [held.next("ZZ:A", floor=n) for n in (500, 500, 10)] == [500, 501, 502]


def test_no_repeat_between_processes_or_after_kill_9(tmp_path: Path) -> None:
    store = tmp_path / "numbers.sqlite"
    logs = [tmp_path / f"log{i}" for i in range(4)]

    def begin(log: Path, count: int) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-c", TAKE, str(store), str(log), str(count)]
        return subprocess.Popen(arguments)

    doomed = [begin(log, 1_000_000) for log in logs[:2]]
    deadline = time.monotonic() + 60
    while not all(log.exists() and log.stat().st_size for log in logs[:2]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    living = [begin(log, 40) for log in logs[2:]]
    time.sleep(0.2)
    for process in doomed:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [process.wait() for process in living] == [0, 0]
    # A line that was cut by the kill is not a number that was used.
    seen = [int(n) for log in logs for n in log.read_text().split("\n")[:-1]]
    assert len(seen) >= 82
    assert len(seen) == len(set(seen))
    assert StoredControlNumbers(store).next("ZZ:A") > max(seen)


def test_the_last_number_is_the_last(tmp_path: Path) -> None:
    numbers = StoredControlNumbers(tmp_path / "numbers.sqlite")
    assert numbers.next("ZZ:A", floor=999_999_999) == 999_999_999
    for _ in range(2):
        with pytest.raises(Invalid, match="has used every number"):
            numbers.next("ZZ:A")
    held = SequentialControlNumbers(999_999_999)
    held.next("ZZ:A")
    with pytest.raises(Invalid, match="has used every number"):
        held.next("ZZ:A")


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "numbers.sqlite"
    path.write_bytes(b"not a database, but as long as one might be" * 100)
    before = path.read_bytes()
    with pytest.raises(Invalid, match=r"numbers\.sqlite"):
        StoredControlNumbers(path).next("ZZ:A")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="cannot be read or written"):
        StoredControlNumbers(tmp_path / "file" / "numbers.sqlite").next("ZZ:A")


@pytest.mark.parametrize("given", ["", "12A", "0", "-1", "1.5", "1000000000", "９", "1" * 5000])
def test_not_a_control_number(given: str) -> None:
    with pytest.raises(Invalid) as caught:
        control_number(given)
    assert caught.value.problems[0].path == "control_number"
    with pytest.raises(Invalid):
        SequentialControlNumbers(given)


def test_each_user_has_one_place() -> None:
    assert user_control_numbers().path.name == "control_numbers.sqlite"
    assert "superbill" in str(user_control_numbers().path)
