"""A quick slice of ``make eval`` on the published indexes."""

from __future__ import annotations

import pytest

from superbill.encoder.find.corpus import corpora
from superbill.store.open import Store
from tests.encoder import cases, measure


@pytest.mark.shared
def test_index_entries_left_out(index_store: Store) -> None:
    """Each left out of the searched text; 250 of them give 0.74/0.92/0.94."""
    held = corpora(index_store)[:1]
    aside = cases.left_out(held[0])
    index = measure.without(held, [p for group in aside.values() for p in group])
    chosen = cases.of_phrases(aside["index test"])[:200]
    one, five, ten = measure.recall(measure.run(index_store, index, chosen, "cm"))
    assert one > 0.66
    assert five > 0.84
    assert ten > 0.88
