"""One tree from what came in to the last cent."""

from __future__ import annotations

from superbill.model import (
    CodeGrouping,
    Decision,
    EditReport,
    Finding,
    Grouping,
    Input,
    LinePrice,
    PayerDecision,
    Payment,
    Step,
    Value,
    VisitDecision,
    WhatIf,
)
from superbill.money import dollars


class Node(Value, frozen=True, kw_only=True):
    """A figure or fact, what it was made from, on whose word, and the nodes inside it.

    ``inputs`` are the figures that went in, each with its source unless an earlier node made it.
    ``citation`` is the rule, ``release`` the published table that was read.
    """

    name: str
    figure: str = ""
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    rounding: str = ""
    citation: str = ""
    release: str = ""
    note: str = ""
    children: tuple[Node, ...] = ()


def outline(decision: Decision) -> Node:
    """The whole decision as one tree: edits, group, payment, each payer, and who pays what.

    Steps of a calculation are in it if the decision was asked for with its traces.
    """
    parts = [_edits(decision.edits)]
    if decision.grouping is not None:
        parts.append(of_grouping(decision.grouping))
    if decision.payment is not None:
        parts.append(of_payment(decision.payment))
    parts.extend(_payer(payer, decision.payment) for payer in decision.payers)
    parts.append(_split(decision))
    parts.extend(Node(name="Not covered", note=reason) for reason in decision.not_covered)
    return Node(
        name=f"Stay {decision.encounter_id}",
        figure=dollars(decision.charges),
        note=f"reference data {decision.lock[:12]}" if decision.lock else "",
        children=tuple(parts),
    )


def outline_visit(decision: VisitDecision) -> Node:
    """A visit's decision as one tree: edits, each line's price, each payer, and who pays what."""
    parts = [_edits(decision.edits)]
    if decision.prices:
        prices = tuple(_price(price) for price in decision.prices)
        parts.append(Node(name="What Medicare allows", children=prices))
    parts.extend(_payer(payer, None) for payer in decision.payers)
    parts.append(_split(decision))
    parts.extend(Node(name="Not covered", note=reason) for reason in decision.not_covered)
    return Node(
        name=f"Visit {decision.visit_id}",
        figure=dollars(decision.charges),
        note=f"reference data {decision.lock[:12]}" if decision.lock else "",
        children=tuple(parts),
    )


def _price(price: LinePrice) -> Node:
    priced = price.status == "priced"
    return Node(
        name=f"Line {price.line}: {price.code}",
        figure=dollars(price.allowed) if priced else price.status,
        note="; ".join(part for part in (price.system, price.meaning) if part),
        release=price.release,
        children=tuple(_step(step) for step in price.trace),
    )


def of_grouping(grouping: Grouping) -> Node:
    """A group, and what each code had to do with it."""
    initial, final = grouping.initial, grouping.final
    children = [_code(code) for code in grouping.codes if _matters(code)]
    if initial.drg != final.drg:
        note = "before hospital-acquired conditions were taken out"
        children.insert(0, Node(name=f"Initial DRG {initial.drg}", figure=initial.title, note=note))
    children.extend(Node(name="Corrected", note=text) for text in grouping.corrections)
    if changing := tuple(_what_if(case) for case in grouping.what_if if case.changes):
        children.append(Node(name="What would change it", children=changing))
    return Node(
        name=f"MS-DRG version {grouping.version}",
        figure=f"{final.drg} {final.title}",
        note=f"MDC {final.mdc} {final.mdc_title}; {final.med_surg.lower()}; "
        f"return code {final.return_code}",
        release=grouping.release,
        children=tuple(children),
    )


def of_payment(payment: Payment) -> Node:
    """What a payment system yields, step by step where the trace was recorded."""
    steps = tuple(_step(step) for step in payment.trace) or tuple(
        Node(name=part.name, figure=dollars(part.amount)) for part in payment.components
    )
    return Node(
        name=f"{payment.system.upper()} {payment.version}",
        figure=dollars(payment.total),
        note=f"return code {payment.return_code}: {payment.meaning}",
        release=payment.release,
        children=steps,
    )


def _step(step: Step) -> Node:
    return Node(
        name=step.name,
        figure=step.value,
        formula=step.formula,
        inputs=step.inputs,
        rounding=step.rounding,
        citation=step.citation,
        children=tuple(_step(inner) for inner in step.steps),
    )


def _edits(report: EditReport) -> Node:
    found = [_finding(finding) for finding in report.findings]
    found.extend(
        Node(name=f"Not checked: {', '.join(rules)}", note=reason)
        for reason, rules in unchecked(report).items()
    )
    figure = "clean" if report.clean else f"{len(report.findings)} found"
    ran = ", ".join(report.ran)
    return Node(
        name="Edits", figure=figure, note=f"ran {ran}" if ran else "", children=tuple(found)
    )


def unchecked(report: EditReport) -> dict[str, list[str]]:
    """The rules that could not be run, by the reason why."""
    reasons: dict[str, list[str]] = {}
    for rule in report.not_checked:
        reasons.setdefault(rule.reason, []).append(rule.rule)
    return reasons


def _finding(finding: Finding) -> Node:
    return Node(
        name=f"{finding.severity}: {finding.where}",
        figure=finding.rule,
        note=" ".join(part for part in (finding.message, finding.remedy) if part),
        inputs=tuple(Input(name=name, value=value) for name, value in finding.facts.items()),
        citation=finding.citation,
        release=finding.release,
    )


def _matters(code: CodeGrouping) -> bool:
    return (
        code.affects_drg != "NONE"
        or code.severity != "NEITHER"
        or not code.recognized
        or any(row.status == "HAC_CRITERIA_MET" for row in code.hacs)
    )


def _code(code: CodeGrouping) -> Node:
    facts = []
    if not code.recognized:
        facts.append("not a code of this version")
    if code.affects_drg != "NONE":
        facts.append(f"decides the {code.affects_drg.lower()} DRG".replace("the both", "the"))
    if code.excluded_by:
        facts.append(f"excluded by {code.excluded_by}")
    facts.extend(f"HAC {row.category} {row.description}".strip() for row in code.hacs)
    severity = "" if code.severity == "NEITHER" else code.severity.replace("_", " ")
    return Node(name=f"{code.where} {code.code}", figure=severity, note="; ".join(facts))


def _what_if(case: WhatIf) -> Node:
    parts = [f"{case.drg} {case.title}"]
    if case.weight is not None:
        parts.append(f"weight {case.weight}")
    if case.payment is not None:
        parts.append(dollars(case.payment))
    left_out = [(case.where, case.code), *((each.where, each.code) for each in case.also)]
    names = " and ".join(f"{where} {code}" for where, code in left_out)
    return Node(name=f"without {names}", figure=", ".join(parts), note=case.note)


def _payer(payer: PayerDecision, shown: Payment | None) -> Node:
    steps = [_step(step) for step in payer.trace]
    if payer.payment is not None and payer.payment != shown:
        steps.append(of_payment(payer.payment))
    steps.extend(
        Node(
            name=f"{adjustment.group}-{adjustment.reason}",
            figure=dollars(adjustment.amount),
            note=adjustment.meaning,
        )
        for adjustment in payer.adjustments
    )
    return Node(
        name=f"Payer {payer.position}: {payer.payer}",
        figure=f"pays {dollars(payer.paid)}",
        note=f"billed {dollars(payer.billed)}, allowed {dollars(payer.allowed)}, "
        f"leaves {dollars(payer.patient)} to the patient",
        children=tuple(steps),
    )


def _split(decision: Decision | VisitDecision) -> Node:
    return Node(
        name="Who pays what",
        figure=dollars(decision.charges),
        children=tuple(
            Node(name=share.party, figure=dollars(share.amount), note=share.meaning)
            for share in decision.shares
        ),
    )
