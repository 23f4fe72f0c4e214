"""Names of code systems and identifiers in FHIR, and the small pieces that resources are made of.

The names are those of HL7's terminology (terminology.hl7.org), of the CARIN guide for Blue Button
(hl7.org/fhir/us/carin-bb, 2.1) and, for what X12 codes, of the Da Vinci guides. Where no body has
named a system (condition, occurrence and value codes of the National Uniform Billing Committee),
the name is ours and begins with ``urn:superbill:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from superbill.interop.fhir.text import Json, Number

HL7 = "http://terminology.hl7.org/CodeSystem"
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem"
NUBC = "https://www.nubc.org/CodeSystem"
OURS = "urn:superbill"

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD9CM = "http://hl7.org/fhir/sid/icd-9-cm"
ICD10PCS = "http://www.cms.gov/Medicare/Coding/ICD10"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CDT = "http://www.ada.org/cdt"
CPT = "http://www.ama-assn.org/go/cpt"
HIPPS = (
    "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/"
    "ProspMedicareFeeSvcPmtGen/HIPPSCodes"
)
MS_DRG = (
    "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/"
    "AcuteInpatientPPS/MS-DRG-Classifications-and-Software"
)
NDC = "http://hl7.org/fhir/sid/ndc"
PLACE_OF_SERVICE = (
    "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
)
REVENUE = f"{NUBC}/RevenueCodes"
POA = f"{NUBC}/PresentOnAdmissionIndicator"
TYPE_OF_BILL = f"{NUBC}/TypeOfBill"
DISCHARGE_STATUS = f"{NUBC}/PatDischargeStatus"
ADMISSION_TYPE = f"{NUBC}/PriorityTypeOfAdmitOrVisit"
POINT_OF_ORIGIN = f"{NUBC}/PointOfOrigin"
CARC = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC = "https://x12.org/codes/remittance-advice-remark-codes"
GROUP_CODE = "https://x12.org/codes/claim-adjustment-group-codes"
RELATIONSHIP = "https://codesystem.x12.org/005010/1069"
CLAIM_FILING = "https://codesystem.x12.org/005010/1032"
TAXONOMY = "http://nucc.org/provider-taxonomy"
PAYER_TYPE = "https://nahdo.org/sopt"
PAYER_KIND = f"{OURS}:payer-kind"

NPI = "http://hl7.org/fhir/sid/us-npi"
MBI = "http://hl7.org/fhir/sid/us-mbi"
CCN = "urn:oid:2.16.840.1.113883.4.336"
EIN = "urn:oid:2.16.840.1.113883.4.4"

IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
CLAIM_TYPE = f"{HL7}/claim-type"
DIAGNOSIS_TYPE = f"{HL7}/ex-diagnosistype"
ADJUDICATION = f"{HL7}/adjudication"
ACT_CODE = f"{HL7}/v3-ActCode"
SUBSCRIBER = f"{HL7}/subscriber-relationship"
ABSENT = f"{HL7}/data-absent-reason"
CARIN_ADJUDICATION = f"{CARIN}/C4BBAdjudication"
CARIN_DISCRIMINATOR = f"{CARIN}/C4BBAdjudicationDiscriminator"
CARIN_PAYER_STATUS = f"{CARIN}/C4BBPayerAdjudicationStatus"
CARIN_INFORMATION = f"{CARIN}/C4BBSupportingInfoType"
CARIN_DIAGNOSIS = f"{CARIN}/C4BBClaimDiagnosisType"
CARIN_PROCEDURE = f"{CARIN}/C4BBClaimProcedureType"
CARIN_ROLE = f"{CARIN}/C4BBClaimCareTeamRole"
CARIN_SUBTYPE = f"{CARIN}/C4BBInstitutionalClaimSubType"
CARIN_IDENTIFIER = f"{CARIN}/C4BBIdentifierType"
OUR_INFORMATION = f"{OURS}:supporting-info"

REST = f"{OURS}:fhir:rest"
"""Extension: what of a value of ours FHIR has no element for, as JSON text."""
MIDDLE_NAME = f"{OURS}:fhir:middle-name"
"""Extension of a HumanName: a middle name where there is no first name."""
NONCOVERED = f"{OURS}:fhir:noncovered"
"""Extension: the part of a line's charge that is not covered, as Money."""

_CPT = re.compile(r"[0-9]{4}[0-9A-Z]")
_HIPPS_REVENUE = frozenset({"0022", "0023", "0024"})


def coding(system: str, code: str, display: str = "") -> Json:
    """A code of a system, with words beside it where there are any."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str = "") -> Json:
    """A CodeableConcept of one code."""
    return {"coding": [coding(system, code, display)]}


def money(amount: Decimal) -> Json:
    """Dollars, written with the decimals that the amount has.

    >>> money(Decimal("1.50"))["value"].text
    '1.50'
    """
    return {"value": number(amount), "currency": "USD"}


def number(value: Decimal) -> Number:
    """A decimal without an exponent."""
    return Number(format(value, "f"))


def service_system(code: str, revenue_code: str = "") -> str:
    """Whose code stands in a line's HCPCS field: HIPPS, CPT or HCPCS Level II.

    >>> service_system("A0428") == HCPCS, service_system("1AFKS", "0023") == HIPPS
    (True, True)
    """
    if revenue_code in _HIPPS_REVENUE:
        return HIPPS
    return CPT if _CPT.fullmatch(code) else HCPCS


def modifier_system(code: str) -> str:
    """Whose modifier it is: of digits alone CPT's, else HCPCS Level II's."""
    return CPT if code.isdigit() else HCPCS


def same_system(one: object, other: str) -> bool:
    """Whether two names are of one system: ``http`` or ``https``, a slash at the end or none."""
    return isinstance(one, str) and _bare(one) == _bare(other)


def codes(concept_: Any, *systems: str) -> Iterator[str]:
    """The codes of a CodeableConcept in any of the systems, in its order."""
    for each in listed(concept_, "coding"):
        code = each.get("code")
        if isinstance(code, str) and any(same_system(each.get("system"), s) for s in systems):
            yield code


def has_code(concepts: Iterable[Any], code: str) -> bool:
    """Whether any of the concepts holds this code, whatever the system."""
    return any(each.get("code") == code for c in concepts for each in listed(c, "coding"))


def listed(value: Any, name: str) -> list[Json]:
    """The objects of a list inside an object; none where there is no such list."""
    found = value.get(name) if isinstance(value, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def extension(value: Any, url: str) -> Json | None:
    """The extension of this name, or ``None``."""
    return next((e for e in listed(value, "extension") if e.get("url") == url), None)


def _bare(system: str) -> str:
    return system.removeprefix("https://").removeprefix("http://").rstrip("/")
