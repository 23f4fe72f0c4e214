"""The tree as plain text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from superbill.explain.outline import Node


def details(node: Node) -> Iterator[tuple[str, str]]:
    """What stands below a node's own line: a label, and what it says."""
    if node.note:
        yield "", node.note
    if node.formula:
        yield "formula", node.formula
    for used in node.inputs:
        source = f"  ({used.source})" if used.source else ""
        yield used.name.replace("_", " "), f"{used.value}{source}"
    if node.rounding:
        yield "rounded", node.rounding
    if node.citation:
        yield "by", node.citation
    if node.release:
        yield "from", node.release


def headline(node: Node) -> str:
    """A node's own line."""
    return f"{node.name}: {node.figure}" if node.figure else node.name


def text(node: Node) -> str:
    """The tree as plain text, for a pipe or a log; it ends with a newline."""
    return "\n".join(_text(node, "", "")) + "\n"


def _text(node: Node, first: str, rest: str) -> Iterator[str]:
    yield first + headline(node)
    bar = "│   " if node.children else "    "
    for label, value in details(node):
        yield rest + bar + (f"{label}: {value}" if label else value)
    for child in node.children:
        last = child is node.children[-1]
        yield from _text(
            child, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   ")
        )


def markdown(node: Node) -> str:
    """The tree as Markdown: a heading, its parts as headings, and the rest as nested lists."""
    lines = [f"# {_escape(headline(node))}", ""]
    lines.extend(_escape(value) for _, value in details(node))
    for part in node.children:
        lines += ["", f"## {_escape(headline(part))}", ""]
        lines.extend(_items(part, 0, own=False))
    return "\n".join(lines).rstrip() + "\n"


def _items(node: Node, depth: int, *, own: bool = True) -> Iterator[str]:
    indent = "  " * depth
    if own:
        figure = f": **{_escape(node.figure)}**" if node.figure else ""
        yield f"{indent}- {_escape(node.name)}{figure}"
        indent += "  "
    for label, value in details(node):
        said = f"`{value}`" if label == "formula" else _escape(value)
        yield f"{indent}- {f'*{_escape(label)}* ' if label else ''}{said}"
    for child in node.children:
        yield from _items(child, depth + own)


def _escape(said: str) -> str:
    for mark in "\\`*_<[":
        said = said.replace(mark, f"\\{mark}")
    return said
