"""The notes of the tabular list, read: the grammar, ranges in the order of the list, the whole."""

from __future__ import annotations

from datetime import date

import pytest

from superbill.codes.notes import Notes, open_notes, survey
from superbill.codes.notes.grammar import Clause, Mention, named
from superbill.codes.notes.reading import _by_hand, read
from superbill.edits.conventions import OF_CODES
from superbill.edits.conventions.table import PREFIX, written
from superbill.store.open import Store

DAY = date(2026, 4, 15)


@pytest.fixture(scope="module")
def notes(embedded_store: Store) -> Notes:
    found = open_notes(embedded_store, on=DAY)
    assert found is not None
    return found


# -- the grammar


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("(I11.0)", "I110"),
        ("(K55.-)", "K55"),
        ("(H01.8-)", "H018"),
        ("(A00-B99)", "A00-B99"),
        ("(S00 - S09)", "S00-S09"),
        ("(I01.0 -I01.9)", "I010-I019"),
        ("(M05.00 to M05.8A)", "M0500-M058A"),
        ("(F10.-F19.-)", "F10-F19"),
        ("(F10.--F19.-)", "F10-F19"),
        ("(F10.- -F19.-)", "F10-F19"),
        ("(P28.3- - P28.4-)", "P283-P284"),
        ("(F98.2.-F98.3)", "F982-F983"),
        ("(S12.0--S12.6.-)", "S120-S126"),
        ("(K85-K86.-)", "K85-K86"),
        ("(A40, A41.-)", "A40 A41"),
        ("(C43.2-,C44.2-)", "C432 C442"),
        ("(I60.-. I61.-, I62.-)", "I60 I61 I62"),
        ("(J00-J06; J20-J22)", "J00-J06 J20-J22"),
        ("(A00-R94 and T80-T88.6, T88.8)", "A00-R94 T80-T886 T888"),
        ("sepsis (I97.190), or another one (I97.790)", "I97190 I97790"),
        (
            "subcategories S06.1- to S06.6-, and S06.81- to S06.89-, code to it",
            "S061-S066 S0681-S0689",
        ),
        ("classified to Q87.-", "Q87"),
        ("anomalies (Q00-QA1)", "Q00-QA1"),
        ("imbalance (E87.8}", "E878"),
        ("absence (Z89.52-", "Z8952"),
        ("vitamin B12 deficiency (E53.8)", "E538"),
        ("influenza H1N1 and T-cell lymphoma", ""),
        ("glucose-6-phosphate dehydrogenase (G6PD) deficiency", ""),
        ("", ""),
    ],
)
def test_codes_lists_and_ranges(text: str, spans: str) -> None:
    found = [
        each.first if each.first == each.last else f"{each.first}-{each.last}"
        for each in named(text).mentions
    ]
    assert found == spans.split()


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("(T36-T50 with fifth or sixth character 5)", Clause("intent", ("5",))),
        ("(T36-T50 with fifth or six character 5)", Clause("intent", ("5",))),
        ("(T36-T65 with fifth or sixth character 1-4 or 6)", Clause("intent", tuple("12346"))),
        (
            "(T51-T65 with fifth or sixth character to indicate intent)",
            Clause("intent", tuple("1234")),
        ),
        ("(T36-T50 with final character 6)", Clause("intent", ("6",))),
        ("underdosing (T36-T50) with fifth or sixth character 6", Clause("intent", ("6",))),
        ("(T39.0-, with sixth character 5)", Clause("place", ("5",), 6)),
        ("(A37 with fifth-character 1)", Clause("place", ("1",), 5)),
        ("(F10-F19 with 5th character .6)", Clause("place", ("6",), 5)),
        ("(F11-F19 with fifth to sixth characters 51)", Clause("place", ("51",), 5)),
        ("(S42.- with 7th character B or C)", Clause("place", ("B", "C"), 7)),
        ("(J96. with 5th character 2)", Clause("place", ("2",), 5)),
        ("(E08-E13 with .51-.52)", Clause("goes on", ("51", "52"))),
        ("(F10-F19, with .17, .27, .97)", Clause("goes on", ("17", "27", "97"))),
        ("(F11-F19 with .15. .25, .95)", Clause("goes on", ("15", "25", "95"))),
        ("(E08-E13 with .62-)", Clause("goes on", ("62",))),
        ("(E08, E09 with final characters .00 or .01)", Clause("goes on", ("00", "01"))),
        ("(I69. with final characters -91)", Clause("ends", ("91",))),
    ],
)
def test_clauses_that_narrow(text: str, clause: Clause) -> None:
    found = named(text)
    assert found.unread == ()
    assert {each.clause for each in found.mentions} == {clause}


def test_a_clause_that_is_not_understood_is_kept() -> None:
    found = named("diabetic acidosis - see categories E08-E10, E11 with ketoacidosis")
    assert found.unread == ("with ketoacidosis",)
    reading = read("X", "excludes1", "acidosis (E08-E10 with ketoacidosis)", frozenset({"E08"}))
    assert reading.status == "unread"
    assert "ketoacidosis" in reading.why


# -- the list


@pytest.mark.parametrize(
    ("codes", "inside", "outside"),
    [
        ("D37-D48", "D371 D480", "D3A010 D49"),
        ("C76-C80", "C761 C800", "C7A010 C7B01"),
        ("I10-I1A", "I10 I1A0 I130", "I20 I0981"),
        ("B27.0-B27.9 with fifth character 1", "B2701 B2791", "B2700 B279"),
        ("C81.0-C85.9", "C8100 C8319 C859", "C8600 C880"),
        ("E08.311-E08.359", "E08311 E083211 E08359", "E0836 E0831X"),
        ("T80-T88.6", "T80211A T886XXA", "T887XXA"),
        ("I21.0-I21.3", "I2102 I213", "I214 I21A1"),
        ("E08-E13 with .51-.52", "E1151 E0852", "E1159 E119"),
        ("I69. with final characters -91", "I69391 I69091", "I69392 I691"),
        (
            "T36-T50 with fifth or sixth character 5",
            "T360X5A T50905A T39015A T45515A",
            "T360X1A T39011A",
        ),
        ("T51-T65 with fifth or sixth character 1-4", "T510X1A T6401XA", "T510X5A T510XXA"),
        ("S42.- with 7th character B", "S42001B", "S42001A S42001"),
        ("Q00-QA1", "Q2110 Q999", "R000"),
        ("M05.00 to M05.8A", "M0510 M058A", "M059"),
    ],
)
def test_ranges_hold_what_the_list_has_between(
    codes: str, inside: str, outside: str, notes: Notes
) -> None:
    target = notes.select(codes)
    assert [code for code in inside.split() if not target.holds(code)] == []
    assert [code for code in outside.split() if target.holds(code)] == []


def test_a_range_is_the_list_s_own_for_every_block(notes: Notes, embedded_store: Store) -> None:
    """A block's range holds exactly the categories that stand below the block."""
    rows = embedded_store.query(
        "SELECT code, parent FROM icd10cm_tabular WHERE kind = 'category' ORDER BY position"
    )
    below: dict[str, set[str]] = {}
    for code, parent in rows:
        below.setdefault(str(parent), set()).add(str(code))
    assert len(below) > 250
    for block, categories in below.items():
        first, last = block.split("-")
        assert notes.tree.target(Mention(first, last)).prefixes == categories, block


def test_a_note_holds_for_every_code_below(notes: Notes) -> None:
    places = [node.code for node, _ in notes.bearing("E11649")]
    assert places[0] == "4"
    assert "E11" in places
    (excludes,) = {
        each.place
        for _, found in notes.bearing("E11649")
        for each in found.excludes1
        if each.target.holds("P702") and each.node.code == "4"
    }
    assert excludes == "Excludes1 at chapter 4"


def test_lines_under_a_heading_are_one_instruction(notes: Notes) -> None:
    found = [
        each
        for _, place in notes.bearing("N184")
        for each in place.instructions
        if each.kind == "codeFirst"
    ]
    assert [(each.heading, len(each.lines), each.manner.each) for each in found] == [
        ("any associated:", 2, True)
    ]
    assert found[0].target.holds("I129")
    assert found[0].target.holds("E1122")
    assert not found[0].target.holds("E1121")


def test_lines_that_start_anew_are_instructions_of_their_own(notes: Notes) -> None:
    found = [
        each.said
        for node, place in notes.bearing("I130")
        for each in place.instructions
        if node.code == "I130"
    ]
    assert len(found) == 2


def test_seventh_characters_are_those_of_the_nearest_place(notes: Notes) -> None:
    assert list(notes.sevenths("S72001A"))[:3] == ["A", "B", "C"]
    assert notes.sevenths("E113211")["1"] == "right eye"
    assert notes.sevenths("I5022") == {}


# -- the whole


def test_every_line_of_the_release_is_counted(notes: Notes) -> None:
    found = survey(notes)
    assert found.lines == 26_975
    assert found.understood + found.not_understood == found.lines
    assert len(found.left) == found.not_understood
    # What names no code, or directs the coder by what the record says.
    assert found.counts["excludes1"] == {
        "codes": 5_275,
        "heading": 55,
        "by hand": 36,
        "text": 5,
        "words": 36,
    }
    assert found.counts["codeFirst"] == {"codes": 596, "order": 76, "heading": 134, "by hand": 3}
    assert found.counts["sevenChrDef"] == {"seventh character": 1_798}
    assert found.counts["sevenChrNote"] == {"seventh character": 508}
    assert sum(found.counts["inclusionTerm"].values()) == 12_574
    assert not any("unread" in kind for kind in found.counts.values())
    assert found.understood / found.lines > 0.987
    assert all(line.text and line.why and line.at for line in found.left)


def test_nearly_every_excludes_note_is_read(notes: Notes) -> None:
    found = survey(notes)
    for kind in ("excludes1", "excludes2"):
        counts = found.counts[kind]
        assert sum(counts.values()) - counts["words"] > 0.99 * sum(counts.values())


def test_no_note_names_a_code_that_is_not_there(notes: Notes) -> None:
    """Known slips of the list itself; a further one is for a look."""
    absent: set[tuple[str, str]] = set()
    for node, kind, _, reading in notes.lines():
        if kind in {"excludes1", "excludes2", "codeFirst", "useAdditionalCode", "codeAlso"}:
            for mention in reading.mentions:
                for code in notes.tree.missing(mention):
                    absent.add(("" if node is None else node.code, code))
    # G31.90 is no place of the list, and R10.4 has no code any more.
    assert absent == {("F02", "G3190"), ("R1085", "R104")}


def test_every_reading_by_hand_has_its_line(notes: Notes) -> None:
    lines: dict[tuple[str, str], list[str]] = {}
    for node, kind, text, _ in notes.lines():
        lines.setdefault(("" if node is None else node.code, kind), []).append(text)
    for key, rows in _by_hand().items():
        for row in rows:
            assert any(text.startswith(row.says) for text in lines.get(key, ())), (key, row.says)


def test_what_a_rule_acts_on_is_a_rule() -> None:
    rules = {PREFIX + rule.id for rule in written()} | set(OF_CODES)
    acted = {row.acted_on for rows in _by_hand().values() for row in rows if row.acted_on}
    assert acted
    assert acted <= rules
