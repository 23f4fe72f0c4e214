"""The envelope of an interchange: ISA, GS, ST and their trailers, with counts that agree.

The ISA is a record of fixed widths (106 characters with its terminator), the one place where
elements are padded. One functional group holds every transaction of the interchange.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from superbill.errors import Invalid
from superbill.interop.x12.partner import Partner, group_receiver, group_sender
from superbill.interop.x12.segments import Builder


class TransactionKind(NamedTuple):
    """A kind of transaction set: functional identifier, set identifier, implementation version.

    ``names_guide`` tells whether ST03 names the version too, which the 835 leaves to GS08.
    """

    functional_id: str
    set_id: str
    version: str
    names_guide: bool = True


Transaction = Callable[[str], Sequence[str]]
"""Given its identification (unique in the sender's files), the segments between ST and SE."""


def interchange(
    transactions: Sequence[Transaction],
    *,
    kind: TransactionKind,
    partner: Partner,
    number: int,
    created: datetime,
) -> bytes:
    """One whole interchange as bytes (ASCII).

    ``number`` is both the interchange's and the group's control number. ``transactions`` are
    numbered 0001, 0002 … within it.
    """
    syntax = partner.syntax
    element = syntax.delimiters.element
    segments = [isa(partner, number, created), group_head(partner, kind, number, created)]
    for position, transaction in enumerate(transactions, 1):
        st02 = f"{position:04d}"
        inside = transaction(f"{number:09d}{st02}")
        named = (kind.version,) if kind.names_guide else ()
        segments.append(element.join(("ST", kind.set_id, st02, *named)))
        segments.extend(inside)
        segments.append(element.join(("SE", str(len(inside) + 2), st02)))
    segments.append(element.join(("GE", str(len(transactions)), str(number))))
    segments.append(element.join(("IEA", "1", f"{number:09d}")))
    segments.append("")
    return syntax.terminator.join(segments).encode("ascii")


def group_head(partner: Partner, kind: TransactionKind, number: int, created: datetime) -> str:
    """The GS of a functional group."""
    sent = Builder(partner.syntax)
    sent.add(
        "GS",
        kind.functional_id,
        sent.text(group_sender(partner), "interchange.group_sender", 15),
        sent.text(group_receiver(partner), "interchange.group_receiver", 15),
        created.strftime("%Y%m%d"),
        created.strftime("%H%M"),
        str(number),
        "X",
        kind.version,
    )
    if sent.problems:
        raise Invalid(sent.problems)
    return sent.segments[0]


def isa(partner: Partner, number: int, created: datetime) -> str:
    """The ISA of an interchange."""
    at, syntax = partner.interchange, partner.syntax
    sent = Builder(syntax)
    sent.add(
        "ISA",
        "03" if at.authorization else "00",
        sent.text(at.authorization, "interchange.authorization", 10).ljust(10),
        "01" if at.password else "00",
        sent.text(at.password, "interchange.password", 10).ljust(10),
        at.sender_qualifier,
        sent.text(at.sender, "interchange.sender", 15).ljust(15),
        at.receiver_qualifier,
        sent.text(at.receiver, "interchange.receiver", 15).ljust(15),
        created.strftime("%y%m%d"),
        created.strftime("%H%M"),
        syntax.delimiters.repetition,
        "00501",
        f"{number:09d}",
        "1" if at.acknowledge else "0",
        "P" if at.usage == "production" else "T",
        syntax.delimiters.component,
    )
    if sent.problems:
        raise Invalid(sent.problems)
    return sent.segments[0]


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved over it.

    Raises :class:`~superbill.errors.Invalid` where the place cannot be written to.
    """
    with saving(path) as file:
        file.write(content)


@contextmanager
def saving(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place when all went well, and else leaves no trace.

    Raises :class:`~superbill.errors.Invalid` where the place cannot be written to.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise Invalid.at(str(path), f"cannot be written: {_why(path, error)}.", _WAY_OUT) from error
    finally:
        with suppress(OSError):
            beside.unlink()


_WAY_OUT = "Name a file in a folder that you may write to."


def _why(path: Path, error: OSError) -> str:
    """What is wrong with the place itself; the name of the file beside it is nobody's business."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    if path.is_dir():
        return "it is a folder"
    if isinstance(error, PermissionError):
        return f"you may not write to the folder {folder}"
    return (error.strerror or str(error)).lower()
