"""The printed form of an index entry, and when two titles are the same.

The addenda give entries as they stand in print: the title with its modifiers in parentheses,
a reference (``- see …``, ``- see also …``, or ``(see also …)`` before a code), a code, and the code
of the manifestation in brackets. The table's rows have their cells after the title.
"""

from __future__ import annotations

import functools
import re

from superbill.sources.icd10cm_index import CODE, Entry, squeeze, undot

_CODE = CODE.pattern
_CODE_AT_END = re.compile(rf"(?:^|\s)({_CODE})(?:\s*\[({_CODE})\])?$")
_SEE_ALSO_IN_PARENTHESES = re.compile(r"\s*\(see also ((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE)
# The dash before a reference has lost its space now and then, and "see" has gained one.
_SEE_ALSO = re.compile(r"(?:\s+-|-\s)\s*see\s+(?:-\s+)?also\s+(.*)$", re.IGNORECASE)
_SEE = re.compile(r"(?:\s+-|-\s)\s*see\s+(?:-\s*)?(.*)$", re.IGNORECASE)
_REFERENCE_AT_END = re.compile(r"\bsee(?: also)?\b[^()]*$", re.IGNORECASE)

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})
_AROUND_COMMA = re.compile(r"\s*,\s*")
_AROUND_PARENTHESIS = re.compile(r"\s*([()\[\]])\s*")
_AROUND_DASH = re.compile(r"\s*([-/+])\s*")


def parse_printed(text: str) -> Entry:
    """The entry that a printed line (without its leading dashes) says.

    >>> parse_printed("intra-abdominal (see also Abscess, peritoneum) K65.1")[:2]
    ('intra-abdominal', 'K651')
    >>> parse_printed("Adenitis - see also Lymphadenitis").see_also
    'Lymphadenitis'
    >>> parse_printed("human immunodeficiency virus (HIV) disease B20 [F02.80]")[1:3]
    ('B20', 'F0280')
    >>> parse_printed("food (bone) - see categories T17 and T18").see
    'categories T17 and T18'
    """
    rest = squeeze(text.translate(_QUOTES))
    code = manifestation = see = see_also = ""
    match = _SEE_ALSO_IN_PARENTHESES.search(rest)
    if match:
        see_also = match[1]
        rest = squeeze(rest[: match.start()] + " " + rest[match.end() :])
    match = _CODE_AT_END.search(rest)
    if match and not _REFERENCE_AT_END.search(rest[: match.start()]):
        code, manifestation = match[1], match[2] or ""
        rest = rest[: match.start()]
    match = _SEE_ALSO.search(rest)
    if match:
        see_also, rest = match[1], rest[: match.start()]
    else:
        match = _SEE.search(rest)
        if match:
            see, rest = match[1], rest[: match.start()]
    if see or see_also:
        rest = rest.rstrip(" -") or rest
    return Entry(squeeze(rest), undot(code), undot(manifestation), squeeze(see), squeeze(see_also))


def print_entry(entry: Entry) -> str:
    """An entry as it reads in print, its codes dotted, its cells after bars.

    >>> print_entry(Entry("intra-abdominal", "K651", see_also="Abscess, peritoneum"))
    'intra-abdominal (see also Abscess, peritoneum) K65.1'
    """
    text = entry.title
    if entry.see:
        text += f" - see {entry.see}"
    if entry.see_also:
        text += f" (see also {entry.see_also})" if entry.code else f" - see also {entry.see_also}"
    if entry.code:
        text += f" {dotted(entry.code)}"
    if entry.manifestation:
        text += f" [{dotted(entry.manifestation)}]"
    if entry.cells:
        text += "".join(f" | {dotted(cell) or '-'}" for cell in entry.cells)
    return text


def dotted(code: str) -> str:
    """A stored code as it is shown, its dash kept.

    >>> dotted("S5250-"), dotted("X58"), dotted("J43-")
    ('S52.50-', 'X58', 'J43.-')
    """
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


@functools.lru_cache(maxsize=1 << 17)
def title_key(title: str) -> str:
    """What two ways of printing the same title have in common, modifiers counted.

    >>> title_key("Abscess (acute)(Embolic) "), title_key("abscess (acute) (embolic)")
    ('abscess(acute)(embolic)', 'abscess(acute)(embolic)')
    """
    text = title.translate(_QUOTES).casefold()
    text = _AROUND_COMMA.sub(",", text)
    text = _AROUND_PARENTHESIS.sub(r"\1", text)
    text = _AROUND_DASH.sub(r"\1", text)
    return squeeze(text).strip(" .:;,")


@functools.lru_cache(maxsize=1 << 17)
def essential_title(title: str) -> str:
    """The title without its non-essential modifiers.

    >>> essential_title("electric (assisted) bicyclist"), essential_title("person(s) (struck) NEC")
    ('electric bicyclist', 'person NEC')
    """
    kept = []
    depth = 0
    for piece in re.split(r"([()])", title):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return squeeze(" ".join(kept)).replace(" ,", ",")


def essential_key(title: str) -> str:
    """:func:`title_key` of the essential title."""
    return title_key(essential_title(title))


def reference_key(reference: str) -> str:
    """What two ways of printing the same cross-reference have in common."""
    return title_key(reference)


__all__ = [
    "dotted",
    "essential_key",
    "essential_title",
    "parse_printed",
    "print_entry",
    "reference_key",
    "title_key",
]
