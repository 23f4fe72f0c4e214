"""An explanation in the form that was asked for."""

from __future__ import annotations

import click

from superbill.bulk.stays import encode
from superbill.cli.console import show_tree
from superbill.explain import Node, markdown


def show(node: Node, form: str) -> None:
    """Print a tree of figures as ``tree``, ``markdown`` or ``json``."""
    if form == "markdown":
        click.echo(markdown(node))
    elif form == "json":
        click.echo(encode(node))
    else:
        show_tree(node)
