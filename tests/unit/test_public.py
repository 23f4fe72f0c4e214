"""The names that the package offers."""

from __future__ import annotations

import pytest

import superbill


@pytest.mark.parametrize("name", superbill.__all__)
def test_every_name_that_is_offered_is_there(name: str) -> None:
    assert getattr(superbill, name) is not None
    assert name in dir(superbill)


def test_what_is_not_offered_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        superbill.nonsense  # noqa: B018 - the look-up itself is what fails
