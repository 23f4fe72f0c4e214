"""How a figure came to be: steps as data, rendered the same everywhere.

A pricer computes through a tracer: ``trace("labor", L * wi, ...)`` returns its value, so that
the formula stays readable, and a :class:`Recorder` keeps the step. :data:`SILENT` keeps
nothing, for bulk work; both give the same amounts.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from typing import Protocol, TypeVar

from superbill.model.base import Value

Figure = Decimal | int | str
F = TypeVar("F", Decimal, int, str)


class Input(Value, frozen=True, kw_only=True):
    """A figure that a step used; ``source`` says where it came from, unless an earlier step."""

    name: str
    value: str
    source: str = ""


class Step(Value, frozen=True, kw_only=True):
    """One step of a calculation, with the steps inside it."""

    name: str
    value: str
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    rounding: str = ""
    citation: str = ""
    steps: tuple[Step, ...] = ()


class Trace(Protocol):
    """What a formula needs of a tracer."""

    def __call__(
        self,
        name: str,
        value: F,
        /,
        *,
        formula: str = "",
        rounding: str = "",
        cite: str = "",
        **inputs: Figure | tuple[Figure, str],
    ) -> F:
        """Record a step and return its value. An input is a figure, or ``(figure, source)``."""
        ...

    def part(self, name: str, cite: str = "") -> AbstractContextManager[None]:
        """Group the steps recorded inside the ``with`` block under one heading."""
        ...


class _Silent:
    """Records nothing."""

    __slots__ = ()

    def __call__(
        self,
        name: str,
        value: F,
        /,
        *,
        formula: str = "",
        rounding: str = "",
        cite: str = "",
        **inputs: Figure | tuple[Figure, str],
    ) -> F:
        return value

    def part(self, name: str, cite: str = "") -> AbstractContextManager[None]:
        return _NOTHING


_NOTHING: AbstractContextManager[None] = nullcontext()
SILENT: Trace = _Silent()


class _Part:
    """The ``with`` block of :meth:`Recorder.part`."""

    __slots__ = ("_cite", "_name", "_recorder")

    def __init__(self, recorder: Recorder, name: str, cite: str) -> None:
        self._recorder = recorder
        self._name = name
        self._cite = cite

    def __enter__(self) -> None:
        self._recorder._stack.append([])

    def __exit__(self, *_: object) -> None:
        inside = tuple(self._recorder._stack.pop())
        if inside:
            self._recorder._stack[-1].append(
                Step(name=self._name, value=inside[-1].value, citation=self._cite, steps=inside)
            )


class Recorder:
    """A tracer that keeps every step.

    >>> trace = Recorder()
    >>> with trace.part("Operating payment"):
    ...     total = trace("× weight", Decimal("2.0"), formula="rate × weight", rate=Decimal(1))
    >>> trace.steps[0].name, trace.steps[0].steps[0].inputs[0].value
    ('Operating payment', '1')
    """

    __slots__ = ("_stack",)

    def __init__(self) -> None:
        self._stack: list[list[Step]] = [[]]

    def __call__(
        self,
        name: str,
        value: F,
        /,
        *,
        formula: str = "",
        rounding: str = "",
        cite: str = "",
        **inputs: Figure | tuple[Figure, str],
    ) -> F:
        used = tuple(
            Input(name=key, value=str(figure[0]), source=figure[1])
            if isinstance(figure, tuple)
            else Input(name=key, value=str(figure))
            for key, figure in inputs.items()
        )
        self._stack[-1].append(
            Step(
                name=name,
                value=str(value),
                formula=formula,
                inputs=used,
                rounding=rounding,
                citation=cite,
            )
        )
        return value

    def part(self, name: str, cite: str = "") -> AbstractContextManager[None]:
        return _Part(self, name, cite)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps recorded so far, outermost first."""
        return tuple(self._stack[0])
