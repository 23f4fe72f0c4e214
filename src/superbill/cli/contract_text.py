"""Published prices as people read them."""

from __future__ import annotations

from typing import Any

import click

from superbill.interop.mrf import Header, Rate, StandardCharge
from superbill.interop.mrf.prices import money
from superbill.money import dollars


def heading(header: Header) -> None:
    """Whose prices these are."""
    plan = f", {header.plan}" if header.plan else ""
    click.echo(f"{header.publisher}{plan}: {header.kind}, updated {header.last_updated_on}")


def show(answer: dict[str, Any]) -> None:
    """A price, with what it is for and whom it pays."""
    amount = answer["amount"]
    figure = "-" if amount is None else dollars(amount)
    what, lines = _lines(answer)
    click.echo(f"\n{figure:>14}  {what}")
    for line in (answer["how"], *lines):
        click.echo(f"{'':16}{line}")


def _lines(answer: dict[str, Any]) -> tuple[str, list[str]]:
    if (rate := answer.get("rate")) is not None:
        return _rate_lines(rate)
    charge: StandardCharge = answer.get("charge") or answer["modifier_terms"]
    codes = ", ".join(f"{each.code_type} {each.code}" for each in charge.codes)
    who = " ".join(filter(None, (charge.payer, charge.plan))) or "everybody"
    lines = [f"{codes or 'modifiers ' + ' '.join(charge.modifiers)}: {charge.description}"]
    amounts = {
        "gross": charge.gross,
        "discounted cash": charge.discounted_cash,
        "smallest negotiated": charge.minimum,
        "largest": charge.maximum,
        "median allowed": charge.median,
        "10th percentile": charge.tenth_percentile,
        "90th": charge.ninetieth_percentile,
    }
    lines.append(
        ", ".join(f"{name} {money(each)}" for name, each in amounts.items() if each is not None)
    )
    lines += [charge.algorithm, charge.notes if answer["how"] != charge.notes else ""]
    lines.append(charge.payer_notes if answer["how"] != charge.payer_notes else "")
    if charge.drug_unit is not None:
        lines.append(f"for {charge.drug_unit} {charge.drug_type}")
    told = ", ".join(filter(None, (who, charge.methodology, charge.setting)))
    return told, [line for line in lines if line]


def _rate_lines(rate: Rate) -> tuple[str, list[str]]:
    parts = [rate.negotiated_type, rate.billed_as, rate.setting]
    if rate.arrangement != "ffs":
        parts.insert(0, rate.arrangement)
    if rate.modifiers:
        parts.append(f"modifier {' '.join(rate.modifiers)}")
    if rate.service_codes:
        everywhere = rate.service_codes == ("CSTM-00",)
        parts.append("any place" if everywhere else f"place {', '.join(rate.service_codes)}")
    code = (
        f"all {rate.code_type} codes" if rate.code == "CSTM-00" else f"{rate.code_type} {rate.code}"
    )
    lines = [f"{code}: {rate.name}"]
    lines.append("no end" if rate.expires.year == 9999 else f"until {rate.expires}")
    lines += [rate.additional_information, *_who(rate)]
    for name in ("bundled", "covered"):
        if held := getattr(rate, name):
            lines.append(f"{name}: {', '.join(f'{c.code_type} {c.code}' for c in held)}")
    return ", ".join(filter(None, parts)), [line for line in lines if line]


def _who(rate: Rate) -> list[str]:
    """Whom a rate pays: the first few groups."""
    lines = []
    for group in rate.providers[:3]:
        count = len(group.npis)
        npis = "no NPI named" if not count else f"{count} NPI{'' if count == 1 else 's'}"
        name = f"{group.business_name}, " if group.business_name else ""
        lines.append(f"{name}{group.tin_type.upper()} {group.tin}, {npis}")
    if len(rate.providers) > 3:
        lines.append(f"and {len(rate.providers) - 3} more groups")
    return lines
