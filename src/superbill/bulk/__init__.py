"""The same functions over many stays, in one process or several on one machine."""

from superbill.bulk.pool import Done, Outcome, Refused, WorkerDied, process
from superbill.bulk.stays import Answer, Undetermined, decide, run

__all__ = [
    "Answer",
    "Done",
    "Outcome",
    "Refused",
    "Undetermined",
    "WorkerDied",
    "decide",
    "process",
    "run",
]
