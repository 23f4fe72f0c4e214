"""The tables: they read, agree with the standard and with pyx12's maps, and compile to patterns."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from superbill.errors import BadRow
from superbill.interop.x12.guides import GUIDES, HEADS, guide, versions
from superbill.interop.x12.guides import table as tables
from superbill.interop.x12.guides.pattern import NEVER, segment_pattern
from superbill.interop.x12.guides.spec import Segment
from superbill.interop.x12.guides.table import dictionary, plain_segment, read_table
from superbill.interop.x12.segments import Delimiters
from tests.unit.interop.reader import maps
from tests.unit.interop.reader.files import CASES

with (CASES / "x12_maps.toml").open("rb") as file:
    KNOWN: list[dict[str, Any]] = tomllib.load(file)["difference"]


@pytest.mark.parametrize("name", maps.FILES)
def test_a_table_says_what_pyx12_s_map_says_or_why_not(name: str) -> None:
    us, them = maps.ours(guide(name)), maps.theirs(name)
    differ = {
        place: (us.get(place), them.get(place))
        for place in us.keys() | them.keys()
        if us.get(place) != them.get(place)
    }
    known = {d["place"]: (d["ours"], d["pyx12"]) for d in KNOWN if d["guide"] == name}
    assert differ == known
    assert len(us) > 500


def test_heads_are_those_of_the_tables() -> None:
    assert [h.name for h in HEADS] == list(GUIDES)
    for head in HEADS:
        table = read_table(head.name)
        assert (table.set_id, table.version, table.also) == head[1:]
        assert versions()[head.set_id, head.version] == (head.name, True)


@pytest.mark.parametrize("name", [*GUIDES, "envelope"])
def test_every_segment_has_a_pattern_that_can_be_fitted(name: str) -> None:
    for form in guide(name).forms:
        pattern = segment_pattern(form, Delimiters())
        assert not pattern.pattern.startswith(NEVER)
        assert len({form.id for _ in form.elements}) <= 1


@pytest.mark.parametrize("name", GUIDES)
def test_from_every_place_the_way_to_each_segment_is_known(name: str) -> None:
    along = guide(name)
    for node in along.nodes:
        for other in along.ids:
            follow = along.follow(node, other)
            assert follow is not None
            # One code leads to more than one place only where the forms tell them apart.
            for steps in follow.by_code.values():
                forms = [step.node.form for step in steps]
                loops = [step.node.loop.path for step in steps]
                assert len(steps) == 1 or len(set(forms)) > 1 or len(set(loops)) > 1


@pytest.mark.parametrize("name", GUIDES)
def test_notes_of_composites_are_settled_by_usage(name: str) -> None:
    """A pattern cannot tell repetitions of a composite apart, so none must need to."""
    for form in guide(name).forms:
        pattern = segment_pattern(form, Delimiters()).pattern
        bare = re.sub(r"\\.", "", pattern)
        for element in form.elements:
            if element.repeat > 1 or element.parts:
                assert (
                    "(?("
                    not in segment_pattern(
                        Segment("X", "R", 1, 0, (element,), ()), Delimiters()
                    ).pattern
                )
        assert bare


def test_the_dictionary_knows_its_own() -> None:
    known = dictionary()
    assert known.elements["782"] == ("R", 1, 18)
    numbers, notes = known.segments["NM1"]
    assert len(numbers) == 12
    assert [str(n) for n in notes] == ["C1110", "C1203", "P0809"]
    assert plain_segment("C022") is None
    assert plain_segment("XYZ") is None
    clm = plain_segment("CLM")
    assert clm is not None
    assert {e.usage for e in clm.elements} == {"S"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ST R 1 R=837", "identifier, usage"),
        ("QQQ R 1 : R", "a segment of segments.txt"),
        ("ST R 1 : R R R R", "3 elements at most"),
        ("ST R 1 : R=$nothing", "a list of lists.txt"),
        ("ST R 1 : X", "a usage"),
        ("ST R 1 : R\n    BHT R 1 : R", "levels of indentation"),
        ("loop 2000 R 1 : empty\nST R 1 : R", "first line is a segment"),
        ("same 2300 R 1", "a loop that stands above"),
    ],
)
def test_a_line_that_does_not_read_is_named(
    text: str, expected: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dictionary()
    (tmp_path / "bad.txt").write_text(f"set      837\ngroup    HC\nversion  1\n\n{text}\n")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    with pytest.raises(BadRow, match=expected) as raised:
        read_table("bad")
    assert raised.value.dataset == "guides/bad.txt"
    assert raised.value.line >= 5
