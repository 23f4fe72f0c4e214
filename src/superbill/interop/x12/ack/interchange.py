"""The TA1: whether the envelope of an interchange could be read (X12.5, 005010).

Sent where the sender asks for it (ISA14), and wherever the envelope is wrong.
"""

from __future__ import annotations

from superbill.interop.x12.ack.received import Arrival


def segment(arrival: Arrival, mark: str) -> str | None:
    """The TA1 for an interchange; ``None`` where none is to be sent."""
    isa = arrival.isa.elements
    faults = [f.fault for f in arrival.answer.findings if len(f.fault) == 3]
    wrong = bool(arrival.answer.findings)
    if not wrong and isa[14] != "1":
        return None
    verdict, code = ("R", faults[0] if faults else "024") if wrong else ("A", "000")
    return mark.join(("TA1", isa[13], isa[9], isa[10], verdict, code))
