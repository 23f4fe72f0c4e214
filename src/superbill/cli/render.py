"""A decision as a biller wants to see it: codes, edits, DRG, payment, and who pays what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from superbill.explain.outline import unchecked
from superbill.model import (
    CodeGrouping,
    Decision,
    EditReport,
    Encounter,
    Finding,
    Grouping,
    PayerDecision,
    Payment,
    Share,
    WhatIf,
)
from superbill.money import dollars

Describe = Callable[[str], str]
"""From a code to its text."""

_OF_GROUP = {
    "DRG weight": "PPS-DRG-WT",
    "mean stay in days, geometric": "PPS-AVG-LOS",
    "arithmetic": "PPS-ARITH-ALOS",
}
"""Figures of the payment that describe the group, by the pricer's names of them."""

STYLES = {"error": "bold red", "warning": "yellow", "information": "cyan"}


def dotted(code: str) -> str:
    """A diagnosis as it is written.

    >>> dotted("I5023"), dotted("I10")
    ('I50.23', 'I10')
    """
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def decision(out: Console, stay: Encounter, found: Decision, describe: Describe) -> None:
    """The whole decision."""
    heading(out, stay)
    codes(out, stay, found.grouping, describe)
    edits(out, found.edits)
    if found.grouping is not None:
        grouping(out, found.grouping)
    if found.payment is not None:
        payment(out, found.payment)
    payers(out, found.payers)
    shares(out, found.shares, found.charges)
    for reason in found.not_covered:
        out.print(Padding(Text(f"not covered: {reason}", "yellow"), (0, 0, 0, 2), expand=False))


def heading(out: Console, stay: Encounter) -> None:
    """Whose stay it is, where, and from when to when."""
    days = stay.length_of_stay
    out.print(Text.assemble(("Stay ", "bold"), (stay.id, "bold"), f"  {stay.facility.name}"))
    out.print(
        f"  {stay.admission_date} to {stay.discharge_date}, {days} day{'' if days == 1 else 's'}, "
        f"discharge status {stay.discharge_status}; patient {stay.patient.sex}, {stay.age}; "
        f"charges {dollars(stay.total_charges)}"
    )


def codes(out: Console, stay: Encounter, group: Grouping | None, describe: Describe) -> None:
    """Each code with its text, present on admission, and what it is to the DRG."""
    roles = {} if group is None else {code.where: code for code in group.codes}
    table = grid("code", "text", "POA", "in the DRG")
    table.columns[1].ratio = 1
    for index, diagnosis in enumerate(stay.diagnoses):
        role = _role(roles.get(f"diagnoses[{index}]"), principal=index == 0)
        text = describe(diagnosis.code)
        table.add_row(dotted(diagnosis.code), Text(text), diagnosis.poa or "-", role)
    section(out, "Diagnoses", table)
    if stay.procedures:
        table = grid("code", "text", "day", "in the DRG")
        table.columns[1].ratio = 1
        for index, procedure in enumerate(stay.procedures):
            day = "-" if procedure.date is None else procedure.date.isoformat()
            role = _role(roles.get(f"procedures[{index}]"), principal=False)
            table.add_row(procedure.code, Text(describe(procedure.code)), day, role)
        section(out, "Procedures", table)


def _role(code: CodeGrouping | None, *, principal: bool) -> Text:
    parts = ["principal"] if principal else []
    if code is None:
        return Text(", ".join(parts))
    if not code.recognized:
        parts.append("not recognized")
    if code.severity != "NEITHER":
        parts.append(code.severity.replace("_", " ").replace("EXCLUDED", "excluded").lower())
    if code.excluded_by:
        parts.append(f"by {dotted(code.excluded_by)}")
    if code.operating_room:
        parts.append("operating room")
    parts.extend(f"HAC {row.category}" for row in code.hacs if row.category)
    if code.affects_drg != "NONE":
        parts.append("sets the DRG")
    said = " ".join(parts).replace("mcc", "MCC").replace("cc", "CC")
    return Text(said, "bold" if code.affects_drg != "NONE" else "")


def edits(out: Console, report: EditReport) -> None:
    """What the edits found, how it is resolved, and what could not be checked."""
    lines: list[RenderableType] = [_finding(finding) for finding in report.findings]
    lines += [
        Text.assemble((f"not checked: {', '.join(rules)}", "yellow"), f"\n  {reason}")
        for reason, rules in unchecked(report).items()
    ]
    if not lines:
        lines = [Text("clean", "green")]
    lines.append(Text(f"{len(report.ran)} rules ran", "dim"))
    section(out, "Edits", Group(*lines))


def _finding(finding: Finding) -> Text:
    code = "" if finding.code is None else f" {finding.code}"
    text = Text.assemble(
        (finding.severity, STYLES[finding.severity]),
        f"  {finding.where}{code}: {finding.message}",
        (f"  [{finding.rule}, {finding.stage}]", "dim"),
    )
    if finding.remedy:
        text.append(f"\n  fix: {finding.remedy}")
    return text


def grouping(out: Console, group: Grouping) -> None:
    """The DRG, what drives it, and what would change it."""
    final, initial = group.final, group.initial
    lines = [
        Text.assemble((f"{final.drg}  {final.title}", "bold")),
        Text(
            f"MDC {final.mdc} {final.mdc_title}; {final.med_surg.lower()}; "
            f"MS-DRG version {group.version}"
        ),
    ]
    if final.rule:
        lines.append(Text(f"by the rule {final.rule}", "dim"))
    if final.return_code != "OK":
        lines.append(Text(f"return code {final.return_code}", "red"))
    if initial.drg != final.drg:
        before = f"before hospital-acquired conditions: {initial.drg}  {initial.title}"
        lines.append(Text(before, "yellow"))
    if group.hacs_met:
        met = ", ".join(str(category) for category in group.hacs_met)
        lines.append(Text(f"hospital-acquired conditions met: {met}", "yellow"))
    lines += [Text(f"corrected: {note}", "dim") for note in group.corrections]
    section(out, "DRG", Group(*lines))
    if group.what_if:
        changing = [_what_if(case) for case in group.what_if if case.changes]
        if not any(case.changes and not case.also for case in group.what_if):
            alone = Text("no code alone: without any one of them the DRG is the same")
            changing.insert(0, alone)
        section(out, "What would change it", Group(*changing))


def _and(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _what_if(case: WhatIf) -> Text:
    left_out = [(case.where, case.code), *((each.where, each.code) for each in case.also)]
    codes = [dotted(code) if at.startswith("diagnoses") else code for at, code in left_out]
    text = Text(f"without {_and(codes)}: {case.drg}  {case.title}")
    if case.weight is not None:
        text.append(f", weight {case.weight}")
    if case.payment is not None:
        text.append(f", {dollars(case.payment)}")
    if case.note:
        text.append(f"  ({case.note})", "dim")
    return text


def payment(out: Console, paid: Payment) -> None:
    """What the payment system yields, by component."""
    table = grid("component", "amount")
    table.columns[1].justify = "right"
    for part in paid.components:
        if part.amount:
            table.add_row(Text(part.name), dollars(part.amount))
    table.add_section()
    table.add_row(Text("total", "bold"), Text(dollars(paid.total), "bold"))
    said = Text(f"return code {paid.return_code}: {paid.meaning}", "dim" if paid.payable else "red")
    group = Text("; ".join(f"{name} {paid.figures[key]}" for name, key in _OF_GROUP.items()))
    parts = (group, table, said) if paid.payable else (said,)
    section(out, f"Payment: {paid.system.upper()} {paid.version}", Group(*parts))


def payers(out: Console, answers: tuple[PayerDecision, ...]) -> None:
    """Each payer's answer: what it allows, pays, and leaves, with the reasons."""
    for answer in answers:
        table = grid("", "amount")
        table.columns[1].justify = "right"
        table.add_row("billed", dollars(answer.billed))
        table.add_row("allowed", dollars(answer.allowed))
        for row in answer.adjustments:
            table.add_row(Text(f"{row.group}-{row.reason}  {row.meaning}"), dollars(-row.amount))
        table.add_row(Text("paid", "bold"), Text(dollars(answer.paid), "bold"))
        section(out, f"Payer {answer.position}: {answer.payer}", table)


def shares(out: Console, shared: Iterable[Share], charges: Decimal) -> None:
    """The end of the matter: the charges, and who bears each part of them."""
    table = grid("party", "amount", "")
    table.columns[1].justify = "right"
    for share in shared:
        table.add_row(Text(share.party), dollars(share.amount), Text(share.meaning, "dim"))
    table.add_row(Text("charges", "bold"), Text(dollars(charges), "bold"), "")
    section(out, "Who pays what", table)


ROW_HEADING = f"{'stay':24} DRG  {'payment':>14}  {'paid':>14}  {'patient':>14}  edits"


def row(stay: Encounter, found: Decision) -> str:
    """A stay among many, on one line: DRG, payment, paid, patient, findings."""
    drg = "---" if found.grouping is None else found.grouping.drg
    worth = "-" if found.payment is None else dollars(found.payment.total)
    edits_said = "clean" if found.edits.clean else f"{len(found.edits.findings)} found"
    if found.edits.not_checked:
        edits_said += f", {len(found.edits.not_checked)} unchecked"
    return (
        f"{stay.id:24.24} {drg}  {worth:>14}  {dollars(found.paid):>14}  "
        f"{dollars(found.patient):>14}  {edits_said}"
    )


def grid(*columns: str) -> Table:
    """A table without lines or headings."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def section(out: Console, title: str, body: RenderableType) -> None:
    """A part of the page under its title."""
    out.print()
    out.print(Text(title, "bold underline"))
    out.print(Padding(body, (0, 0, 0, 2), expand=False))
