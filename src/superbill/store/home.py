"""Where the reference store lies: ``SUPERBILL_DATA``, else the user's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "SUPERBILL_DATA"
STORE_NAME = "reference.sqlite"
DOWNLOADS_NAME = "published"


def data_dir() -> Path:
    """The folder that holds the store, older stores and downloaded files. Not created here."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 - start-up stays short without it

    return user_data_path("superbill", appauthor=False)


def default_store() -> Path:
    """The store that commands use unless told otherwise."""
    return data_dir() / STORE_NAME


def downloads_dir() -> Path:
    """Where downloaded published files are kept."""
    return data_dir() / DOWNLOADS_NAME
