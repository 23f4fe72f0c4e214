"""270, 271, 276, 277 and 277CA written from values, in the order of their guides.

Values that follow one another and have the same payer, receiver and provider share their levels.
What a value holds in ``extra`` is written beside what the model knows of the same part. Each
function raises :class:`~superbill.errors.Invalid`, naming the field, for what cannot be sent, and
then no control number is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from superbill.errors import Invalid, Problem
from superbill.interop.x12.control_numbers import ControlNumbers
from superbill.interop.x12.envelope import TransactionKind, interchange
from superbill.interop.x12.inquiries.parts import Parts
from superbill.interop.x12.inquiries.tree import Step, Tree
from superbill.interop.x12.partner import Partner, check_partner
from superbill.interop.x12.segments import Builder, Syntax, d8
from superbill.model import (
    Benefit,
    ClaimStatusAnswer,
    ClaimStatusInquiry,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityQuestion,
    LineInquiry,
    StatusCode,
    StatusInformation,
)


def write_270(
    found: Sequence[EligibilityInquiry],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """Eligibility questions as one 270."""
    kind = TransactionKind("HS", "270", "005010X279A1")
    return _written(found, _asked, kind, ("0022", "13"), partner, control, created)


def write_271(
    found: Sequence[EligibilityAnswer],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """Eligibility answers as one 271."""
    kind = TransactionKind("HB", "271", "005010X279A1")
    return _written(found, _answered, kind, ("0022", "11"), partner, control, created)


def write_276(
    found: Sequence[ClaimStatusInquiry],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """Questions about claims as one 276."""
    kind = TransactionKind("HR", "276", "005010X212")
    return _written(found, _claim_asked, kind, ("0010", "13"), partner, control, created)


def write_277(
    found: Sequence[ClaimStatusAnswer],
    *,
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    """Answers about claims as one 277, or, where they are of that kind, one 277CA."""
    kinds = {answer.kind for answer in found}
    if len(kinds) > 1:
        raise Invalid.at("kind", "is 277 of some and 277CA of others.", "Write them apart.")
    bht, version = ("0010", "08", "DG"), "005010X212"
    if kinds == {"277CA"}:
        bht, version = ("0085", "08", "TH"), "005010X214"
    kind = TransactionKind("HN", "277", version)
    return _written(found, _claim_answered, kind, bht, partner, control, created)


type _Lay[T] = Callable[[Tree, Parts, Syntax, T], None]


def _written[T](
    found: Sequence[T],
    lay: _Lay[T],
    kind: TransactionKind,
    bht: tuple[str, ...],
    partner: Partner,
    control: ControlNumbers,
    created: datetime,
) -> bytes:
    check_partner(partner)
    if not found:
        raise Invalid.at("inquiries", "has none.", "Give at least one.")
    syntax = partner.syntax
    problems: list[Problem] = []
    tree = Tree()
    for at, one in enumerate(found):
        parts = Parts(Builder(syntax))
        lay(tree, parts, syntax, one)
        prefix = f"inquiries[{at}]." if len(found) > 1 else ""
        problems += [Problem(prefix + p.path, p.message, p.remedy) for p in parts.b.problems]
    if problems:
        raise Invalid(problems)

    def transaction(identification: str) -> Sequence[str]:
        b = Builder(syntax)
        first, second, *kind_of = bht
        day, time = d8(created.date()), created.strftime("%H%M")
        b.add("BHT", first, second, identification, day, time, *kind_of)
        return [*b.segments, *tree.segments(syntax.delimiters.element)]

    number = control.next(partner.sender, floor=partner.interchange.first_control_number)
    return interchange([transaction], kind=kind, partner=partner, number=number, created=created)


# Eligibility.


def _asked(tree: Tree, parts: Parts, syntax: Syntax, one: EligibilityInquiry) -> None:
    mark = syntax.delimiters.repetition

    def patient() -> None:
        parts.traces(one.traces)
        if one.dependent is None:
            parts.member(one.subscriber, "subscriber", "IL")
        else:
            parts.member(one.dependent, "dependent", "03")
        for i, question in enumerate(one.questions):
            _question(parts, question, f"questions[{i}].", mark)

    path = [
        Step("20", one.payer, parts.level(lambda: parts.party(one.payer, "payer"))),
        Step("21", one.provider, parts.level(lambda: parts.party(one.provider, "provider"))),
    ]
    whole = parts.level(patient)
    if one.dependent is not None:
        holder = parts.level(lambda: parts.member(one.subscriber, "subscriber", "IL"))
        path += [Step("22", object(), holder), Step("23", object(), whole)]
    else:
        path.append(Step("22", object(), whole))
    tree.at(path)


def _question(parts: Parts, found: EligibilityQuestion, path: str, mark: str) -> None:
    parts.add(
        (
            "EQ",
            parts.repeated(found.services, f"{path}services", mark),
            parts.service(found.procedure, f"{path}procedure"),
            parts.text(found.coverage_level, f"{path}coverage_level"),
        ),
        found.extra,
        path,
    )
    parts.whole(found.extra, path, "AMT", "III")
    parts.references("REF", found.references, f"{path}references")
    parts.periods(found.dates, f"{path}dates")
    parts.others(found.extra, path, "AMT", "III")


def _answered(tree: Tree, parts: Parts, syntax: Syntax, one: EligibilityAnswer) -> None:
    mark = syntax.delimiters.repetition
    wrong = {
        at: tuple(each for each in one.rejections if each.at == at)
        for at in ("payer", "provider", "subscriber", "dependent", "benefit")
    }
    if one.dependent is not None and one.subscriber is None:
        parts.b.problem("subscriber", "is missing.", "Give through whom the patient is insured.")
    if wrong["benefit"]:
        parts.b.problem(
            "rejections", "holds one of a benefit.", "Put it into the benefit that it is of."
        )

    def patient() -> None:
        parts.traces(one.traces)
        if one.dependent is not None:
            parts.member(one.dependent, "dependent", "03", wrong["dependent"])
        elif one.subscriber is not None:
            parts.member(one.subscriber, "subscriber", "IL", wrong["subscriber"])
        for i, benefit in enumerate(one.benefits):
            _benefit(parts, benefit, f"benefits[{i}].", mark)

    provider, subscriber = one.provider, one.subscriber
    payer = parts.level(lambda: parts.party(one.payer, "payer", wrong["payer"]))
    path = [Step("20", (one.payer, wrong["payer"]), payer)]
    if provider is not None:
        made = parts.level(lambda: parts.party(provider, "provider", wrong["provider"]))
        path.append(Step("21", (provider, wrong["provider"]), made))
    if subscriber is None:
        # Nobody was looked up: the level that says so stands alone.
        path[-1] = path[-1]._replace(key=object())
    elif one.dependent is not None:
        holder = parts.level(
            lambda: parts.member(subscriber, "subscriber", "IL", wrong["subscriber"])
        )
        path += [Step("22", object(), holder), Step("23", object(), parts.level(patient))]
    else:
        path.append(Step("22", object(), parts.level(patient)))
    tree.at(path)


def _benefit(parts: Parts, found: Benefit, path: str, mark: str) -> None:
    parts.add(
        (
            "EB",
            parts.text(found.kind, f"{path}kind"),
            parts.text(found.coverage_level, f"{path}coverage_level"),
            parts.repeated(found.services, f"{path}services", mark),
            parts.text(found.insurance_type, f"{path}insurance_type"),
            parts.text(found.plan, f"{path}plan"),
            parts.text(found.period, f"{path}period"),
            parts.figure(found.amount, f"{path}amount"),
            parts.figure(found.percent, f"{path}percent"),
            parts.text(found.quantity_qualifier, f"{path}quantity_qualifier"),
            parts.figure(found.quantity, f"{path}quantity"),
            parts.text(found.authorization, f"{path}authorization"),
            parts.text(found.in_network, f"{path}in_network"),
            parts.service(found.procedure, f"{path}procedure"),
        ),
        found.extra,
        path,
    )
    for i, each in enumerate(found.patterns):
        at = f"{path}patterns[{i}]."
        parts.b.add(
            "HSD",
            parts.text(each.quantity_qualifier, f"{at}quantity_qualifier"),
            parts.figure(each.quantity, f"{at}quantity"),
            parts.text(each.sample_unit, f"{at}sample_unit"),
            parts.figure(each.sample, f"{at}sample"),
            parts.text(each.period, f"{at}period"),
            parts.figure(each.periods, f"{at}periods"),
            parts.text(each.calendar, f"{at}calendar"),
            parts.text(each.pattern, f"{at}pattern"),
        )
    parts.references("REF", found.references, f"{path}references")
    parts.periods(found.dates, f"{path}dates")
    parts.rejections(found.rejections)
    for i, message in enumerate(found.messages):
        parts.b.add("MSG", parts.text(message, f"{path}messages[{i}]"))
    parts.references("III", found.conditions, f"{path}conditions")
    parts.left(found.extra, path)
    if found.parties:
        parts.b.add("LS", "2120")
        for i, who in enumerate(found.parties):
            parts.party(who, f"{path}parties[{i}]")
        parts.b.add("LE", "2120")


# Claim status.


def _claim_asked(tree: Tree, parts: Parts, syntax: Syntax, one: ClaimStatusInquiry) -> None:
    subscriber, dependent = one.subscriber, one.dependent
    path = [
        Step("20", one.payer, parts.level(lambda: parts.party(one.payer, "payer"))),
        Step("21", one.receiver, parts.level(lambda: parts.party(one.receiver, "receiver"))),
        Step("19", one.provider, parts.level(lambda: parts.party(one.provider, "provider"))),
    ]

    def holder() -> None:
        parts.member(subscriber, "subscriber", "IL", born_first=True)

    path.append(Step("22", subscriber, parts.level(holder)))
    if dependent is not None:
        made = parts.level(lambda: parts.member(dependent, "dependent", "QC", born_first=True))
        path.append(Step("23", dependent, made))

    def claim() -> None:
        parts.add(("TRN", "1", parts.text(one.trace, "trace")), one.extra)
        parts.references("REF", one.references, "references")
        if one.charge is not None:
            parts.b.add("AMT", "T3", parts.figure(one.charge, "charge"))
        parts.periods(one.dates, "dates")
        parts.left(one.extra, "")
        for i, line in enumerate(one.lines):
            _line(parts, line, f"lines[{i}].", syntax)

    tree.at(path).segments += parts.level(claim)


def _claim_answered(tree: Tree, parts: Parts, syntax: Syntax, one: ClaimStatusAnswer) -> None:
    path = [Step("20", one.payer, parts.level(lambda: parts.party(one.payer, "payer")))]
    receiver, provider = one.receiver, one.provider
    if one.level != "payer" and receiver is not None:
        made = parts.level(lambda: parts.party(receiver, "receiver"))
        path.append(Step("21", receiver, made))
    if one.level in {"provider", "claim"} and provider is not None:
        made = parts.level(lambda: parts.party(provider, "provider"))
        path.append(Step("19", provider, made))
    wanted = {"receiver": one.receiver, "provider": one.provider, "claim": one.subscriber}
    if one.level != "payer" and wanted[one.level] is None:
        field = "subscriber" if one.level == "claim" else one.level
        parts.b.problem(field, "is missing.", f"Give it: the status is of a {one.level}.")
        return
    if one.level == "claim":
        path += _patient(parts, one)

    def claim() -> None:
        # The number is the sender's own only at the payer's and the provider's level.
        own = one.level in {"payer", "provider"}
        parts.add(("TRN", "1" if own else "2", parts.text(one.trace, "trace")), one.extra)
        for i, each in enumerate(one.statuses):
            _status(parts, each, f"statuses[{i}].", syntax)
        parts.references("REF", one.references, "references")
        parts.figures("QTY", one.quantities, "quantities")
        parts.figures("AMT", one.amounts, "amounts")
        parts.periods(one.dates, "dates")
        parts.left(one.extra, "")
        for i, line in enumerate(one.lines):
            _line(parts, line, f"lines[{i}].", syntax)

    tree.at(path).segments += parts.level(claim)


def _patient(parts: Parts, one: ClaimStatusAnswer) -> list[Step]:
    who, dependent = one.subscriber, one.dependent
    assert who is not None
    if one.kind == "277CA":
        return [Step("PT", who, parts.level(lambda: parts.member(who, "subscriber", "QC")))]
    path = [Step("22", who, parts.level(lambda: parts.member(who, "subscriber", "IL")))]
    if dependent is not None:
        made = parts.level(lambda: parts.member(dependent, "dependent", "QC"))
        path.append(Step("23", dependent, made))
    return path


def _status(parts: Parts, found: StatusInformation, path: str, syntax: Syntax) -> None:
    if not 1 <= len(found.codes) <= 3:
        parts.b.problem(f"{path}codes", f"has {len(found.codes)}.", "Give one to three.")
    codes = [_code(parts, code, f"{path}codes") for code in found.codes[:3]]
    codes += [""] * (3 - len(codes))
    parts.b.add(
        "STC",
        codes[0],
        d8(found.on) if found.on else "",
        parts.text(found.action, f"{path}action"),
        parts.figure(found.charge, f"{path}charge"),
        parts.figure(found.paid, f"{path}paid"),
        d8(found.finalized_on) if found.finalized_on else "",
        parts.text(found.payment_method, f"{path}payment_method"),
        d8(found.paid_on) if found.paid_on else "",
        parts.text(found.payment_number, f"{path}payment_number"),
        codes[1],
        codes[2],
        parts.text(found.message, f"{path}message"),
    )


def _code(parts: Parts, code: StatusCode, path: str) -> str:
    return parts.b.composite(
        parts.text(code.category, f"{path}.category"),
        parts.text(code.status, f"{path}.status"),
        parts.text(code.entity, f"{path}.entity"),
        "RX" if code.pharmacy else "",
    )


def _line(parts: Parts, found: LineInquiry, path: str, syntax: Syntax) -> None:
    parts.add(
        (
            "SVC",
            parts.service(found.service, f"{path}service"),
            parts.figure(found.charge, f"{path}charge"),
            parts.figure(found.paid, f"{path}paid"),
            parts.text(found.revenue_code, f"{path}revenue_code"),
            "",
            "",
            parts.figure(found.units, f"{path}units"),
        ),
        found.extra,
        path,
    )
    for i, each in enumerate(found.statuses):
        _status(parts, each, f"{path}statuses[{i}].", syntax)
    parts.references("REF", found.references, f"{path}references")
    parts.periods(found.dates, f"{path}dates")
    parts.left(found.extra, path)
