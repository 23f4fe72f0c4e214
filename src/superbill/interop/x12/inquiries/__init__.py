"""Eligibility (270/271, 005010X279A1) and claim status (276/277 005010X212, 277CA 005010X214).

:func:`read` yields the values of :mod:`superbill.model.inquiry`, ``write_…`` writes them,
:func:`ask_eligibility` and :func:`ask_status` make questions from an office's own records, and
:mod:`.words` says in plain words what the codes of the answers mean.
"""

from superbill.interop.x12.inquiries.ask import ask_eligibility, ask_status
from superbill.interop.x12.inquiries.read import Refused, each, read
from superbill.interop.x12.inquiries.words import meaning, rejected, status
from superbill.interop.x12.inquiries.write import write_270, write_271, write_276, write_277

__all__ = [
    "Refused",
    "ask_eligibility",
    "ask_status",
    "each",
    "meaning",
    "read",
    "rejected",
    "status",
    "write_270",
    "write_271",
    "write_276",
    "write_277",
]
