"""What a service is expected to cost the patient, before it is given."""

from __future__ import annotations

from pathlib import Path

import click

from superbill.cli import options
from superbill.cli.reference import ready, store_option


@click.command(
    "estimate",
    epilog="""\b
Examples:
  superbill estimate examples/self_pay_estimate.json
  superbill estimate examples/self_pay_estimate.json --pdf estimate.pdf
  superbill estimate examples/insured_estimate.json --json
  superbill estimate - --pdf estimate.pdf < order.json

\b
Exit codes: 0 estimated; 2 the order was bad (nothing was written), or a line is
not priced (the rest is estimated, and says so).
""",
)
@click.argument("order", metavar="ORDER", type=options.FILE)
@click.option(
    "--pdf",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write it as PDF for the patient, whole or not at all.",
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(order: Path, pdf: Path | None, store: Path | None, as_json: bool) -> int:
    """Tell a patient before a service what it is expected to cost.

    ORDER is a visit that has not happened, as JSON (its form: superbill schema order), or "-" for
    standard input. Where the patient pays alone it makes a good-faith estimate (45 CFR 149.610):
    expected charges of each provider, what must be said, and by when it is due. Else each payer's
    share of each line. A line that cannot be priced is never counted as zero. PDF needs:
    pip install 'superbill[pdf]'.
    """
    if pdf is not None:
        if not pdf.parent.is_dir():
            raise click.UsageError(f"There is no folder {pdf.parent}.")
        if order.exists() and pdf.exists() and order.samefile(pdf):
            raise click.UsageError("--pdf would write over the order; name another file.")

    from superbill.adjudication import Engine, estimate
    from superbill.cli.desk import Desk, Place
    from superbill.cli.inputs import source
    from superbill.codes import icd10cm
    from superbill.errors import Invalid
    from superbill.model import read

    desk = Desk(as_json=as_json)
    with Engine(ready(store)) as engine, desk.trying(Place(str(order))):
        with source(order) as found:
            if found.document is None:
                one = "there is more than one document in it."
                raise Invalid.at("(document)", one, "Give one order a file.")
            if b'"admission_date"' in found.document and not read.is_order(found.document):
                stay = "this is a stay, and services by line are estimated."
                raise Invalid.at("(document)", stay, "Its form: superbill schema order.")
            asked = read.order(found.document)

        def describe(code: str) -> str:
            title = icd10cm.title(engine.store, code, on=asked.service_date)
            return "" if title is None else title.text

        made = estimate(asked, engine=engine, describe=describe)
        if pdf is not None:
            from superbill.interop.estimates import write_pdf

            write_pdf(made, pdf)
        if as_json:
            from superbill.bulk.stays import encode

            click.echo(encode(made))
        else:
            from superbill.cli import estimate_text
            from superbill.cli.console import drawing

            with drawing() as out:
                estimate_text.show(out, made)
            if pdf is not None:
                click.echo(f"\nPDF written: {pdf}")
        if made.not_covered:
            desk.undetermined(made.not_covered, Place(str(order)), otherwise="lines")
    return 2 if desk.bad else 0
