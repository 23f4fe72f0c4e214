from __future__ import annotations

from datetime import date

import pytest

from superbill.encoder.pcs import Builder, PcsIndex, read_code
from superbill.errors import Invalid, NotCovered
from superbill.store.open import Store

DAY = date(2026, 3, 1)


def test_only_legal_choices_at_each_step(small: Store) -> None:
    builder = Builder(small, on=DAY)
    first = builder.choices()
    assert [(c.value, c.label, c.codes) for c in first.choices] == [
        ("0", "Medical and Surgical", 3)
    ]
    body_part = builder.complete("0")
    assert (body_part.prefix, body_part.axis, body_part.axis_title) == ("0DT", 4, "Body Part")
    assert body_part.labels == ("Medical and Surgical", "Gastrointestinal System", "Resection")
    assert [(c.value, c.label, c.codes) for c in body_part.choices] == [
        ("J", "Appendix", 2),
        ("N", "Sigmoid Colon", 1),
    ]
    # The tables allow 0DTN4ZZ, but there is no such code on the day.
    whole = builder.complete("0DTN")
    assert (whole.prefix, whole.complete) == ("0DTN0ZZ", True)
    assert whole.title == "Resection of Sigmoid Colon, Open Approach"


def test_definitions_and_keys_stand_beside(small: Store) -> None:
    builder = Builder(small, on=DAY)
    (resection,) = builder.choices("0D").choices
    assert resection.definition == "Cutting out all of a body part"
    appendix = builder.choices("0DT").choices[0]
    assert appendix.includes == ("Vermiform appendix",)


def test_the_answer_says_that_the_tables_are_of_another_year(small: Store) -> None:
    tables = Builder(small, on=DAY).choices().tables
    assert (tables.label, tables.exact) == ("FY2021", False)


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        ("0DX", "Character 3 may be: T Resection"),
        ("0DTJ9", "Character 5 may be: 0 Open, 4 Percutaneous Endoscopic"),
        ("0DTNFZZ", "Character 5 may be: 0 Open"),
        ("0DTJ0ZZZ", "longer than a code"),
        ("9", "Character 1 may be: 0 Medical and Surgical"),
    ],
)
def test_what_no_table_allows_is_refused_with_what_it_allows(
    small: Store, prefix: str, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        Builder(small, on=DAY).choices(prefix)
    assert says in str(caught.value)


def test_every_code_that_can_be_built(small: Store) -> None:
    assert Builder(small, on=DAY).codes() == ["0DTJ0ZZ", "0DTJ4ZZ", "0DTN0ZZ"]


def test_a_code_is_read_aloud(small: Store) -> None:
    reading = read_code(small, "0dtj4zz", on=DAY)
    assert reading.allowed
    assert reading.valid
    assert [(axis.value, axis.label) for axis in reading.axes] == [
        ("0", "Medical and Surgical"),
        ("D", "Gastrointestinal System"),
        ("T", "Resection"),
        ("J", "Appendix"),
        ("4", "Percutaneous Endoscopic"),
        ("Z", "No Device"),
        ("Z", "No Qualifier"),
    ]
    assert "Approach: Percutaneous Endoscopic" in reading.aloud()


def test_a_newer_code_is_read_as_far_as_is_certain(small: Store) -> None:
    """Its approach is in no table held; the title says it where that of 0DTN0ZZ says "Open"."""
    reading = read_code(small, "0DTN8ZZ", on=DAY)
    assert not reading.allowed
    assert reading.valid
    assert [(axis.label, axis.known) for axis in reading.axes[3:]] == [
        ("Sigmoid Colon", "tables"),
        ("Via Natural or Artificial Opening Endoscopic", "title"),
        ("No Device", "tables"),
        ("No Qualifier", "tables"),
    ]


def test_what_is_not_certain_is_not_said(small: Store) -> None:
    """The title of 0DTNFZZ does not end as that of 0DTN0ZZ, so nothing can be taken from it."""
    reading = read_code(small, "0DTNFZZ", on=DAY)
    assert (reading.axes[4].label, reading.axes[4].known) == ("", "not in the tables held")
    assert "Approach: not in the tables held" in reading.aloud()


@pytest.mark.parametrize("code", ["0DTJ4Z", "I50.23", "0DTO0ZZ", "", "🙂"])
def test_what_is_no_code_is_refused(small: Store, code: str) -> None:
    with pytest.raises(Invalid, match="seven characters"):
        read_code(small, code, on=DAY)


def test_a_code_that_no_release_knows_is_refused(small: Store) -> None:
    with pytest.raises(Invalid, match="no release held knows"):
        read_code(small, "0DTJ8ZZ", on=DAY)


def test_the_index_leads_to_the_beginning_of_codes(small: Store) -> None:
    index = PcsIndex(small, on=DAY)
    (lead,) = index.leads("appendectomy")
    assert (lead.path, lead.prefix, lead.codes) == (
        ("Appendectomy", "see Resection, Appendix"),
        "0DTJ",
        2,
    )
    (use,) = index.leads("vermiform appendix")
    assert (use.use, use.keys[0].axis) == ("Appendix", 4)
    with pytest.raises(Invalid, match="no term"):
        index.leads("zzyzx")


def test_without_tables_it_is_not_covered(embedded_store: Store) -> None:
    with pytest.raises(NotCovered, match="ICD-10-PCS tables"):
        Builder(embedded_store, on=DAY)
