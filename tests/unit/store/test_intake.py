from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from superbill.store.catalog import datasets
from superbill.store.intake import Survey, survey
from tests.unit.store import small

PRICES = "prices_2026-01-01_2027-01-01.csv"
CONTENT = "fruit,price\napple,1.50\n"


def look(*paths: Path) -> Survey:
    return survey(paths, small.CATALOG)


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_a_member_of_an_archive(tmp_path: Path) -> None:
    archive(tmp_path / "all.zip", {PRICES: CONTENT, "notes.txt": "by hand", "guide.pdf": "%PDF"})
    with look(tmp_path) as seen:
        (found,) = seen.found
        assert (found.file, found.member) == ("all.zip", PRICES)
        assert found.document.where == f"all.zip: {PRICES}"
        assert found.sha256 != found.content_sha256
        assert {(s.where, s.what) for s in seen.not_loaded} == {
            ("all.zip: notes.txt", "lies beside what was recognised"),
            ("all.zip: guide.pdf", "a document for people to read"),
        }
        assert not seen.unrecognised
        assert not seen.damaged


def test_an_archive_inside_an_archive(tmp_path: Path) -> None:
    inner = archive(tmp_path / "x" / "inner.zip", {f"deep/{PRICES}": CONTENT}).read_bytes()
    (tmp_path / "x" / "inner.zip").unlink()
    archive(tmp_path / "x" / "outer.zip", {"inner.zip": inner})
    with look(tmp_path) as seen:
        (found,) = seen.found
        assert found.document.where == f"x/outer.zip: inner.zip: deep/{PRICES}"
        assert found.document.head == CONTENT.encode()


def test_an_archive_without_anything_known_is_unrecognised(tmp_path: Path) -> None:
    archive(tmp_path / "a.zip", {"b.txt": "nothing known", "c.pdf": "%PDF"})
    with look(tmp_path) as seen:
        assert [s.where for s in seen.unrecognised] == ["a.zip: b.txt"]


def test_a_cut_archive_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {PRICES: CONTENT * 5000})
    path.write_bytes(path.read_bytes()[:-30])
    with look(tmp_path) as seen:
        assert [(s.where, s.what.split(" (")[0]) for s in seen.damaged] == [
            ("a.zip", "a damaged or cut archive")
        ]


def test_a_member_whose_bytes_were_altered_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {PRICES: "".join(f"fruit,price\n{i},1\n" for i in range(9))})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with look(tmp_path) as seen:
        assert [s.where for s in seen.damaged] == [f"a.zip: {PRICES}"]


def test_an_encrypted_archive_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {PRICES: CONTENT})
    data = bytearray(path.read_bytes())
    central = data.index(b"PK\x01\x02")
    for flags in (6, central + 8):
        (bits,) = struct.unpack_from("<H", data, flags)
        struct.pack_into("<H", data, flags, bits | 1)
    path.write_bytes(data)
    with look(tmp_path) as seen:
        assert [s.what for s in seen.damaged] == [f"{PRICES} is encrypted"]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    archive(tmp_path / "bomb.zip", {PRICES: bytes(80 * 1024 * 1024)})
    with look(tmp_path) as seen:
        (bomb,) = seen.damaged
        assert "would unpack from" in bomb.what
        assert "as no published file does" in bomb.what


def test_an_archive_that_claims_terabytes_is_not_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {PRICES: os.urandom(2000)})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 0xFFFFFFF0)
    path.write_bytes(data)
    with look(tmp_path) as seen:
        assert "would unpack" in seen.damaged[0].what


def test_too_many_members(tmp_path: Path) -> None:
    archive(tmp_path / "a.zip", {f"{n}.txt": "" for n in range(5001)})
    with look(tmp_path) as seen:
        assert seen.damaged[0].what == "an archive of 5,001 members; at most 5,000 are read"


def test_undated_says_how_to_date_it(tmp_path: Path) -> None:
    (tmp_path / "renamed.csv").write_text(CONTENT)
    with look(tmp_path) as seen:
        (undated,) = seen.damaged
        assert "reads as a price list, but does not say which days it speaks for" in undated.what
        assert "renamed.csv.source.json" in undated.what
    (tmp_path / "renamed.csv.source.json").write_text(
        '{"valid_from": "2026-01-01", "valid_to": "2026-07-01", "label": "by hand"}'
    )
    with look(tmp_path) as seen:
        (found,) = seen.found
        assert found.what == "price list, by hand (2026-01-01 to 2026-06-30)"


def test_a_sidecar_brings_provenance(tmp_path: Path) -> None:
    (tmp_path / PRICES).write_text(CONTENT)
    note = tmp_path / f"{PRICES}.source.json"
    note.write_text('{"address": "https://x.example/a", "retrieved": "2026-02-03"}')
    with look(tmp_path) as seen:
        assert seen.found[0].address == "https://x.example/a"
        assert str(seen.found[0].retrieved) == "2026-02-03"
    note.write_text('{"sha256": "00"}')
    with look(tmp_path) as seen:
        assert "as fetched" in seen.damaged[0].what
    note.write_text('{"adress": "typo"}')
    with look(tmp_path) as seen:
        assert seen.damaged[0].where == f"{PRICES}.source.json"


def test_what_the_system_leaves_about_is_passed_over(tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$open.xlsx", "half.zip.part"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "a.txt").write_text("x")
    with look(tmp_path) as seen:
        assert not seen.unrecognised
        assert not seen.damaged


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "empty.txt").write_bytes(b"")
    with look(tmp_path, tmp_path / "nowhere") as seen:
        assert {(s.where, s.what) for s in seen.damaged} == {
            ("pipe.csv", "is not an ordinary file"),
            (str(tmp_path / "nowhere"), "there is no such file or folder"),
        }
        assert [(s.where, s.what) for s in seen.unrecognised] == [("empty.txt", "is empty")]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00" * 64,
        b"%PDF-1.7\r%\xe2\xe3\xcf\xd3\r\n1 0 obj\r",
        b"PK\x03\x04\x14\x00",
        b"\xff\xfe<\x00?\x00x\x00m\x00l\x00",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>",
        b'"an open quote, and then\r\nlines',
        b"00001 A00     0 Cholera",
        os.urandom(512),
    ],
)
def test_no_layout_fails_on_what_is_not_its_own(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "thing_2026.txt").write_bytes(head)
    with survey([tmp_path], datasets()) as seen:
        assert not seen.found or head.startswith(b"00001")
        assert seen.unrecognised or seen.damaged or seen.found


def test_documents_stay_readable_until_the_survey_is_closed(tmp_path: Path) -> None:
    archive(tmp_path / "a.zip", {PRICES: CONTENT})
    with look(tmp_path) as seen:
        stream = seen.found[0].document.open()
        assert io.TextIOWrapper(stream).read() == CONTENT
