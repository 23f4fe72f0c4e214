"""The names that the package offers."""

from __future__ import annotations

from datetime import date

import pytest

import superbill
from superbill import encoder
from superbill.cli.app import COMMANDS
from superbill.store.open import Store


@pytest.mark.parametrize("name", superbill.__all__)
def test_every_name_that_is_offered_is_there(name: str) -> None:
    assert getattr(superbill, name) is not None
    assert name in dir(superbill)


def test_what_is_not_offered_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        superbill.nonsense  # noqa: B018 - the look-up itself is what fails


@pytest.mark.parametrize("name", encoder.__all__)
def test_the_encoders_functions_are_called_as_its_commands(name: str) -> None:
    assert name.replace("_", "-") in COMMANDS
    assert getattr(encoder, name) is getattr(superbill, name)
    assert getattr(encoder, name).__name__ == name
    assert name in dir(encoder)


def test_where_check_is(embedded_store: Store) -> None:
    with pytest.raises(AttributeError, match=r"It is superbill\.check"):
        encoder.check  # noqa: B018 - the look-up itself is what fails
    found = superbill.check(embedded_store, ["I50.23", "I11.0"], on=date(2026, 5, 1))
    assert [finding.rule for finding in found.findings] == ["conventions.code_first"]
