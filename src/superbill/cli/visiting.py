"""The work of ``superbill adjudicate`` on visits: each decided and shown."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from superbill import explain
from superbill.adjudication import Engine, adjudicate_visit
from superbill.bulk.stays import encode
from superbill.cli import explaining, render
from superbill.cli.console import drawing
from superbill.cli.desk import Desk, Place
from superbill.cli.documents import documents
from superbill.cli.inputs import Source
from superbill.codes import icd10cm
from superbill.errors import Invalid
from superbill.model import LinePrice, Visit, VisitDecision, read
from superbill.money import dollars
from superbill.store.open import Store

if TYPE_CHECKING:
    from superbill.cli.claims import Claims
    from superbill.cli.gathering import Payments

ROW_HEADING = f"{'visit':24} {'charges':>14}  {'paid':>14}  {'patient':>14}  edits"


def holds_visits(found: Source) -> tuple[bool, Source]:
    """Whether the first document of a file is a visit, and the file with nothing of it lost."""
    if found.fhir:
        return False, found
    if found.document is not None:
        first = found.document.strip()
        if first.startswith(b"["):
            first = first[1:].lstrip()
            first = first[: first.rfind(b"}") + 1]
            return b'"biller"' in first and b'"admission_date"' not in first, found
        return read.is_visit(first), found
    begun: list[bytes] = []
    for line in found.lines:
        begun.append(line)
        if line.strip():
            break
    is_visit = bool(begun) and read.is_visit(begun[-1])
    return is_visit, found._replace(lines=chain(begun, found.lines))


class Visiting:
    """One call of the command, for its visits; ``form`` is how to explain, ``None``: not at all."""

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        claims: Claims | None = None,
        payments: Payments | None = None,
        *,
        json: bool,
        form: str | None,
    ) -> None:
        self.unclean = 0
        self._claims = claims
        self._payments = payments
        self._desk = desk
        self._engine = engine
        self._json = json
        self._form = form
        self._shown = 0

    def read(self, found: Source) -> None:
        """Decide every visit of a file, and show each."""
        many = found.document is None
        for line, claim in documents(found):
            place = Place(found.name, line)
            if isinstance(claim, Invalid):
                self._desk.refused(claim, place)
            elif not isinstance(claim, Visit):
                wrong = "this is a stay, in a file that begins with a visit."
                apart = "Keep stays and visits in files of their own."
                self._desk.refused(Invalid.at("(document)", wrong, apart), place)
            else:
                with self._desk.trying(place):
                    self._one(place, claim, many=many)

    def _one(self, place: Place, visit: Visit, *, many: bool) -> None:
        brief = many and self._form is None
        decision = adjudicate_visit(visit, engine=self._engine, explain=not brief)
        if self._claims is not None:
            self._claims.add_visit(visit)
        if self._payments is not None:
            self._payments.add(visit, decision)
        if self._json:
            _write(encode(decision))
        elif brief:
            if not self._shown:
                click.echo(ROW_HEADING)
            click.echo(row(decision))
        else:
            self._whole(visit, decision)
        self._shown += 1
        self.unclean += not decision.edits.clean
        if decision.not_covered:
            self._desk.undetermined(decision.not_covered, place, otherwise="lines")

    def _whole(self, visit: Visit, decision: VisitDecision) -> None:
        node = explain.outline_visit(decision)
        if self._form in ("markdown", "json"):
            explaining.show(node, self._form)
            return
        with drawing() as out:
            if self._shown:
                out.print("\n")
            show(out, visit, decision, self._engine.store)
        if self._form is not None:
            click.echo()
            explaining.show(node, self._form)


def row(found: VisitDecision) -> str:
    """A visit among many, on one line."""
    edits = "clean" if found.edits.clean else f"{len(found.edits.findings)} found"
    if found.edits.not_checked:
        edits += f", {len(found.edits.not_checked)} unchecked"
    return (
        f"{found.visit_id:24.24} {dollars(found.charges):>14}  {dollars(found.paid):>14}  "
        f"{dollars(found.patient):>14}  {edits}"
    )


def show(out: Console, visit: Visit, found: VisitDecision, store: Store) -> None:
    """The whole decision: lines, edits, each payer's answer, and who pays what."""
    out.print(Text.assemble((f"Visit {visit.id}", "bold"), f"  {visit.biller.name}"))
    out.print(
        f"  {visit.service_date}, place of service {visit.place_of_service}; "
        f"patient {visit.patient.sex}; charges {dollars(visit.total_charges)}",
        highlight=False,
    )
    table = render.grid("", "code", "text")
    table.columns[2].ratio = 1
    for place, code in enumerate(visit.diagnoses, 1):
        title = icd10cm.title(store, code, on=visit.service_date)
        text = "" if title is None else title.text
        table.add_row(str(place), render.dotted(code), Text(text))
    render.section(out, "Diagnoses", table)
    prices = {price.line: price for price in found.prices}
    table = render.grid("", "code", "units", "charge", "allowed", "")
    for column in (2, 3, 4):
        table.columns[column].justify = "right"
    for number, line in enumerate(visit.lines, 1):
        price = prices.get(number)
        table.add_row(
            str(number),
            "-".join((line.code, *line.modifiers)),
            f"{line.units:f}",
            dollars(line.charge),
            "" if price is None or price.status == "open" else dollars(price.allowed),
            _said(price),
        )
    render.section(out, "Services, and what Medicare allows", table)
    render.edits(out, found.edits)
    render.payers(out, found.payers)
    render.shares(out, found.shares, found.charges)
    for reason in found.not_covered:
        out.print(Text(f"  not covered: {reason}", "yellow"))


def _said(price: LinePrice | None) -> Text:
    if price is None:
        return Text("")
    if price.status == "open":
        return Text(f"not priced: {price.meaning}", "yellow")
    told = f"{price.system} {price.release}" if price.status == "priced" else price.status
    return Text(f"{told}; {price.meaning}" if price.meaning else told, "dim")


def _write(line: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
