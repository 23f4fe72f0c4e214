"""What the codes of eligibility and claim status mean, in our own plain words (``words.toml``).

A code that has no words here has none: nothing is guessed.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from superbill.model import Rejection, StatusCode

type Kind = Literal[
    "reject", "follow_up", "benefit", "level", "period", "service", "category", "status"
]


def meaning(kind: Kind, code: str) -> str:
    """What a code means; empty where there are no words for it.

    >>> meaning("reject", "75"), meaning("category", "F1"), meaning("service", "nn")
    ('the subscriber is not found', 'decided: paid', '')
    """
    return _words()[kind].get(code.strip().upper(), "")


def rejected(found: Rejection) -> str:
    """A rejection as a sentence.

    >>> rejected(Rejection(reason="75", follow_up="C"))
    'The subscriber is not found: correct it and ask again.'
    """
    why = meaning("reject", found.reason) or f"reason {found.reason}, which has no words here"
    then = meaning("follow_up", found.follow_up)
    return f"{why[0].upper()}{why[1:]}{f': {then}' if then else ''}."


def status(found: StatusCode) -> str:
    """A claim status as a sentence.

    >>> status(StatusCode(category="A7", status="562", entity="85"))
    "Rejected: something is wrong (a party's National Provider Identifier; 85)."
    """
    category = meaning("category", found.category) or f"category {found.category}"
    why = meaning("status", found.status) or f"status {found.status}"
    about = f"; {found.entity}" if found.entity else ""
    return f"{category[0].upper()}{category[1:]} ({why}{about})."


@cache
def _words() -> dict[str, dict[str, str]]:
    import tomllib  # noqa: PLC0415 (an answer that is only read does not pay for it)

    source = resources.files("superbill.interop.x12.inquiries").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
