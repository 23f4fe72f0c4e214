"""FHIR R4, in and out: a stay with its decision as a Bundle, and any resource without loss."""

from superbill.interop.fhir.draft import Reading
from superbill.interop.fhir.read_stay import read_stay
from superbill.interop.fhir.stay import bundle
from superbill.interop.fhir.structure import Fault, check, known
from superbill.interop.fhir.text import dumps, loads

__all__ = ["Fault", "Reading", "bundle", "check", "dumps", "known", "loads", "read_stay"]
