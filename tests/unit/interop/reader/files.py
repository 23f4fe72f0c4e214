"""The clean files that tests of X12 start from, and small ones made on the spot."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parents[3] / "cases"
CLEAN = {path.stem: path for path in sorted((CASES / "x12").glob("*.edi"))}
"""A clean file of each guide."""

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples" / "x12"


def clean(name: str) -> bytes:
    """The clean file of a guide."""
    return CLEAN[name].read_bytes()


def isa(
    element: str = "*",
    component: str = ":",
    repetition: str = "^",
    end: str = "~",
    number: int = 1,
    version: str = "00501",
) -> str:
    """An ISA in the given delimiters."""
    fields = [
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        "ZZ",
        "SENDER".ljust(15),
        "ZZ",
        "RECEIVER".ljust(15),
        "260303",
        "1020",
        repetition,
        version,
        f"{number:09}",
        "0",
        "T",
        component,
    ]
    return element.join(fields) + end


def redressed(content: bytes, element: str, component: str, repetition: str, end: str) -> bytes:
    """A file in other delimiters, without line breaks; each is a single byte in Latin-1."""
    text = content.decode("latin-1").replace("\n", "")
    made = str.maketrans({"*": element, ":": component, "^": repetition, "~": end})
    return text.translate(made).encode("latin-1")
