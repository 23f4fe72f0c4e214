"""Service lines, as segments: loops 2400 to 2440."""

from __future__ import annotations

from superbill.interop.x12.claims import extras, write_claim, write_parties
from superbill.interop.x12.segments import Builder, d8, rd8
from superbill.model import Claim, ClaimLine, Drug, LineAdjudication, Service

MOST_LINES = {"837P": 50, "837I": 999, "837D": 50}


def lines(b: Builder, claim: Claim) -> None:
    """Every line, in the order given."""
    most = MOST_LINES[claim.kind]
    if len(claim.lines) > most:
        b.problem(
            "lines",
            f"has {len(claim.lines):,}; a claim holds {most}.",
            "Split the claim.",
        )
    for i, line in enumerate(claim.lines):
        _line(b, line, f"lines[{i}]", claim.kind)


def _line(b: Builder, line: ClaimLine, path: str, kind: str) -> None:
    start = len(b.segments)
    b.add("LX", str(line.number))
    _service(b, line, path, kind)
    for i, tooth in enumerate(line.teeth):
        at = f"{path}.teeth[{i}]"
        surfaces = (b.text(s, f"{at}.surfaces", 2) for s in tooth.surfaces)
        b.add("TOO", "JP", b.text(tooth.number, f"{at}.number", 30), b.composite(*surfaces))
    write_claim.attachments(b, line.attachments, f"{path}.")
    write_claim.ambulance(b, line.ambulance, f"{path}.ambulance")
    write_claim.certifications(b, line.certifications, f"{path}.certifications")
    if line.service_from is not None:
        if line.service_to is None:
            b.add("DTP", "472", "D8", d8(line.service_from))
        else:
            b.add("DTP", "472", "RD8", rd8(line.service_from, line.service_to))
    elif line.service_to is not None:
        b.problem(f"{path}.service_from", "is missing.", "Give the first day of the service.")
    write_claim.dates(b, line.dates, f"{path}.dates")
    write_claim.amounts(b, line.quantities, f"{path}.quantities", "QTY")
    for i, test in enumerate(line.measurements):
        at = f"{path}.measurements[{i}]"
        b.add(
            "MEA",
            b.text(test.reference, f"{at}.reference", 2),
            b.text(test.qualifier, f"{at}.qualifier", 3),
            b.figure(test.value, f"{at}.value"),
        )
    write_claim.contract(b, line.contract, f"{path}.contract")
    write_parties.references(b, line.references, path)
    write_claim.amounts(b, line.amounts, f"{path}.amounts")
    write_claim.fixed_format(b, line.fixed_format, f"{path}.fixed_format")
    write_claim.notes(b, line.notes, f"{path}.notes")
    write_claim.repricing(b, line.repricing, f"{path}.repricing")
    extras.own(b, start, line.extra, path, kind=kind, loops={"2400"}, head="2400")
    if line.drug is not None:
        _drug(b, line.drug, f"{path}.drug", kind)
    extras.loops(b, line.extra, path, {"2410"})
    write_parties.providers(b, line.providers, f"{path}.providers", kind=kind, loop="2420")
    extras.loops(b, line.extra, path, {"2420"})
    for i, decided in enumerate(line.adjudications):
        _adjudication(b, decided, f"{path}.adjudications[{i}]", kind)
    extras.loops(b, line.extra, path, {"2430"})
    extras.loops(b, line.extra, path, {"2440"})


def _service(b: Builder, line: ClaimLine, path: str, kind: str) -> None:
    charge = b.amount(line.charge, f"{path}.charge", negative=True)
    units = "" if line.units is None else b.figure(line.units, f"{path}.units")
    unit = b.text(line.unit, f"{path}.unit", 2)
    what = service(b, line.service, f"{path}.service")
    place = b.text(line.place_of_service, f"{path}.place_of_service", 2)
    pointers = b.composite(*map(str, line.diagnosis_pointers))
    if kind == "837I":
        noncovered = line.noncovered
        b.add(
            "SV2",
            b.text(line.revenue_code, f"{path}.revenue_code", 48),
            what,
            charge,
            unit,
            units,
            "",
            "" if noncovered is None else b.amount(noncovered, f"{path}.noncovered", negative=True),
        )
        return
    if line.service is None:
        b.problem(f"{path}.service", "is missing.", "Say what was done.")
    if len(line.diagnosis_pointers) > 4:
        b.problem(f"{path}.diagnosis_pointers", "has more than four.", "Leave four.")
    if kind == "837D":
        cavity = b.composite(
            *(
                b.text(area, f"{path}.oral_cavity[{k}]", 3)
                for k, area in enumerate(line.oral_cavity)
            )
        )
        prosthesis = b.text(line.prosthesis, f"{path}.prosthesis", 1)
        b.add("SV3", what, charge, place, cavity, prosthesis, units, *[""] * 4, pointers)
        return
    b.add(
        "SV1",
        what,
        charge,
        unit,
        units,
        place,
        "",
        pointers,
        "",
        "Y" if line.emergency else "",
        "",
        "Y" if line.epsdt else "",
        "Y" if line.family_planning else "",
        "",
        "",
        "0" if line.copay_exempt else "",
    )


def service(b: Builder, given: Service | None, path: str) -> str:
    """A service as a composite."""
    if given is None:
        return ""
    if len(given.modifiers) > 4:
        b.problem(f"{path}.modifiers", f"has {len(given.modifiers)}; four fit.", "Leave four.")
    modifiers = [
        b.text(m, f"{path}.modifiers[{k}]", 2, required="Leave it out.")
        for k, m in enumerate(given.modifiers[:4])
    ]
    return b.composite(
        b.text(given.qualifier, f"{path}.qualifier", 2, required="Name the code set."),
        b.text(given.code, f"{path}.code", 48, required="Give the code."),
        *modifiers,
        *[""] * (4 - len(modifiers)),
        b.text(given.description, f"{path}.description", 80),
    )


def _drug(b: Builder, drug: Drug, path: str, kind: str) -> None:
    start = len(b.segments)
    b.add(
        "LIN",
        "",
        b.text(drug.qualifier, f"{path}.qualifier", 2),
        b.text(drug.ndc, f"{path}.ndc", 48, required="Give the National Drug Code."),
    )
    if drug.quantity is not None or drug.unit:
        quantity = "" if drug.quantity is None else b.figure(drug.quantity, f"{path}.quantity")
        b.add("CTP", "", "", "", quantity, b.text(drug.unit, f"{path}.unit", 2))
    if drug.prescription:
        b.add("REF", "XZ", b.text(drug.prescription, f"{path}.prescription", 50))
    if drug.compound:
        b.add("REF", "VY", b.text(drug.compound, f"{path}.compound", 50))
    extras.own(b, start, drug.extra, path, kind=kind, loops={"2410"}, head="2410")


def _adjudication(b: Builder, given: LineAdjudication, path: str, kind: str) -> None:
    start = len(b.segments)
    b.add(
        "SVD",
        b.text(given.payer_id, f"{path}.payer_id", 80, required="Say which payer decided."),
        b.amount(given.paid, f"{path}.paid", negative=True),
        service(b, given.service, f"{path}.service"),
        b.text(given.revenue_code, f"{path}.revenue_code", 48),
        "" if given.units is None else b.figure(given.units, f"{path}.units"),
        b.text(given.bundled_into, f"{path}.bundled_into", 6),
    )
    write_parties.adjustments(b, given.adjustments, f"{path}.adjustments")
    if given.paid_on is not None:
        b.add("DTP", "573", "D8", d8(given.paid_on))
    if given.remaining_liability is not None:
        owed = b.amount(given.remaining_liability, f"{path}.remaining_liability", negative=True)
        b.add("AMT", "EAF", owed)
    extras.own(b, start, given.extra, path, kind=kind, loops={"2430"}, head="2430")
