"""What no file of the project may contain."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.contracts.tree import files, name

MACHINE = re.compile(r"(^|[^a-z.\w])/(work|root|farm|tmp|home|Users)/", re.MULTILINE)
REGISTRY = re.compile(r"extra-index|index-url|registry *= *[\"']?http")

LONG: dict[str, str] = {}
"""Files over 400 lines, each with the reason."""

ALL = {name(path): path for path in files()}
PYTHON = {key: path for key, path in ALL.items() if path.suffix == ".py"}


@pytest.mark.parametrize("key", ALL)
def test_no_file_names_a_machine_s_path_or_a_registry(key: str) -> None:
    content = ALL[key].read_text(encoding="utf-8")
    assert not MACHINE.search(content)
    assert key == "tests/contracts/test_tree.py" or not REGISTRY.search(content)


def test_no_source_is_over_400_lines_without_a_reason() -> None:
    long = {key for key, path in PYTHON.items() if len(path.read_text().splitlines()) > 400}
    assert long == set(LONG)


@pytest.mark.parametrize("key", [key for key in PYTHON if key.startswith("src/")])
def test_every_module_says_what_it_is(key: str) -> None:
    assert ast.get_docstring(ast.parse(PYTHON[key].read_text()))


@pytest.mark.parametrize("key", [key for key in PYTHON if key.startswith("src/")])
def test_nothing_catches_every_error(key: str) -> None:
    for node in ast.walk(ast.parse(PYTHON[key].read_text())):
        if isinstance(node, ast.ExceptHandler):
            caught = "everything" if node.type is None else ast.unparse(node.type)
            again = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            broad = re.search(r"\b(Exception|BaseException|everything)\b", caught)
            assert again or not broad, f"line {node.lineno} catches {caught}"


CPT_IN_A_FIELD = re.compile(r"(?i)\b(?:hcpcs|cpt)\w*[\"']?\s*[:=,]\s*[\"']?\d{4}[0-9FTUM]\b")
CPT_WITH_TEXT = re.compile(
    r"(?m)^\W*(?:0[0-1]\d{3}|[1-9]\d{4}|\d{4}[FTU])[\"',:;|\t ]+(?:[A-Za-z][a-z]+\W+){2,}[a-z]+"
)
CALLED_CPT = re.compile(r"\bCPT\b[^\n]{0,40}\b\d{4}[0-9FTU]\b")

LOOKS_LIKE_CPT: dict[str, str] = {}
"""Files in which five digits stand before words for another reason, each with that reason."""


def cpt(content: str) -> list[str]:
    """What looks like a CPT code with its descriptor."""
    patterns = (CPT_IN_A_FIELD, CPT_WITH_TEXT, CALLED_CPT)
    return [found.group() for pattern in patterns for found in pattern.finditer(content)]


@pytest.mark.parametrize("key", [k for k in ALL if k != "tests/contracts/test_tree.py"])
def test_no_file_carries_cpt(key: str) -> None:
    found = cpt(ALL[key].read_text(encoding="utf-8"))
    assert not found or key in LOOKS_LIKE_CPT


@pytest.mark.parametrize(
    "content",
    [
        '"hcpcs": "12345"',
        "12345,Some procedure of the hand",
        "CPT code 12345",
        "0012T Some new test",
    ],
)
def test_the_check_sees_cpt(content: str) -> None:
    assert cpt(content)


def test_no_file_is_too_big_to_review() -> None:
    big = {key for key, path in ALL.items() if Path(path).stat().st_size > 500_000}
    assert big == set()
