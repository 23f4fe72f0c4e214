"""``superbill data``: build, status, verify, lock, download; and building by itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from superbill.cli.reference import FIRST_TIME
from superbill.store import build as building
from tests.unit.cli.conftest import Superbill


def test_status_says_what_is_held_and_for_which_days(stored: Path, superbill: Superbill) -> None:
    shown = superbill("data", "status")
    assert (shown.code, shown.err) == (0, "")
    assert "MS-DRG weights and lengths of stay (IPPS Table 5)  (ipps.drg_weights)\n" in shown.out
    assert "  days     2025-10-01 to 2026-09-30\n" in shown.out
    assert f"{stored / 'reference.sqlite'}" in shown.out
    releases = superbill("data", "status", "--releases").out
    assert "sha256 " in releases
    found = json.loads(superbill("data", "status", "--json").out)
    assert {"icd10cm.validity", "ipps.drg_weights"} <= {row["dataset"] for row in found["datasets"]}


def test_a_sound_store_is_verified(stored: Path, superbill: Superbill) -> None:
    shown = superbill("data", "verify")
    assert (shown.code, shown.err) == (0, "")
    assert " is sound: " in shown.out


def test_the_lock_is_printed_and_matched(stored: Path, superbill: Superbill) -> None:
    lock = stored / "lock.json"
    lock.write_text(superbill("data", "lock").out, encoding="utf-8")
    assert superbill("data", "verify", "--lock", lock).code == 0
    other = json.loads(lock.read_text(encoding="utf-8"))
    other["releases"] = other["releases"][1:]
    lock.write_text(json.dumps(other), encoding="utf-8")
    shown = superbill("data", "verify", "--lock", lock)
    assert shown.code == 2
    assert "It was edited" in shown.err


def test_a_damaged_store_fails_the_check(stored: Path, superbill: Superbill) -> None:
    whole = stored / "reference.sqlite"
    copy = stored / "copy.sqlite"
    shutil.copy(whole, copy)
    copy.chmod(0o600)
    with copy.open("r+b") as file:
        file.seek(copy.stat().st_size // 2)
        file.write(b"\x00" * 50_000)
    shown = superbill("data", "verify", "--store", copy)
    assert shown.code in (1, 2)
    assert "error: " in shown.err
    assert "Build it anew: superbill data build" in shown.err
    as_json = superbill("data", "verify", "--store", copy, "--json")
    assert as_json.code == shown.code


def test_what_is_no_store_is_refused(tmp_path: Path, superbill: Superbill) -> None:
    path = tmp_path / "no.sqlite"
    path.write_text("text")
    for command in (["data", "status"], ["data", "verify"], ["data", "lock"]):
        shown = superbill(*command, "--store", path)
        assert (shown.code, shown.out) == (2, "")
        assert "is not a reference store" in shown.err


def test_building_is_left_where_there_is_a_store(stored: Path, superbill: Superbill) -> None:
    before = (stored / "reference.sqlite").stat().st_mtime_ns
    assert superbill("data", "build", "--if-missing") == (0, "", "")
    assert (stored / "reference.sqlite").stat().st_mtime_ns == before


def test_a_file_that_nothing_recognises_is_named_and_nothing_is_built(
    tmp_path: Path, superbill: Superbill
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "notes.txt").write_text("some words")
    target = tmp_path / "store.sqlite"
    shown = superbill("data", "build", "--from", folder, "--store", target)
    assert (shown.code, shown.out, target.exists()) == (2, "", False)
    assert "notes.txt: no known layout" in shown.err
    as_json = superbill("data", "build", "--from", folder, "--store", target, "--json")
    assert json.loads(as_json.err)["error"] == "build_failed"


def test_the_first_command_builds_the_store(
    reference_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, superbill: Superbill
) -> None:
    def build(*_: Any, progress: building.Report, **__: Any) -> None:
        progress(building.Progress("seal", "reference.sqlite", 1, 1))
        (tmp_path / "reference.sqlite").symlink_to(reference_store)

    monkeypatch.setattr(building, "build", build)
    monkeypatch.setenv("SUPERBILL_DATA", str(tmp_path))
    first = superbill("code", "I10", "--on", "2026-03-01", "--brief")
    assert (first.code, first.err) == (0, f"{FIRST_TIME}\n")
    assert superbill("code", "I10", "--on", "2026-03-01", "--brief") == (0, first.out, "")


def test_what_can_be_downloaded_is_listed(superbill: Superbill) -> None:
    shown = superbill("data", "download")
    assert "https://www.cms.gov/" in shown.out
    offered = json.loads(superbill("data", "download", "--json").out)
    assert all(file["address"].startswith("https://") for file in offered)


def test_a_licence_is_not_accepted_where_nobody_is_asked(
    stored: Path, superbill: Superbill
) -> None:
    offered = json.loads(superbill("data", "download", "--json").out)
    shown = superbill("data", "download", offered[0]["id"])
    assert shown.code == 2
    assert "say --accept-licences" in shown.err
    assert list((stored).rglob("*.zip")) == []
    assert superbill("data", "download", "nonsense").code == 2
