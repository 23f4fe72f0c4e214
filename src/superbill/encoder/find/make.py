"""Makes the search index of a reference store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from superbill.encoder.find.build import Vocabulary, build
from superbill.encoder.find.corpus import Corpus, Phrase, corpora
from superbill.encoder.find.engine import Engine
from superbill.encoder.find.index import SearchIndex, System
from superbill.encoder.find.meaning import Meaning, Space, meaning, node_vectors
from superbill.encoder.find.synonyms import with_synonyms
from superbill.encoder.find.text import Texts
from superbill.store.open import Store

_WITH_VECTORS = ("cm", "hcpcs")


def make(store: Store) -> SearchIndex:
    """The search index of ``store``, in memory (about twenty seconds for everything held)."""
    return assemble(corpora(store), store.digest)


def leaving_out(held: Sequence[Corpus], left_out: Callable[[Phrase], bool]) -> list[Corpus]:
    """The corpora without the phrases for which ``left_out`` holds; for measuring."""
    return [
        corpus._replace(phrases=[p for p in corpus.phrases if not left_out(p)]) for corpus in held
    ]


def assemble(
    held: Sequence[Corpus],
    digest: str,
    words: Meaning | None = None,
    left_out: Callable[[Phrase], bool] | None = None,
) -> SearchIndex:
    """The index of corpora, with other names of diseases; ``left_out`` is for measuring."""
    words = meaning() if words is None else words
    vocabulary = Vocabulary()
    full = [with_synonyms(corpus) for corpus in held]
    if left_out is not None:
        full = leaving_out(full, left_out)
    parts = [(corpus, *build(corpus, vocabulary)) for corpus in full]
    stems = list(vocabulary.numbers)
    systems = []
    for corpus, arrays, lists in parts:
        units = len(arrays["code_at"]) - 1
        space = None
        if corpus.system in _WITH_VECTORS:
            space = Space.of(node_vectors(arrays, stems, words), units)
        first = [lists["code"][at] for at in arrays["code_at"][:units]]
        systems.append(
            System(
                system=corpus.system,
                engine=Engine(arrays, vocabulary.numbers),
                space=space,
                name=Texts.of(lists["name"]),
                code=Texts.of(lists["code"]),
                title=Texts.of([corpus.nodes[code].title for code in lists["code"]]),
                shown=Texts.of(lists["shown"]),
                source=Texts.of(lists["source"]),
                attributes=Texts.of([corpus.nodes[code].attributes for code in first]),
                evidence=corpus.evidence,
            )
        )
    return SearchIndex(systems, stems, digest, words)
