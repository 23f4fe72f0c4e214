"""The identifiers that a claim carries, one small module each.

Each module has the same four functions: ``compact`` strips what people add, ``validate``
returns the compact form or raises :class:`~superbill.errors.Invalid`, ``is_valid`` says yes or
no, and ``format`` writes the number as people read it.
"""
