from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from superbill.dates import FOREVER
from superbill.sources.composite import Part
from superbill.sources.document import Document, Period
from superbill.sources.icd10cm_addenda import Edit
from superbill.sources.icd10cm_index import IndexTerm
from superbill.sources.icd10cm_index_history import segments
from superbill.sources.icd10cm_index_roll import Addenda, History, Published, parse_row, roll
from superbill.sources.icd10cm_printed import print_entry
from superbill.sources.release_names import fiscal_year_period, update_period

FIRST = date(2016, 10, 1)
NEXT = date(2017, 10, 1)


def published(text: str, day: date = FIRST, release: str = "FY2017") -> Published:
    terms = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        level = 0
        while line.startswith("- ", 2 * level):
            level += 1
        terms.append(IndexTerm(number, level, parse_row(line[2 * level :])))
    return Published(release, day, terms)


def edits(text: str) -> list[Edit]:
    """Lines of an action's sign (``= + -``, ``<`` revised to ``>``), dashes, and an entry."""
    found: list[Edit] = []
    before = ""
    for number, line in enumerate(text.strip().splitlines(), start=1):
        sign, _, rest = line.strip().partition(" ")
        level = 0
        while rest.startswith("- "):
            rest, level = rest[2:], level + 1
        if sign == "=":
            found.append(Edit(1, number, "no change", level, rest, rest))
        elif sign == "+":
            found.append(Edit(1, number, "add", level, "", rest))
        elif sign == "-":
            found.append(Edit(1, number, "delete", level, rest, ""))
        elif sign == "<":
            before = rest
        else:
            found.append(Edit(1, number, "revise", level, before, rest))
    return found


def on(history: History, day: date) -> list[str]:
    return [
        "- " * entry.level + print_entry(entry.entry)
        for entry in history.entries()
        if entry.valid_from <= day < entry.valid_to
    ]


def outcomes(history: History) -> list[tuple[str, str]]:
    return [(p.outcome, p.text) for p in history.placements]


def change(base: str, text: str) -> History:
    return roll(published(base), [Addenda("FY2018", NEXT, edits(text))])


BASE = """\
Abscess (acute) L02.91
- liver K75.0
- wound T81.4
Boil - see Furuncle
"""


def test_add_delete_and_revise_hold_from_their_day() -> None:
    history = change(
        BASE,
        """\
= Abscess (acute) L02.91
+ - brain G06.0
- - liver K75.0
< - wound T81.4
> - wound T81.49
""",
    )
    assert on(history, FIRST) == BASE.strip().splitlines()
    assert on(history, NEXT) == [
        "Abscess (acute) L02.91",
        "- brain G06.0",
        "- wound T81.49",
        "Boil - see Furuncle",
    ]
    assert {p.outcome for p in history.placements} == {"placed"}
    liver = [e for e in history.entries() if e.entry.title == "liver"]
    assert [(e.valid_from, e.valid_to, e.release) for e in liver] == [(FIRST, NEXT, "FY2017")]
    wound = [e for e in history.entries() if e.entry.title == "wound"]
    assert [(e.entry.code, e.valid_to, e.release) for e in wound] == [
        ("T814", NEXT, "FY2017"),
        ("T8149", FOREVER, "FY2018"),
    ]
    assert len({e.node for e in wound}) == 1


def test_what_is_below_a_deleted_term_goes_with_it() -> None:
    history = change("Abscess\n- liver K75.0\n- - acute K75.1", "= Abscess\n- - liver K75.0")
    assert on(history, NEXT) == ["Abscess"]


def test_terms_are_printed_in_order_with_before_the_others() -> None:
    history = change(
        "Abscess\n- brain G06.0\n- wound T81.4",
        "= Abscess\n+ - spleen D73.3\n+ - with sepsis A41.9",
    )
    assert on(history, NEXT) == [
        "Abscess",
        "- with sepsis A41.9",
        "- brain G06.0",
        "- spleen D73.3",
        "- wound T81.4",
    ]


def test_a_line_that_reads_a_little_otherwise_is_placed_and_says_so() -> None:
    history = change(
        "Precerbral artery, congential Q28.1",
        "< Precerbral artery, congenital Q28.1\n> Precerebral artery, congenital Q28.1",
    )
    assert on(history, NEXT) == ["Precerebral artery, congenital Q28.1"]
    (placement,) = history.placements
    assert placement.outcome == "placed nearby"
    assert "congential" in placement.reason


def test_other_modifiers_are_the_same_term() -> None:
    history = change("Abscess (acute) L02.91", "= Abscess (chronic) L02.91\n+ - brain G06.0")
    assert on(history, NEXT)[1] == "- brain G06.0"
    assert history.placements[0].reason == "the modifiers are others"


def test_what_cannot_be_placed_is_listed_with_the_reason() -> None:
    history = change(
        BASE,
        """\
= Cyst L72.9
+ - brain G93.0
- Abscess L02.92
> - - - heart I51.4
- Zoster B02.9
""",
    )
    listed = [(p.outcome, p.text, p.reason) for p in history.placements]
    assert listed[0] == ("not placed", "Cyst L72.9", "no such entry under the index")
    assert listed[1] == ("not placed", "brain G93.0", "the line above it was not placed")
    assert listed[3][2] == "no line above it has 2 dashes"
    assert listed[4][0] == "not placed"


def test_half_a_revision_is_listed() -> None:
    history = roll(
        published(BASE), [Addenda("FY2018", NEXT, [Edit(1, 1, "revise", 0, "Boil", "")])]
    )
    assert outcomes(history) == [("not placed", "Boil")]
    assert on(history, NEXT) == BASE.strip().splitlines()


def test_what_is_so_already_is_listed_as_that() -> None:
    history = change(BASE, "+ Boil - see Furuncle\n< Boil - see Carbuncle\n> Boil - see Furuncle")
    # The second finds the entry by its title and gives it what it has.
    assert outcomes(history)[0] == ("already so", "Boil - see Furuncle")
    assert on(history, NEXT) == BASE.strip().splitlines()


def test_an_entry_that_stood_twice_stays_once_however_often_it_is_deleted() -> None:
    twice = "Coli B96.20\n- O157 B96.21\n- O157 B96.21"
    once = "= Coli B96.20\n- - O157 B96.21\n= - O157 B96.21"
    history = roll(
        published(twice),
        [
            Addenda("FY2018", NEXT, edits(once)),
            Addenda("FY2019", date(2018, 10, 1), edits(once)),
        ],
    )
    assert on(history, NEXT) == ["Coli B96.20", "- O157 B96.21"]
    assert on(history, date(2019, 1, 1)) == ["Coli B96.20", "- O157 B96.21"]
    assert [p.outcome for p in history.placements[3:]] == ["placed", "already so", "placed"]


def test_a_note_is_an_aside_and_the_lines_after_it_stand_under_the_term_before() -> None:
    history = change(
        "Failure\n- heart I50.9",
        "= Failure\n= - heart I50.9\n+ - Note: stages are\n+ - - stage A Z91.89",
    )
    heart = on(history, NEXT)
    assert heart[heart.index("- heart I50.9") + 1] == "- - stage A Z91.89"


def test_the_cells_of_a_title_revised_alone_are_kept() -> None:
    row = " | T37.8X1 | T37.8X2 | T37.8X3 | T37.8X4 | T37.8X5 | T37.8X6"
    history = change(f"Benzyl-zide{row}", "< Benzyl-zide\n> Benzylzide")
    assert on(history, NEXT) == [f"Benzylzide{row}"]


def test_addenda_no_later_than_the_index_are_in_it_already() -> None:
    old = Addenda("FY2017", FIRST, edits("- Boil - see Furuncle"))
    assert on(roll(published(BASE), [old]), NEXT) == BASE.strip().splitlines()


def test_a_newer_index_takes_over_and_what_differs_is_listed() -> None:
    newer = published(
        "Abscess (acute) L02.91\n- brain G06.0\n- wound T81.49\nCyst L72.9",
        date(2018, 10, 1),
        "FY2019",
    )
    history = roll(
        published(BASE), [newer, Addenda("FY2018", NEXT, edits("= Abscess\n+ - brain G06.0"))]
    )
    assert on(history, date(2018, 9, 30))[1] == "- brain G06.0"
    assert on(history, date(2018, 10, 1)) == [
        "Abscess (acute) L02.91",
        "- brain G06.0",
        "- wound T81.49",
        "Cyst L72.9",
    ]
    differs = [(p.action, p.text) for p in history.placements if p.outcome == "differs"]
    assert sorted(differs) == [
        ("add", "Cyst L72.9"),
        ("delete", "Boil - see Furuncle"),
        ("delete", "liver K75.0"),
        ("revise", "wound T81.4 → wound T81.49"),
    ]


def _part(dataset: str, period: Period) -> Part:
    return Part(dataset, Document.of("x", ""), period)


def _spans(parts: Sequence[Part]) -> list[tuple[date, date]]:
    return [(s.period.valid_from, s.period.valid_to) for s in segments(parts, "diseases")]


def test_a_missing_year_ends_what_is_carried_until_an_index_is_published_whole() -> None:
    whole, addenda = "icd10cm.index_published", "icd10cm.index_addenda"
    first = _part(whole, fiscal_year_period(2017))
    years = [_part(addenda, fiscal_year_period(year)) for year in (2018, 2019)]
    april = _part(addenda, update_period(date(2019, 4, 1)))
    assert _spans([*years, first, april]) == [(FIRST, date(2019, 10, 1))]
    later = _part(addenda, fiscal_year_period(2021))
    assert _spans([first, *years, later]) == [(FIRST, date(2019, 10, 1))]
    again = _part(whole, fiscal_year_period(2021))
    assert _spans([first, years[0], again, _part(addenda, fiscal_year_period(2022))]) == [
        (FIRST, date(2018, 10, 1)),
        (date(2020, 10, 1), date(2022, 10, 1)),
    ]
    assert _spans(years) == []
