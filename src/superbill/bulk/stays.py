"""Many stays: JSON Lines in, decisions out, by the same functions as one stay.

A decision made here is the one that :func:`superbill.adjudication.adjudicate` makes, without the
steps, the what-ifs and what each code did to the group, which are for reading and not for many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from superbill.adjudication import Ask, Engine, adjudicate, adjudicate_each
from superbill.bulk.pool import Outcome, Work, process
from superbill.errors import Invalid, SuperbillError
from superbill.model import Decision, Encounter, Hospital, read

Render = Callable[[Encounter, Decision], bytes]

encode = msgspec.json.Encoder().encode


class Undetermined(SuperbillError):
    """A stay whose price nothing at hand could give: each reason, with the way out."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))

    def __reduce__(self) -> tuple[object, ...]:
        return Undetermined, (self.reasons,)


class Answer(NamedTuple):
    """A stay that was decided: the decision rendered, and what the exit code turns on.

    ``clean``: no edit found anything or was left unchecked. ``missing``: why part of the bill is
    given to nobody.
    """

    output: bytes
    clean: bool
    missing: tuple[str, ...] = ()


_NAMES = Decision.__struct_fields__
_SHARED = tuple([_NAMES.index(name) for name in ("grouping", "payment")])
"""What many stays of a batch have in common, so that it is written once."""

_values = attrgetter(*_NAMES)
_Written = msgspec.defstruct("_Written", [(name, Any) for name in _NAMES], gc=False)

_TEXTS_KEPT = 8192
_texts: dict[int, tuple[object, msgspec.Raw]] = {}


def as_json(_: Encounter, decision: Decision) -> bytes:
    """The decision as one line of JSON, without its line end."""
    values = list(_values(decision))
    for place in _SHARED:
        values[place] = _text(values[place])
    return encode(_Written(*values))


def _text(value: object) -> msgspec.Raw:
    """A value as JSON, kept for the next stay that has the very same."""
    kept = _texts.get(id(value))
    if kept is not None and kept[0] is value:
        return kept[1]
    if len(_texts) >= _TEXTS_KEPT:
        _texts.clear()
    written = msgspec.Raw(encode(value))
    _texts[id(value)] = value, written
    return written


def run(
    lines: Iterable[bytes],
    *,
    store: Path | None = None,
    jobs: int = 1,
    hospital: Hospital | None = None,
    detail: bool = False,
    conventions: bool = False,
    render: Render = as_json,
) -> Iterator[Outcome[Answer]]:
    """Decide every stay of ``lines`` (JSON Lines), in order, in ``jobs`` processes.

    ``store`` is the path of a reference store, by default the user's own; ``hospital`` a profile
    that stands before that of each stay; ``conventions`` also checks the notes of the tabular list
    and the guidelines; ``render`` makes the output (it must be picklable with more than one job).
    What cannot be decided comes as
    :class:`~superbill.bulk.pool.Refused` with its line, and the rest go on.
    """
    opened = partial(_opened, store, hospital, render, detail=detail, conventions=conventions)
    return process(lines, opened, jobs=jobs)


@contextmanager
def _opened(
    store: Path | None,
    hospital: Hospital | None,
    render: Render,
    *,
    detail: bool,
    conventions: bool,
) -> Iterator[Work[Answer]]:
    ask = Ask(detail=detail)
    with Engine(store, conventions=conventions) as engine:

        def work(lines: Sequence[bytes]) -> list[Answer | SuperbillError]:
            given = [_read(line, hospital) for line in lines]
            stays = [stay for stay in given if isinstance(stay, Encounter)]
            decided = zip(stays, adjudicate_each(stays, engine=engine, ask=ask), strict=True)
            return [
                _answer(*next(decided), render) if isinstance(stay, Encounter) else stay
                for stay in given
            ]

        yield work


def _answer(
    stay: Encounter, decision: Decision | Invalid, render: Render
) -> Answer | SuperbillError:
    if isinstance(decision, Invalid):
        return decision
    if reasons := unpriced(decision):
        return Undetermined(reasons)
    return Answer(render(stay, decision), decision.edits.clean, missing(decision))


def _read(line: bytes, hospital: Hospital | None) -> Encounter | Invalid:
    if len(line) > read.RECORD_LIMIT:
        limit = f"it is longer than {read.RECORD_LIMIT:,} bytes, too long for one stay."
        return Invalid.at("(document)", limit, "Put each stay on a line of its own.")
    try:
        return profiled(read.record(line), hospital)
    except Invalid as invalid:
        return invalid


def profiled(stay: Encounter, hospital: Hospital | None) -> Encounter:
    """The stay with ``hospital`` as its profile, where one is given."""
    return stay if hospital is None else replace(stay, hospital=hospital)


def missing(decision: Decision) -> tuple[str, ...]:
    """Why part of the bill is given to nobody; empty where none is."""
    return decision.not_covered if decision.undetermined else ()


def unpriced(decision: Decision) -> tuple[str, ...]:
    """Why there is no answer to give: no price, and part of the bill given to nobody."""
    return missing(decision) if decision.payment is None else ()


def decide(stay: Encounter, engine: Engine, ask: Ask) -> Decision:
    """:func:`~superbill.adjudication.adjudicate`, where half an answer is refused.

    Raises what that raises, and :class:`Undetermined` where the price is not covered and part of
    the bill is therefore given to nobody.
    """
    found = adjudicate(stay, engine=engine, **ask._asdict())
    if reasons := unpriced(found):
        raise Undetermined(reasons)
    return found
