"""The terminal: width, colour, and a progress bar where somebody is watching.

Colour is used on a terminal only, and not where ``NO_COLOR`` is set. Without a terminal, lines
are 100 columns wide unless ``COLUMNS`` says otherwise. The import is heavy, so a command that
must start fast leaves this module alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text
from rich.tree import Tree

from superbill.explain import Node, text
from superbill.explain.render import details

WIDTH = 100


def console(*, stderr: bool = False) -> Console:
    """A console that shows text as it is: no markup, no emoji, no guessed highlighting."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


@contextmanager
def drawing() -> Iterator[Console]:
    """A console whose drawing is printed at the end, without the blanks that fill its lines."""
    out = console()
    with out.capture() as drawn:
        yield out
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Progress | None]:
    """A progress bar on stderr with one task (its id is 0), or ``None`` without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
        # Refreshed by hand: a second thread would forbid forking.
        auto_refresh=False,
    )
    with bar:
        bar.add_task(label, total=total)
        yield bar


def counted[T](items: Iterable[T], label: str, every: int = 250) -> Iterator[T]:
    """``items``, counted on a progress bar where somebody is watching."""
    with progress(label) as bar:
        for number, item in enumerate(items, 1):
            if bar is not None and number % every == 0:
                bar.update(bar.task_ids[0], completed=number, refresh=True)
            yield item


def show_tree(node: Node) -> None:
    """An explanation: folded to the terminal's width there, one line a fact elsewhere."""
    out = console()
    if out.is_terminal:
        out.print(_tree(node))
    else:
        click.echo(text(node), nl=False)


def _tree(node: Node) -> Tree:
    branch = Tree(_label(node), guide_style="dim")
    for child in node.children:
        branch.add(_tree(child))
    return branch


def _label(node: Node) -> Text:
    label = Text(node.name)
    if node.figure:
        label.append(": ")
        label.append(node.figure, "bold")
    for name, said in details(node):
        label.append(f"\n{name}: {said}" if name else f"\n{said}", "dim")
    return label
