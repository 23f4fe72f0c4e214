"""One document or many: how a file is told apart, and how it is read."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from superbill.cli import inputs
from superbill.cli.inputs import source
from superbill.errors import Invalid

ONE = b'{"id": 1}'
PRETTY = b'{\n  "id": 1\n}\n'


def read(path: Path) -> bytes | list[bytes]:
    with source(path) as found:
        return list(found.lines) if found.document is None else found.document


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", PRETTY, PRETTY),
        ("a.json", ONE, ONE),
        ("a.json", ONE + b"\n\n\n", ONE + b"\n\n\n"),
        ("a.json", ONE + b"\n\n" + ONE, [ONE + b"\n", b"\n", ONE]),
        ("a.json", b"\xef\xbb\xbf" + PRETTY, PRETTY),
        ("a.json", b"\n" + PRETTY, b"\n" + PRETTY),
        ("a.jsonl", ONE, [ONE]),
        ("a.ndjson", b"\xef\xbb\xbf" + ONE + b"\n" + ONE, [ONE + b"\n", ONE]),
        ("a.jsonl", b"not json\n", [b"not json\n"]),
        ("a.json", b"not json", b"not json"),
    ],
)
def test_one_document_or_many(
    tmp_path: Path, name: str, content: bytes, expected: bytes | list[bytes]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert read(tmp_path / name) == expected


def test_a_compressed_file_is_read_as_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(ONE + b"\n" + ONE))
    assert read(path) == [ONE + b"\n", ONE]


def test_a_damaged_compressed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(ONE * 1000)[:30])
    with pytest.raises(Invalid, match="damaged"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(Invalid, match="nothing in it"):
        read(tmp_path / "a.json")


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PRETTY)))
    assert read(Path("-")) == PRETTY


def test_no_more_of_a_long_line_is_read_than_shows_that_it_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "RECORD_LIMIT", 10)
    (tmp_path / "a.jsonl").write_bytes(b"x" * 1000 + b"\n" + ONE)
    assert read(tmp_path / "a.jsonl") == [b"x" * 11, ONE]
    (tmp_path / "a.json").write_bytes(b"[" + b"1,\n" * 1000 + b"1]")
    with pytest.raises(Invalid, match="at most"):
        read(tmp_path / "a.json")
