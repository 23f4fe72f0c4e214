"""Every dataset that a reference store can hold.

A *dataset* is one kind of published table: who publishes it and under which licence, the
columns of its rows, the layouts in which it is published, and what must be true of it.

To add one, copy the newest neighbour in ``store/datasets/``:

1. Write the parser in ``sources/``: a module with a :class:`~superbill.sources.document.Layout`
   (``recognise``, ``parse``, the range of its row count). It yields plain tuples.
2. Write the :class:`Dataset` in a module of ``store/datasets/`` and add it to that module's
   ``DATASETS``. If the module is new, add it to :func:`datasets` below.
3. Give it anchors: rows whose values you have read in the published file with your own eyes.
4. If an installed package carries it, name that file in ``embedded`` with the days it speaks
   for; the first build then works offline.
5. If a second dataset says the same thing, add a comparison to ``store/comparisons.py``.

Which release answers on a day: the one whose period started last. Where two start on the same
day, a file that the user brought stands before an embedded one, and a later publication before
an earlier one. A day that no release speaks for is not covered.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import NamedTuple

from superbill.sources.composite import Part
from superbill.sources.document import Cell, Layout, Period
from superbill.store.schema import Column, Table

__all__ = ["Anchor", "Column", "Dataset", "Derivation", "Embedded", "Table", "by_id", "datasets"]

US_GOVERNMENT_WORK = (
    "Work of the United States Government, in the public domain in the United States "
    "(17 U.S.C. 105)"
)


class Anchor(NamedTuple):
    """A row whose values are known, read in the published file.

    Checked in every release that speaks for the day ``on`` (in every release, where ``on`` is
    ``None``). ``values`` of ``None`` states that there is no such row. ``source`` says where the
    values were read.
    """

    on: date | None
    key: Mapping[str, Cell]
    values: Mapping[str, Cell] | None
    source: str


class Embedded(NamedTuple):
    """A file inside an installed package that serves until a published one is brought.

    ``package`` is its import name, ``distribution`` and ``version`` what it is installed as: the
    build refuses another version, whose file may be of other days (an empty version: our own
    package). ``path`` is relative to the package's folder, ``layout`` names one of the dataset's
    layouts, and ``period`` states which release the file is.
    """

    package: str
    distribution: str
    version: str
    path: str
    layout: str
    period: Period


class Derivation(NamedTuple):
    """From which datasets the rows of another follow, and for which days.

    ``sources`` are datasets that stand earlier in the catalog. ``periods`` is given their
    releases that answer on some day, and returns, for each release that follows from them, its
    parts and the days it speaks for. The dataset's one layout then parses a
    :class:`~superbill.sources.composite.Composite` of the parts.
    """

    sources: tuple[str, ...]
    periods: Callable[[Sequence[Part]], Sequence[tuple[tuple[Part, ...], Period]]]


class Dataset(NamedTuple):
    """One kind of published table.

    ``id`` is dotted, ``system.thing`` (``ipps.drg_weights``). ``address`` is the publisher's
    page. ``dated_rows`` says that the parser yields ``valid_from, valid_to`` ahead of the
    columns; otherwise each row holds for the whole period of its release. ``remedy`` completes
    the sentence "… is not covered on …": the command that would bring it. ``yields_to`` names a
    dataset that says the same and more: a file of this one is not loaded where the user also
    brought a file of that one for the same days. ``derivation`` says that its rows follow from
    other datasets and are worked out by the build.
    """

    id: str
    title: str
    publisher: str
    address: str
    licence: str
    table: Table
    layouts: tuple[Layout, ...]
    remedy: str
    anchors: tuple[Anchor, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    dated_rows: bool = False
    yields_to: str = ""
    derivation: Derivation | None = None

    def layout(self, name: str) -> Layout:
        """The layout called ``name``."""
        return next(layout for layout in self.layouts if layout.name == name)


_MODULES = (
    "icd10cm",
    "icd10cm_index",
    "icd10cm_guidelines",
    "icd10pcs",
    "icd10pcs_tables",
    "msdrg",
    "ipps",
    "hcpcs",
    "mpfs",
    "clfs",
    "medicaid",
    "asc",
    "ncci",
)


@functools.cache
def datasets() -> tuple[Dataset, ...]:
    """Every dataset, in the order of loading."""
    found: list[Dataset] = []
    for name in _MODULES:
        module = import_module(f"superbill.store.datasets.{name}")
        found.extend(module.DATASETS)
    return tuple(found)


def by_id(dataset: str) -> Dataset:
    """The dataset called ``dataset``; ``KeyError`` where there is none."""
    return {d.id: d for d in datasets()}[dataset]
