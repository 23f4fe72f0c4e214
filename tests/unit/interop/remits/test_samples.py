"""Every public 835 is read, written, and read again as the same; kept as it was if unchanged."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from superbill.errors import Invalid
from superbill.interop.x12 import SequentialControlNumbers
from superbill.interop.x12.remits import (
    Refused,
    RemittanceFile,
    each,
    remittances,
    write_835,
)
from superbill.interop.x12.sources import pieces
from superbill.model import Remittance
from tests.unit.interop.reader.files import SAMPLES
from tests.unit.interop.stays import PARTNER

pytestmark = pytest.mark.shared

CREATED = datetime(2026, 3, 3, 10, 20)  # noqa: DTZ001 (a wall clock, as ISA09 and ISA10 are)
FILES = [path for path in sorted((SAMPLES / "835").glob("*")) if path.is_file()]

# An ISA that is not 106 characters long; these are refused as files.
NO_X12 = {
    "clawdgeorge-prog_x12-parser__sample_835_discrepancy.edi",
    "clawdgeorge-prog_x12-parser__sample_multi_transaction.edi",
}
# Of the version before the one that HIPAA names.
OLD = {
    "azoner_pyx12__835_simple.txt",
    "azoner_pyx12__bad_header_looping.txt",
}
# Its segments end with a line break, after which a tilde stands before the next: there is no ST.
NO_835 = {"jdavisp3_TigerShark__835-example-2.txt"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_read_and_written_as_the_same(path: Path) -> None:
    found = list(each(path))
    if path.name in NO_X12:
        assert all(isinstance(one, Refused) for one in found)
        with pytest.raises(Invalid, match="byte 0: ISA0"):
            list(remittances(path))
        return
    assert bool(found) == (path.name not in NO_835)
    if path.name in OLD:
        assert all(isinstance(one, Refused) for one in found)
        assert "004010X091A1" in str(found[0])
        return
    read = [one for one in found if isinstance(one, Remittance)]
    assert len(read) == len(found)
    if not read:
        return
    content = write_835(read, partner=PARTNER, control=SequentialControlNumbers(), created=CREATED)
    assert list(remittances(content)) == read


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name not in NO_X12], ids=lambda path: path.name
)
def test_an_unchanged_sample_is_the_same_byte_for_byte(path: Path) -> None:
    content = b"".join(pieces(path))
    assert RemittanceFile.read(content).bytes() == content


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name not in NO_X12 | OLD | NO_835], ids=lambda path: path.name
)
def test_a_change_of_one_remittance_leaves_what_is_around_it(path: Path) -> None:
    content = b"".join(pieces(path))
    file = RemittanceFile.read(content)
    first = file.remittances[0]
    file.remittances[0] = replace(first, amount=first.amount + Decimal("0.01"))
    changed = file.bytes()
    again = RemittanceFile.read(changed)
    assert again.remittances == file.remittances
    assert changed[:106] == content[:106]
    tail = content[content.rindex(b"IEA") :]
    assert changed.endswith(tail)
