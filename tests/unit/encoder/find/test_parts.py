"""The parts of the search, each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from superbill.encoder.find.compounds import apart
from superbill.encoder.find.corpus import INCLUSION, INDEX, SYNONYM, TITLE, Corpus, Node, Phrase
from superbill.encoder.find.make import assemble
from superbill.encoder.find.meaning import meaning, top
from superbill.encoder.find.query import Reading, Speller, readings
from superbill.encoder.find.synonyms import with_synonyms
from superbill.encoder.find.words import stem, stems

OPEN = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("haemorrhage", "hemorrhage"),
        ("oedema", "edema"),
        ("oesophageal", "esophageal"),
        ("anaemia", "anemia"),
        ("leukaemia", "leukemia"),
        ("diarrhoea", "diarrhea"),
        ("dyspnoea", "dyspnea"),
        ("foetal", "fetal"),
        ("paediatric", "pediatric"),
        ("orthopaedic", "orthopedic"),
        ("gynaecological", "gynecological"),
        ("tumour", "tumor"),
        ("caesarean", "cesarean"),
        ("fibre", "fiber"),
        ("immunised", "immunized"),
        ("paralysed", "paralyzed"),
        ("anaesthesia", "anesthesia"),
        ("caecum", "cecum"),
        ("faecal", "fecal"),
        ("ischaemia", "ischemia"),
        ("goitre", "goiter"),
        ("paraesthesia", "paresthesia"),
        ("naevus", "nevus"),
        ("amoebiasis", "amebiasis"),
        ("hypoglycaemia", "hypoglycemia"),
        ("sulphonamide", "sulfonamide"),
    ],
)
def test_british_and_american_spelling_are_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)


@pytest.mark.parametrize("word", ["diagnosis", "pancreatitis", "abscess", "virus"])
def test_words_that_only_look_plural_keep_their_s(word: str) -> None:
    assert stem(word) == word


def test_order_and_small_words_do_not_count() -> None:
    assert sorted(stems("fracture of the left femur")) == sorted(stems("femur, left; fracture"))


def terms(text: str) -> list[str]:
    return [" ".join(one for one, _ in reading.terms) for reading in readings(text)]


def test_an_abbreviation_with_two_meanings_is_read_both_ways() -> None:
    found = terms("MS")
    assert stem("sclerosis") in found[0]
    assert any(stem("mitral") in each for each in found)


def test_everyday_words_are_not_taken_for_abbreviations() -> None:
    assert "leukemia" not in " ".join(terms("pain all over"))
    assert "lymphoblastic" in " ".join(terms("ALL in remission"))


def test_a_lay_phrase_is_read_in_clinical_words() -> None:
    assert terms("heart attack")[0] == " ".join(stems("acute myocardial infarction"))


def test_the_speller_finds_what_was_meant() -> None:
    speller = Speller(["asthma", "pneumonia", "pneumonitis", "zoster"], np.array([9, 9, 1, 2]))
    assert speller.near("pnuemonia")[0][0] == "pneumonia"
    assert speller.near("xxxxxxxx") == []
    assert speller.near("abc") == []
    assert [one for one, _ in speller.beginning("pneu")] == ["pneumonia", "pneumonitis"]


def test_top_gives_the_greatest() -> None:
    values = np.random.default_rng(1).random(20_000).astype(np.float32)
    assert set(top(values, 50)) == set(np.argsort(values)[-50:])
    assert len(top(np.zeros(20_000, np.float32), 50)) == 50
    assert len(top(values[:10], 50)) == 10


def test_words_of_one_meaning_lie_near() -> None:
    held = meaning()

    def near(one: str, other: str) -> float:
        return float(held.of([(stem(one), 1.0)]) @ held.of([(stem(other), 1.0)]))

    assert near("kidney", "renal") > near("kidney", "fracture") + 0.3
    assert not held.of([("nosuchstem", 1.0)]).any()


def corpus(*phrases: tuple[str, int, str]) -> Corpus:
    """A corpus of phrases: code, kind, text."""
    nodes = {
        code: Node(code, "", text, True, (OPEN,), "")
        for code, kind, text in phrases
        if kind == TITLE
    }
    made = [
        Phrase(code, kind, text, "", text, *OPEN, ("t", str(n)))
        for n, (code, kind, text) in enumerate(phrases)
    ]
    return Corpus("cm", nodes, made, ("title", "inclusion term", "index entry"))


def test_what_is_left_out_is_not_searched() -> None:
    whole = corpus(
        ("I10", TITLE, "Hypertension"),
        ("I10", INDEX, "Dyscrasia, of potters"),
        ("J459", TITLE, "Asthma"),
        ("J459", INCLUSION, "Wheezy bronchitis"),
    )
    index = assemble([whole], "x")
    system = index.systems["cm"]
    reading = Reading(tuple((one, one) for one in stems("potters dyscrasia")), (), 1.0)
    found = index.find(system, reading, day=None, allowed=None)
    assert found.candidates.lexical.max() == pytest.approx(1.0, abs=0.02)
    without = assemble([whole._replace(phrases=[p for p in whole.phrases if p.kind != INDEX])], "x")
    found = without.find(without.systems["cm"], reading, day=None, allowed=None)
    assert not found.candidates.lexical.any()


@pytest.mark.parametrize(
    ("one", "other"),
    [("type II", "type 2"), ("stage IV", "stage 4"), ("2nd degree", "second degree")],
)
def test_numerals_are_one_word_however_they_are_written(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_a_letter_counts_where_it_tells_kinds_apart() -> None:
    assert stems("hepatitis A") != stems("hepatitis C") != stems("hepatitis")
    assert stems("a fracture") == stems("fracture")


def test_a_word_of_greek_parts_is_taken_apart() -> None:
    assert apart("splenopexy", procedure=True)[1] == (stem("spleen"),)
    assert apart("splenomegaly", procedure=False)[1] == (stem("spleen"),)
    assert apart("broken", procedure=True) == ()


def test_a_word_means_more_alone_than_among_others() -> None:
    assert terms("cold") == [" ".join(stems("acute nasopharyngitis"))]
    assert terms("cold hands") == [" ".join(stems("cold hands"))]


def test_a_band_of_a_chromosome_is_part_of_one() -> None:
    assert terms("22q11 deletion") == [" ".join(stems("part chromosome deletion"))]


def test_supplies_are_read_as_hcpcs_shortens_them() -> None:
    found = readings("ltwt whlchr", "hcpcs")[0]
    assert [one for one, _ in found.terms] == stems("lightweight wheelchair")
    speller = Speller(["dressing", "provider", "program"], np.array([3, 2, 2]))
    heard = np.array([3, 2, 2])
    assert [one for one, _ in speller.clipped("pvdr", heard)] == ["provider"]
    assert speller.clipped("xq", heard) == []


def test_names_of_a_heading_lead_to_the_code_that_one_of_them_names() -> None:
    held = corpus(
        ("M314", TITLE, "Aortic arch syndrome [Takayasu]"), ("M314", INDEX, "Takayasu arteritis")
    )
    names = {p.essential for p in with_synonyms(held).phrases if p.kind == SYNONYM}
    assert "pulseless disease" in names
    other = corpus(("J459", TITLE, "Asthma"))._replace(system="hcpcs")
    assert with_synonyms(other) == other
