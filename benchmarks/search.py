"""Search: words to codes in process and cold, the words' part alone, the index made, the memory."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.measure import SUPERBILL, Measure, seconds
from superbill.encoder.find import answer, index_of
from superbill.encoder.find.file import place, save
from superbill.encoder.find.make import make
from superbill.encoder.find.query import readings
from superbill.store.home import default_store
from superbill.store.open import Store
from tests.encoder.cases import listed

ON = date(2026, 3, 1)


def run() -> list[Measure]:
    """Measure the search on everyday queries, over all that the store holds."""
    queries = [case.query for case in listed("lay")] * 3
    with Store.open(default_store()) as store:
        index = index_of(store)
        held = place(store.path, store.digest).stat().st_size / 1e6
        for query in queries[:30]:
            answer(store, query, on=ON)
        whole = _times(queries, lambda query: answer(store, query, on=ON))
        cm = index.systems["cm"]
        slots = {query: index.slots(cm, readings(query)[0]) for query in queries}
        words = _times(queries, lambda query: cm.engine.lexical(slots[query]))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.perf_counter()
        made = make(store)
        with tempfile.TemporaryDirectory() as folder:
            save(made, Path(folder) / "index")
        took = time.perf_counter() - start
    command = [SUPERBILL, "search", "broken wrist", "--on", ON.isoformat(), "--json"]
    seconds(command)
    cold = statistics.median(seconds(command) for _ in range(9))
    return [
        Measure("search, all systems, median", statistics.median(whole), "ms", target=5),
        Measure("search, all systems, 95th of 100", _slow(whole), "ms", target=25),
        Measure("search, words alone, diagnoses, median", statistics.median(words), "ms", target=1),
        Measure("search index, made and written", took, "s", target=30),
        Measure("search index, on the disk", held, "MB"),
        Measure("search, memory", memory, "MB", target=400),
        Measure("superbill search, cold", cold, "s", target=0.7),
    ]


def _times(queries: list[str], ask: object) -> list[float]:
    """How long each query takes, in milliseconds."""
    assert callable(ask)
    took = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        took.append((time.perf_counter() - start) * 1000)
    return took


def _slow(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]
