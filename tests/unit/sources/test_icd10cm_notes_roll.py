"""A small tabular list carried from day to day."""

from __future__ import annotations

from datetime import date

import pytest

from superbill.dates import FOREVER
from superbill.sources.composite import Part
from superbill.sources.document import Document
from superbill.sources.icd10cm_notes_history import ADDENDA, PUBLISHED, carried
from superbill.sources.icd10cm_notes_roll import Addenda, History, Published, roll
from superbill.sources.icd10cm_tabular import Node, Note
from superbill.sources.icd10cm_tabular_addenda import TabularEdit
from superbill.sources.release_names import fiscal_year_period, update_period

FIRST, NEXT, LATER = date(2016, 10, 1), date(2017, 10, 1), date(2018, 10, 1)

LIST = """
9 | Diseases of the circulatory system (I00-I99)
  I10-I16 | Hypertensive diseases (I10-I16)
    codeAlso | any tobacco use (Z72.0)
    I15 | Secondary hypertension
      excludes1 | postprocedural hypertension (I97.3)
      excludes1 | of the newborn (P29.2)
      I158 | Other secondary hypertension
        inclusionTerm | Hypertension, other
    I16 | Hypertensive crisis
"""


def whole(text: str = LIST, day: date = FIRST, release: str = "FY2017") -> Published:
    """Places by their codes, below each other as they are indented, and notes by their kinds."""
    rows: list[Node | Note] = []
    above: list[tuple[int, str]] = []
    for line in text.strip("\n").splitlines():
        head, _, rest = line.strip().partition(" | ")
        indent = len(line) - len(line.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        parent = above[-1][1] if above else ""
        if head[0].islower():
            character, text_ = rest[:1] if head == "sevenChrDef" else "", rest
            rows.append(Note(parent, head, len(rows), character, text_[2 * len(character) :]))
            continue
        kind = "chapter" if head.isdigit() else "section" if "-" in head else "category"
        kind = kind if kind != "category" or len(head) == 3 else "subcategory"
        rows.append(Node(head, kind, parent, len(rows), False, rest, False))
        above.append((indent, head))
    return Published(release, day, rows)


def addenda(text: str, day: date = NEXT, release: str = "FY2018") -> Addenda:
    """Lines ``sign node kind | before → after``; the signs are ``= + - ~``."""
    found: list[TabularEdit] = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        head, _, rest = line.strip().partition(" | ")
        sign, node, kind = head.split()
        before, arrow, after = rest.partition(" → ")
        edit = TabularEdit(1, number, "no change", node, kind, rest, rest)
        if sign == "+":
            edit = edit._replace(action="add", before="")
        elif sign == "-":
            edit = edit._replace(action="delete", after="")
        elif sign == "~":
            edit = edit._replace(action="revise", before=before, after=after if arrow else "")
        found.append(edit)
    return Addenda(release, day, found)


def on(history: History, day: date) -> list[str]:
    """Titles and notes of the day, in the order of the list."""
    notes: dict[str, list[str]] = {}
    for note in history.tree.dated_notes():
        if note.valid_from <= day < note.valid_to:
            line = f"  {note.kind} | {note.character}{' ' * bool(note.character)}{note.text}"
            notes.setdefault(note.node, []).append(line)
    found: list[str] = []
    for place in sorted(history.tree.dated_places(), key=lambda p: p.position):
        if place.valid_from <= day < place.valid_to:
            found += [f"{place.code} < {place.parent} | {place.title}", *notes.get(place.code, ())]
    return found


def outcomes(history: History) -> list[tuple[str, str]]:
    return [(p.outcome, p.reason) for p in history.placements]


BEFORE = [
    "9 <  | Diseases of the circulatory system (I00-I99)",
    "I10-I16 < 9 | Hypertensive diseases (I10-I16)",
    "  codeAlso | any tobacco use (Z72.0)",
    "I15 < I10-I16 | Secondary hypertension",
    "  excludes1 | postprocedural hypertension (I97.3)",
    "  excludes1 | of the newborn (P29.2)",
    "I158 < I15 | Other secondary hypertension",
    "  inclusionTerm | Hypertension, other",
    "I16 < I10-I16 | Hypertensive crisis",
]


def test_lines_are_added_deleted_and_revised_from_their_day() -> None:
    history = roll(
        whole(),
        [
            addenda(
                """
                - I15 excludes1 | postprocedural hypertension (I97.3)
                + I15 excludes2 | postprocedural hypertension (I97.3)
                ~ I15 excludes1 | of the newborn (P29.2) → neonatal hypertension (P29.2)
                + I159 title | Secondary hypertension, unspecified
                + I159 sevenChrDef | A - initial encounter
                ~ I16 title | Hypertensive crisis → Hypertensive crises
                """
            )
        ],
    )
    assert on(history, FIRST) == BEFORE
    assert on(history, NEXT)[3:] == [
        "I15 < I10-I16 | Secondary hypertension",
        "  excludes1 | neonatal hypertension (P29.2)",
        "  excludes2 | postprocedural hypertension (I97.3)",
        "I158 < I15 | Other secondary hypertension",
        "  inclusionTerm | Hypertension, other",
        "I159 < I15 | Secondary hypertension, unspecified",
        "  sevenChrDef | A initial encounter",
        "I16 < I10-I16 | Hypertensive crises",
    ]
    assert outcomes(history) == [("placed", "")] * 6
    spans = [
        (note.valid_from, note.valid_to, note.release)
        for note in history.tree.dated_notes()
        if "P29.2" in note.text
    ]
    assert spans == [(FIRST, NEXT, "FY2017"), (NEXT, FOREVER, "FY2018")]


def test_a_line_stands_after_the_one_that_is_named_before_it() -> None:
    lines = """
        = I15 excludes1 | postprocedural hypertension (I97.3)
        + I15 excludes1 | hypertension of eclampsia (O15)
        """
    history = roll(whole(), [addenda(lines)])
    assert on(history, NEXT)[4:7] == [
        "  excludes1 | postprocedural hypertension (I97.3)",
        "  excludes1 | hypertension of eclampsia (O15)",
        "  excludes1 | of the newborn (P29.2)",
    ]


def test_a_line_may_be_added_before_it_is_deleted_at_its_place() -> None:
    lines = """
        + I15 excludes1 | postprocedural hypertension (I97.3)
        - I15 excludes1 | postprocedural hypertension (I97.3)
        """
    history = roll(whole(), [addenda(lines)])
    assert on(history, NEXT)[4:6] == [
        "  excludes1 | of the newborn (P29.2)",
        "  excludes1 | postprocedural hypertension (I97.3)",
    ]


def test_a_deleted_place_takes_its_notes_and_what_lies_below_with_it() -> None:
    history = roll(whole(), [addenda("- I15 title | Secondary hypertension")])
    assert on(history, NEXT) == [*BEFORE[:3], BEFORE[-1]]
    assert on(history, FIRST) == BEFORE


def test_a_section_goes_on_under_another_range() -> None:
    lines = """
        = 9 title | Diseases of the circulatory system (I00-I99)
        ~ I10-I1A block | Hypertensive diseases (I10-I16) → Hypertensive diseases (I10-I1A)
        = I16 title | Hypertensive crisis
        + I1A title | Other hypertension
        """
    history = roll(whole(), [addenda(lines)])
    assert on(history, FIRST) == BEFORE
    assert on(history, NEXT) == [
        BEFORE[0],
        "I10-I1A < 9 | Hypertensive diseases (I10-I1A)",
        BEFORE[2],
        BEFORE[3].replace("I10-I16", "I10-I1A"),
        *BEFORE[4:8],
        "I16 < I10-I1A | Hypertensive crisis",
        "I1A < I10-I1A | Other hypertension",
    ]


def test_a_chapter_that_is_only_named_is_opened_with_its_sections() -> None:
    lines = """
        = 22 title | Codes for special purposes (U00-U85)
        + U00-U49 block | Provisional assignment (U00-U49)
        + U07 title | Emergency use of U07
        """
    history = roll(whole(), [addenda(lines)])
    assert on(history, NEXT)[len(BEFORE) :] == [
        "22 <  | Codes for special purposes (U00-U85)",
        "U00-U49 < 22 | Provisional assignment (U00-U49)",
        "U07 < U00-U49 | Emergency use of U07",
    ]
    assert history.placements[0].reason == "the list did not have it"


@pytest.mark.parametrize(
    ("line", "outcome", "reason"),
    [
        ("- I15 excludes1 | eclampsia (O15)", "not placed", "no such line at I15"),
        ("+ I77 excludes1 | eclampsia (O15)", "not placed", "no such place"),
        ("~ I15 excludes1 | of the newborn (P29.2)", "not placed", "no line that says revise to"),
        ("+ J10 title | Influenza", "not placed", "no place of the list lies above it"),
        ("- I151 title | Renal hypertension", "not placed", "no such place"),
        ("+ I15 excludes1 | Of the newborn (P29.2)", "already so", "stands there already"),
        ("+ I16 title | Hypertensive crisis", "already so", "stands there already"),
        (
            "~ I15 excludes1 | newborn (P29) → of the newborn (P29.2)",
            *("already so", "reads so already"),
        ),
        ("- I15 excludes2 | of the newborn (P29.2)", "placed nearby", "stands there as excludes1"),
        ("- I15 excludes1 | of the newborns (P29.2)", "placed nearby", "of the newborn (P29.2)"),
        ("- I10-I16 block | Hypertensive diseases (I10-I16)", "already so", "list of blocks"),
    ],
)
def test_what_does_not_fit_is_said(line: str, outcome: str, reason: str) -> None:
    history = roll(whole(), [addenda(line)])
    ((found, why),) = outcomes(history)
    assert found == outcome
    assert reason in why
    if outcome != "placed nearby":
        assert on(history, NEXT) == BEFORE


def test_a_list_published_whole_takes_over_and_what_differs_is_listed() -> None:
    newer = LIST.replace("of the newborn", "Of  the newborn").replace("any tobacco", "all tobacco")
    newer = newer.replace("    I16 | Hypertensive crisis\n", "    I1A | Other hypertension\n")
    history = roll(whole(), [whole(newer, LATER, "FY2019")])
    assert on(history, LATER) == [
        *BEFORE[:2],
        "  codeAlso | all tobacco use (Z72.0)",
        *BEFORE[3:5],
        "  excludes1 | Of  the newborn (P29.2)",
        *BEFORE[6:8],
        "I1A < I10-I16 | Other hypertension",
    ]
    assert [(p.action, p.node, p.text, p.outcome) for p in history.placements] == [
        ("add", "I10-I16", "all tobacco use (Z72.0)", "differs"),
        ("delete", "I10-I16", "any tobacco use (Z72.0)", "differs"),
        ("add", "I1A", "Other hypertension", "differs"),
        ("delete", "I16", "Hypertensive crisis", "differs"),
    ]
    assert on(history, NEXT) == BEFORE


def test_no_two_forms_of_a_line_stand_on_one_day() -> None:
    steps = [
        addenda("~ I15 excludes1 | of the newborn (P29.2) → neonatal (P29.2)"),
        addenda("~ I15 excludes1 | neonatal (P29.2) → of the newborn (P29.2)", LATER, "FY2019"),
    ]
    history = roll(whole(), steps)
    ends: dict[tuple[str, int], date] = {}
    for note in history.tree.dated_notes():
        assert note.valid_from < note.valid_to
        assert ends.get((note.node, note.position), FIRST) <= note.valid_from
        ends[note.node, note.position] = note.valid_to


def test_a_list_is_carried_only_where_addenda_follow_it_without_a_gap() -> None:
    document = Document.of("x", "")
    base = Part(PUBLISHED, document, fiscal_year_period(2017))
    first = Part(ADDENDA, document, fiscal_year_period(2018))
    gap = Part(ADDENDA, document, fiscal_year_period(2020))
    newer = Part(PUBLISHED, document, update_period(date(2026, 4, 1)))
    (segment,) = carried([newer, gap, first, base])
    assert segment.parts == (base, first)
    assert segment.period[:3] == ("FY2017 to FY2018", FIRST, LATER)
    assert carried([newer]) == []
    assert carried([first]) == []
