"""The JSON Schema of what is read and written, made from the types that read and write it."""

from __future__ import annotations

import click

DOCUMENTS = (
    "encounter",
    "hospital",
    "decision",
    "visit",
    "member",
    "visit_decision",
    "order",
    "estimate",
    "claim",
    "remittance",
    "eligibility_inquiry",
    "eligibility",
    "claim_status_inquiry",
    "claim_status",
)


@click.command(
    "schema",
    epilog="""\b
Examples:
  superbill schema encounter > encounter.schema.json
  superbill schema decision
""",
)
@click.argument("document", type=click.Choice(DOCUMENTS))
@click.option("--json", "as_json", is_flag=True, help="Print JSON (it always does).")
def command(document: str, as_json: bool) -> None:
    """Print the JSON Schema of the documents that are read and written.

    ENCOUNTER is a coded stay, HOSPITAL the profile that pricing needs, DECISION the answer; VISIT
    is services by line, VISIT_DECISION the answer to it; ORDER is a visit that has not
    happened, ESTIMATE the answer to it; CLAIM is what an 837 holds, REMITTANCE what an 835 does;
    ELIGIBILITY and CLAIM_STATUS are what a 271 and a 277 answer to the inquiries.
    """
    from superbill.model.schema import text

    click.echo(text(document), nl=False)
