"""Public samples of every kind: no crash, every refusal located, every file kept byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from superbill.interop.x12.blocks import blocks
from superbill.interop.x12.check import check_file
from superbill.interop.x12.interchange import Trouble
from superbill.interop.x12.lossless import Document
from superbill.interop.x12.show import tree
from superbill.store.open import Store
from tests.unit.interop.reader.files import SAMPLES

pytestmark = pytest.mark.shared

FILES = (
    sorted(p for p in SAMPLES.rglob("*") if p.is_file() and p.suffix != ".md")
    if SAMPLES.is_dir()
    else []
)
MALFORMED = {
    "moov-io_x12__sample.txt",
    "clawdgeorge-prog_x12-parser__sample_835_discrepancy.edi",
    "clawdgeorge-prog_x12-parser__sample_multi_transaction.edi",
    "jdavisp3_TigerShark__837I-Patient-NotSubscriber.txt",
    "slott56_TigerShark__837I-Examples.txt",
    "clawdgeorge-prog_x12-parser__sample_837_prof.edi",
    "clawdgeorge-prog_x12-parser__sample_837_prof_rich.edi",
    "slott56_TigerShark__837-example.txt",
    "irobayna_stupidedi__1.edi",
    "clawdgeorge-prog_x12-parser__sample_multi_interchange.edi",
}
"""Files whose ISA is not of fixed widths."""


def test_the_samples_are_there() -> None:
    if not FILES:
        pytest.skip("the samples at ../shared/samples/x12 are not there")
    assert len(FILES) == 174


@pytest.mark.parametrize("path", FILES, ids=[p.name for p in FILES])
def test_a_sample_is_read_checked_and_kept(path: Path, embedded_store: Store) -> None:
    content = path.read_bytes()
    assert Document.read(path).bytes() == content
    found = check_file(path, level=5, store=embedded_store)
    troubles = [b for b in blocks(content) if isinstance(b, Trouble)]
    assert bool(troubles) == (path.name in MALFORMED)
    if troubles or any(f.rule == "version.4010" for f in found.findings):
        assert not found.accepted
    for finding in found.findings:
        assert 0 <= finding.at.byte < len(content)
        assert finding.message
        assert finding.mend
        name = finding.at.segment
        at = content[finding.at.byte :].decode("latin-1")
        # A missing segment is told at the one that stands in its place.
        if finding.fault != "3" and finding.rule != "envelope.missing" and name:
            assert at.startswith(name), (finding, at[:20])
    if not troubles:
        assert sum(1 for _ in tree(content)) >= 0


@pytest.mark.parametrize("path", FILES, ids=[p.name for p in FILES])
def test_a_sample_of_4010_is_refused_by_name(path: Path) -> None:
    content = path.read_bytes()
    found = check_file(path, level=1)
    if path.name in MALFORMED:
        assert found.unreadable
    elif b"X098A1" in content or b"X096A1" in content or b"X091A1" in content:
        told = [f for f in found.findings if f.rule == "version.4010"]
        assert told
        assert "4010" in told[0].message
