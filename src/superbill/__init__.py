"""Superbill: what happened to a patient, in codes, and what each code does to the money.

The names below are loaded when they are first used, so that ``import superbill`` costs nothing::

    from superbill import Engine, adjudicate, read

    stay = read.encounter(open("stay.json", "rb").read())
    with Engine() as engine:
        decision = adjudicate(stay, engine=engine)
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from superbill.adjudication import Engine as Engine
    from superbill.adjudication import adjudicate as adjudicate
    from superbill.adjudication import group as group
    from superbill.adjudication import price as price
    from superbill.bulk import run as run
    from superbill.codes.near import lookup as lookup
    from superbill.edits.conventions import Conventions as Conventions
    from superbill.edits.conventions.codes import Checked
    from superbill.edits.conventions.codes import check_codes as check_codes
    from superbill.edits.conventions.record import Setting
    from superbill.encoder import build_pcs as build_pcs
    from superbill.encoder import guideline as guideline
    from superbill.encoder import search as search
    from superbill.encoder import suggest as suggest
    from superbill.encoder import walk as walk
    from superbill.errors import BadRow as BadRow
    from superbill.errors import BuildFailed as BuildFailed
    from superbill.errors import Invalid as Invalid
    from superbill.errors import NotCovered as NotCovered
    from superbill.errors import SuperbillError as SuperbillError
    from superbill.explain import markdown as markdown
    from superbill.explain import outline as outline
    from superbill.explain import text as text
    from superbill.model import Decision as Decision
    from superbill.model import Encounter as Encounter
    from superbill.model import Hospital as Hospital
    from superbill.model import read as read
    from superbill.store.build import build as build
    from superbill.store.open import Store as Store

_FROM = {
    "superbill.adjudication": ("Engine", "adjudicate", "group", "price"),
    "superbill.bulk": ("run",),
    "superbill.codes.near": ("lookup",),
    "superbill.edits.conventions": ("Conventions",),
    "superbill.edits.conventions.codes": ("check_codes",),
    "superbill.encoder": ("build_pcs", "guideline", "search", "suggest", "walk"),
    "superbill.errors": ("BadRow", "BuildFailed", "Invalid", "NotCovered", "SuperbillError"),
    "superbill.explain": ("markdown", "outline", "text"),
    "superbill.model": ("Decision", "Encounter", "Hospital", "read"),
    "superbill.store.build": ("build",),
    "superbill.store.open": ("Store",),
}
_HOME = {name: module for module, names in _FROM.items() for name in names}

__all__ = ["__version__", "check", *_HOME]  # noqa: PLE0604 - names of the table above


def check(
    store: "Store",
    codes: "Sequence[str]",
    *,
    on: "date",
    age: int | None = None,
    sex: str = "",
    setting: "Setting" = "inpatient",
) -> "Checked":
    """Check diagnosis codes together, the first one principal, as ``superbill check`` does.

    Like the functions of :mod:`superbill.encoder`, which may not import what this one needs.
    For many records, keep a ``Conventions`` and call ``check_codes``. ``age`` is in whole years,
    ``sex`` M, F or U; a code may bear its indicator (``I50.23:Y``). Raises ``Invalid`` for what
    is no code, and ``NotCovered`` for a day without lists of codes.
    """
    from superbill.edits.conventions import Conventions  # noqa: PLC0415 - see the docstring
    from superbill.edits.conventions.codes import check_codes  # noqa: PLC0415

    return check_codes(
        codes, on=on, conventions=Conventions(store), age=age, sex=sex, setting=setting
    )


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - see the docstring

    module = import_module(_HOME[name])
    found = import_module(f"{_HOME[name]}.read") if name == "read" else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
