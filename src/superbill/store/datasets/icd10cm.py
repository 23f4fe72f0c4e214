"""ICD-10-CM, the diagnosis codes: CDC/NCHS and CMS."""

from __future__ import annotations

from superbill.store.catalog import Dataset

DATASETS: tuple[Dataset, ...] = ()
