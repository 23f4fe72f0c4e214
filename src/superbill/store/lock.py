"""The lock: each dataset's releases by sha256, and one digest over them.

An answer is a function of the claim and the lock. The digest is taken over what decides the
rows: the store's format, and for each release its dataset, content, parser version, and the
days on which it answers. When and from where a file was fetched does not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from superbill.errors import Invalid
from superbill.model.base import Value
from superbill.store.release import Covered, Release
from superbill.store.schema import FORMAT_VERSION


class Locked(Value, frozen=True, kw_only=True):
    """One release of the lock, and the days on which it answers, ``[valid_from, valid_to)``."""

    dataset: str
    label: str
    file: str
    member: str
    sha256: str
    content_sha256: str
    layout: str
    parser_version: int
    answers: tuple[tuple[date, date], ...]


class Lock(Value, frozen=True, kw_only=True):
    """What a store was built from, in the order of datasets and days."""

    format_version: int
    releases: tuple[Locked, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over what decides the rows, in hexadecimal."""
        facts = [_facts(r) for r in self.releases]
        encoded = msgspec.json.encode((self.format_version, facts))
        return hashlib.sha256(encoded).hexdigest()

    def to_json(self) -> str:
        """The lock as an indented JSON document that ends in a line end."""
        body = {"digest": self.digest, **msgspec.to_builtins(self)}
        return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str, path: str = "lock") -> Lock:
        """Read what :meth:`to_json` wrote; ``Invalid`` where it is anything else."""
        try:
            body = msgspec.json.decode(text, type=dict[str, object])
            stated = body.pop("digest", "")
            lock = msgspec.convert(body, cls)
        except msgspec.MsgspecError as fault:
            raise Invalid.at(
                path, f"is not a lock ({fault}).", "Write one with: superbill data lock"
            ) from None
        if stated != lock.digest:
            raise Invalid.at(
                path,
                f"states digest {str(stated)[:12]}, but its releases give {lock.digest[:12]}.",
                "It was edited; write it anew with: superbill data lock",
            )
        return lock

    def difference(self, other: Lock) -> tuple[str, ...]:
        """What ``other`` has otherwise, one line each; empty where they are the same."""
        mine = {_facts(r): r for r in self.releases}
        theirs = {_facts(r): r for r in other.releases}
        lines = [f"missing: {_name(mine[key])}" for key in mine if key not in theirs]
        lines += [f"in addition: {_name(theirs[key])}" for key in theirs if key not in mine]
        if self.format_version != other.format_version:
            lines.append(f"store format {other.format_version} in place of {self.format_version}")
        return tuple(lines)


def _facts(r: Locked) -> tuple[object, ...]:
    return r.dataset, r.content_sha256, r.layout, r.parser_version, r.answers


def _name(locked: Locked) -> str:
    spans = ", ".join(f"{start} to before {end}" for start, end in locked.answers)
    return (
        f"{locked.dataset} {locked.label}, {locked.file}, "
        f"sha256 {locked.content_sha256[:12]}, answers {spans or 'on no day'}"
    )


def lock_of(releases: Iterable[Release], coverage: Mapping[str, Iterable[Covered]]) -> Lock:
    """The lock of a store with these releases and this coverage."""
    answers: dict[int, list[tuple[date, date]]] = {}
    for spans in coverage.values():
        for covered in spans:
            answers.setdefault(covered.release, []).append((covered.valid_from, covered.valid_to))
    locked = [
        Locked(
            dataset=release.dataset,
            label=release.label,
            file=release.file,
            member=release.member,
            sha256=release.sha256,
            content_sha256=release.content_sha256,
            layout=release.layout,
            parser_version=release.parser_version,
            answers=tuple(sorted(answers.get(release.id, ()))),
        )
        for release in releases
    ]
    locked.sort(key=lambda r: (r.dataset, r.answers, r.content_sha256))
    return Lock(format_version=FORMAT_VERSION, releases=tuple(locked))


def read_lock(path: Path) -> Lock:
    """The lock in the file at ``path``; ``Invalid`` where it is none."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Invalid.at(str(path), f"cannot be read ({fault}).") from None
    return Lock.from_json(text, str(path))
