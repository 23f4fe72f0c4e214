"""A remittance as a biller reads it: claim by claim, the sums, and what is not as expected."""

from __future__ import annotations

from collections.abc import Sequence

import click

from superbill.interop.x12.remits.compare import ClaimComparison, Comparison
from superbill.interop.x12.remits.report import denials, off, totals
from superbill.interop.x12.remits.words import meaning
from superbill.model import ClaimAdjustment, Remittance, RemittanceClaim, RemittanceLine
from superbill.money import dollars

_METHODS = {
    "ACH": "by transfer",
    "CHK": "by check",
    "FWT": "by wire",
    "BOP": "by bank",
    "NON": "no payment",
}
_WIDTH = 14


def show(found: Sequence[Remittance], comparison: Comparison | None) -> None:
    """Print remittances, and the comparison where there is one."""
    for at, one in enumerate(found):
        if at:
            click.echo()
        _remittance(one)
    _denials(found)
    if comparison is not None:
        _comparison(comparison)


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _money(what: str, amount: object, note: str = "") -> str:
    tail = f"  {note}" if note else ""
    return f"    {what:22} {amount:>{_WIDTH}}{tail}"


def _remittance(one: Remittance) -> None:
    method = _METHODS.get(one.method, f"by {one.method}")
    day = f" on {one.paid_on}" if one.paid_on else ""
    click.echo(
        f"{_bold(one.payer.name)} to {_bold(one.payee.name)}: {_bold(dollars(one.amount))} "
        f"{method}{day}, number {one.number}"
    )
    for claim in one.claims:
        _claim(claim)
    if one.provider_adjustments:
        click.echo(f"\n  {_bold('The payment as a whole')}")
    for each in one.provider_adjustments:
        effect = "lowers" if each.amount >= 0 else "raises"
        said = meaning("provider", each.reason) or "the payer's own code"
        tied = f" ({each.reference})" if each.reference else ""
        note = f"{said}{tied}: {effect} the payment"
        click.echo(_money(each.reason, dollars(-each.amount), note))
    _sums(one)


def _sums(one: Remittance) -> None:
    sums = totals(one)
    click.echo(f"\n  {_bold('Sums')}")
    click.echo(_money("charged", dollars(sums["charge"])))
    for name, amount in sums.items():
        group = name.removeprefix("adjusted_")
        if group != name:
            click.echo(_money(f"taken off, {group}", dollars(-amount), meaning("group", group)))
    click.echo(_money("claims paid", dollars(sums["claims_paid"])))
    if one.provider_adjustments:
        click.echo(_money("as a whole", dollars(-sums["provider_adjusted"])))
    click.echo(_money("payment", dollars(sums["payment"])))
    uneven = list(off(one))
    for where, amount in uneven:
        click.echo(
            click.style(f"    {where} does not add up: {dollars(amount)} is unexplained.", fg="red")
        )
    if not uneven:
        click.echo("    Everything adds up to the payment.")


def _claim(claim: RemittanceClaim) -> None:
    who = claim.name("patient")
    name = f", {who.first_name} {who.name}".replace(" ,", ",") if who is not None else ""
    status = meaning("status", claim.status) or f"status {claim.status}"
    number = f", payer's number {claim.control_number}" if claim.control_number else ""
    click.echo(f"\n  {_bold('Claim ' + claim.id)}{name}: {status}{number}")
    click.echo(_money("charged", dollars(claim.charge)))
    _adjustments(claim.adjustments)
    for code in claim.remarks:
        _remark(code)
    for at, line in enumerate(claim.lines, 1):
        _line(at, line)
    click.echo(_money("paid", _bold(f"{dollars(claim.paid):>{_WIDTH}}")))
    click.echo(_money("patient owes", dollars(claim.patient)))
    told = claim.patient_responsibility
    if told is not None and told != claim.patient:
        click.echo(f"      The payer says that the patient owes {dollars(told)}.")
    if claim.denied:
        click.echo(click.style("      denied", fg="red"))


def _adjustments(found: Sequence[ClaimAdjustment], indent: str = "") -> None:
    for each in found:
        why = meaning("reason", each.reason) or "no words for this code"
        units = f", {each.quantity} units" if each.quantity else ""
        code = f"{indent}{each.group}-{each.reason}"
        click.echo(_money(code, dollars(-each.amount), why + units))


def _remark(code: str, indent: str = "") -> None:
    why = meaning("remark", code)
    click.echo(f"    {indent}{code}{': ' + why if why else ''}")


def _line(at: int, line: RemittanceLine) -> None:
    service = line.service
    code = ""
    if service is not None:
        code = "-".join((service.code, *service.modifiers))
    revenue = f"revenue code {line.revenue_code}" if line.revenue_code else ""
    day = next((when.start.isoformat() for when in line.dates), "")
    about = ", ".join(part for part in (code, revenue, day) if part)
    click.echo(f"    line {at}: {about}")
    click.echo(_money("  charged", dollars(line.charge)))
    _adjustments(line.adjustments, "  ")
    for each in line.remarks:
        _remark(each.value, "  ")
    click.echo(_money("  paid", dollars(line.paid)))


def _denials(found: Sequence[Remittance]) -> None:
    told = denials(found)
    if told:
        click.echo(f"\n{_bold('Denied')}")
    for each in told:
        parts = [
            f"{count} {what}{'' if count == 1 else 's'}"
            for count, what in ((each.claims, "claim"), (each.lines, "line"))
            if count
        ]
        code = f"{each.group}-{each.reason}"
        why = each.meaning or "no words for this code"
        click.echo(f"  {code:8} {dollars(each.amount):>{_WIDTH}}  {', '.join(parts)}: {why}")


_HEADS = {
    "same": "as expected",
    "differs": "not as expected",
    "reversed": "taken back",
    "unexpected": "not expected",
    "missing": "not received",
    "open": "not decided",
}


def _comparison(found: Comparison) -> None:
    click.echo(f"\n{_bold('Against what was expected')}")
    counts: dict[str, int] = {}
    for each in found.claims:
        counts[each.outcome] = counts.get(each.outcome, 0) + 1
        if each.outcome != "same":
            _compared(each)
    for each in found.elsewhere:
        note = "" if each.expected is None else f", {dollars(each.expected)} expected"
        click.echo(f"  claim {each.claim}, {each.payer}: not in these remittances{note}")
    said = ", ".join(f"{count} {_HEADS[outcome]}" for outcome, count in counts.items())
    colour = "green" if found.same else "red"
    click.echo(f"  {click.style(said or 'no claims', fg=colour)}")


def _compared(each: ClaimComparison) -> None:
    head = click.style(_HEADS[each.outcome], fg="red")
    amounts = ""
    if each.expected is not None and each.received is not None:
        amounts = f"; expected {dollars(each.expected)}, received {dollars(each.received)}"
    elif each.expected is not None:
        amounts = f"; expected {dollars(each.expected)}"
    elif each.received is not None:
        amounts = f"; received {dollars(each.received)}"
    click.echo(f"  claim {each.claim}, {each.payer}: {head}{amounts}")
    for one in each.differences:
        where = f"line {one.line}: " if one.line is not None else ""
        click.echo(f"    {where}{one.message}")
    if each.note:
        click.echo(f"    {each.note}")
