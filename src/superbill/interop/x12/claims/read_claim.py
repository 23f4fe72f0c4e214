"""The head of a claim (loop 2300) and its codes, from their segments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from superbill.interop.x12.claims.loops import Effect, Loop, Parse, Unfit
from superbill.interop.x12.claims.read_parties import reference
from superbill.interop.x12.claims.values import at, day, days, maybe, number
from superbill.model import (
    Ambulance,
    Attachment,
    Certification,
    ClaimDate,
    ClaimDiagnosis,
    ClaimKind,
    ClaimProcedure,
    Contract,
    Figure,
    Note,
    OccurrenceCode,
    OccurrenceSpan,
    Repricing,
    ToothStatus,
    ValueCode,
)

_HELD = frozenset({1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 19, 20})


def _claim(kind: ClaimKind) -> Parse:
    """CLM. Of an institutional claim the place is a type of bill."""
    institutional = kind == "837I"
    qualifier = "A" if institutional else "B"

    def claim(e: list[str], loop: Loop) -> Effect:
        fields: dict[str, Any] = {"id": e[1], "charge": number(e[2])}
        place, said, frequency, *more = (*at(e, 5).split(loop.component), "", "")
        held = _HELD
        if said != qualifier or any(more):
            held -= {5}
        fields["frequency"] = frequency
        if institutional:
            fields["type_of_bill"] = f"0{place}{frequency}" if place else ""
        else:
            fields["place_of_service"] = place
        fields["provider_signature"] = at(e, 6)
        fields["accepts_assignment"] = at(e, 7)
        fields["benefits_assigned"] = at(e, 8)
        fields["release_of_information"] = at(e, 9)
        if len(e) > 10:
            fields["patient_signature"] = e[10]
            if len(e) > 11:
                causes = e[11].split(loop.component) if e[11] else []
                fields["related_causes"] = tuple(cause for cause in causes[:3] if cause)
                fields["accident_state"] = at(causes, 3)
                fields["accident_country"] = at(causes, 4)
                fields["special_program"] = at(e, 12)
                if at(e, 19) == "PB":
                    fields["predetermination"] = True
                else:
                    held -= {19}
                fields["delay_reason"] = at(e, 20)
        if len(e) > 10 or at(e, 3) or at(e, 4) or 5 not in held:
            fields |= loop.rest(e, held)
        return "", fields

    return claim


def _date(kind: ClaimKind) -> Parse:
    """DTP of a claim."""
    statement = kind == "837I"

    def date(e: list[str], loop: Loop) -> Effect | None:
        if len(e) != 4:
            return None
        code, form, value = e[1], e[2], e[3]
        if form == "D8":
            if code == "435":
                return "", {"admission_date": day(value)}
            if code == "096" and not statement:
                return "", {"discharge_date": day(value)}
        elif form == "RD8" and code == "434" and statement:
            first, last = days(value)
            return "", {"statement_from": first, "statement_to": last}
        elif form == "DT" and code == "435" and len(value) == 12:
            return "", {"admission_date": day(value[:8]), "admission_hour": _hour(value[8:])}
        elif form == "TM" and code == "096" and statement:
            return "", {"discharge_hour": _hour(value)}
        return other_date(e, loop)

    return date


def _hour(text: str) -> str:
    if len(text) != 4 or not (text.isascii() and text.isdecimal()):
        raise Unfit(text)
    return text


def other_date(e: list[str], loop: Loop) -> Effect | None:
    """DTP that has no field of its own."""
    if len(e) == 4 and e[2] == "D8":
        return "dates", (ClaimDate(code=e[1], start=day(e[3])),)
    if len(e) == 4 and e[2] == "RD8":
        first, last = days(e[3])
        return "dates", (ClaimDate(code=e[1], start=first, end=last),)
    return None


def _stay(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "admission_type": at(e, 1),
        "admission_source": at(e, 2),
        "discharge_status": at(e, 3),
    }
    return "", fields | loop.rest(e, {1, 2, 3})


def attachment(e: list[str], loop: Loop) -> Effect | None:
    """PWK."""
    if len(e) == 3:
        return "attachments", (Attachment(report_type=e[1], transmission=e[2]),)
    if len(e) != 7 or e[3] or e[4] or e[5] != "AC" or not e[6]:
        return None
    return "attachments", (Attachment(report_type=e[1], transmission=e[2], control_number=e[6]),)


def contract(e: list[str], loop: Loop) -> Effect | None:
    """CN1."""
    if len(e) > 7:
        return None
    return "", {
        "contract": Contract(
            type=e[1],
            amount=maybe(at(e, 2)),
            percent=maybe(at(e, 3)),
            code=at(e, 4),
            discount=maybe(at(e, 5)),
            version=at(e, 6),
        )
    }


def amount(e: list[str], loop: Loop) -> Effect | None:
    """AMT."""
    return ("amounts", (Figure(code=e[1], value=number(e[2])),)) if len(e) == 3 else None


def note(e: list[str], loop: Loop) -> Effect | None:
    """NTE."""
    return ("notes", (Note(code=e[1], text=e[2]),)) if len(e) == 3 else None


def fixed_format(e: list[str], loop: Loop) -> Effect | None:
    """K3."""
    return ("fixed_format", (e[1],)) if len(e) == 2 and e[1] else None


def ambulance(e: list[str], loop: Loop) -> Effect | None:
    """CR1."""
    weighed = (at(e, 1), bool(at(e, 2)))
    if weighed not in {("LB", True), ("", False)} or at(e, 3) or at(e, 5) != "DH":
        return None
    if at(e, 7) or at(e, 8) or len(e) > 11:
        return None
    return "", {
        "ambulance": Ambulance(
            weight=maybe(e[2]),
            reason=e[4],
            miles=number(e[6]),
            round_trip=at(e, 9),
            stretcher=at(e, 10),
        )
    }


def certification(e: list[str], loop: Loop) -> Effect | None:
    """CRC."""
    conditions = tuple(e[3:])
    if len(e) > 8 or "" in conditions:
        return None
    return "certifications", (Certification(category=e[1], applies=e[2], conditions=conditions),)


def repricing(e: list[str], loop: Loop) -> Effect | None:
    """HCP."""
    if len(e) > 16:
        return None
    return "", {
        "repricing": Repricing(
            method=e[1],
            allowed=number(e[2]),
            savings=maybe(at(e, 3)),
            organization_id=at(e, 4),
            rate=maybe(at(e, 5)),
            group_code=at(e, 6),
            group_amount=maybe(at(e, 7)),
            revenue_code=at(e, 8),
            service_qualifier=at(e, 9),
            service_code=at(e, 10),
            unit=at(e, 11),
            units=maybe(at(e, 12)),
            reject_reason=at(e, 13),
            compliance=at(e, 14),
            exception=at(e, 15),
        )
    }


def _orthodontics(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "orthodontic_months": maybe(at(e, 1)),
        "orthodontic_months_left": maybe(at(e, 2)),
    }
    held = {1, 2}
    if at(e, 3) == "Y":
        fields["orthodontic"] = True
        held |= {3}
    return "", fields | loop.rest(e, held)


def _tooth(e: list[str], loop: Loop) -> Effect | None:
    if len(e) != 7 or e[3] or e[4] or e[5] or e[6] != "JP":
        return None
    return "teeth", (ToothStatus(number=e[1], status=e[2]),)


# Health care codes (HI), by qualifier: the field, and what stands there.

type _Code = Callable[[list[str]], Any]


def _diagnosis(kind: Any, icd: Any) -> _Code:
    def read(parts: list[str]) -> ClaimDiagnosis:
        if len(parts) not in {2, 9} or any(parts[2:8]):
            raise Unfit("HI")
        return ClaimDiagnosis(code=parts[1], kind=kind, icd=icd, poa=at(parts, 8))

    return read


def _procedure(kind: Any, icd: Any) -> _Code:
    def read(parts: list[str]) -> ClaimProcedure:
        if len(parts) != 4 or parts[2] != "D8":
            raise Unfit("HI")
        return ClaimProcedure(code=parts[1], date=day(parts[3]), kind=kind, icd=icd)

    return read


def _occurrence(parts: list[str]) -> OccurrenceCode:
    if len(parts) != 4 or parts[2] != "D8":
        raise Unfit("HI")
    return OccurrenceCode(code=parts[1], date=day(parts[3]))


def _span(parts: list[str]) -> OccurrenceSpan:
    if len(parts) != 4 or parts[2] != "RD8":
        raise Unfit("HI")
    first, last = days(parts[3])
    return OccurrenceSpan(code=parts[1], start=first, end=last)


def _value(parts: list[str]) -> ValueCode:
    if len(parts) != 5 or parts[2] or parts[3]:
        raise Unfit("HI")
    return ValueCode(code=parts[1], amount=number(parts[4]))


def _plain(parts: list[str]) -> str:
    if len(parts) != 2 or not parts[1]:
        raise Unfit("HI")
    return parts[1]


_DIAGNOSES: dict[str, tuple[str, _Code]] = {
    **{
        code: ("diagnoses", _diagnosis(kind, icd))
        for code, kind, icd in (
            ("ABK", "principal", "10"),
            ("BK", "principal", "9"),
            ("ABF", "other", "10"),
            ("BF", "other", "9"),
        )
    },
}
CODES: Mapping[ClaimKind, Mapping[str, tuple[str, _Code]]] = {
    "837P": {
        **_DIAGNOSES,
        "BP": ("anesthesia_procedures", _plain),
        "BO": ("anesthesia_procedures", _plain),
        "BG": ("condition_codes", _plain),
    },
    "837D": _DIAGNOSES,
    "837I": {
        **_DIAGNOSES,
        "ABJ": ("diagnoses", _diagnosis("admitting", "10")),
        "BJ": ("diagnoses", _diagnosis("admitting", "9")),
        "APR": ("diagnoses", _diagnosis("reason", "10")),
        "PR": ("diagnoses", _diagnosis("reason", "9")),
        "ABN": ("diagnoses", _diagnosis("external_cause", "10")),
        "BN": ("diagnoses", _diagnosis("external_cause", "9")),
        "DR": ("drg", _plain),
        "BBR": ("procedures", _procedure("principal", "10")),
        "BR": ("procedures", _procedure("principal", "9")),
        "BBQ": ("procedures", _procedure("other", "10")),
        "BQ": ("procedures", _procedure("other", "9")),
        "BI": ("occurrence_spans", _span),
        "BH": ("occurrence_codes", _occurrence),
        "BE": ("value_codes", _value),
        "BG": ("condition_codes", _plain),
        "TC": ("treatment_codes", _plain),
    },
}


def _codes(kind: ClaimKind) -> Parse:
    known = CODES[kind]

    def codes(e: list[str], loop: Loop) -> Effect | None:
        """HI: twelve codes of one kind at most; a segment with one that is odd is an extra."""
        name, found = "", []
        for element in e[1:]:
            parts = element.split(loop.component)
            if parts[0] not in known:
                return None
            field, read = known[parts[0]]
            if name and field != name:
                return None
            name = field
            found.append(read(parts))
        if name == "drg":
            return ("", {"drg": found[0]}) if len(found) == 1 else None
        return (name, tuple(found)) if found else None

    return codes


def claim_parsers(kind: ClaimKind) -> Mapping[str, Parse]:
    """How the segments at the head of a claim are read."""
    parsers: dict[str, Parse] = {
        "CLM": _claim(kind),
        "DTP": _date(kind),
        "PWK": attachment,
        "CN1": contract,
        "AMT": amount,
        "REF": reference,
        "K3": fixed_format,
        "NTE": note,
        "HI": _codes(kind),
        "HCP": repricing,
    }
    if kind == "837I":
        parsers |= {"CL1": _stay, "CRC": certification}
    elif kind == "837P":
        parsers |= {"CR1": ambulance, "CRC": certification}
    else:
        parsers |= {"DN1": _orthodontics, "DN2": _tooth}
    return parsers
