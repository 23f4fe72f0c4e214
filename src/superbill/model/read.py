"""Documents in: a stay or a hospital's profile from JSON (or TOML), checked, with codes tidied.

What comes out can be used as it is: every field has its type, amounts are finite and not below
zero, the dates are in order, and codes are undotted and in upper case. What cannot be used raises
:class:`~superbill.errors.Invalid` with every problem found, each with its path in the document
(``diagnoses[2].code``), what stands there, what was expected, and a way out. Names, birth dates and
member numbers are never repeated in a message.

A code that does not exist or a status that contradicts the bill is no matter of reading: the
edits say that (:mod:`superbill.edits.integrity`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

import msgspec
from msgspec.structs import force_setattr

from superbill.errors import Invalid, Problem
from superbill.model import _json, _shape, _values
from superbill.model._decode import LARGE, decode, unexplained
from superbill.model._read_visit import is_order, is_visit, member, order, visit
from superbill.model.claim import Claim
from superbill.model.encounter import Encounter
from superbill.model.hospital import Hospital

__all__ = [
    "RECORD_LIMIT",
    "ByteStream",
    "checked",
    "claim",
    "encounter",
    "encounters",
    "hospital",
    "hospital_profile",
    "is_order",
    "is_visit",
    "member",
    "order",
    "record",
    "visit",
]

RECORD_LIMIT = 16 * 1024 * 1024
"""The longest line of a JSON Lines file that is read, in bytes."""


class ByteStream(Protocol):
    """What a batch is read from: a file opened for reading bytes, or standard input's buffer."""

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, at most ``size`` bytes of it."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """The rest."""
        ...


class _Record(Encounter, frozen=True, kw_only=True):
    """A stay of a batch as it is decoded: its hospital's profile is left as text at first.

    Many stays of a batch have the same profile, which is then read and looked at once.
    """

    hospital: msgspec.Raw = msgspec.Raw(b"null")  # type: ignore[assignment]  # soon a Hospital

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Encounter) and all(
            getattr(self, name) == getattr(other, name) for name in Encounter.__struct_fields__
        )

    __hash__ = Encounter.__hash__


_ENCOUNTER = msgspec.json.Decoder(Encounter)
_HOSPITAL = msgspec.json.Decoder(Hospital)
_CLAIM = msgspec.json.Decoder(Claim)
_RECORD = msgspec.json.Decoder(_Record)


_PROFILES_KEPT = 512
_profiles: dict[bytes, Hospital | None] = {b"null": None}


def encounter(data: bytes | str) -> Encounter:
    """One stay from a JSON object.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    document = _json.without_bom(data)
    stay = _decode_encounter(document, 1)
    if _json.repeats_a_name(document):
        raise Invalid(_shape.problems(_json.loads(document), Encounter))
    return stay


def record(line: bytes) -> Encounter:
    """One stay from a line of JSON Lines: as :func:`encounter`, for work on many.

    A name that stands twice in one object is not looked for, since finding it would cost as much
    as the reading: the last one counts.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    if b"\\" not in line and len(line) <= LARGE:
        try:
            stay = _RECORD.decode(line)
            force_setattr(stay, "hospital", _profile(bytes(stay.hospital)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, Invalid):
            pass  # said below, with its place
        else:
            return _settled(stay, profile_known=True)
    return _decode_encounter(line, 1)


def claim(data: bytes | str) -> Claim:
    """One claim from a JSON object. Whether it says what a claim must is no matter of reading.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    document = _json.without_bom(data)
    found = decode(document, _CLAIM.decode, Claim, 1)
    if _json.repeats_a_name(document):
        raise Invalid(_shape.problems(_json.loads(document), Claim))
    return found


def _profile(text: bytes) -> Hospital | None:
    """The profile that a stay of a batch carries, in good order; one that is not raises."""
    if text not in _profiles:
        profile = _checked_hospital(_HOSPITAL.decode(text))
        if len(_profiles) > _PROFILES_KEPT:
            _profiles.clear()
            _profiles[b"null"] = None
        _profiles[text] = profile
    return _profiles[text]


def encounters(stream: ByteStream) -> Iterator[tuple[int, Encounter | Invalid]]:
    """Many stays: each with the line that it starts on, or what is wrong with it.

    Reads JSON Lines (one stay a line; memory does not grow with their number), one JSON list, or
    a single JSON object. A record that cannot be read is yielded as an
    :class:`~superbill.errors.Invalid`, and the rest go on. Each is read as :func:`record` does.
    """
    lines = _Lines(stream)
    first = lines.next()
    if first is None:
        yield 1, Invalid.at(_json.DOCUMENT, "there is no stay in it.", "See the examples.")
        return
    number, text = first
    try:
        text = _json.without_bom(text) if number == 1 else text
    except Invalid as invalid:
        yield number, invalid
        return
    if text.startswith(b"["):
        yield from _list(text + b"\n" + lines.rest(), number)
        return
    second = lines.next()
    if second is not None and not _is_lines(text, second[1]):
        # Blank lines between the two are put back, so that places are told right.
        whole = text + b"\n" * (second[0] - number) + second[1] + b"\n" + lines.rest()
        yield number, _attempt(whole, number)
        return
    while True:
        yield number, _attempt(text, number)
        if second is None:
            return
        number, text = second
        second = lines.next()


def hospital(data: bytes | str) -> Hospital:
    """A hospital's profile from a JSON object.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    document = _json.without_bom(data)
    profile = decode(document, _HOSPITAL.decode, Hospital, 1)
    if _json.repeats_a_name(document):
        raise Invalid(_shape.problems(_json.loads(document), Hospital))
    return _checked_hospital(profile)


def hospital_profile(data: bytes | str) -> Hospital:
    """A hospital's profile from a TOML file: one field a line, by the names of :class:`Hospital`.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    import tomllib  # noqa: PLC0415 - few commands read TOML, and all pay for an import up here

    try:
        text = _json.without_bom(data).decode()
        table = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError:
        raise Invalid.at(_json.DOCUMENT, "it is not UTF-8.", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as wrong:
        raise Invalid.at(
            _json.DOCUMENT,
            f"it is not TOML: {str(wrong)[:100]}.",
            'Write one field a line: wage_index = "0.9124".',
        ) from None
    found = _shape.problems(table, Hospital)
    if found:
        raise Invalid(found)
    return _checked_hospital(msgspec.convert(table, Hospital))


def checked(stay: Encounter) -> Encounter:
    """A stay that was made in Python, as :func:`encounter` would have read it from JSON.

    Raises :class:`~superbill.errors.Invalid` with every problem found.
    """
    plain = msgspec.to_builtins(stay, builtin_types=(Decimal,))
    found = _shape.problems(plain, Encounter)
    if found:
        raise Invalid(found)
    return _settled(msgspec.convert(plain, Encounter))


def _attempt(data: bytes, line: int) -> Encounter | Invalid:
    if not data:
        return Invalid.at(
            _json.DOCUMENT,
            f"line {line} is longer than {RECORD_LIMIT:,} bytes, too long for one stay.",
            "Put each stay on a line of its own.",
        )
    try:
        return _decode_encounter(data, line)
    except Invalid as invalid:
        return invalid


def _decode_encounter(data: bytes, line: int) -> Encounter:
    return _settled(decode(data, _ENCOUNTER.decode, Encounter, line))


def _settled(stay: Encounter, *, profile_known: bool = False) -> Encounter:
    found = _values.settle(stay, profile_known=profile_known)
    if found:
        raise Invalid(found)
    return stay


def _checked_hospital(profile: Hospital) -> Hospital:
    found = _values.hospital_problems(profile)
    if found:
        raise Invalid(found)
    return profile


def _list(data: bytes, first_line: int) -> Iterator[tuple[int, Encounter | Invalid]]:
    """The stays of one JSON list."""
    try:
        records = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as refusal:
        try:
            _json.loads(data, first_line)
        except Invalid as invalid:
            yield first_line, invalid
        else:
            yield first_line, Invalid([unexplained(refusal)])
        return
    line, place = first_line, 0
    for index, record in enumerate(records):
        text = bytes(record)
        start = data.index(text, place)
        line += data.count(b"\n", place, start)
        stay = _attempt(text, line)
        # Many stays may stand on one line, so that their places in the list tell them apart.
        yield line, _inside(stay, f"[{index}]") if isinstance(stay, Invalid) else stay
        place = start + len(text)
        line += text.count(b"\n")


def _inside(invalid: Invalid, where: str) -> Invalid:
    """The problems of a document that stands at ``where`` inside another."""
    return Invalid(
        [
            Problem(
                where if each.path == _json.DOCUMENT else f"{where}.{each.path}",
                each.message,
                each.remedy,
            )
            for each in invalid.problems
        ]
    )


def _is_lines(first: bytes, second: bytes) -> bool:
    """Whether two lines are two records, and not the beginning of one record spread over lines."""
    if _is_whole(first):
        return True
    # The first record may itself be broken: then the second tells.
    if not second.startswith(b"{"):
        return False
    return first[-1:] not in b"{[:," or (_is_whole(second) and b'"diagnoses"' in second)


def _is_whole(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


class _Lines:
    """The lines of a stream that are not blank, numbered from 1.

    A line over the limit comes without its text.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._number = 0

    def next(self) -> tuple[int, bytes] | None:
        """Number and text of the next line, without blanks around it; ``None`` at the end."""
        while line := self._stream.readline(RECORD_LIMIT):
            self._number += 1
            if len(line) == RECORD_LIMIT and not line.endswith(b"\n"):
                self._skip()
                return self._number, b""
            if text := line.strip():
                return self._number, text
        return None

    def rest(self) -> bytes:
        """All that is left."""
        return self._stream.read()

    def _skip(self) -> None:
        """Pass over the rest of a line that is too long."""
        while (more := self._stream.readline(RECORD_LIMIT)) and not more.endswith(b"\n"):
            pass
