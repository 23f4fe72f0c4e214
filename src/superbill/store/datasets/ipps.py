"""Inpatient prospective payment: weights, rates, wage index, hospitals: CMS."""

from __future__ import annotations

from superbill.store.catalog import Dataset

DATASETS: tuple[Dataset, ...] = ()
