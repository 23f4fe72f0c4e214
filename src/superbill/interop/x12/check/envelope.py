"""Checking envelopes: ISA to IEA and GS to GE, their counts, control numbers and codes (level 1).

Fault codes are those by which acknowledgements tell them: for the interchange, of the TA1 (element
I18); for the group, of the 999 (AK905); for the transaction as a whole, of the 999 (IK502).
"""

from __future__ import annotations

from superbill.interop.x12.check import elements as element_checks
from superbill.interop.x12.check.finding import At, Finding
from superbill.interop.x12.check.plan import forms
from superbill.interop.x12.check.rules import element
from superbill.interop.x12.guides import guide
from superbill.interop.x12.interchange import Interchange

MOST_NUMBERS = 200_000
"""Control numbers that are held against repeats, of each kind, so that memory does not grow."""

GROUPS = {
    "270": "HS",
    "271": "HB",
    "276": "HR",
    "277": "HN",
    "278": "HI",
    "820": "RA",
    "834": "BE",
    "835": "HP",
    "837": "HC",
    "997": "FA",
    "999": "FA",
}
"""Which functional group (GS01) a transaction set belongs in (X12 005010, element 479)."""

_INTERCHANGE_FAULTS = {
    "ISA01": "010",
    "ISA02": "011",
    "ISA03": "012",
    "ISA04": "013",
    "ISA05": "005",
    "ISA06": "006",
    "ISA07": "007",
    "ISA08": "008",
    "ISA09": "014",
    "ISA10": "015",
    "ISA11": "016",
    "ISA12": "017",
    "ISA13": "018",
    "ISA14": "019",
    "ISA15": "020",
    "ISA16": "027",
    "IEA01": "021",
    "IEA02": "001",
}

_GROUP_FAULTS = {"GS01": "1", "GS06": "6", "GS08": "2", "GE01": "5", "GE02": "6"}


def finding(
    rule: str,
    message: str,
    mend: str,
    at: At,
    named: str = "",
    fault: str = "",
    *,
    snip: int = 1,
) -> Finding:
    """A finding about an envelope."""
    return Finding(snip, rule, message, mend, at, named, fault)


def set_kind(set_id: str, kind: str, at: At) -> Finding | None:
    """A transaction set that is none, or that does not belong into a group of this kind."""
    belong = [held for held, group in GROUPS.items() if group == kind]
    if belong:
        named = f"a group of kind {kind} holds transactions {' or '.join(belong)}"
    elif not (len(set_id) == 3 and set_id.isascii() and set_id.isdigit()):
        named = "which names no transaction set"
    else:
        return None
    return finding(
        "envelope.kind",
        f"ST01 is {set_id[:3]!a}, and {named}." if belong else f"ST01 is {set_id[:3]!a}, {named}.",
        "Send the number of the transaction set, for example 837.",
        at,
        "ST01",
        "6",
    )


def same_number(stated: str, count: int) -> bool:
    """Whether a count, as it was sent, is right."""
    return stated.isascii() and stated.isdigit() and len(stated) < 12 and int(stated) == count


def missing(name: str, what: str, byte: int, at: At, fault: str) -> Finding:
    """An envelope that was not closed before the next one began or the file ended."""
    return finding(
        "envelope.missing",
        f"The {what} that begins at byte {byte} has no {name} before this place.",
        f"Close it with {name}; if the file was cut off, fetch or make it anew.",
        at._replace(segment=name),
        fault=fault,
    )


def stray(name: str, opens: str, at: At) -> Finding:
    """A trailer without a head."""
    return finding(
        "envelope.missing",
        f"{name} closes what no {opens} opened.",
        f"Take it out, or send the {opens} before it.",
        at,
    )


def outside(name: str, at: At) -> Finding:
    """A segment between transactions."""
    return finding(
        "envelope.outside",
        f"{name!a} stands outside of a transaction." if name else "An empty segment.",
        "Take it out, or look for a stray SE before it.",
        at,
    )


def count(trailer: str, stated: str, counted: int, what: str, at: At, fault: str) -> list[Finding]:
    """The first element of a trailer against what was counted."""
    if same_number(stated, counted):
        return []
    return [
        finding(
            "envelope.count",
            f"{trailer}01 says {stated[:10] or 'nothing'}, and there are {counted} {what}.",
            f"Count them anew; if the count is right, {what} were lost.",
            at,
            f"{trailer}01",
            fault,
        )
    ]


def control(trailer: str, sent: str, head: str, opened: str, at: At, fault: str) -> list[Finding]:
    """The control number of a trailer against that of its head."""
    if sent == opened:
        return []
    return [
        finding(
            "envelope.control",
            f"{trailer}02 is {sent[:9]!a}, and {head} is {opened[:9]!a}.",
            "Close with the number that was used to open.",
            at,
            f"{trailer}02",
            fault,
        )
    ]


def duplicate(number: str, seen: set[str], name: str, at: At, fault: str) -> list[Finding]:
    """A control number against those that came before; it is then among them."""
    if number in seen:
        return [
            finding(
                "envelope.duplicate",
                f"{name} is {number[:9]}, which one before it has too.",
                "Receivers take the second for a repeat: give each its own number.",
                at,
                name,
                fault,
            )
        ]
    if len(seen) < MOST_NUMBERS:
        seen.add(number)
    return []


def form(text: str, elements: list[str], isa: Interchange, at: At) -> list[Finding]:
    """A segment of the envelope against its table."""
    envelope = guide("envelope")
    name, marks = elements[0], isa.delimiters
    node = next(node for node in envelope.nodes if node.id == name)
    found = []
    if name == "ISA":
        # The two delimiters in it are no data, and nothing else in it is parted by them.
        marks = marks._replace(component="", repetition="")
        elements = [*elements[:11], "X", *elements[12:16], "X"]
        text = marks.element.join(elements)
        if not isa.delimiters.repetition and isa.version > "00402":
            found.append(
                finding(
                    "envelope.isa",
                    f"ISA11 is {isa.elements[11]!a}, which cannot part repetitions.",
                    "Name a delimiter there, for example ^.",
                    at,
                    "ISA11",
                    "026",
                )
            )
        if isa.version.startswith("0040"):
            found.extend(version(["GS"], isa, at._replace(segment="ISA")))
            elements[12] = "00501"
            text = marks.element.join(elements)
    patterns = forms(envelope, marks)
    match = patterns.match[node.form] or patterns.make(node.form)
    if match(text) is None:
        for fault in element_checks.faults(node.spec, elements, marks):
            code = _INTERCHANGE_FAULTS.get(fault.element, fault.code)
            code = _GROUP_FAULTS.get(fault.element, code)
            found.append(
                finding(
                    fault.rule,
                    fault.message,
                    fault.mend,
                    at,
                    fault.element,
                    code,
                    snip=fault.snip,
                )
            )
    return found


def version(gs: list[str], isa: Interchange, at: At) -> list[Finding]:
    """Whether a group, or the interchange itself, is of 4010, which is refused by name."""
    told = element(gs, 8).strip()
    named, where, fault = (told, "GS08", "2") if told else (isa.version, "ISA12", "017")
    if not named.startswith(("00401", "00400")):
        return []
    return [
        finding(
            "version.4010",
            f"{where} is {named[:12]}: version 4010, which 5010 replaced for HIPAA transactions "
            "on 1 January 2012.",
            "Ask the sender for 5010.",
            at,
            where,
            fault,
        )
    ]
