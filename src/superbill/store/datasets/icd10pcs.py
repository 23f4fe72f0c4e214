"""ICD-10-PCS, the inpatient procedure codes: CMS."""

from __future__ import annotations

from superbill.store.catalog import Dataset

DATASETS: tuple[Dataset, ...] = ()
