from __future__ import annotations

from datetime import date

import msgspec
import pytest

from superbill.encoder.suggestions import Suggester, Suggestions, suggest
from superbill.encoder.suggestions.candidates import Candidate
from superbill.encoder.suggestions.model import PRIOR, Taken, experience, keys, model
from superbill.encoder.suggestions.records import Decision, decided, taken
from superbill.errors import Invalid
from superbill.store.open import Store

DAY = date(2026, 3, 1)
NOTE = (
    "A 72-year-old man with hypertension came with acute on chronic systolic heart failure.\n"
    "He denies fever. Probable pneumonia. His mother had breast cancer.\n"
    "Chronic obstructive pulmonary disease."
)


@pytest.fixture(scope="module")
def suggester(embedded_store: Store) -> Suggester:
    """Without the alphabetic index: titles and inclusion terms only."""
    return Suggester(embedded_store, on=DAY)


def codes(answer: Suggestions) -> set[str]:
    return {each.code for each in answer.suggestions}


def rules(answer: Suggestions) -> dict[str, str]:
    return {each.code: each.rule for each in answer.rejected}


def test_a_note(suggester: Suggester) -> None:
    answer = suggester.suggest(NOTE, setting="inpatient")
    # Hypertension with heart failure is presumed related: I11.0 takes the place of I10 (I.C.9.a.1).
    assert {"I110", "I5023", "J189", "J449"} <= codes(answer)
    assert rules(answer)["I10"] == "combined"
    assert rules(answer)["R509"] == "absent"
    assert not any(code.startswith("C50") for code in codes(answer))
    assert [each.score for each in answer.suggestions] == sorted(
        (each.score for each in answer.suggestions), reverse=True
    )


def test_evidence_is_the_words_themselves(suggester: Suggester) -> None:
    answer = suggester.suggest(NOTE, setting="inpatient")
    said = {
        each.code: [NOTE[start:end] for start, end in each.evidence] for each in answer.suggestions
    }
    assert "acute on chronic systolic heart failure" in said["I5023"]
    assert said["I110"] == ["hypertension", "acute on chronic systolic heart failure"]
    assert said["J449"] == ["Chronic obstructive pulmonary disease"]
    by_rule = {each.code: [NOTE[a:b] for a, b in each.evidence] for each in answer.rejected}
    assert by_rule["R509"] == ["fever"]


def test_what_is_uncertain_depends_on_the_setting(suggester: Suggester) -> None:
    inpatient = suggester.suggest(NOTE, setting="inpatient")
    outpatient = suggester.suggest(NOTE, setting="outpatient")
    (pneumonia,) = [each for each in inpatient.suggestions if each.code == "J189"]
    assert any("II.H" in remark for remark in pneumonia.remarks)
    assert "J189" not in codes(outpatient)
    assert rules(outpatient)["J189"] == "uncertain"


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("No evidence of pneumonia.", "J189", "absent"),
        ("Screening for asthma.", "J45909", "hypothetical"),
        ("His brother has asthma.", "J45909", "family"),
    ],
)
def test_rules_set_aside_whatever_the_score(
    suggester: Suggester, text: str, code: str, rule: str
) -> None:
    answer = suggester.suggest(text, setting="inpatient", threshold=0.0)
    assert code not in codes(answer)
    assert rules(answer)[code] == rule


def test_age_and_sex(suggester: Suggester) -> None:
    text = "A 40-year-old man with postpartum hemorrhage and neonatal jaundice."
    answer = suggester.suggest(text, setting="inpatient", threshold=0.0)
    assert not any(code.startswith(("O", "P")) for code in codes(answer))
    assert "age or sex" in rules(answer).values()


def test_side_and_episode(suggester: Suggester) -> None:
    answer = suggester.suggest(
        "Colles' fracture of the left radius.", setting="inpatient", threshold=0.0
    )
    assert "S52532A" in codes(answer)
    assert "S52531A" not in codes(answer)


def test_every_code_may_be_reported_on_the_day(suggester: Suggester) -> None:
    answer = suggester.suggest(NOTE * 3, setting="inpatient", threshold=0.0)
    assert all(code in suggester.codes for code in codes(answer))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The record is empty."),
        ("  \n\t ", "The record is empty."),
        ("🙂 🎉 42 !!", "There are no words in the record."),
        ("a", "Nothing in the record supports a code well enough."),
        (
            "El paciente llegó al servicio muy cansado y durmió toda la noche en su habitación",
            "English only",
        ),
    ],
)
def test_records_that_say_nothing(suggester: Suggester, text: str, message: str) -> None:
    answer = suggester.suggest(text, setting="inpatient")
    assert answer.suggestions == ()
    assert message in answer.message


def test_long_records(suggester: Suggester) -> None:
    answer = suggester.suggest("Pneumonia was found again. " * 2_500, setting="inpatient")
    assert "J189" in codes(answer)
    with pytest.raises(Invalid, match="characters"):
        suggester.suggest("pain " * 100_000, setting="inpatient")


def test_an_unknown_setting(embedded_store: Store) -> None:
    with pytest.raises(Invalid, match="setting"):
        suggest("pain", store=embedded_store, on=DAY, setting="home")  # type: ignore[arg-type]


def test_decisions_are_recorded_without_the_text(suggester: Suggester) -> None:
    answer = suggester.suggest(NOTE, setting="inpatient")
    lines = decided(answer, suggester, NOTE, ["I50.23", "E11.9"], ["J44.9"])
    held = [msgspec.json.decode(line, type=Decision) for line in lines]
    assert [(each.code, each.decision) for each in held] == [
        ("E11.9", "added"),
        ("I50.23", "accepted"),
        ("J44.9", "rejected"),
    ]
    assert all(b"man with" not in line for line in lines)
    assert [each.taken for each in taken(lines, "taken.jsonl")] == [True, True, False]


def _copd(suggester: Suggester) -> tuple[Candidate, float]:
    (candidate,) = [each for each in suggester.candidates(NOTE)[1] if each.code == "J449"]
    return candidate, suggester.model.scores([candidate])[0]


@pytest.mark.parametrize(("seen", "took"), [(1, 0), (5, 0), (5, 5), (20, 0), (20, 10), (200, 20)])
def test_decisions_move_the_score(suggester: Suggester, seen: int, took: int) -> None:
    """The fitted share is a beta prior worth ``PRIOR`` decisions."""
    candidate, before = _copd(suggester)
    made = [Taken("J449", candidate.signature, taken=n < took) for n in range(seen)]
    (after,) = suggester.model.with_records(made).scores([candidate])
    assert after == pytest.approx((PRIOR * before + took) / (PRIOR + seen))


def test_decisions_are_added_up_and_speak_of_their_code_only(suggester: Suggester) -> None:
    candidate, before = _copd(suggester)
    once = suggester.model.with_records([Taken("J449", candidate.signature, taken=False)] * 4)
    again = once.with_records([Taken("J449", candidate.signature, taken=False)] * 4)
    whole = suggester.model.with_records([Taken("J449", candidate.signature, taken=False)] * 8)
    assert again.scores([candidate]) == whole.scores([candidate])
    # A decision on the code by other words says less, one on another code nothing.
    other = suggester.model.with_records([Taken("J449", "other words", taken=False)] * 4)
    assert once.scores([candidate])[0] < other.scores([candidate])[0] < before
    apart = suggester.model.with_records([Taken("J440", "x", taken=False)] * 50)
    assert apart.scores([candidate]) == [before]


def test_what_coders_refuse_is_no_longer_suggested(
    suggester: Suggester, embedded_store: Store
) -> None:
    candidate, _ = _copd(suggester)
    made = [Taken("J449", candidate.signature, taken=False)] * 20
    taught = Suggester(embedded_store, on=DAY, learned=suggester.model.with_records(made))
    answer = taught.suggest(NOTE, setting="inpatient")
    assert "J449" not in codes(answer)
    assert rules(answer)["J449"] == "thin evidence"
    assert codes(answer) == codes(suggester.suggest(NOTE, setting="inpatient")) - {"J449"}


def test_bad_decisions(suggester: Suggester) -> None:
    answer = suggester.suggest(NOTE, setting="inpatient")
    for accept, reject in ((["X99"], []), (["I50.2"], []), (["I10"], ["I10"])):
        with pytest.raises(Invalid):
            decided(answer, suggester, NOTE, accept, reject)
    with pytest.raises(Invalid, match=r"taken.jsonl:2"):
        list(taken([b"\n", b"{}\n"], "taken.jsonl"))


def test_little_experience_leans_on_the_category() -> None:
    counts = {keys("J449", "x")[0]: (100, 90)}
    much = experience(counts, 0.3, "J449", "x")
    none = experience({}, 0.3, "J449", "x")
    assert much[1] > none[1]
    assert experience({}, 0.3, "J449", "x")[0] == 0.0


def test_shares_rise_with_the_sum() -> None:
    learned = model().learned
    assert learned.sums == sorted(learned.sums)
    assert learned.shares == sorted(learned.shares)
    assert all(0 < share < 1 for share in learned.shares)
