"""Acknowledgements: TA1 for the interchange, 999 for the transaction, 277CA for the claim.

Written from what a check found (:class:`Receiving`, :func:`write`), read back (:func:`read`), and
tied to what was sent (:func:`track`), which a
:class:`~.ledger.Ledger` remembers. A TA1 and a 999 are never acknowledged.
"""

from superbill.interop.x12.ack.ledger import Ledger
from superbill.interop.x12.ack.read import (
    Acknowledgement,
    ClaimAck,
    ClaimsAck,
    GroupAck,
    InterchangeAck,
    SegmentFault,
    SetAck,
    read,
)
from superbill.interop.x12.ack.received import Arrival, Claim, Receiving
from superbill.interop.x12.ack.track import Outcome, Sent, sent_claims, strays, track
from superbill.interop.x12.ack.write import Written, acknowledge, write

__all__ = [
    "Acknowledgement",
    "Arrival",
    "Claim",
    "ClaimAck",
    "ClaimsAck",
    "GroupAck",
    "InterchangeAck",
    "Ledger",
    "Outcome",
    "Receiving",
    "SegmentFault",
    "Sent",
    "SetAck",
    "Written",
    "acknowledge",
    "read",
    "sent_claims",
    "strays",
    "track",
    "write",
]
