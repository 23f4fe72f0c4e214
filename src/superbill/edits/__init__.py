"""Edits: what a claim trips over, one module (or folder) for each family of rules.

An edit is a pure generator: the claim and what it asks of the reference data go in, findings come
out. It states facts and never denies, pays or changes anything. Each finding names its rule, its
place in the claim, what was seen, the proper way to mend it, and the release or law that was read.
A rule that cannot be run for want of reference data is reported as not checked, with the reason.

- :mod:`~superbill.edits.integrity`: dates, codes, status, days, charges and identifiers that any
  reader of the claim would question. Its :data:`~superbill.edits.integrity.FATAL` findings make a
  claim unfit for any answer.
- ``mce``: the Medicare Code Editor.
"""
