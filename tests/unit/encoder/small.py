"""A small classification in the published layouts, and a store built from it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from superbill.store import build
from superbill.store.catalog import Dataset, datasets
from superbill.store.open import Store

_TERMS = """\
Abdomen, abdominal (wall) => see also: condition
Bronchitis (diffuse) => J40
- acute or subacute (with bronchospasm) => J20.9
- - with
- - - bronchiectasis => J47.0
- - viral NEC => J20.8
- chronic => J42
Cataract => H26.9
- nuclear => H25.1-
Complication(s) (from) (of) => T88.9
- graft => T85.9
Dementia => F03.90
- in
- - Parkinson's disease => G20 [F02.80]
Failure, failed
- heart (acute) => I50.9
- - systolic (congestive) => I50.20
- - - acute (congestive) => I50.21
- - - - and (on) chronic (congestive) => I50.23
Fracture, traumatic => T14.8
- radius => S52.9-
- - lower end => S52.50-
- - - Colles' => see: Colles' fracture
Colles' fracture => S52.53-
Heart => see: condition
Molding, head - omit code
Neoplasm, neoplastic => see also: Table of Neoplasms
- lipomatous => see: Lipoma
Lipoma => D17.9
Poisoning (acute) => see also: Table of Drugs and Chemicals
Round => see: Trip
Trip => see: Round
Wart => see: Neoplasm, skin, benign
Widget => Q99.888
"""

_CODES = """\
A00 0 Cholera
A000 1 Cholera due to Vibrio cholerae 01
D17 0 Benign lipomatous neoplasm
D179 1 Benign lipomatous neoplasm, unspecified
D22 0 Melanocytic nevi
D239 1 Other benign neoplasm of skin, unspecified
C44 0 Other malignant neoplasm of skin
C4490 1 Unspecified malignant neoplasm of skin, unspecified
F0280 1 Dementia in other diseases classified elsewhere
F0390 1 Unspecified dementia
G20 1 Parkinson's disease
H251 0 Age-related nuclear cataract
H2510 1 Age-related nuclear cataract, unspecified eye
H2511 1 Age-related nuclear cataract, right eye
H2512 1 Age-related nuclear cataract, left eye
H269 1 Unspecified cataract
I509 1 Heart failure, unspecified
I5020 1 Unspecified systolic (congestive) heart failure
I5021 1 Acute systolic (congestive) heart failure
I5023 1 Acute on chronic systolic (congestive) heart failure
J208 1 Acute bronchitis due to other specified organisms
J209 1 Acute bronchitis, unspecified
J40 1 Bronchitis, not specified as acute or chronic
J42 1 Unspecified chronic bronchitis
J470 1 Bronchiectasis with acute lower respiratory infection
Q998 0 Other specified chromosome abnormalities
Q9981 1 Other specified chromosome abnormality, first
Q9982 1 Other specified chromosome abnormality, second
S525 0 Fracture of lower end of radius
S5250 0 Unspecified fracture of the lower end of radius
S52501A 1 Unspecified fracture of the lower end of right radius, initial encounter
S52501D 1 Unspecified fracture of the lower end of right radius, subsequent encounter
S52509A 1 Unspecified fracture of the lower end of unspecified radius, initial encounter
S5253 0 Colles' fracture
S52531A 1 Colles' fracture of right radius, initial encounter
S52532A 1 Colles' fracture of left radius, initial encounter
S5290XA 1 Unspecified fracture of unspecified forearm, initial encounter
T14 0 Injury of unspecified body region
T148XXA 1 Other injury of unspecified body region, initial encounter
T39011A 1 Poisoning by aspirin, accidental, initial encounter
T39012A 1 Poisoning by aspirin, intentional self-harm, initial encounter
T39015A 1 Adverse effect of aspirin, initial encounter
T859XXA 1 Complication of a device, initial encounter
T889XXA 1 Complication of care, initial encounter
"""

PCS_TABLES = """<?xml version="1.0"?>
<ICD10PCS.tabular><version>2021</version><title>2021 ICD-10-PCS Tables</title>
<pcsTable>
<axis pos="1" values="1"><title>Section</title><label code="0">Medical and Surgical</label></axis>
<axis pos="2" values="1"><title>Body System</title>
<label code="D">Gastrointestinal System</label></axis>
<axis pos="3" values="1"><title>Operation</title><label code="T">Resection</label>
<definition>Cutting out all of a body part</definition></axis>
<pcsRow codes="4">
<axis pos="4" values="2"><title>Body Part</title>
<label code="J">Appendix</label><label code="N">Sigmoid Colon</label></axis>
<axis pos="5" values="2"><title>Approach</title>
<label code="0">Open</label><label code="4">Percutaneous Endoscopic</label></axis>
<axis pos="6" values="1"><title>Device</title><label code="Z">No Device</label></axis>
<axis pos="7" values="1"><title>Qualifier</title><label code="Z">No Qualifier</label></axis>
</pcsRow>
</pcsTable></ICD10PCS.tabular>
"""

PCS_INDEX = """<?xml version="1.0"?>
<ICD10PCS.index><version>2021</version><title>2021 ICD-10-PCS Index</title><letter><title>A</title>
<mainTerm><title>Appendectomy</title>
<term level="1"><see>Resection, Appendix<codes>0DTJ</codes></see></term>
<term level="1"><see></see></term></mainTerm>
<mainTerm><title>Vermiform appendix</title><use>Appendix</use></mainTerm>
<mainTerm><title>Resection</title>
<term level="1"><title>Appendix</title><codes>0DTJ</codes></term></mainTerm>
</letter></ICD10PCS.index>
"""

PCS_DEFINITIONS = """<?xml version="1.0"?>
<ICD10PCS.definitions><version>2021</version><title>2021 ICD-10-PCS Definitions</title>
<section code="0"><title>Medical and Surgical</title><axis pos="4"><title>Body Part</title>
<terms><title>Appendix</title><includes>Vermiform appendix</includes></terms></axis></section>
<deviceAggregation><aggregate><device>Cardiac Lead, Pacemaker</device>
<operation>Insertion</operation>
<bodySys>Heart and Great Vessels</bodySys><parent value="M">Cardiac Lead</parent></aggregate>
</deviceAggregation></ICD10PCS.definitions>
"""

# 0DTN8ZZ and 0DTNFZZ are newer than the tables: their approaches are not in them.
_PCS_CODES = """\
001 0 Central Nervous System, Bypass
0DT 0 Medical and Surgical, Gastrointestinal System, Resection
0DTJ0ZZ 1 Resection of Appendix, Open Approach
0DTJ4ZZ 1 Resection of Appendix, Percutaneous Endoscopic Approach
0DTN0ZZ 1 Resection of Sigmoid Colon, Open Approach
0DTN8ZZ 1 Resection of Sigmoid Colon, Via Natural or Artificial Opening Endoscopic Approach
0DTNFZZ 1 Resection of Sigmoid Colon, Via Natural or Artificial Opening With Assistance
"""


def index_xml(terms: str, title: str = "ICD-10-CM INDEX TO DISEASES and INJURIES") -> str:
    """An index in the official schema, from lines of dashes, title, ``=>`` and what it says."""
    made = [
        '<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.index>\n<version>2026</version>\n'
        f"<title>{title}</title>\n<letter><title>A</title>"
    ]
    open_levels: list[int] = []
    for line in terms.splitlines():
        text, _, says = line.partition(" => ")
        level = 0
        while text.startswith("- "):
            text, level = text[2:], level + 1
        while open_levels and open_levels[-1] >= level:
            made.append("</term>" if open_levels.pop() else "</mainTerm>")
        open_levels.append(level)
        head, bracket, modifiers = text.partition(" (")
        nemod = f"<nemod>{bracket.strip()}{modifiers}</nemod>" if bracket else ""
        tag = f'<term level="{level}">' if level else "<mainTerm>"
        made.append(f"{tag}\n<title>{head}{nemod}</title>")
        if says.startswith("see also: "):
            made.append(f"<seeAlso>{says[10:]}</seeAlso>")
        elif says.startswith("see: "):
            made.append(f"<see>{says[5:]}</see>")
        elif says:
            code, _, manifestation = says.partition(" [")
            made.append(f"<code>{code}</code>")
            if manifestation:
                made.append(f"<manif>{manifestation.rstrip(']')}</manif>")
    made += ["</term>" if level else "</mainTerm>" for level in reversed(open_levels)]
    return "\n".join([*made, "</letter></ICD10CM.index>\n"])


def table_xml(first: str, rows: dict[str, str]) -> str:
    """A table of drugs or neoplasms: rows of title and six codes."""
    heads = "".join(f'<head col="{n}">{first} {n}</head>' for n in range(1, 8))
    body = "".join(
        f"<mainTerm><title>{title}</title>"
        + "".join(f'<cell col="{n}">{c}</cell>' for n, c in enumerate(cells.split(), start=2))
        + "</mainTerm>"
        for title, cells in rows.items()
    )
    return (
        f"<?xml version='1.0'?><ICD10CM.index><version>2026</version><indexHeading>{heads}"
        f"</indexHeading><letter><title>A</title>{body}</letter></ICD10CM.index>"
    ).replace(f"{first} 1", first)


def _order(lines: str) -> str:
    made = []
    for number, line in enumerate(lines.splitlines(), start=1):
        code, valid, text = line.split(" ", 2)
        made.append(f"{number:05d} {code:<7} {valid} {text[:60]:<60} {text}")
    return "\n".join(made) + "\n"


def catalog(*ids: str) -> tuple[Dataset, ...]:
    """Datasets of the real catalog, without what a small file cannot have."""
    return tuple(
        dataset._replace(
            anchors=(),
            embedded=(),
            layouts=tuple(layout._replace(rows=(0, 10**6)) for layout in dataset.layouts),
        )
        for dataset in datasets()
        if dataset.id.startswith(ids)
    )


def write(folder: Path) -> None:
    """Write the small files under their published names."""
    files = {
        "icd10cm-index-2026.xml": index_xml(_TERMS),
        "icd10cm-drug-2026.xml": table_xml(
            "Substance", {"Aspirin": "T39.011 T39.012 -- -- T39.015 --", "Air": "-- -- -- -- -- --"}
        ),
        "icd10cm-neoplasm-2026.xml": table_xml(
            "Neoplasm", {"Neoplasm, neoplastic": "C44.90 - - D23.9 - -"}
        ).replace(
            "</mainTerm></letter>",
            '<term level="1"><title>skin</title><cell col="2">C44.90</cell>'
            '<cell col="5">D23.9</cell></term></mainTerm></letter>',
        ),
        "icd10cm_order_2026.txt": _order(_CODES),
        "icd10pcs_tables_2021.xml": PCS_TABLES,
        "icd10pcs_index_2021.xml": PCS_INDEX,
        "icd10pcs_definitions_2021.xml": PCS_DEFINITIONS,
        "icd10pcs_order_2026.txt": _order(_PCS_CODES),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def small_store(folder: Path) -> Store:
    """A store built from the small files, opened."""
    write(folder / "files")
    path = folder / "small.sqlite"
    wanted = catalog("icd10cm.", "icd10pcs.")
    build.build([folder / "files"], path, catalog=wanted, comparisons=())
    return Store.open(path)


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    """A zip archive with these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
