"""What a check says: the level, the rule, what is wrong, where, and how to mend it.

Levels are those that WEDI's SNIP workgroup named: 1 syntax, 2 implementation guide, 3 balancing,
4 situational rules, 5 code sets, 7 a payer's own rules. (6, rules by line of service, is not
checked.) Every finding keeps a claim from being accepted; what could not be checked is no finding
but a :class:`NotChecked`.
"""

from __future__ import annotations

from typing import NamedTuple

LEVELS = (1, 2, 3, 4, 5, 7)


class At(NamedTuple):
    """A place: the byte of the file where a segment begins, and what that segment is.

    ``position`` counts the segments of its transaction, the ST being 1; 0 in the envelope.
    """

    byte: int
    position: int
    segment: str
    loop: str


class Finding(NamedTuple):
    """One thing that is wrong.

    ``element`` is empty where it is about the whole segment, and ``CLM05-3`` where it is about
    one component. ``fault`` is the code by which an acknowledgement tells it: of a segment (999,
    IK304) or, where ``element`` is told, of an element (IK403). ``number`` is the data element's
    number in the dictionary, ``sent`` the code or figure that was sent (never a name or an
    identifier), ``claim`` the sender's number of the claim it is in.
    """

    snip: int
    rule: str
    message: str
    mend: str
    at: At
    element: str = ""
    fault: str = ""
    number: str = ""
    sent: str = ""
    claim: str = ""

    def document(self) -> dict[str, object]:
        """The finding as it is written in JSON."""
        where = {
            "byte": self.at.byte,
            "segment": self.at.segment,
            "loop": self.at.loop,
            "element": self.element,
        }
        return {
            "snip": self.snip,
            "rule": self.rule,
            "message": self.message,
            "mend": self.mend,
            "where": where,
        }

    def __str__(self) -> str:
        place = self.element or self.at.segment
        loop = f" in loop {self.at.loop}" if self.at.loop else ""
        return f"byte {self.at.byte}, {place}{loop}: {self.message} [SNIP {self.snip}, {self.rule}]"


class NotChecked(NamedTuple):
    """A set of codes or a rule that could not be held against the file, and why."""

    rule: str
    reason: str
