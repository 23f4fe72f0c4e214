"""pyx12's maps as facts, to hold our tables against: loops, segments, elements, usage and codes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pyx12

from superbill.interop.x12.guides import Guide
from superbill.interop.x12.guides.spec import Element

FILES = {
    "837P": "837.5010.X222.A1.xml",
    "837I": "837Q3.I.5010.X223.A1.v2.xml",
    "835": "835.5010.X221.A1.v2.xml",
}
_FOLDER = Path(pyx12.__file__).parent / "map"

type Facts = dict[str, str]
"""What is said of each place: ``2300/CLM`` or ``2300/CLM07``, and its usage, repeat and codes."""


def theirs(name: str) -> Facts:
    """The facts of one of pyx12's maps."""
    facts: Facts = {}
    for loop in ET.parse(_FOLDER / FILES[name]).getroot().iter("loop"):
        if loop.get("xid") == "ST_LOOP":
            _their_loop(loop, "ST", facts)
    return facts


_WRAPPERS = {"HEADER", "DETAIL", "FOOTER"}


def _their_loop(loop: ET.Element, name: str, facts: Facts) -> None:
    for child in loop:
        xid = child.get("xid", "")
        if child.tag == "loop":
            inner = name if xid in _WRAPPERS else xid
            if inner == xid:
                facts.setdefault(xid, f"{_said(child, 'usage')} {_times(_said(child, 'repeat'))}")
            _their_loop(child, inner, facts)
        elif child.tag == "segment":
            parts = [e for e in child if e.tag in {"element", "composite"}]
            parts.sort(key=lambda e: int(_said(e, "seq")))
            key = f"{name}/{xid}{_their_key(xid, parts)}"
            facts.setdefault(key, f"{_said(child, 'usage')} {_times(_said(child, 'max_use'))}")
            for place, part in enumerate(parts, 1):
                for where, fact in _their_element(part, f"{place:02}"):
                    facts.setdefault(f"{key}{where}", fact)


def _their_element(part: ET.Element, where: str) -> Iterator[tuple[str, str]]:
    usage = _said(part, "usage")
    codes = sorted(c.text or "" for c in part.findall("valid_codes/code"))
    yield where, " ".join([usage, *(codes if usage != "N" else [])])
    if part.tag == "composite" and usage != "N":
        parts = sorted(part.findall("element"), key=lambda e: int(_said(e, "seq")))
        for place, inner in enumerate(parts, 1):
            yield from _their_element(inner, f"{where}-{place}")


def _their_key(xid: str, parts: list[ET.Element]) -> str:
    if not parts or xid in {"ST", "HL"}:
        return ""
    first = parts[0] if parts[0].tag == "element" else parts[0].find("element")
    codes = [] if first is None else sorted(c.text or "" for c in first.findall("valid_codes/code"))
    return f"[{codes[0]}]" if codes and _said(parts[0], "usage") == "R" else ""


def _said(element: ET.Element, name: str) -> str:
    return element.get(name) or element.findtext(name) or ""


def _times(text: str) -> str:
    return text if text not in {"", ">1"} else "*"


def ours(guide: Guide) -> Facts:
    """The facts of one of our tables."""
    facts: Facts = {}
    for node in guide.nodes:
        loop, spec = node.loop, node.spec
        if loop.parent is not None:
            facts.setdefault(loop.id, f"{loop.spec.usage} {loop.spec.repeat or '*'}")
        code = "" if node.id in {"ST", "HL"} else "".join(sorted(spec.key_codes)[:1])
        key = f"{loop.id}/{node.id}{f'[{code}]' if code else ''}"
        facts.setdefault(key, f"{spec.usage} {spec.repeat or '*'}")
        for place, element in enumerate(spec.elements, 1):
            for where, fact in _our_element(element, f"{place:02}"):
                facts.setdefault(f"{key}{where}", fact)
    return facts


def _our_element(element: Element, where: str) -> Iterator[tuple[str, str]]:
    yield where, " ".join([element.usage, *sorted(element.codes)])
    if element.parts and element.usage != "N":
        for place, part in enumerate(element.parts, 1):
            yield from _our_element(part, f"{where}-{place}")
