"""Datasets whose rows follow from releases of other datasets, worked out by the build.

They are parsed, loaded, checked and locked as published files are; the document is made of those
that they follow from, and its digest is taken over theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from superbill.sources.composite import Composite, Part
from superbill.store.answers import answering
from superbill.store.catalog import Dataset
from superbill.store.intake import Found


def derived(dataset: Dataset, plan: Mapping[str, Sequence[Found]]) -> list[Found]:
    """The releases of ``dataset`` that follow from the releases of ``plan``.

    Only releases that answer on some day count. None follows where the dataset is not derived.
    """
    if dataset.derivation is None:
        return []
    held: dict[Part, Found] = {}
    for source in dataset.derivation.sources:
        for _, found in answering(plan.get(source, ())):
            held[Part(source, found.document, found.period)] = found
    return [
        Found(
            dataset,
            dataset.layouts[0],
            period,
            Composite(f"{dataset.id}, worked out", parts),
            file="",
            member="",
            sha256=(digest := _digest([held[part] for part in parts])),
            content_sha256=digest,
        )
        for parts, period in dataset.derivation.periods(tuple(held))
    ]


def _digest(releases: Sequence[Found]) -> str:
    """SHA-256 over what decides the rows: content, parser version and days of each release."""
    digest = hashlib.sha256()
    for found in releases:
        facts = (found.dataset.id, found.content_sha256, found.layout.version, found.period)
        digest.update(repr(facts).encode())
    return digest.hexdigest()
