"""MS-DRG and Medicare Code Editor reference tables: CMS."""

from __future__ import annotations

from superbill.store.catalog import Dataset

DATASETS: tuple[Dataset, ...] = ()
