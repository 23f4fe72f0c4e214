"""Only money.py rounds: every other rounding would be one that nobody sees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.contracts.tree import files, name

ROUNDS = {"round", "quantize", "__round__", "to_integral_value", "to_integral_exact", "to_integral"}
PRECISION = re.compile(r"\.\d+[fge%]")

PATHS = {name(path): path for path in files("src", suffixes={".py"})}


def rounding(source: str) -> Iterator[tuple[int, str]]:
    """Where a source rounds: the line, and by what."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
                if called in ROUNDS:
                    yield node.lineno, called
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
                if PRECISION.search(ast.unparse(spec)):
                    yield node.lineno, ast.unparse(spec)


@pytest.mark.parametrize("path", [path for path in PATHS if path != "src/superbill/money.py"])
def test_nothing_but_money_rounds(path: str) -> None:
    assert list(rounding(PATHS[path].read_text())) == []


@pytest.mark.parametrize(
    "source", ["round(x)", "x.quantize(y)", "x.to_integral_value()", "f'{x:.2f}'", "f'{x:,.1%}'"]
)
def test_the_check_sees_every_way_of_rounding(source: str) -> None:
    assert len(list(rounding(source))) == 1
