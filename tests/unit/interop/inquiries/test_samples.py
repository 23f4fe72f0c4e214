"""Every public 270, 271, 276, 277 and 277CA is read, written, and read again as the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.check import check_file
from superbill.interop.x12.inquiries import (
    Refused,
    each,
    write_270,
    write_271,
    write_276,
    write_277,
)
from superbill.interop.x12.typed import read
from tests.unit.interop.reader.files import SAMPLES, clean
from tests.unit.interop.stays import PARTNER

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
WRITERS: dict[str, Any] = {
    "270": write_270,
    "271": write_271,
    "276": write_276,
    "277": write_277,
    "277CA": write_277,
}
FILES = [
    (kind, path)
    for kind in WRITERS
    for path in sorted((SAMPLES / kind).glob("*"))
    if path.is_file()
]
# Of the version before the one that HIPAA names.
OLD = {
    "azoner_pyx12__repeat_init_seg.txt",
    "imsweb_x12-parser__x270.txt",
    "jdavisp3_TigerShark__271-example-2.txt",
    "jdavisp3_TigerShark__271-example-dependent-rejection.txt",
}


def written(kind: str, found: list[Any]) -> bytes:
    content: bytes = WRITERS[kind](
        found, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED
    )
    return content


@pytest.mark.shared
@pytest.mark.parametrize(("kind", "path"), FILES, ids=lambda value: getattr(value, "name", value))
def test_a_sample_is_read_and_written_as_the_same(kind: str, path: Path) -> None:
    found = list(each(path))
    assert found
    if path.name in OLD:
        assert all(isinstance(one, Refused) and "004010" in str(one.problems) for one in found)
        return
    assert not any(isinstance(one, Refused) for one in found)
    assert list(each(written(kind, found))) == found


@pytest.mark.parametrize("kind", list(WRITERS))
def test_a_clean_file_stays_clean_and_comes_by_either_way(kind: str) -> None:
    content = clean(kind)
    found = list(each(content))
    assert found == list(read(content))
    again = written(kind, found)
    assert list(read(again)) == found
    if kind == "277CA":
        return  # its balance rules count what its sender received
    report = check_file(again, level=4)
    assert report.accepted, report.findings
