"""The files that publishers offer: addresses, licences, and checksums where they are known."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import msgspec

from superbill.model.base import Value


class Licence(Value, frozen=True, kw_only=True):
    """The terms of a file, in our own words, and the address of the publisher's."""

    name: str
    text: str
    address: str


class Published(Value, frozen=True, kw_only=True):
    """A file that a publisher offers.

    ``name`` is what it is kept as, ``page`` the publisher's page that links to it, ``datasets``
    what is read from it. ``sha256`` is empty where it is not known beforehand.
    """

    id: str
    title: str
    publisher: str
    address: str
    name: str
    page: str
    licence: str
    datasets: tuple[str, ...]
    sha256: str = ""


class Publishers(Value, frozen=True, kw_only=True):
    """All files, and the licences by name."""

    licence: dict[str, Licence]
    file: tuple[Published, ...]


def publishers() -> Publishers:
    """The list that comes with this version."""
    text = (files("superbill.store") / "publishers.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Publishers)
