"""A file appears under its name whole, or not at all.

A store is written under another name in the same folder, brought to the disk, made read-only,
and renamed; a rename within a folder is atomic. A process that dies at any moment leaves the
old store as it was, and at most a file that the next build removes. Two builds of the same
store take turns: the kernel frees the lock of a process that dies.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from superbill.errors import BuildFailed

_BUILDING = ".building"
_KEPT = 3


@contextmanager
def turn(target: Path, wait: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the right to build ``target``; ``waiting()`` is called once if another holds it.

    Raises :class:`~superbill.errors.BuildFailed` where it is not free within ``wait`` seconds.
    """
    import fcntl  # noqa: PLC0415 - absent on Windows, where only reading is supported

    target.parent.mkdir(parents=True, exist_ok=True)
    lock = target.with_name(f".{target.name}.lock")
    with lock.open("a+b") as held:
        deadline = time.monotonic() + wait
        told = False
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    told = True
                    waiting()
                if time.monotonic() >= deadline:
                    raise BuildFailed(
                        f"Another build of {target} is under way. Wait for it to end."
                    ) from None
                time.sleep(0.05)
        yield  # closing the file gives the lock back


def workplace(target: Path) -> Path:
    """The name under which to write, after removing what dead builds left. Needs the turn."""
    for left in target.parent.glob(f".{target.name}.*{_BUILDING}*"):
        left.unlink()
    return target.with_name(f".{target.name}.{os.getpid()}{_BUILDING}")


def put_in_place(written: Path, target: Path, keep_as: Path | None) -> None:
    """Bring ``written`` to the disk and give it the name ``target``.

    The store that bore the name stays under ``keep_as``, where the file system can do so.
    """
    with written.open("rb") as stream:
        os.fsync(stream.fileno())
    written.chmod(0o444)
    if keep_as is not None and target.exists() and not keep_as.exists():
        with suppress(OSError):  # a file system without hard links keeps no older stores
            os.link(target, keep_as)
    written.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept(target: Path) -> list[Path]:
    """The older stores kept beside ``target``, newest first."""
    found = target.parent.glob(f"{target.stem}-*{target.suffix}")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def prune(target: Path) -> None:
    """Remove all but the newest few of the older stores."""
    for old in kept(target)[_KEPT:]:
        old.unlink()
