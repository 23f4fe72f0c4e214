"""Suggestions from a record: time for a note of a thousand words, and the memory it takes.

Targets: at most 150 ms warm for 1,000 words, and 400 MB. The note is made up of sentences of our
own; the reference store is the user's (with the alphabetic index, if it was brought).
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date

from benchmarks.measure import Measure

DAY = date(2026, 3, 1)
SENTENCES = (
    "A 67-year-old woman with hypertension, type 2 diabetes mellitus and chronic kidney disease "
    "stage 3 came with shortness of breath and swelling of both legs.",
    "She denied chest pain, fever, cough, hemoptysis and weight loss.",
    "Past history included atrial fibrillation on apixaban, hypothyroidism and a total hip "
    "replacement on the left.",
    "On examination there were crackles at both bases, edema to the knees and no hepatomegaly.",
    "The chest x-ray showed pleural effusion and was suspicious for pneumonia of the right lower "
    "lobe.",
    "Laboratory tests showed hyponatremia, iron deficiency anemia and leukocytosis.",
    "Her brother had colon cancer and her mother had breast cancer.",
    "Echocardiography confirmed acute on chronic diastolic heart failure with aortic stenosis.",
    "A urinary tract infection due to Escherichia coli was treated with ceftriaxone.",
    "She was discharged with follow up for osteoporosis and a fracture of the right wrist.",
)


def note(words: int) -> str:
    """A made-up note of about so many words."""
    out: list[str] = []
    count = 0
    while count < words:
        sentence = SENTENCES[len(out) % len(SENTENCES)]
        out.append(sentence)
        count += len(sentence.split())
    return "\n".join(out)


def run() -> Iterator[Measure]:
    """Time and memory of suggesting."""
    from superbill.encoder.suggestions import Suggester
    from superbill.encoder.suggestions.lexicon import prepare
    from superbill.store.home import default_store
    from superbill.store.open import Store

    prepare(default_store())
    with Store.open() as store:
        begun = time.perf_counter()
        suggester = Suggester(store, on=DAY)
        yield Measure("suggest: opening", time.perf_counter() - begun, "s")
        for words, target in ((300, None), (1_000, 0.150), (10_000, None)):
            text = note(words)
            suggester.suggest(text, setting="inpatient")
            taken = []
            for _ in range(9):
                begun = time.perf_counter()
                suggester.suggest(text, setting="inpatient")
                taken.append(time.perf_counter() - begun)
            name = f"suggest: a note of {words:,} words, warm"
            yield Measure(name, statistics.median(taken), "s", target)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        kilobytes //= 1024
    yield Measure("suggest: memory of the whole process", kilobytes / 1024, "MB", 400)
