"""Lines in, outcomes out, in order, over one process or several, in memory that does not grow.

A process opens what it needs once (``factory``), then takes a chunk of lines at a time: some dozens
of stays at once go through each step faster than one by one (the processor's cache then holds one
program at a time). At most a few chunks a process are under way, so a reader that is slower than
the work holds it back.
A line that kills its process (a fault in a native library, say) is found by trying the chunk
again in halves; it is refused, and the rest go on.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import batched, islice
from typing import Any, NamedTuple, Self

from superbill.errors import SuperbillError

type Work[T] = Callable[[Sequence[bytes]], Sequence[T | SuperbillError]]
"""From some lines to as many answers, in order; an error is the answer to a line that is bad."""

type Factory[T] = Callable[[], AbstractContextManager[Work[T]]]

CHUNK = 128
AHEAD = 3
DEATHS = 8
"""So many dead processes end the run: then it is not the lines that are at fault."""


class Done[T](NamedTuple):
    """A line that was answered; ``line`` counts from 1, blank lines included."""

    line: int
    output: T


class Refused(NamedTuple):
    """A line that could not be answered, and why."""

    line: int
    error: SuperbillError


type Outcome[T] = Done[T] | Refused
type Numbered = tuple[int, bytes]
type Places = tuple[int, int]
"""The first and the last line of a chunk."""


class WorkerDied(SuperbillError):
    """The process that worked on a line died of it."""


def process[T](
    lines: Iterable[bytes], factory: Factory[T], *, jobs: int = 1
) -> Iterator[Outcome[T]]:
    """Work on every line that is not blank; the outcomes come in the order of the lines.

    ``factory`` opens what one process needs and gives the function from lines to their answers;
    with more than one job, it and the answers must be picklable. An error that the factory raises
    is raised here.
    """
    numbered = (
        (number, line) for number, line in enumerate(lines, 1) if line and not line.isspace()
    )
    chunks = batched(numbered, CHUNK)
    if jobs == 1:
        with factory() as work:
            for chunk in chunks:
                yield from _numbered(
                    chunk, _worked(work, [line for _, line in chunk], _places(chunk))
                )
    else:
        with _Pool(factory, jobs) as pool:
            for outcomes in pool.run(chunks):
                yield from outcomes


def _worked[T](
    work: Work[T], lines: Sequence[bytes], places: Places
) -> Sequence[T | SuperbillError]:
    try:
        with _uncollected():
            return work(lines)
    except BaseException as error:
        error.add_note(f"while working on lines {places[0]} to {places[1]}")
        raise


def _places(chunk: tuple[Numbered, ...]) -> Places:
    return chunk[0][0], chunk[-1][0]


def _numbered[T](
    chunk: tuple[Numbered, ...], answers: Sequence[T | SuperbillError]
) -> list[Outcome[T]]:
    return [
        Refused(number, answer) if isinstance(answer, SuperbillError) else Done(number, answer)
        for (number, _), answer in zip(chunk, answers, strict=True)
    ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection in a chunk: values make no cycles, and it takes a sixth of the time.

    What an error leaves behind is collected between chunks.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Pool[T]:
    """Processes that are replaced when they die."""

    def __init__(self, factory: Factory[T], jobs: int) -> None:
        self._factory = factory
        self._jobs = jobs
        self._deaths = 0
        self._executor = self._start(jobs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _start(self, jobs: int) -> ProcessPoolExecutor:
        # A fork starts in no time, but is safe only where no other thread holds a lock.
        forks = sys.platform == "linux" and threading.active_count() == 1
        method = multiprocessing.get_context("fork" if forks else "spawn")
        return ProcessPoolExecutor(jobs, method, _prepare, (self._factory,))

    def run(self, chunks: Iterable[tuple[Numbered, ...]]) -> Iterator[list[Outcome[T]]]:
        waiting = iter(chunks)
        under_way: deque[tuple[tuple[Numbered, ...], Future[Sequence[T | SuperbillError]]]] = (
            deque()
        )
        while True:
            for chunk in islice(waiting, self._jobs * AHEAD - len(under_way)):
                under_way.append((chunk, self._submit(chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            try:
                yield _numbered(chunk, future.result())
            except BrokenProcessPool:
                yield self._again(chunk)

    def _submit(self, chunk: tuple[Numbered, ...]) -> Future[Sequence[T | SuperbillError]]:
        # Lines go to the process and answers come back; the numbers stay here.
        lines, places = [line for _, line in chunk], _places(chunk)
        try:
            return self._executor.submit(_chunk, lines, places)
        except BrokenProcessPool:
            self._executor.shutdown()
            self._executor = self._start(self._jobs)
            return self._executor.submit(_chunk, lines, places)

    def _again(self, chunk: tuple[Numbered, ...]) -> list[Outcome[T]]:
        """A chunk whose process died, on a process of its own, in halves where it dies again."""
        with self._start(1) as alone:
            try:
                lines = [line for _, line in chunk]
                return _numbered(chunk, alone.submit(_chunk, lines, _places(chunk)).result())
            except BrokenProcessPool:
                pass
        if len(chunk) > 1:
            half = len(chunk) // 2
            return self._again(chunk[:half]) + self._again(chunk[half:])
        self._deaths += 1
        error = WorkerDied("The process that worked on this record died.")
        if self._deaths == DEATHS:
            raise error
        return [Refused(chunk[0][0], error)]


class _State:
    """What one worker process holds open."""

    factory: Factory[Any]
    work: Work[Any] | None = None
    stack = ExitStack()


def _prepare(factory: Factory[Any]) -> None:
    # Ctrl-C reaches the whole group of processes; the parent alone ends the run.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _State.factory = factory
    _State.work = None


def _chunk(lines: Sequence[bytes], places: Places) -> Sequence[Any | SuperbillError]:
    if _State.work is None:
        _State.work = _State.stack.enter_context(_State.factory())
    return _worked(_State.work, lines, places)
