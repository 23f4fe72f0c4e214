"""Trading partners: who sends to whom, and in what dress. Settings of a user, in a TOML file.

A partner's own companion guide says what belongs here: identifiers and their qualifiers, test or
production, delimiters and characters. A file looks like this::

    [submitter]
    name = "Example General Hospital"
    id = "EGH001"
    contact = "Billing office"
    phone = "5555550100"

    [receiver]
    name = "Example Payer"
    id = "EX001"

    [interchange]
    sender = "EGH001"
    receiver = "EX001"
    usage = "test"

Everything else has a default; see the classes below.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from superbill.errors import Invalid, Problem
from superbill.interop.x12.control_numbers import LARGEST
from superbill.interop.x12.segments import (
    EXTENDED,
    Accents,
    Builder,
    CharacterSet,
    Delimiters,
    Syntax,
)
from superbill.model import Value

# Interchange identifier qualifiers (element I05) that the 5010 guides list.
Qualifier = Literal["01", "14", "20", "27", "28", "29", "30", "33", "ZZ"]


class Submitter(Value, frozen=True, kw_only=True):
    """Who sends the file, and whom to call about it. One of phone and e-mail is needed."""

    name: str
    id: str
    contact: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""


class Receiver(Value, frozen=True, kw_only=True):
    """Who takes the file in: a payer, a contractor or a clearinghouse."""

    name: str
    id: str


class Interchange(Value, frozen=True, kw_only=True):
    """The outer envelope (ISA and GS).

    ``group_sender`` and ``group_receiver`` are the application codes of the functional group,
    and are the interchange's own where they are left out. ``first_control_number`` is where
    numbering starts, or goes on from another system.
    """

    sender: str
    receiver: str
    sender_qualifier: Qualifier = "ZZ"
    receiver_qualifier: Qualifier = "ZZ"
    usage: Literal["test", "production"] = "test"
    acknowledge: bool = False
    group_sender: str = ""
    group_receiver: str = ""
    authorization: str = ""
    password: str = ""
    first_control_number: int = 1


class Text(Value, frozen=True, kw_only=True):
    """Characters: ``delimiters`` are the four of element, component, repetition and segment."""

    delimiters: str = "*:^~"
    character_set: CharacterSet = "extended"
    accents: Accents = "refuse"
    line_breaks: bool = False


class Partner(Value, frozen=True, kw_only=True):
    """One trading partner. Made by :func:`read_partner`, which checks what is inside."""

    submitter: Submitter
    receiver: Receiver
    interchange: Interchange
    text: Text = Text()

    @property
    def sender(self) -> str:
        """What control numbers are counted by: the sender's qualifier and identifier."""
        return f"{self.interchange.sender_qualifier}:{self.interchange.sender.strip()}"

    @property
    def syntax(self) -> Syntax:
        """Delimiters and characters.

        Raises :class:`~superbill.errors.Invalid` where the delimiters cannot part anything.
        """
        marks = self.text.delimiters
        if len(marks) != 4 or len(set(marks)) != 4 or any(not _separates(c) for c in marks):
            raise Invalid.at(
                "text.delimiters",
                f"{marks[:20]!r} cannot be used.",
                "Give four different characters for elements, components, repetitions and "
                'segments, none of them a letter, digit or space, for example "*:^~".',
            )
        return Syntax(
            Delimiters(*marks), self.text.character_set, self.text.accents, self.text.line_breaks
        )


def read_partner(path: Path) -> Partner:
    """The partner that a TOML file describes.

    Raises :class:`~superbill.errors.Invalid`, naming the setting, for a file that cannot be read
    or a setting that is unknown, missing or cannot be sent.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid.at(str(path), f"cannot be read ({error}).", "Give a TOML file.") from error
    return parse_partner(text, str(path))


def parse_partner(text: str, name: str = "partner") -> Partner:
    """The partner that TOML text describes; ``name`` stands for the text in errors."""
    import tomllib  # noqa: PLC0415 (only a writer of claims pays for it)

    import msgspec  # noqa: PLC0415

    try:
        partner = msgspec.convert(tomllib.loads(text), Partner)
    except tomllib.TOMLDecodeError as error:
        raise Invalid.at(name, f"is not TOML: {error}.", "Mend the line that is named.") from error
    except msgspec.ValidationError as error:
        raise Invalid([_setting(str(error), name)]) from error
    check_partner(partner)
    return partner


def check_partner(partner: Partner) -> None:
    """Raise :class:`~superbill.errors.Invalid` with every setting that cannot be sent."""
    b = Builder(partner.syntax)
    who, to, isa = partner.submitter, partner.receiver, partner.interchange
    give = "Give it in the partner file."
    b.text(who.name, "submitter.name", 60, required=give)
    b.text(who.id, "submitter.id", 80, shortest=2, required=give)
    b.text(who.contact, "submitter.contact", 60)
    b.text(who.phone, "submitter.phone", 256)
    b.text(who.fax, "submitter.fax", 256)
    b.text(who.email, "submitter.email", 256)
    if not (who.phone.strip() or who.email.strip() or who.fax.strip()):
        b.problem("submitter.phone", "is missing.", "Give a phone, fax or e-mail to be reached by.")
    b.text(to.name, "receiver.name", 60, required=give)
    b.text(to.id, "receiver.id", 80, shortest=2, required=give)
    b.text(isa.sender, "interchange.sender", 15, required=give)
    b.text(isa.receiver, "interchange.receiver", 15, required=give)
    b.text(group_sender(partner), "interchange.group_sender", 15, shortest=2)
    b.text(group_receiver(partner), "interchange.group_receiver", 15, shortest=2)
    b.text(isa.authorization, "interchange.authorization", 10)
    b.text(isa.password, "interchange.password", 10)
    if not 1 <= isa.first_control_number <= LARGEST:
        b.problem(
            "interchange.first_control_number",
            f"{isa.first_control_number} is out of range.",
            f"Give a whole number from 1 to {LARGEST}.",
        )
    if b.problems:
        raise Invalid(b.problems)


def group_sender(partner: Partner) -> str:
    """The application sender's code (GS02)."""
    return (partner.interchange.group_sender or partner.interchange.sender).strip()


def group_receiver(partner: Partner) -> str:
    """The application receiver's code (GS03)."""
    return (partner.interchange.group_receiver or partner.interchange.receiver).strip()


def _separates(mark: str) -> bool:
    control = mark in "\x1c\x1d\x1e\x1f"  # the separators of ASCII, which X12 allows
    return control or (mark in EXTENDED and not mark.isalnum() and mark != " ")


def _setting(message: str, name: str) -> Problem:
    """Msgspec's message (``Expected … - at `$.a.b` ``) as a problem that names the setting."""
    what, _, where = message.partition(" - at `$")
    setting = where.rstrip("`").lstrip(".") or name
    missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
    if missing:
        whole = f"{setting}.{missing[1]}" if where else missing[1]
        return Problem(whole, "is missing.", f"Give it in {name}.")
    unknown = re.fullmatch(r"Object contains unknown field `(\w+)`", what)
    if unknown:
        whole = f"{setting}.{unknown[1]}" if where else unknown[1]
        return Problem(whole, "is not a setting.", f"Take it out of {name}, or mend its spelling.")
    return Problem(setting, f"{what}.", f"Mend it in {name}.")
