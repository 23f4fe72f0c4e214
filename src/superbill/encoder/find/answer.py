"""What a search answers: hits with the words and texts that led to each."""

from __future__ import annotations

from superbill.model.base import Value


class Evidence(Value, frozen=True, kw_only=True):
    """A text of the reference data that speaks for a code.

    ``kind`` is ``title``, ``inclusion term``, ``index entry`` or ``includes note``; ``at`` the
    code or heading that it names; ``words`` the words of the query that it says.
    """

    kind: str
    text: str
    at: str
    words: tuple[str, ...]


class Hit(Value, frozen=True, kw_only=True):
    """A code found.

    ``score`` is the share of the certainty, between 0 and 1: fitted so that of hits scored 0.8
    four in five were right. ``why`` says in a line what led to it. ``path`` names the headings
    above it, the widest first. ``status`` is ``valid``, ``heading``, ``retired`` or
    ``not yet valid`` on the day. ``also`` are codes that differ in the episode of care alone.
    """

    system: str
    code: str
    dotted: str
    text: str
    score: float
    why: str
    status: str
    matched: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    path: tuple[tuple[str, str], ...]
    also: tuple[str, ...]


class Answer(Value, frozen=True, kw_only=True):
    """The hits of a query, and what the search made of it.

    ``searched`` names for each system the kinds of text that the store has. ``read_as`` says what
    was expanded. ``message`` says what is amiss or worth knowing; mostly it is empty.
    """

    query: str
    on: str
    hits: tuple[Hit, ...]
    searched: dict[str, tuple[str, ...]]
    read_as: tuple[str, ...]
    message: str
    lock: str
