"""Records as they are written in the United States: what a coder would be shown of them.

The records beside this file were made up for the purpose. What is expected follows from the
official guidelines; the section stands beside each rule.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from superbill.encoder.suggestions import Suggester, Suggestions
from superbill.encoder.suggestions.answer import Setting
from superbill.store.open import Store

HERE = Path(__file__).parent / "records"
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def suggester(embedded_store: Store) -> Suggester:
    return Suggester(embedded_store, on=DAY)


def answered(suggester: Suggester, name: str, setting: Setting) -> Suggestions:
    return suggester.suggest((HERE / f"{name}.txt").read_text("utf-8"), setting=setting)


def codes(answer: Suggestions) -> list[str]:
    return [each.code for each in answer.suggestions]


def rules(answer: Suggestions) -> dict[str, str]:
    return {each.code: each.rule for each in answer.rejected}


def test_a_discharge_summary_of_heart_failure(suggester: Suggester) -> None:
    answer = answered(suggester, "discharge_heart_failure", "inpatient")
    found, aside = codes(answer), rules(answer)
    # I.C.9.a.3 and I.A.15: hypertension and diabetes with kidney disease are presumed related.
    assert {"I130", "I5023", "N1832", "E1122", "E876", "N179"} <= set(found)
    assert (aside["I10"], aside["E119"]) == ("combined", "combined")
    # II.H: what is probable at discharge is coded; what was ruled out is not.
    assert "G4733" in found
    assert aside["J189"] == "absent"
    # I.C.21.c.4: history; a relative's illness; an allergy and not its rash.
    assert "Z8546" in found
    assert not {"C61", "C800", "C801", "I639", "R21"} & set(found)
    assert not any(code.startswith("C50") for code in found)
    assert not {"R079", "R509", "R059"} & set(found)
    # I.B.5: signs of the disease stand behind all else, and say so.
    signs = [each for each in answer.suggestions if any("I.B.5" in r for r in each.remarks)]
    assert signs == list(answer.suggestions[-len(signs) :])


def test_a_discharge_summary_of_sepsis(suggester: Suggester) -> None:
    answer = answered(suggester, "discharge_sepsis", "inpatient")
    found = set(codes(answer))
    assert {"R6521", "N390", "J449", "L89153", "E43", "G9341", "J9601", "E039"} <= found
    # Dementia in Alzheimer's disease: etiology and manifestation (I.A.13).
    assert {"G309", "F0280"} <= found
    assert not {"I2699", "R579", "A419", "F0390"} & found
    assert not any(code.startswith("I82") for code in found)


def test_a_visit_for_diabetes(suggester: Suggester) -> None:
    answer = answered(suggester, "clinic_diabetes", "outpatient")
    found, aside = set(codes(answer)), rules(answer)
    assert {"E1142", "E1165", "I10", "E782", "E66812", "Z6836", "Z7984"} <= found
    assert not {"E119", "E785", "E669", "E109", "E1121", "Z719"} & found
    # IV.H: possible, and still to be ruled out.
    assert aside["E039"] == "uncertain"


def test_an_injury(suggester: Suggester) -> None:
    answer = answered(suggester, "emergency_injury", "outpatient")
    found = set(codes(answer))
    assert {"S52531A", "W19XXXA", "M810", "E039"} <= found
    assert not {"R519", "R58", "S72009A", "M8080XA", "R509"} & found


def test_what_is_likely_in_a_visit_and_in_a_stay(suggester: Suggester) -> None:
    visit = answered(suggester, "clinic_cough", "outpatient")
    assert {"R059", "R509"} <= set(codes(visit))
    assert rules(visit)["J189"] == "uncertain"
    assert not {"J45909", "J020", "I10", "R042", "F17200"} & set(codes(visit))
    stay = answered(suggester, "clinic_cough", "inpatient")
    assert "J189" in codes(stay)


def test_evidence_lies_in_the_record(suggester: Suggester) -> None:
    for file in sorted(HERE.glob("*.txt")):
        text = file.read_text("utf-8")
        answer = suggester.suggest(text, setting="inpatient")
        evidence = [each.evidence for each in answer.suggestions]
        evidence += [each.evidence for each in answer.rejected]
        for spans in evidence:
            assert spans
            for start, end in spans:
                assert 0 <= start < end <= len(text)
                assert text[start:end].strip() == text[start:end]
