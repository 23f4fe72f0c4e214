"""A quick slice of ``python -m tests.encoder.notes``: suggestions keep finding what they found."""

from __future__ import annotations

import pytest

from superbill.encoder.suggestions import Suggester
from superbill.store.open import Store
from tests.encoder import notes


@pytest.mark.shared
def test_dev_notes_without_the_index(embedded_store: Store) -> None:
    """The first hundred of ``dev``, on what installed packages carry."""
    if not notes.NOTES.is_dir():
        pytest.skip("the notes at ../shared/samples/notes are not there")
    suggester = Suggester(embedded_store, on=notes.DAY)
    held = notes.notes("dev", suggester)[:100]
    found = notes.predicted(held, suggester)
    exact, category = notes.score(held, found), notes.score(held, found, 3)
    assert exact.precision > 0.60
    assert exact.f1 > 0.42
    assert category.f1 > 0.50
