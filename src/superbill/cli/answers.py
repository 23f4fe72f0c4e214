"""``superbill x12 eligibility`` and ``status``: what payers answer, in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.cli.options import FILE
from superbill.cli.options import json as json_option

if TYPE_CHECKING:
    from superbill.cli.desk import Desk
    from superbill.model import (
        Benefit,
        ClaimStatusAnswer,
        ClaimStatusInquiry,
        EligibilityAnswer,
        EligibilityInquiry,
        InquiryMember,
        InquiryParty,
    )

FINE, NO, UNREADABLE = 0, 1, 2
STDIN = Path("-")


@click.command(
    "eligibility",
    epilog="""\b
Examples:
  superbill x12 eligibility answer.271
  superbill x12 eligibility answer.271 --service 98 --json

\b
Exit codes: 0 everybody is covered, 1 somebody is not or was rejected,
2 something could not be read.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--service", default="", metavar="CODE", help="Only what holds for a kind of service."
)
@json_option
def eligibility(files: tuple[Path, ...], service: str, as_json: bool) -> int:
    """Show who is covered and for what: answers (271), and what was asked (270).

    Deductibles, coinsurance, copays, limits and what is left of them, other payers, and why a
    question was not answered. With --json a line for each person.
    """
    from superbill.cli.desk import Desk
    from superbill.model import EligibilityAnswer, EligibilityInquiry

    desk = Desk(as_json=as_json)
    negative = False
    for one in _read(desk, files, "270 or 271", (EligibilityAnswer, EligibilityInquiry)):
        if isinstance(one, EligibilityAnswer):
            negative |= not one.active or any(True for _ in one.all_rejections)
            _print(_answer_document(one, service) if as_json else _answer_text(one, service))
        else:
            _print(_plain(one) if as_json else _question_text(one))
    return UNREADABLE if desk.bad else NO if negative else FINE


@click.command(
    "status",
    epilog="""\b
Examples:
  superbill x12 status answer.277
  superbill x12 status inbox/*.277 --json

\b
Exit codes: 0 nothing is denied or rejected, 1 something is, 2 something could
not be read.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@json_option
def status(files: tuple[Path, ...], as_json: bool) -> int:
    """Show where claims are: answers (277, 277CA), and what was asked (276).

    With --json a line for each claim, or party that was answered.
    """
    from superbill.cli.desk import Desk
    from superbill.model import ClaimStatusAnswer, ClaimStatusInquiry

    desk = Desk(as_json=as_json)
    negative = False
    wanted = (ClaimStatusAnswer, ClaimStatusInquiry)
    for one in _read(desk, files, "276, 277 or 277CA", wanted):
        if isinstance(one, ClaimStatusAnswer):
            negative |= _is_negative(one)
            _print(_status_document(one) if as_json else _status_text(one))
        else:
            _print(_plain(one) if as_json else _asked_text(one))
    return UNREADABLE if desk.bad else NO if negative else FINE


def _read(
    desk: Desk, files: tuple[Path, ...], kinds: str, wanted: tuple[type[Any], ...]
) -> Iterator[Any]:
    from superbill.cli.desk import Place
    from superbill.errors import Invalid
    from superbill.interop.x12.inquiries import Refused, each

    for path in files:
        place = Place("stdin" if path == STDIN else str(path))
        with desk.trying(place):
            none = True
            for one in each(sys.stdin.buffer if path == STDIN else path):
                if isinstance(one, Refused):
                    none = False
                    desk.refused(Invalid(one.problems), place)
                elif isinstance(one, wanted):
                    none = False
                    yield one
            if none:
                raise Invalid.at("(file)", f"holds no {kinds}.", f"Give a {kinds}.")


def _print(told: dict[str, Any] | list[str]) -> None:
    import json

    click.echo(json.dumps(told) if isinstance(told, dict) else "\n".join(told))


def _plain(one: object) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(one)
    return plain


def _name(who: InquiryMember | InquiryParty | None) -> str:
    if who is None:
        return ""
    last = getattr(who, "last_name", "") or getattr(who, "name", "")
    name = f"{who.first_name} {last}".strip() or "(no name)"
    return f"{name} ({who.id})" if who.id else name


# Eligibility.


def _answer_document(one: EligibilityAnswer, service: str) -> dict[str, Any]:
    from superbill.interop.x12.inquiries import rejected

    told = _plain(one)
    told["active"] = one.active
    told["benefits"] = [
        {"said": _benefit(benefit), **_plain(benefit)}
        for benefit in one.benefits
        if not service or not benefit.services or service in benefit.services
    ]
    told["rejected"] = [rejected(each) for each in one.all_rejections]
    return told


def _answer_text(one: EligibilityAnswer, service: str) -> list[str]:
    from superbill.interop.x12.inquiries import rejected

    cover = {True: ("covered", "green"), False: ("not covered", "red"), None: ("not told", "red")}
    said, colour = cover[one.active]
    who = _name(one.patient) or _name(one.provider) or "(nobody)"
    lines = [f"{who}, {_name(one.payer)}: {click.style(said, fg=colour)}"]
    lines += [f"  rejected: {rejected(each)}" for each in one.all_rejections]
    for when in one.plan_dates:
        until = f" to {when.end}" if when.end is not None else ""
        lines.append(f"  {_DATES.get(when.code, f'date {when.code}')}: {when.start}{until}")
    for benefit in one.benefits:
        if not service or not benefit.services or service in benefit.services:
            lines.append(f"  {_benefit(benefit)}")
            lines += [f"    {message}" for message in benefit.messages]
    return lines


_DATES = {
    "291": "plan",
    "307": "eligible",
    "346": "plan begins",
    "347": "plan ends",
    "348": "benefit begins",
    "349": "benefit ends",
    "356": "eligible from",
    "357": "eligible to",
}
_NETWORK = {"Y": "in network", "N": "out of network", "W": "in and out of network"}


def _benefit(benefit: Benefit) -> str:
    """A benefit on one line."""
    from superbill.interop.x12.inquiries import meaning
    from superbill.money import dollars

    said = [meaning("benefit", benefit.kind) or f"benefit {benefit.kind}"]
    if benefit.amount is not None:
        said.append(dollars(benefit.amount))
    if benefit.percent is not None:
        said.append(f"{(benefit.percent * 100).normalize():f} %")
    if benefit.quantity is not None:
        said.append(f"{benefit.quantity} {benefit.quantity_qualifier}".strip())
    if benefit.period:
        said.append(meaning("period", benefit.period) or f"period {benefit.period}")
    if benefit.coverage_level:
        said.append(meaning("level", benefit.coverage_level) or benefit.coverage_level)
    if benefit.in_network in _NETWORK:
        said.append(_NETWORK[benefit.in_network])
    if benefit.authorization == "Y":
        said.append("authorization needed")
    if benefit.plan:
        said.append(benefit.plan)
    said += [_name(party) for party in benefit.parties]
    services = [meaning("service", code) or code for code in benefit.services]
    if benefit.procedure is not None:
        services.append(benefit.procedure.code)
    return ", ".join(said) + (f": {', '.join(services)}" if services else "")


def _question_text(one: EligibilityInquiry) -> list[str]:
    from superbill.interop.x12.inquiries import meaning

    who = _name(one.dependent or one.subscriber)
    asked = [
        meaning("service", code) or code for question in one.questions for code in question.services
    ]
    return [f"{_name(one.provider)} asks {_name(one.payer)} of {who}: {', '.join(asked)}"]


# Claim status.


def _is_negative(one: ClaimStatusAnswer) -> bool:
    categories = {code.category for each in one.statuses for code in each.codes}
    denied = bool(categories & {"F2", "A3", "A4", "A6", "A7", "A8", "D0"})
    return denied or any(each.action == "U" for each in one.statuses)


def _status_document(one: ClaimStatusAnswer) -> dict[str, Any]:
    from superbill.interop.x12.inquiries import status as told

    said = [told(code) for each in one.statuses for code in each.codes]
    return {"said": said, **_plain(one)}


def _status_text(one: ClaimStatusAnswer) -> list[str]:
    from superbill.interop.x12.inquiries import status as told
    from superbill.money import dollars

    patient = _name(one.dependent or one.subscriber)
    about = patient or _name(one.provider) or _name(one.receiver) or _name(one.payer)
    number = f", payer's number {one.control_number}" if one.control_number else ""
    lines = [f"{one.level} {one.trace}, {about}{number}"]
    for each in one.statuses:
        for code in each.codes:
            day = f" on {each.on}" if each.on is not None else ""
            colour = "red" if _is_negative(one) else "green"
            lines.append(f"  {click.style(told(code), fg=colour)}{day}")
        if each.charge is not None:
            paid = f", paid {dollars(each.paid)}" if each.paid is not None else ""
            how = f" by {each.payment_number}" if each.payment_number else ""
            lines.append(f"    charged {dollars(each.charge)}{paid}{how}")
        if each.message:
            lines.append(f"    {each.message}")
    for line in one.lines:
        code_ = line.service.code if line.service is not None else line.revenue_code
        said = " ".join(told(code) for each in line.statuses for code in each.codes)
        lines.append(f"  line {code_}: {said}")
    return lines


def _asked_text(one: ClaimStatusInquiry) -> list[str]:
    who = _name(one.dependent or one.subscriber)
    return [f"{_name(one.provider)} asks {_name(one.payer)} of claim {one.trace}, {who}"]
