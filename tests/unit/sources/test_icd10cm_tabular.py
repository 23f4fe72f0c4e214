from __future__ import annotations

import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from superbill.errors import BadRow
from superbill.sources import icd10_order, icd10cm_tabular
from superbill.sources.document import Document, Undated
from superbill.sources.icd10cm_tabular import NODES, NOTES, Node, Note
from superbill.sources.release_names import fiscal_year_period

PERIOD = fiscal_year_period(2026)

XML = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<introduction><introSection type="instruction"><title>Excludes1</title>
  <instruction><note>never together</note></instruction></introSection></introduction>
<chapter><name>19</name><desc>Injury (S00-T88)</desc>
  <notes><note>use  a code
    for the cause</note></notes>
  <sectionIndex><sectionRef first="S00" last="T88" id="S00-T88">all</sectionRef></sectionIndex>
  <section id="S00-S99"><desc>Injuries by region (S00-S99)</desc></section>
  <section id="S00-S09"><desc>Injuries to the head (S00-S09)</desc>
    <includes><note>injuries of ear</note></includes>
    <diag><name>S06</name><desc>Intracranial injury</desc>
      <codeAlso><note>open wound of head (S01.-)</note></codeAlso>
      <sevenChrNote><note>add the 7th character</note></sevenChrNote>
      <sevenChrDef>
        <extension char="A">initial encounter</extension>
        <note>first time</note>
        <extension char="D">subsequent encounter</extension>
        <extension char="S">sequela</extension>
      </sevenChrDef>
      <notes><note>7th characters D and S do not apply to codes in category S06 with 6th
        character 7 - death due to brain injury, or 8 - death due to other cause.</note></notes>
      <diag><name>S06.1</name><desc>Edema</desc>
        <diag placeholder="true"><name>S06.1X</name><desc>Edema</desc>
          <diag><name>S06.1X1</name><desc>Edema, short</desc></diag>
          <diag><name>S06.1X7</name><desc>Edema with death</desc></diag>
        </diag>
      </diag>
      <diag><name>S06.9</name><desc>Unspecified</desc>
        <excludes1><note>concussion (S06.0-)</note></excludes1>
        <sevenChrDef><extension char="B">later</extension></sevenChrDef>
      </diag>
    </diag>
  </section>
  <section id="T07"><desc>Multiple regions (T07)</desc>
    <diag><name>T07</name><desc>Multiple injuries</desc>
      <inclusionTerm><note>Injury NOS</note></inclusionTerm>
    </diag>
  </section>
</chapter></ICD10CM.tabular>
"""


def read(xml: str = XML) -> tuple[dict[str, Node], list[Note]]:
    document = Document.of("icd10cm-tabular-2026.xml", xml)
    nodes = [node for node in NODES.parse(document, PERIOD) if isinstance(node, Node)]
    notes = [note for note in NOTES.parse(document, PERIOD) if isinstance(note, Note)]
    assert len({node.code for node in nodes}) == len(nodes)
    return {node.code: node for node in nodes}, notes


def test_the_hierarchy_with_nested_sections() -> None:
    nodes, _ = read()
    path = ["S061X1A"]
    while nodes[path[-1]].parent:
        path.append(nodes[path[-1]].parent)
    assert path == ["S061X1A", "S061X1", "S061X", "S061", "S06", "S00-S09", "S00-S99", "19"]
    assert [nodes[code].kind for code in path] == [
        "extended",
        "subcategory",
        "subcategory",
        "subcategory",
        "category",
        "section",
        "section",
        "chapter",
    ]
    assert nodes["S061X"].placeholder
    assert nodes["T07-T07"].kind == "section", "told apart from the category T07"
    assert nodes["T07-T07"].parent == "19"
    assert nodes["T07"].billable


def test_seventh_characters_with_placeholder_exception_and_override() -> None:
    nodes, _ = read()
    extended = {code: node.title for code, node in nodes.items() if node.kind == "extended"}
    assert extended == {
        "S061X1A": "Edema, short, initial encounter",
        "S061X1D": "Edema, short, subsequent encounter",
        "S061X1S": "Edema, short, sequela",
        "S061X7A": "Edema with death, initial encounter",  # D and S do not apply
        "S069XXB": "Unspecified, later",  # its own characters, filled up with X
    }
    assert not nodes["S061X7"].billable


def test_every_note_with_its_place() -> None:
    _, notes = read()
    assert notes == [
        Note("", "instruction", 1, "", "Excludes1: never together"),
        Note("19", "notes", 1, "", "use a code for the cause"),
        Note("S00-S09", "includes", 1, "", "injuries of ear"),
        Note("S06", "codeAlso", 1, "", "open wound of head (S01.-)"),
        Note("S06", "sevenChrNote", 2, "", "add the 7th character"),
        Note("S06", "sevenChrDef", 3, "A", "initial encounter"),
        Note("S06", "sevenChrDef", 4, "", "first time"),
        Note("S06", "sevenChrDef", 5, "D", "subsequent encounter"),
        Note("S06", "sevenChrDef", 6, "S", "sequela"),
        Note(
            "S06",
            "notes",
            7,
            "",
            "7th characters D and S do not apply to codes in category S06 with 6th character 7 - "
            "death due to brain injury, or 8 - death due to other cause.",
        ),
        Note("S069", "excludes1", 1, "", "concussion (S06.0-)"),
        Note("S069", "sevenChrDef", 2, "B", "later"),
        Note("T07", "inclusionTerm", 1, "", "Injury NOS"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<name>S06.9</name>", "<name>S06-9</name>", "an ICD-10-CM code"),
        ("<desc>Unspecified</desc>", "", "a title for the code"),
        ('id="S00-S09"', 'id="head"', "a section's range"),
        ("</chapter></ICD10CM.tabular>", "", "well-formed XML"),
        ('<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE a>", "XML without entities"),
    ],
)
def test_what_does_not_read_is_named(old: str, new: str, expected: str) -> None:
    with pytest.raises(BadRow) as caught:
        read(XML.replace(old, new))
    assert expected in caught.value.expected


def test_recognised_by_its_head_and_dated_by_its_name() -> None:
    period = NODES.recognise(Document.of("icd10c-tabular-April-1-2026.xml", XML))
    assert period is not None
    assert period.label == "April 2026"
    with pytest.raises(Undated):
        NODES.recognise(Document.of("tabular.xml", XML))
    assert NODES.recognise(Document.of("icd10cm_index_2026.xml", "<ICD10CM.index>")) is None


def embedded() -> Document:
    import importlib.util

    spec = importlib.util.find_spec("simple_icd_10_cm")
    assert spec is not None
    assert spec.origin is not None
    return Document.at(Path(spec.origin).parent / "data" / "icd10c-tabular-April-1-2026.xml")


def test_every_note_of_the_real_list_is_read() -> None:
    """All ``note`` and ``extension`` elements, and the table at H54, counted in the text."""
    document = embedded()
    with document.open() as stream:
        text = stream.read()
    notes = [note for note in NOTES.parse(document, PERIOD) if isinstance(note, Note)]
    counted = Counter(note.kind for note in notes)
    assert len(notes) == (
        text.count(b"<note>") + text.count(b"<extension ") + text.count(b"<visCategory>")
    )
    assert set(counted) == {*icd10cm_tabular.NOTE_KINDS, "instruction"}
    assert all(note.text for note in notes)


@pytest.mark.shared
def test_the_list_spells_out_the_codes_and_titles_of_the_order_file(published: Path) -> None:
    """April 2026 against the order file of FY2026: no difference but accents."""
    with zipfile.ZipFile(published / "icd10cm" / "cms_2026_dx.zip") as archive:
        order_file = Document.of("icd10cm_order_2026.txt", archive.read("icd10cm_order_2026.txt"))
    order = {row[0]: row for row in icd10_order.CM.parse(order_file, PERIOD)}
    nodes = [
        node
        for node in NODES.parse(embedded(), PERIOD)
        if isinstance(node, Node) and node.kind not in {"chapter", "section"}
    ]
    assert [node.code for node in nodes] == list(order)
    for node in nodes:
        _, _, billable, _, title = order[node.code]
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", node.title) if not unicodedata.combining(c)
        )
        assert (node.billable, plain) == (bool(billable), title)


@pytest.mark.shared
def test_the_list_of_2017(published: Path) -> None:
    """71,486 codes: the number that CDC gave for FY2017."""
    with zipfile.ZipFile(published / "icd10cm" / "ICD10CM_FY2017_Full_XML.zip") as archive:
        name = "icd10cm_tabular_2017.xml"
        document = Document.of(name, archive.read(name))
    period = NODES.recognise(document)
    assert period is not None
    assert period.label == "FY2017"
    nodes = [node for node in NODES.parse(document, period) if isinstance(node, Node)]
    assert sum(node.billable for node in nodes) == 71_486
