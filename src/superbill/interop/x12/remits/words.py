"""What the codes of a remittance mean, in our own plain words, from ``words.toml`` beside this.

A code that has no words here has none: nothing is guessed. The codes that this project puts on
remittances itself mean what :mod:`superbill.benefits.reasons` says.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

type Kind = Literal["group", "reason", "remark", "provider", "status"]


def meaning(kind: Kind, code: str) -> str:
    """What a code means; empty where there are no words for it.

    >>> meaning("reason", "253"), meaning("group", "PR"), meaning("reason", "ZZ9")
    ("federal sequestration: the programme's own share, cut by law", 'the patient owes it', '')
    """
    return _words()[kind].get(code.strip().upper(), "")


def codes(kind: Kind) -> frozenset[str]:
    """The codes of a kind that there are words for."""
    return frozenset(_words()[kind])


@cache
def _words() -> dict[str, dict[str, str]]:
    import tomllib  # noqa: PLC0415 (a remittance that is only read does not pay for it)

    source = resources.files("superbill.interop.x12.remits").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
