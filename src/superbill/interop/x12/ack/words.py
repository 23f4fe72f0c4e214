"""What the codes of acknowledgements mean, in our own plain words (``words.toml``)."""

from __future__ import annotations

from functools import cache
from importlib import resources


def meaning(by: str, code: str) -> str:
    """What a code of a TA1, a 999 or (``A7:562``) a 277CA means; empty where there are no words.

    >>> meaning("TA1", "025"), meaning("999", "I5")
    ('the control number was used before', 'segments break the implementation guide')
    >>> meaning("277CA", "A7:562")
    "Rejected: something is wrong (a party's National Provider Identifier)."
    """
    words = _words()
    if by == "TA1":
        return words["ta1"].get(code, "")
    if by == "999":
        return words["set"].get(code) or words["group"].get(code, "")
    if by != "277CA":
        return ""
    from superbill.interop.x12.inquiries.words import status  # noqa: PLC0415 (of claims alone)
    from superbill.model import StatusCode  # noqa: PLC0415

    category, _, number = code.partition(":")
    return status(StatusCode(category=category, status=number))


@cache
def _words() -> dict[str, dict[str, str]]:
    import tomllib  # noqa: PLC0415 (an acknowledgement that is only read does not pay for it)

    source = resources.files("superbill.interop.x12.ack").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
