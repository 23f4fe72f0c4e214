"""FHIR R4, in and out: stays with decisions, claims, remittances; any resource without loss."""

from superbill.interop.fhir.claim import claim_bundle
from superbill.interop.fhir.draft import Reading
from superbill.interop.fhir.read_claim import ClaimReading, read_claim
from superbill.interop.fhir.read_remittance import RemittanceReading, read_remittance
from superbill.interop.fhir.read_stay import read_stay
from superbill.interop.fhir.remittance import remittance_bundle
from superbill.interop.fhir.stay import bundle
from superbill.interop.fhir.structure import Fault, check, known
from superbill.interop.fhir.text import dumps, loads
from superbill.interop.fhir.visit import visit_bundle

__all__ = [
    "ClaimReading",
    "Fault",
    "Reading",
    "RemittanceReading",
    "bundle",
    "check",
    "claim_bundle",
    "dumps",
    "known",
    "loads",
    "read_claim",
    "read_remittance",
    "read_stay",
    "remittance_bundle",
    "visit_bundle",
]
