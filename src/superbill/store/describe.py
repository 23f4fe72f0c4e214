"""Tables of what the store can hold and what can be fetched, for the documentation."""

from __future__ import annotations

from superbill.sources.msdrg_rows import PACKAGE_ONLY
from superbill.store.catalog import Dataset, datasets
from superbill.store.publishers import publishers
from superbill.store.release import days


def layouts_table() -> str:
    """Every dataset with the layouts that are recognised and what packages carry, as Markdown."""
    lines = [
        "| dataset | what | published layouts that are read | from an installed package |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{dataset.id}` | {dataset.title} | {_layouts(dataset)} | {_embedded(dataset)} |"
        for dataset in datasets()
    ]
    return "\n".join(lines) + "\n"


def downloads_table() -> str:
    """Every file that ``superbill data download`` knows, as Markdown."""
    lines = ["| name | file | publisher | checksum |", "|---|---|---|---|"]
    lines += [
        f"| `{p.id}` | [{p.title}]({p.address}) | {p.publisher} | "
        f"{'known beforehand' if p.sha256 else 'recorded when fetched'} |"
        for p in publishers().file
    ]
    return "\n".join(lines) + "\n"


def licences_table() -> str:
    """The licences that are shown before a file is fetched, as Markdown."""
    found = publishers().licence.values()
    return "".join(
        f"- **[{licence.name}]({licence.address}).** {' '.join(licence.text.split())}\n"
        for licence in found
    )


def _layouts(dataset: Dataset) -> str:
    if dataset.derivation is not None:
        return f"worked out from {', '.join(f'`{s}`' for s in dataset.derivation.sources)}"
    names = [layout.name for layout in dataset.layouts if layout not in PACKAGE_ONLY]
    return "; ".join(names) or "–"


def _embedded(dataset: Dataset) -> str:
    return (
        "; ".join(
            f"{item.distribution}: {item.period.label} ({days(item.period[1:3])})"
            for item in dataset.embedded
        )
        or "–"
    )
