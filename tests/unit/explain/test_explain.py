"""The one tree, and the ways in which it is shown."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from superbill.explain import Node, markdown, of_payment, outline, text
from superbill.model import (
    Adjustment,
    Component,
    Decision,
    DrgOutcome,
    EditReport,
    Finding,
    Grouping,
    NotChecked,
    PayerDecision,
    Payment,
    Recorder,
    Share,
    WhatIf,
)

D = Decimal


def payment() -> Payment:
    trace = Recorder()
    with trace.part("Operating payment", cite="42 CFR 412.64"):
        labor = trace("labor", D("100.00"), formula="rate × share", rate=(D(200), "Table 1A"))
        trace("weighted", labor * 2, rounding="half up, 2 places", cite="412.64(g)", labor=labor)
    return Payment(
        system="ipps",
        version="FY2026",
        return_code="00",
        meaning="paid",
        total=D("200.00"),
        components=(Component(name="operating", amount=D("200.00")),),
        trace=trace.steps,
        release="ipps.rates 2026",
    )


def decision() -> Decision:
    outcome = DrgOutcome(
        drg="291",
        title="Heart failure with MCC",
        mdc="05",
        mdc_title="Circulatory",
        base_drg="291",
        return_code="OK",
        med_surg="MEDICAL",
        severity="MCC",
    )
    lesser = WhatIf(
        where="diagnoses[1]",
        code="J9601",
        drg="292",
        title="Heart failure with CC",
        changes=True,
        weight=D("0.9"),
        payment=D("150.00"),
    )
    same = WhatIf(where="diagnoses[2]", code="I10", drg="291", title="Same", changes=False)
    return Decision(
        encounter_id="E_1",
        edits=EditReport(
            ran=("mce",),
            findings=(
                Finding(
                    rule="mce.x",
                    where="diagnoses[1]",
                    message="It is wrong.",
                    remedy="Mend it.",
                    facts={"age": "3"},
                    release="MCE 43.0",
                ),
            ),
            not_checked=(NotChecked(rule="ncci", reason="no table"),),
        ),
        grouping=Grouping(
            version="43.0",
            initial=outcome,
            final=outcome,
            hac_status="NOT_APPLICABLE",
            what_if=(lesser, same),
        ),
        payment=payment(),
        payers=(
            PayerDecision(
                payer="Medicare",
                kind="medicare_part_a",
                position=1,
                billed=D("500.00"),
                allowed=D("200.00"),
                paid=D("150.00"),
                adjustments=(
                    Adjustment(group="CO", reason="45", amount=D("300.00"), meaning="contract"),
                    Adjustment(group="PR", reason="1", amount=D("50.00"), meaning="deductible"),
                ),
                payment=payment(),
            ),
        ),
        charges=D("500.00"),
        paid=D("150.00"),
        written_off=D("300.00"),
        patient=D("50.00"),
        shares=(Share(party="Medicare", amount=D("150.00"), meaning="pays"),),
        not_covered=("a plan's terms",),
        lock="0123456789abcdef",
    )


def test_every_figure_carries_formula_inputs_rounding_citation_and_release() -> None:
    shown = text(of_payment(payment()))
    assert shown == (
        "IPPS FY2026: $200.00\n"
        "│   return code 00: paid\n"
        "│   from: ipps.rates 2026\n"
        "└── Operating payment: 200.00\n"
        "    │   by: 42 CFR 412.64\n"
        "    ├── labor: 100.00\n"
        "    │       formula: rate × share\n"
        "    │       rate: 200  (Table 1A)\n"
        "    └── weighted: 200.00\n"
        "            labor: 100.00\n"
        "            rounded: half up, 2 places\n"
        "            by: 412.64(g)\n"
    )


def test_without_a_trace_the_components_stand_for_the_steps() -> None:
    node = of_payment(msgspec.structs.replace(payment(), trace=()))
    assert [(child.name, child.figure) for child in node.children] == [("operating", "$200.00")]


def test_the_outline_goes_from_the_edits_to_who_pays() -> None:
    names = [node.name for node in outline(decision()).children]
    assert names == [
        "Edits",
        "MS-DRG version 43.0",
        "IPPS FY2026",
        "Payer 1: Medicare",
        "Who pays what",
        "Not covered",
    ]


def test_a_finding_says_what_it_means_the_way_out_the_facts_and_the_table() -> None:
    edits = outline(decision()).children[0]
    assert edits.figure == "1 found"
    found, unchecked = edits.children
    assert (found.figure, found.note, found.release) == (
        "mce.x",
        "It is wrong. Mend it.",
        "MCE 43.0",
    )
    assert [(used.name, used.value) for used in found.inputs] == [("age", "3")]
    assert (unchecked.name, unchecked.note) == ("Not checked: ncci", "no table")


def test_only_what_changes_the_group_is_listed_as_changing_it() -> None:
    (changes,) = outline(decision()).children[1].children
    assert [(case.name, case.figure) for case in changes.children] == [
        ("without diagnoses[1] J9601", "292 Heart failure with CC, weight 0.9, $150.00")
    ]


def test_a_payment_already_shown_is_not_shown_again_below_its_payer() -> None:
    payer = outline(decision()).children[3]
    assert [child.name for child in payer.children] == ["CO-45", "PR-1"]


def test_markdown_has_headings_for_parts_and_escapes_what_is_markup() -> None:
    shown = markdown(outline(decision()))
    assert shown.startswith(
        "# Stay E\\_1: $500.00\n\nreference data 0123456789ab\n\n## Edits: 1 found\n"
    )
    assert "\n- Operating payment: **200.00**\n  - *by* 42 CFR 412.64\n" in shown
    assert "  - labor: **100.00**\n    - *formula* `rate × share`\n" in shown


def test_the_tree_is_json_and_back() -> None:
    node = outline(decision())
    assert msgspec.json.decode(msgspec.json.encode(node), type=Node) == node
