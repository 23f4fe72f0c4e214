"""ICD-10-PCS codes built from the tables, axis by axis, and read aloud the same way."""

from superbill.encoder.pcs.builder import Builder, Choice, Choices
from superbill.encoder.pcs.building import Building, BuildStep, begin, build_pcs
from superbill.encoder.pcs.index import Lead, PcsIndex, PcsTerm, UnknownTerm
from superbill.encoder.pcs.reading import Axis, Reading, read_code

__all__ = [
    "Axis",
    "BuildStep",
    "Builder",
    "Building",
    "Choice",
    "Choices",
    "Lead",
    "PcsIndex",
    "PcsTerm",
    "Reading",
    "UnknownTerm",
    "begin",
    "build_pcs",
    "read_code",
]
