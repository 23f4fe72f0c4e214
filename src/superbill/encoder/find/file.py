"""The search index as a file beside the reference store, keyed by the lock's digest.

One file: a line of JSON that names each array with its type, shape and place, then the arrays as
they lie in memory. It is mapped and not read, so that a command starts at once. An index of
another store or of another form is not used; it is made anew.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from superbill.encoder.find.engine import Engine
from superbill.encoder.find.index import SearchIndex, System
from superbill.encoder.find.meaning import Space
from superbill.encoder.find.text import Texts
from superbill.store.open import Store

FORMAT = 3
_ALIGNED = 64
_SPACE = ("vectors", "coarse", "turn")
_TEXTS = ("name", "code", "title", "shown", "source", "attributes")

type Array = np.ndarray[Any, Any]


def place(store: Path, digest: str) -> Path:
    """Where the index of the store at ``store`` lies."""
    return store.with_name(f"{store.stem}.search{FORMAT}-{digest[:12]}")


def prepare(path: Path, *, making: Callable[[], None] = lambda: None) -> Path:
    """Make the index of the store at ``path`` unless it is there; where it lies.

    ``making()`` is called before the work, which takes some seconds. Indexes of older stores at
    the same place are removed.
    """
    with Store.open(path) as store:
        target = place(path, store.digest)
        if not target.exists():
            making()
            from superbill.encoder.find.make import make  # noqa: PLC0415 - not needed to search

            save(make(store), target)
    for other in path.parent.glob(f"{path.stem}.search*"):
        if other != target and not other.name.endswith(".part"):
            with suppress(OSError):
                other.unlink()
    return target


def save(index: SearchIndex, target: Path) -> None:
    """Write ``index`` to ``target``, whole or not at all."""
    arrays: dict[str, Array] = {"stems": np.frombuffer("\n".join(index.stems).encode(), np.uint8)}
    for name, system in index.systems.items():
        for key, array in {**system.engine.arrays, **system.engine.facts()}.items():
            arrays[f"{name}/{key}"] = array
        if system.space is not None:
            arrays |= {f"{name}/{key}": getattr(system.space, key) for key in _SPACE}
        for key in _TEXTS:
            texts: Texts = getattr(system, key)
            arrays[f"{name}/{key}:data"], arrays[f"{name}/{key}:at"] = texts.data, texts.at
    told: dict[str, Any] = {}
    offset = 0
    for key, array in arrays.items():
        offset += -offset % _ALIGNED
        told[key] = [array.dtype.str, list(array.shape), offset]
        offset += array.nbytes
    head = {
        "format": FORMAT,
        "digest": index.digest,
        "evidence": {name: system.evidence for name, system in index.systems.items()},
        "arrays": told,
    }
    line = json.dumps(head).encode() + b"\n"
    written = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with written.open("wb") as stream:
            stream.write(line)
            stream.write(b"\0" * (-len(line) % _ALIGNED))
            start = stream.tell()
            for key, array in arrays.items():
                stream.write(b"\0" * (start + told[key][2] - stream.tell()))
                stream.write(np.ascontiguousarray(array).tobytes())
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)


def load(path: Path) -> SearchIndex:
    """Open the index at ``path``. Its arrays stay on the disk until they are used."""
    with path.open("rb") as stream:
        line = stream.readline()
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    head = json.loads(line)
    start = len(line) + -len(line) % _ALIGNED
    arrays: dict[str, Array] = {}
    for key, (kind, shape, offset) in head["arrays"].items():
        count = int(np.prod(shape)) if shape else 1
        if count:
            flat = np.frombuffer(mapped, np.dtype(kind), count, start + offset)
            arrays[key] = flat.reshape(shape)
        else:
            arrays[key] = np.zeros(shape, np.dtype(kind))
    stems = arrays["stems"].tobytes().decode().split("\n")
    numbers = {stem: number for number, stem in enumerate(stems)}
    systems = []
    for name, evidence in head["evidence"].items():
        prefix = f"{name}/"
        mine = {k[len(prefix) :]: v for k, v in arrays.items() if k.startswith(prefix)}
        texts = {key: Texts(mine.pop(f"{key}:data"), mine.pop(f"{key}:at")) for key in _TEXTS}
        space = Space(*(mine.pop(key) for key in _SPACE)) if _SPACE[0] in mine else None
        systems.append(
            System(
                system=name,
                engine=Engine(mine, numbers),
                space=space,
                evidence=tuple(evidence),
                **texts,
            )
        )
    return SearchIndex(systems, stems, head["digest"])
