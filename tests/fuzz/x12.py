"""Fuzzing the X12 reader and checker: bytes of clean files mutated, whatever comes of it.

    .venv/bin/python -m tests.fuzz.x12 [--seconds 600] [--seed 1]

Nothing but findings or ``Invalid`` may come, every byte must be kept, and time and memory must stay
in bounds. A slice of it runs with the tests. What breaks is written out, so that it can be tried
again.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from superbill.errors import Invalid
from superbill.interop.x12.ack import Receiving, acknowledge
from superbill.interop.x12.blocks import blocks
from superbill.interop.x12.check import answers, checks, gather
from superbill.interop.x12.control_numbers import SequentialControlNumbers
from superbill.interop.x12.interchange import Trouble
from superbill.interop.x12.lossless import Document
from superbill.interop.x12.show import tree
from tests.unit.interop.reader.files import CLEAN, SAMPLES

SLOW = 5.0
"""Seconds that no mutated file may take."""

CODES = b"*:^~\n\r 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\0\x1a\xff\xe9-.U"
WORDS = [
    b"ISA*", b"IEA*", b"GS*", b"GE*", b"ST*837*", b"SE*", b"HL*", b"CLM*", b"LX*", b"NM1*", b"~~",
    b"^^^^", b"::::", b"****", b"TA1*", b"SBR*", b"CLP*", b"SVC*", b"PLB*", b"HI*", b"SVD*",
    b"CAS*", b"99999999999999999999", b"-", b"1E9999", b"20260230", b"\xef\xbb\xbf",
]  # fmt: skip


def mutate(content: bytes, chance: random.Random) -> bytes:
    """A few changes of one kind or another."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 40))):
        if not data:
            data = bytearray(b"ISA")
        at = chance.randrange(len(data))
        match chance.randrange(9):
            case 0:
                data[at] = chance.choice(CODES)
            case 1:
                data[at] = chance.randrange(256)
            case 2:
                del data[at : at + chance.choice((1, 1, 3, 30, 300))]
            case 3:
                data[at:at] = chance.choice(WORDS)
            case 4:
                data[at:at] = bytes([chance.choice(CODES)]) * chance.choice((1, 5, 200))
            case 5:  # repeat some of it
                size = chance.choice((1, 20, 200, 2_000))
                data[at:at] = data[at : at + size]
            case 6:  # swap two stretches
                other = chance.randrange(len(data))
                size = chance.choice((1, 5, 50))
                data[at : at + size], data[other : other + size] = (
                    data[other : other + size],
                    data[at : at + size],
                )
            case 7:
                del data[at:]
            case _:  # swap two segments
                segments = bytes(data).split(b"~")
                a, b = chance.randrange(len(segments)), chance.randrange(len(segments))
                segments[a], segments[b] = segments[b], segments[a]
                data = bytearray(b"~".join(segments))
    return bytes(data)


def survive(content: bytes, *, also: Callable[[bytes], object] | None = None) -> None:
    """Read, keep, check, acknowledge and show ``content``."""
    try:
        kept = "".join(b.raw for b in blocks(content) if not isinstance(b, Trouble))
        if not content.startswith(b"\x1f\x8b"):
            assert kept.encode("latin-1") == content, "bytes were lost"
            assert Document.read(content).bytes() == content, "bytes were lost"
    except Invalid:
        pass
    receiving = Receiving()
    found = gather(receiving.listen(answers(content, receiving.checks(checks(5)))))
    packed = content.startswith(b"\x1f\x8b")
    for finding in found.findings:
        assert packed or 0 <= finding.at.byte <= len(content), finding
        assert finding.message, finding
        assert finding.mend, finding
    from datetime import UTC, datetime

    created = datetime(2026, 3, 3, tzinfo=UTC)
    acknowledge(receiving.arrivals, SequentialControlNumbers(), created)
    try:
        for _ in tree(content):
            pass
    except Invalid:
        pass
    if also is not None:
        also(content)


def seeds() -> list[bytes]:
    """Clean files of every guide, and public samples where they are at hand."""
    found = [path.read_bytes() for path in CLEAN.values()]
    if SAMPLES.is_dir():
        found += [
            p.read_bytes() for p in sorted(SAMPLES.rglob("*")) if p.is_file() and p.suffix != ".md"
        ]
    found.append(gzip.compress(found[0]))
    return [content for content in found if len(content) < 40_000]


def main(args: list[str]) -> int:
    """Fuzz for a while; 1 if something broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("broken.x12"))
    given = parser.parse_args(args)
    chance = random.Random(given.seed)
    corpus = seeds()
    end = time.monotonic() + given.seconds
    tried, slowest = 0, 0.0
    base = 0
    while time.monotonic() < end:
        content = mutate(chance.choice(corpus), chance)
        start = time.monotonic()
        try:
            survive(content)
        except BaseException:
            given.keep.write_bytes(content)
            print(f"try {tried} broke; its bytes are in {given.keep}", file=sys.stderr)
            raise
        took = time.monotonic() - start
        slowest = max(slowest, took)
        if took > SLOW:
            given.keep.write_bytes(content)
            print(f"try {tried} took {took:.1f} s; its bytes are in {given.keep}", file=sys.stderr)
            return 1
        tried += 1
        if tried == 500:
            base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024
    print(f"{tried:,} tries, the slowest {slowest:.2f} s, memory grew by {grown:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
