"""Which of several choices an answer means: its number, its code, or its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from superbill.codes.notation import compact
from superbill.encoder.index.names import said_by, stems
from superbill.encoder.index.state import Choice
from superbill.errors import Invalid

_SHOWN = 8
_LONGEST = 200


def choice_named(choices: Sequence[Choice], text: str) -> int:
    """The number of the choice that ``text`` means.

    A number is taken as such; ``default`` means the default; a code, the one choice that leads to
    it and to nothing else; a letter, the one code with this seventh character; words, the one
    choice that they name.

    Raises :class:`~superbill.errors.Invalid` where none is meant, or several are.
    """
    said = " ".join(text.split())
    if re.fullmatch(r"[0-9]{1,4}", said):
        return int(said)
    if said.lower() == "default":
        default = [choice.number for choice in choices if choice.default]
        if not default:
            raise Invalid.at("choice", "no choice is the default here.", _these(choices))
        return default[0]
    exact = [c.number for c in choices if c.text.lower() == said.lower()]
    code = compact(said)
    own = [c.number for c in choices if _code(c) == code]
    # Coders say A for the initial encounter: the seventh character of one of the choices.
    ends = [c.number for c in choices if len(said) == 1 and _seventh(c) == code]
    for found in (exact, own, ends, _by_words(choices, said)):
        if len(found) == 1:
            return found[0]
    raise Invalid.at("choice", f"{said[:60]!r} names no single choice.", _these(choices))


def _code(choice: Choice) -> str:
    """The code that the choice stands for, where it is a single one."""
    kind, _, rest = choice.to.partition(":")
    if kind in {"code", "default"}:
        return rest.rstrip("-")
    return compact(choice.leads_to[0]).rstrip("-") if choice.codes == 1 else ""


def _seventh(choice: Choice) -> str:
    code = _code(choice)
    return code[6] if len(code) == 7 else ""


def _by_words(choices: Sequence[Choice], said: str) -> list[int]:
    if len(said) > _LONGEST:
        return []
    # What all the choices say sets none of them apart.
    words = [frozenset(stems(choice.text)) for choice in choices]
    common = frozenset.intersection(*words) if len(words) > 1 else frozenset()
    left = [word for word in said.split() if not frozenset(stems(word)) <= common]
    place = said_by([" ".join(left)], [choice.text for choice in choices])
    return [] if place is None else [choices[place].number]


def _these(choices: Sequence[Choice]) -> str:
    listed = "; ".join(f"{choice.number} {choice.text}" for choice in choices[:_SHOWN])
    more = len(choices) - _SHOWN
    return f"Choose: {listed}" + (f"; and {more} more." if more > 0 else ".")
