from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from superbill.errors import Invalid
from superbill.store.build import build
from superbill.store.lock import Lock, read_lock
from superbill.store.open import Store
from tests.unit.store import small


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    small.prices(tmp_path / "in")
    build([tmp_path / "in"], tmp_path / "s.sqlite", catalog=small.CATALOG, comparisons=())
    with Store.open(tmp_path / "s.sqlite") as store:
        return store.lock


def test_a_lock_survives_json(lock: Lock, tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    path.write_text(lock.to_json())
    assert read_lock(path) == lock
    assert '"digest": "' + lock.digest in lock.to_json()


def test_where_a_file_was_fetched_does_not_count_and_what_it_says_does(
    lock: Lock,
) -> None:
    (release,) = lock.releases

    def changed(**fields: object) -> str:
        new = msgspec.structs.replace(release, **fields)
        return msgspec.structs.replace(lock, releases=(new,)).digest

    assert changed(file="renamed.csv", sha256="0" * 64, member="x") == lock.digest
    assert changed(content_sha256="0" * 64) != lock.digest
    assert changed(parser_version=2) != lock.digest
    assert changed(answers=()) != lock.digest


def test_an_edited_lock_is_refused(lock: Lock) -> None:
    edited = lock.to_json().replace('"parser_version": 1', '"parser_version": 2')
    with pytest.raises(Invalid, match="It was edited"):
        Lock.from_json(edited)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": "x"}', "\x00"])
def test_what_is_no_lock_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    path.write_text(text)
    with pytest.raises(Invalid, match="is not a lock"):
        read_lock(path)


def test_a_lock_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_lock(tmp_path / "none.json")
