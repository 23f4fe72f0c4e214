"""The 835 (005010X221A1): remittances read, written, made from decisions, and compared with them.

:func:`remittances` reads values, :class:`RemittanceFile` a file that is to be written back as it
was, :func:`write_835` makes a new one.
"""

from superbill.interop.x12.remits.amounts import balanced, reversal
from superbill.interop.x12.remits.answer import payer_decision
from superbill.interop.x12.remits.batch import Batch835, remittances_of
from superbill.interop.x12.remits.decided import Settled
from superbill.interop.x12.remits.file import RemittanceFile
from superbill.interop.x12.remits.reader import Refused, each, remittances
from superbill.interop.x12.remits.write import write_835, write_835_file

__all__ = [
    "Batch835",
    "Refused",
    "RemittanceFile",
    "Settled",
    "balanced",
    "each",
    "payer_decision",
    "remittances",
    "remittances_of",
    "reversal",
    "write_835",
    "write_835_file",
]
