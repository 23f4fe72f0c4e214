"""An estimate on the terminal, for whoever hands it to the patient."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from rich.console import Console, Group
from rich.text import Text

from superbill.cli import render
from superbill.interop.estimates import words
from superbill.model import Estimate, EstimateLine, ProviderEstimate
from superbill.money import dollars


def show(out: Console, found: Estimate) -> None:
    """The whole estimate: what for, each provider's lines, the sum, and what is said."""
    _heading(out, found)
    for provider in found.providers:
        _provider(out, found, provider)
    total = "expected charges" if found.kind == "good_faith" else "patient pays"
    table = render.grid("", "amount")
    table.columns[1].justify = "right"
    table.add_row("full charges", dollars(found.charges))
    if found.kind == "insured":
        table.add_row("allowed", words.amount(found.allowed))
        table.add_row("payers pay", words.amount(found.paid))
    table.add_row(Text(total, "bold"), Text(words.owed(found), "bold"))
    render.section(out, "In all" if found.complete else "In part: not all is priced", table)
    if found.separately:
        lines = [f"{each.when}: {each.description}" for each in found.separately]
        render.section(out, "To be scheduled separately, not in this estimate", _list(lines))
    for title, told in (
        ("Assumed", found.assumptions),
        ("Not checked", found.not_checked),
    ):
        if told:
            render.section(out, title, _list(told))
    if found.edits.findings:
        render.edits(out, replace(found.edits, not_checked=()))
    said = [f"{each.text} ({each.rule})" if each.rule else each.text for each in found.statements]
    render.section(out, "Said to the patient", _list(said))


def _heading(out: Console, found: Estimate) -> None:
    person = found.person
    title = words.TITLES[found.kind]
    out.print(Text.assemble((f"{title} {found.order_id}", "bold"), f"  {found.primary_service}"))
    coverage = f"; {', then '.join(found.payers)}" if found.payers else ""
    out.print(
        f"  {person.first_name} {person.last_name}, born {person.birth_date}; "
        f"care {found.service_date if found.scheduled else 'not scheduled'}; "
        f"estimate of {found.estimated_on}{coverage}"
    )
    for due in found.due:
        late = " - THE ESTIMATE IS LATE" if due.on < found.estimated_on else ""
        style = "bold red" if late else ""
        out.print(Text(f"  to be given by {words.limit(due)} ({due.rule}){late}", style))
    if found.kind == "good_faith" and not found.due:
        none = "no time limit follows from the order: give scheduled_on or requested_on"
        out.print(Text(f"  {none}", "dim"))
    table = render.grid("code", "text")
    table.columns[0].no_wrap = True
    table.columns[1].ratio = 1
    for each in found.diagnoses:
        table.add_row(render.dotted(each.code), Text(each.text))
    render.section(out, "Diagnoses", table)


def _provider(out: Console, found: Estimate, provider: ProviderEstimate) -> None:
    biller = provider.biller
    about = f"NPI {biller.npi}, TIN {biller.tax_id}, {words.place(biller)}"
    if found.kind == "good_faith":
        table = render.grid("", "code", "service", "for", "units", "charge", "expected")
        right = [4, 5, 6]
        heads = ("", "code", "service", "for", "units", "charge", "expected")
    else:
        heads = ("", "code", "service", "charge", "allowed", "paid", "patient")
        table = render.grid(*heads)
        right = [3, 4, 5, 6]
    for column in right:
        table.columns[column].justify = "right"
        table.columns[column].no_wrap = True
    table.columns[2].ratio = 1
    table.add_row(*(Text(each, "dim") for each in heads))
    for line in provider.lines:
        table.add_row(*(_alone(line) if found.kind == "good_faith" else _insured(line)))
    why: dict[str, list[str]] = {}
    for line in provider.lines:
        if line.not_priced:
            why.setdefault(line.not_priced, []).append(str(line.line))
    told = [
        Text(f"not priced, line {', '.join(numbers)}: {reason}", "yellow")
        for reason, numbers in why.items()
    ]
    render.section(out, biller.name, Group(Text(about, "dim"), table, *told))


def _alone(line: EstimateLine) -> Iterable[str | Text]:
    return (
        str(line.line),
        "-".join((line.code, *line.modifiers)),
        Text(line.description),
        ", ".join(render.dotted(code) for code in line.diagnoses),
        f"{line.units.normalize():f}",
        dollars(line.charge),
        words.amount(line.expected),
    )


def _insured(line: EstimateLine) -> Iterable[str | Text]:
    text = Text(line.description)
    shares = [f"{name} {dollars(value)}" for name, value in words.parts(line)]
    if len(line.payers) > 1:
        shares += [f"{each.payer} pays {dollars(each.paid)}" for each in line.payers]
    if shares:
        text.append(f"\n{'; '.join(shares)}", "dim")
    return (
        str(line.line),
        "-".join((line.code, *line.modifiers)),
        text,
        dollars(line.charge),
        words.amount(line.allowed),
        words.amount(words.paid(line)),
        words.amount(line.patient),
    )


def _list(lines: Iterable[str]) -> Group:
    return Group(*(Text(line) for line in lines))
