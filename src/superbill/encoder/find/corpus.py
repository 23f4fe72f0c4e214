"""What is searched: the codes of each system, and every phrase that the store has of them.

A *node* is a place of a classification: a code, or a heading above codes. A *phrase* is a text
that names a node: its title, an inclusion term, an entry of an index with its path. Phrases bear
the days on which they hold. Everything is read from the store; nothing is added to it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from superbill.encoder.find.words import split_modifiers, stems
from superbill.store.open import Store

TITLE, INCLUSION, INDEX, HEADING_NOTE, SYNONYM = range(5)
# What a phrase is, by its number.
KINDS = ("title", "inclusion term", "index entry", "includes note", "synonym")
SYSTEMS = ("cm", "pcs", "hcpcs")
NAMES = {"cm": "ICD-10-CM", "pcs": "ICD-10-PCS", "hcpcs": "HCPCS"}

_FIRST, _OPEN = "0001-01-01", "9999-12-31"
_DRUG_CELLS = (
    ("poisoning_accidental", "poisoning accidental unintentional"),
    ("poisoning_self_harm", "poisoning intentional self-harm"),
    ("poisoning_assault", "poisoning assault"),
    ("poisoning_undetermined", "poisoning undetermined"),
    ("adverse_effect", "adverse effect"),
    ("underdosing", "underdosing"),
)
_NEOPLASM_CELLS = (
    ("malignant_primary", "neoplasm malignant primary"),
    ("malignant_secondary", "neoplasm malignant secondary metastatic"),
    ("in_situ", "neoplasm carcinoma in situ"),
    ("benign", "neoplasm benign"),
    ("uncertain_behavior", "neoplasm uncertain behavior"),
    ("unspecified_behavior", "neoplasm unspecified behavior"),
)


class Phrase(NamedTuple):
    """A text that names a node.

    ``essential`` are its words; ``optional`` words may be there or not (the index prints them in
    round brackets). ``shown`` is the text for people. ``source`` says where exactly it stands,
    for leaving it out in a test: the dataset and its place there.
    """

    node: str
    kind: int
    essential: str
    optional: str
    shown: str
    valid_from: str
    valid_to: str
    source: tuple[str, str]


class Node(NamedTuple):
    """A code or a heading: the place above it, its title, and the days of its use."""

    code: str
    parent: str
    title: str
    billable: bool
    spans: tuple[tuple[str, str], ...]
    attributes: str


class Corpus(NamedTuple):
    """All that is searched of one system, and which kinds of evidence the store had."""

    system: str
    nodes: dict[str, Node]
    phrases: list[Phrase]
    evidence: tuple[str, ...]


def corpora(store: Store) -> list[Corpus]:
    """What the store holds of each system; a system of which it holds nothing is left out."""
    found = [_cm(store), _pcs(store), _hcpcs(store)]
    return [corpus for corpus in found if corpus.nodes]


def diagnoses(store: Store) -> Corpus:
    """What the store holds of ICD-10-CM alone."""
    return _cm(store)


def _cm(store: Store) -> Corpus:
    titles, parents, billable = _titles(store, "icd10cm"), dict[str, str](), dict[str, bool]()
    phrases: list[Phrase] = []
    evidence = ["title"] if titles else []
    tabular = store.releases("icd10cm.tabular")
    if tabular:
        for code, parent, title, bill in store.query(
            "SELECT code, parent, title, billable FROM icd10cm_tabular WHERE release = ?",
            tabular[-1].id,
        ):
            parents[str(code)] = str(parent)
            titles.setdefault(str(code), [(_FIRST, _OPEN, str(title))])
            billable[str(code)] = bool(bill)
    notes = store.releases("icd10cm.notes")
    if notes:
        phrases += _inclusions(store, notes[-1].id)
        evidence.append("inclusion term")
    for book in ("index", "external_causes"):
        if store.coverage(f"icd10cm.{book}"):
            phrases += _referred(_index(store, book))
    for book, cells in (("drugs", _DRUG_CELLS), ("neoplasms", _NEOPLASM_CELLS)):
        if store.coverage(f"icd10cm.{book}"):
            phrases += _table(store, book, cells)
    if any(phrase.kind == INDEX for phrase in phrases):
        evidence.append("index entry")
    nodes = _nodes(titles, parents, _uses(store, "icd10cm", billable))
    return Corpus("cm", nodes, [*_title_phrases(titles), *phrases], tuple(evidence))


def _pcs(store: Store) -> Corpus:
    titles = _titles(store, "icd10pcs")
    phrases: list[Phrase] = []
    evidence = ["title"] if titles else []
    if store.coverage("icd10pcs.index"):
        phrases += _pcs_index(store)
        evidence.append("index entry")
    parents = {code: code[:3] for code in titles if len(code) == 7}
    nodes = _nodes(titles, parents, _uses(store, "icd10pcs", {}))
    return Corpus("pcs", nodes, [*_title_phrases(titles), *phrases], tuple(evidence))


def _hcpcs(store: Store) -> Corpus:
    nodes: dict[str, Node] = {}
    phrases: list[Phrase] = []
    for release in store.releases("hcpcs.codes")[-1:]:
        for code, long, short, start, end in store.query(
            "SELECT code, long_description, short_description, valid_from, valid_to "
            "FROM hcpcs_codes WHERE release = ? AND kind = 'code'",
            release.id,
        ):
            span = (str(start), str(end))
            nodes[str(code)] = Node(str(code), "", str(long), True, (span,), "")
            for place, text in enumerate(dict.fromkeys((str(long), str(short)))):
                source = ("hcpcs.codes", f"{code} {place}")
                phrases.append(Phrase(str(code), TITLE, text, "", text, *span, source))
    return Corpus("hcpcs", nodes, phrases, ("title",) if nodes else ())


def _titles(store: Store, prefix: str) -> dict[str, list[tuple[str, str, str]]]:
    """Each code's long titles with the days on which they answer, oldest first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for part in ("titles", "order"):
        name = f"{prefix}.{part}"
        for span, release in store.coverage(name):
            table = store.info(name).table
            start, end = span.start.isoformat(), span.end.isoformat()
            for code, title in store.query(
                f"SELECT code, long_title FROM {table} WHERE release = ?",  # noqa: S608
                release.id,
            ):
                held = found.setdefault(str(code), [])
                if held and held[-1][2] == title:
                    held[-1] = (min(held[-1][0], start), max(held[-1][1], end), str(title))
                else:
                    held.append((start, end, str(title)))
    for held in found.values():
        held.sort()
    return found


def _title_phrases(titles: dict[str, list[tuple[str, str, str]]]) -> Iterator[Phrase]:
    for code, held in titles.items():
        for place, (start, end, title) in enumerate(held):
            # A title is known for the days of its releases; before and after, the nearest counts.
            first = _FIRST if place == 0 else start
            last = _OPEN if place == len(held) - 1 else end
            essential, optional = split_modifiers(title)
            source = ("title", f"{code} {place}")
            yield Phrase(code, TITLE, essential, optional, title, first, last, source)


def _uses(
    store: Store, prefix: str, billable: dict[str, bool]
) -> dict[str, tuple[tuple[tuple[str, str], ...], str]]:
    """The days on which each code may be reported, and the editor's attributes of it."""
    spans: dict[str, list[tuple[str, str]]] = {}
    attributes: dict[str, str] = {}
    held_to = _FIRST
    name = f"{prefix}.validity"
    for span, release in store.coverage(name):
        held_to = max(held_to, span.end.isoformat())
        for code, said, first, last in store.query(
            f"SELECT code, attributes, valid_from, valid_to FROM {store.info(name).table} "  # noqa: S608
            "WHERE release = ?",
            release.id,
        ):
            known = spans.setdefault(str(code), [])
            start, end = str(first), min(str(last), span.end.isoformat())
            if known and known[-1][1] == start:
                known[-1] = (known[-1][0], end)
            else:
                known.append((start, end))
            # What the editor once said of sex and age stays true of the code.
            attributes[str(code)] = " ".join(
                sorted({*attributes.get(str(code), "").split(), *str(said).split()})
            )
    name = f"{prefix}.order"
    for span, release in store.coverage(name):
        if span.end.isoformat() <= held_to:
            continue
        start = max(span.start.isoformat(), held_to)
        for (code,) in store.query(
            f"SELECT code FROM {store.info(name).table} WHERE release = ? AND billable = 1",  # noqa: S608
            release.id,
        ):
            known = spans.setdefault(str(code), [])
            if known and known[-1][1] == start:
                known[-1] = (known[-1][0], span.end.isoformat())
            else:
                known.append((start, span.end.isoformat()))
    return {code: (tuple(known), attributes.get(code, "")) for code, known in spans.items()}


def _nodes(
    titles: dict[str, list[tuple[str, str, str]]],
    parents: dict[str, str],
    uses: dict[str, tuple[tuple[tuple[str, str], ...], str]],
) -> dict[str, Node]:
    codes = sorted({*titles, *parents, *uses})
    known = set(titles) | set(parents)
    found = {}
    for code in codes:
        parent = parents.get(code)
        if parent is None:
            # Retired since: below the longest of its beginnings that is known.
            parent = next((code[:n] for n in range(len(code) - 1, 2, -1) if code[:n] in known), "")
        spans, attributes = uses.get(code, ((), ""))
        held = titles.get(code)
        title = held[-1][2] if held else ""
        found[code] = Node(code, parent, title, bool(spans), spans, attributes)
    return found


def _inclusions(store: Store, release: int) -> Iterator[Phrase]:
    for node, kind, position, text in store.query(
        "SELECT node, kind, position, text FROM icd10cm_notes "
        "WHERE release = ? AND kind IN ('inclusionTerm', 'includes') ORDER BY node, position",
        release,
    ):
        number = INCLUSION if kind == "inclusionTerm" else HEADING_NOTE
        essential, optional = split_modifiers(str(text))
        source = ("icd10cm.notes", f"{node} {position}")
        yield Phrase(str(node), number, essential, optional, str(text), _FIRST, _OPEN, source)


class _Path(NamedTuple):
    shown: str
    essential: str
    optional: str


def _paths(store: Store, table: str, columns: str) -> Iterator[tuple[_Path, tuple[str, ...]]]:
    """Every row of an index with its path; a term that changed bears the path of its own days."""
    held: dict[int, list[tuple[str, str, _Path]]] = {}
    for row in store.query(
        f"SELECT node, parent, title, valid_from, valid_to, {columns} FROM {table} "  # noqa: S608
        "ORDER BY node, valid_from"
    ):
        node, parent, title, start, end, *cells = row
        above = _Path("", "", "")
        for first, last, path in held.get(int(str(parent)), ()):
            if first < str(end) and str(start) < last:
                above = path
        essential, optional = split_modifiers(str(title))
        path = _Path(
            f"{above.shown}, {title}" if above.shown else str(title),
            f"{above.essential}, {essential}" if above.essential else essential,
            f"{above.optional} {optional}".strip(),
        )
        held.setdefault(int(str(node)), []).append((str(start), str(end), path))
        yield path, (str(node), str(start), str(end), *(str(cell or "") for cell in cells))


def _index(store: Store, book: str) -> Iterator[tuple[Phrase, str]]:
    """The entries of an index, each with the term that it refers to where it has no code."""
    name = f"icd10cm.{book}"
    for path, (node, start, end, code, manifestation, see) in _paths(
        store, store.info(name).table, "code, manifestation, see"
    ):
        phrase = Phrase(
            code.rstrip("-"),
            INDEX,
            path.essential,
            path.optional,
            path.shown,
            start,
            end,
            (name, node),
        )
        if code or see:
            yield phrase, see
        if manifestation:
            yield phrase._replace(node=manifestation.rstrip("-")), ""


def _referred(entries: Iterable[tuple[Phrase, str]]) -> Iterator[Phrase]:
    """Entries with the codes that they lead to; "see" is followed to the term that it names.

    A reference is followed where an entry has its words, or has them and the fewest others.
    """
    coded: list[Phrase] = []
    referring: list[tuple[Phrase, str]] = []
    for phrase, see in entries:
        if phrase.node:
            coded.append(phrase)
        else:
            referring.append((phrase, see))
    yield from coded
    said = [frozenset(stems(phrase.essential)) for phrase in coded]
    having: dict[str, set[int]] = {}
    for number, those in enumerate(said):
        for stem in those:
            having.setdefault(stem, set()).add(number)
    for phrase, see in referring:
        wanted = stems(split_modifiers(see)[0])
        sets = [having.get(stem) for stem in wanted]
        if not sets or not all(sets):
            continue
        found = set.intersection(*(each for each in sets if each))
        near = sorted(
            (len(said[n]), n)
            for n in found
            if coded[n].valid_from < phrase.valid_to and phrase.valid_from < coded[n].valid_to
        )
        if not near or near[0][0] > len(set(wanted)) + 1 or "condition" in wanted:
            continue
        # Two terms that are equally near and lead apart leave it open which is meant.
        if len({coded[n].node[:3] for size, n in near if size == near[0][0]}) == 1:
            shown = f"{phrase.shown} – see {see}"
            yield phrase._replace(node=coded[near[0][1]].node, shown=shown)


def _table(store: Store, book: str, cells: tuple[tuple[str, str], ...]) -> Iterator[Phrase]:
    name = f"icd10cm.{book}"
    columns = ", ".join(column for column, _ in cells)
    for path, (node, start, end, *codes) in _paths(store, store.info(name).table, columns):
        source = (name, node)
        for (_, words), code in zip(cells, codes, strict=True):
            if not code:
                continue
            essential = f"{path.essential}, {words}"
            yield Phrase(
                code.rstrip("-"),
                INDEX,
                essential,
                path.optional,
                f"{path.shown}, {words}",
                start,
                end,
                source,
            )


def _pcs_index(store: Store) -> Iterator[Phrase]:
    """Entries that lead to codes, or to the first four characters or more of them.

    The index of one year is held beside codes of others: it counts for every day.
    """
    release = store.releases("icd10pcs.index")[-1].id
    titles: dict[int, str] = {0: ""}
    for position, parent, title, prefix in store.query(
        "SELECT position, parent, title, prefix FROM icd10pcs_index WHERE release = ? "
        "ORDER BY position",
        release,
    ):
        above = titles[int(str(parent))]
        shown = ", ".join(filter(None, (above, str(title))))
        titles[int(str(position))] = shown
        if prefix:
            essential, optional = split_modifiers(shown)
            yield Phrase(
                str(prefix),
                INDEX,
                essential,
                optional,
                shown,
                _FIRST,
                _OPEN,
                ("icd10pcs.index", str(position)),
            )
