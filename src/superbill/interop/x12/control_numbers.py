"""Interchange control numbers: each sender's are used once, and never again.

The receiver ties its acknowledgements to the number (ISA13, one to nine digits), and takes a
second file of the same number for a duplicate. A number is therefore settled on disk before it is
written anywhere: a process that dies may leave a gap, but no repeat.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from superbill.errors import Invalid

LARGEST = 999_999_999

_SCHEMA = """
CREATE TABLE IF NOT EXISTS control_number (
    sender TEXT PRIMARY KEY,
    last   INTEGER NOT NULL
) WITHOUT ROWID
"""
# One statement under a write lock: two processes can never be given the same number.
_NEXT = """
INSERT INTO control_number (sender, last) VALUES (:sender, :floor)
ON CONFLICT (sender) DO UPDATE SET last = max(last + 1, :floor)
RETURNING last
"""


class ControlNumbers(Protocol):
    """Where control numbers come from."""

    def next(self, sender: str, *, floor: int = 1) -> int:
        """A number that ``sender`` has not used, and not less than ``floor``."""
        ...


class SequentialControlNumbers:
    """Numbers counted from ``start`` in memory: the same on every run, for tests and examples.

    >>> numbers = SequentialControlNumbers(41)
    >>> numbers.next("ZZ:A"), numbers.next("ZZ:A"), numbers.next("ZZ:B")
    (41, 42, 41)
    """

    __slots__ = ("_last", "_start")

    def __init__(self, start: int | str = 1) -> None:
        self._start = control_number(start)
        self._last: dict[str, int] = {}

    def next(self, sender: str, *, floor: int = 1) -> int:
        """The number after the last one, for this sender."""
        number = max(self._last.get(sender, self._start - 1) + 1, floor)
        self._last[sender] = _fits(number, sender)
        return number


class StoredControlNumbers:
    """Numbers kept in a small SQLite file, safe between processes and across ``kill -9``.

    The file and its folder are made when the first number is asked for.
    """

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def next(self, sender: str, *, floor: int = 1) -> int:
        """A number that no process will be given again for this sender.

        Raises :class:`~superbill.errors.Invalid` where the file cannot be used.
        """
        import sqlite3  # noqa: PLC0415 (only a writer of claims pays for it)

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            held = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            held.execute("PRAGMA synchronous = EXTRA")
            held.execute("BEGIN IMMEDIATE")
            held.execute(_SCHEMA)
            row = held.execute(_NEXT, {"sender": sender, "floor": floor}).fetchone()
            number = _fits(int(row[0]), sender)
            held.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            held.close()
        return number

    def _unusable(self, error: BaseException) -> Invalid:
        return Invalid.at(
            "control_numbers",
            f"{self.path} cannot be read or written ({error}).",
            "Give a file in a folder that you may write to, or restore it from a copy; after "
            "restoring, set first_control_number in the partner's [interchange] above the last "
            "number that was sent.",
        )


def user_control_numbers() -> StoredControlNumbers:
    """The numbers kept in this user's own data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415 (only a writer of claims pays for it)

    return StoredControlNumbers(user_data_path("superbill") / "control_numbers.sqlite")


def control_number(given: int | str, path: str = "control_number") -> int:
    """A control number as a user gave it.

    Raises :class:`~superbill.errors.Invalid` unless it is 1 to 999,999,999.

    >>> control_number("000000907")
    907
    """
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= LARGEST):
        raise Invalid.at(
            path,
            f"{text[:20]!r} is not a control number.",
            "Give a whole number from 1 to 999999999.",
        )
    return int(text)


def _fits(number: int, sender: str) -> int:
    if number > LARGEST:
        raise Invalid.at(
            "control_numbers",
            f"Sender {sender} has used every number up to {LARGEST}.",
            "Agree a new sender identifier with the partner: a number is never used twice.",
        )
    return number
