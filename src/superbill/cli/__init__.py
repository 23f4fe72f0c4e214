"""The command line: each command parses, calls one function of the library, and renders."""

from __future__ import annotations


def main() -> int:
    """Run ``superbill`` on the process's arguments and return its exit code."""
    import sys

    from superbill.cli.app import defect, run

    sys.excepthook = defect
    return run(sys.argv[1:])
