"""Why this amount: a decision opened down to the rule, the file and the day behind each figure.

Pricers and benefits record their steps as data (:mod:`superbill.model.trace`). :func:`outline`
puts them, the edits, the group and the split into one tree; :func:`text`, :func:`markdown` and
the command line's coloured tree all show that one.
"""

from superbill.explain.outline import Node, of_grouping, of_payment, outline, outline_visit
from superbill.explain.render import markdown, text

__all__ = ["Node", "markdown", "of_grouping", "of_payment", "outline", "outline_visit", "text"]
