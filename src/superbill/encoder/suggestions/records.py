"""What coders accepted and rejected, as JSON Lines that later tuning uses.

A line is one decision on one code: ``{"at", "record", "on", "setting", "code", "decision",
"score", "term", "evidence", "lock"}``. ``record`` is the SHA-256 of the text and ``term`` the
words of the reference data that led there: nothing of the record's own text is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from superbill.codes.notation import compact, dotted, may_be_cm
from superbill.encoder.suggestions.model import Model, Taken, model
from superbill.errors import Invalid

if TYPE_CHECKING:
    from superbill.encoder.suggestions.answer import Suggestions
    from superbill.encoder.suggestions.engine import Suggester

DECISIONS = ("accepted", "rejected", "added")


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision; ``added`` is a code that was accepted and had not been suggested."""

    at: str
    record: str
    on: str
    setting: str
    code: str
    decision: str
    score: float
    term: str
    evidence: tuple[tuple[int, int], ...]
    lock: str


def decided(
    answer: Suggestions,
    suggester: Suggester,
    text: str,
    accept: Iterable[str],
    reject: Iterable[str],
) -> list[bytes]:
    """The lines for the codes accepted and rejected of a record.

    Raises :class:`~superbill.errors.Invalid` for what is no diagnosis code, or one that may not
    be reported on the day, and for a code both accepted and rejected.
    """
    suggested = {each.code: each for each in answer.suggestions}
    terms = {each.code: each.signature for each in suggester.candidates(text)[1]}
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    took = {_code(each, "--accept", suggester) for each in accept}
    refused = {_code(each, "--reject", suggester) for each in reject}
    both = took & refused
    if both:
        raise Invalid.at("--reject", f"{dotted(min(both))} is both accepted and rejected.")
    lines = []
    for code in sorted(took | refused):
        held = suggested.get(code)
        decision = "rejected" if code in refused else "accepted" if held is not None else "added"
        lines.append(
            msgspec.json.encode(
                Decision(
                    at=now,
                    record=digest,
                    on=answer.on,
                    setting=answer.setting,
                    code=dotted(code),
                    decision=decision,
                    score=0.0 if held is None else held.score,
                    term=terms.get(code, ""),
                    evidence=() if held is None else held.evidence,
                    lock=answer.lock,
                )
            )
            + b"\n"
        )
    return lines


def _code(given: str, option: str, suggester: Suggester) -> str:
    code = compact(given)
    if not may_be_cm(code) or code not in suggester.codes:
        raise Invalid.at(
            option,
            f"{given[:20]!r} is no diagnosis code that may be reported on the day.",
            "Look it up: superbill code CODE --on DATE",
        )
    return code


def taken(lines: Iterable[bytes], file: str) -> Iterator[Taken]:
    """The decisions of a file as the model counts them.

    Raises :class:`~superbill.errors.Invalid` with the line's number where one does not read.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            held = msgspec.json.decode(line, type=Decision)
        except msgspec.MsgspecError as fault:
            raise Invalid.at(f"{file}:{number}", f"no decision: {fault}") from None
        if held.decision not in DECISIONS:
            known = f"Use one of {', '.join(DECISIONS)}."
            raise Invalid.at(f"{file}:{number}", f"{held.decision!r} is no decision.", known)
        yield Taken(compact(held.code), held.term, held.decision != "rejected")


def learned_from(file: Path | None) -> Model:
    """The model of the package, with the decisions of ``file`` counted in."""
    if file is None:
        return model()
    with file.open("rb") as stream:
        return model().with_records(taken(stream, str(file)))
