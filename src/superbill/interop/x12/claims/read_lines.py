"""Service lines (loop 2400), their drugs (2410), and what earlier payers decided (2430)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superbill.interop.x12.claims.loops import Effect, Loop, Parse
from superbill.interop.x12.claims.read_claim import (
    ambulance,
    amount,
    attachment,
    certification,
    contract,
    fixed_format,
    note,
    other_date,
    repricing,
)
from superbill.interop.x12.claims.read_parties import reference
from superbill.interop.x12.claims.values import (
    adjustments,
    at,
    day,
    days,
    maybe,
    number,
    service,
    whole,
)
from superbill.model import ClaimKind, Figure, Measurement, Tooth


def _number(e: list[str], loop: Loop) -> Effect:
    return "", {"number": whole(e[1])} | (loop.rest(e, {1}) if len(e) > 2 else {})


def _pointers(text: str, mark: str) -> tuple[int, ...]:
    return tuple(whole(part) for part in text.split(mark)) if text else ()


def _professional(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "service": service(e[1], loop.component),
        "charge": number(e[2]),
        "unit": at(e, 3),
        "units": maybe(at(e, 4)),
    }
    if len(e) > 5:
        fields["place_of_service"] = e[5]
        fields["diagnosis_pointers"] = _pointers(at(e, 7), loop.component)
    held = {1, 2, 3, 4, 5, 7}
    if len(e) > 8 or at(e, 6):
        for place, yes, field in _FLAGS:
            if at(e, place) == yes:
                fields[field] = True
                held.add(place)
        fields |= loop.rest(e, held)
    return "", fields


_FLAGS = (
    (9, "Y", "emergency"),
    (11, "Y", "epsdt"),
    (12, "Y", "family_planning"),
    (15, "0", "copay_exempt"),
)


def _institutional(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "revenue_code": e[1],
        "service": service(e[2], loop.component) if e[2] else None,
        "charge": number(e[3]),
        "unit": at(e, 4),
        "units": maybe(at(e, 5)),
    }
    if len(e) > 6:
        fields["noncovered"] = maybe(at(e, 7))
        fields |= loop.rest(e, {1, 2, 3, 4, 5, 7})
    return "", fields


def _dental(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "service": service(e[1], loop.component),
        "charge": number(e[2]),
        "place_of_service": at(e, 3),
        "oral_cavity": tuple(e[4].split(loop.component)) if at(e, 4) else (),
        "prosthesis": at(e, 5),
        "units": maybe(at(e, 6)),
        "diagnosis_pointers": _pointers(at(e, 11), loop.component),
    }
    return "", fields | loop.rest(e, {1, 2, 3, 4, 5, 6, 11})


def _date(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 4 and e[1] == "472":
        if e[2] == "D8":
            return "", {"service_from": day(e[3])}
        if e[2] == "RD8":
            first, last = days(e[3])
            return "", {"service_from": first, "service_to": last}
    return other_date(e, loop)


def _quantity(e: list[str], loop: Loop) -> Effect | None:
    return ("quantities", (Figure(code=e[1], value=number(e[2])),)) if len(e) == 3 else None


def _measurement(e: list[str], loop: Loop) -> Effect | None:
    if len(e) != 4:
        return None
    return "measurements", (Measurement(reference=e[1], qualifier=e[2], value=number(e[3])),)


def _tooth(e: list[str], loop: Loop) -> Effect | None:
    if len(e) > 4 or at(e, 1) != "JP" or not at(e, 2):
        return None
    surfaces = tuple(e[3].split(loop.component)) if at(e, 3) else ()
    return "teeth", (Tooth(number=e[2], surfaces=surfaces),)


def line_parsers(kind: ClaimKind) -> Mapping[str, Parse]:
    """How the segments of a service line are read."""
    parsers: dict[str, Parse] = {
        "LX": _number,
        "DTP": _date,
        "PWK": attachment,
        "CN1": contract,
        "REF": reference,
        "AMT": amount,
        "K3": fixed_format,
        "NTE": note,
        "HCP": repricing,
    }
    if kind == "837P":
        parsers |= {
            "SV1": _professional,
            "CR1": ambulance,
            "CRC": certification,
            "QTY": _quantity,
            "MEA": _measurement,
        }
    elif kind == "837I":
        parsers["SV2"] = _institutional
    else:
        parsers |= {"SV3": _dental, "TOO": _tooth}
    return parsers


def _drug(e: list[str], loop: Loop) -> Effect:
    return "", {"qualifier": e[2], "ndc": e[3]} | (
        loop.rest(e, {2, 3}) if len(e) > 4 or e[1] else {}
    )


def _much(e: list[str], loop: Loop) -> Effect:
    unit = at(e, 5).split(loop.component)
    held = {4, 5} if len(unit) == 1 else {4}
    fields = {"quantity": maybe(at(e, 4)), "unit": unit[0]}
    return "", fields | loop.rest(e, held)


def _drug_number(e: list[str], loop: Loop) -> Effect | None:
    if len(e) != 3 or e[1] not in {"XZ", "VY"} or not e[2]:
        return None
    return "", {"prescription" if e[1] == "XZ" else "compound": e[2]}


DRUG: Mapping[str, Parse] = {"LIN": _drug, "CTP": _much, "REF": _drug_number}


def _decided(e: list[str], loop: Loop) -> Effect:
    fields: dict[str, Any] = {
        "payer_id": e[1],
        "paid": number(e[2]),
        "service": service(e[3], loop.component) if at(e, 3) else None,
        "revenue_code": at(e, 4),
        "units": maybe(at(e, 5)),
        "bundled_into": at(e, 6),
    }
    return "", fields | (loop.rest(e, {1, 2, 3, 4, 5, 6}) if len(e) > 7 else {})


def _adjusted(e: list[str], loop: Loop) -> Effect:
    return "adjustments", adjustments(e)


def _on(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 4 and e[1] == "573" and e[2] == "D8":
        return "", {"paid_on": day(e[3])}
    return None


def _owed(e: list[str], loop: Loop) -> Effect | None:
    if len(e) == 3 and e[1] == "EAF":
        return "", {"remaining_liability": number(e[2])}
    return None


DECIDED: Mapping[str, Parse] = {"SVD": _decided, "CAS": _adjusted, "DTP": _on, "AMT": _owed}
