"""One parser for each published file: text in, rows out; no database, no network.

A parser fails with the number of the line and what it saw (:class:`~superbill.errors.BadRow`).
Inclusive end dates become half-open here, and nowhere else.
"""
