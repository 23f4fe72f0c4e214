"""The official guidelines for coding and reporting ICD-10-CM: sections as they are cited.

CMS and CDC/NCHS publish them for each fiscal year, with an update on 1 April, as a PDF. The
discharge date (or the date of service) selects the release; the first page says its days.
Sections are cited by their marks from the outside in: Section I, part C, chapter 9, letter a,
item 1 is ``I.C.9.a.1``. The text goes into the reader's own store and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.pdf_text import Line, first_page, is_pdf, lines
from superbill.sources.release_names import fiscal_year_period

_TITLE = re.compile(r"ICD-10-CM\s+Official\s+Guidelines\s+for\s+Coding\s+and\s+Reporting")
_DAYS = re.compile(r"\((\w+ \d{1,2}, 20\d\d)\s*[-–]+\s*(\w+ \d{1,2}, 20\d\d)\)")
_RUNNING = re.compile(
    r"ICD-10-CM Official Guidelines for Coding and Reporting|FY 20\d\d|Page \d+ of"
)
# The contents set a number at the end of a line, after dots mostly.
_DOTS = re.compile(r"\s*\.{2,}\s*\d{1,3}\s*$|\s\.\s+\d{1,3}$|(?<=^Appendix I)\s+\d{1,3}$|^\d{1,3}$")
_NUMBER = re.compile(r"\s+\d{1,3}$")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_SMALL = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to")
)

# The marks of each level, from the outside in, and how they are written before a heading.
_MARKS = (
    re.compile(r"(?:Section|Appendix) (?P<mark>[IVX]+)\b[.:]?\s*(?P<title>.*)"),
    re.compile(r"(?P<mark>[A-Z])\.\s+(?P<title>\S.*)"),
    re.compile(r"(?P<mark>\d{1,2})\.\s+(?P<title>\S.*)"),
    re.compile(r"(?P<mark>[a-z])\.\s+(?P<title>\S.*)"),
    re.compile(r"(?P<mark>\d{1,2})\)\s*(?P<title>\S.*)"),
    re.compile(r"\((?P<mark>[a-z])\)\s*(?P<title>\S.*)"),
    re.compile(r"\((?P<mark>[ivx]+)\)\s*(?P<title>\S.*)"),
)


class Heading(NamedTuple):
    """The start of a section: its marks from the outside in, and its title."""

    marks: tuple[str, ...]
    title: str


class Section(NamedTuple):
    """A section: ``number`` as it is cited, the number above it, and its own text.

    ``text`` keeps the lines of the document and leaves the sections below out. ``page`` and
    ``last_page`` are those of the document, from 1.
    """

    position: int
    number: str
    parent: str
    level: int
    title: str
    page: int
    last_page: int
    text: str


def _recognise(document: Document) -> Period | None:
    if not is_pdf(document):
        return None
    page = first_page(document)
    if not _TITLE.search(page):
        return None
    days = _DAYS.search(page)
    if days is None:
        return None
    start, last = (_day(text) for text in days.groups())
    if start is None or last is None:
        return None
    named = fiscal_year_period(last.year)
    label = named.label if start == named.valid_from else f"{start:%B} {start.year}"
    return Period(label, start, last + timedelta(days=1))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%B %d, %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _parse(document: Document, _: Period) -> Iterator[Row]:
    """Yield ``position, number, parent, level, title, page, last_page, text``."""
    return iter(sections(lines(document), document.where))


def sections(printed: Iterable[Line], where: str = "guidelines") -> list[Section]:
    """The sections of the document, in its order.

    Raises :class:`~superbill.errors.BadRow` where a section of the table of contents is missing.
    """
    body: list[Line] = []
    contents: list[str] = []
    for line in printed:
        if _RUNNING.match(line.text):
            continue
        if _DOTS.search(line.text) or (contents and not body and not _starts(line.text)):
            contents.append(line.text)
        elif contents:
            body.append(line)
    titles = _contents(contents)
    found = list(_divided(body, titles))
    known = {section.number for section in found}
    missing = [number for number in titles if number not in known]
    if not found or missing:
        saw = ", ".join(missing[:3]) or "no section"
        raise BadRow(where, 0, saw, "every section of the table of contents in the text")
    return found


def _starts(text: str) -> bool:
    """Whether the body begins: the first section's heading without the dots of the contents."""
    return text.startswith("Section I.") and not _DOTS.search(text)


def _contents(printed: list[str]) -> dict[str, str]:
    """The titles of the table of contents by number, lines that were broken joined."""
    entries: list[str] = []
    pending, last = "", 0
    for text in printed:
        whole = f"{pending} {text}".strip()
        ended = _DOTS.search(text) or _NUMBER.search(text)
        # A page number without dots before it goes on from the last one.
        if ended and (_page(ended) - last in range(20) or not entries):
            last = _page(ended)
            entries.append(f"{pending} {text[: ended.start()]}".strip())
            pending = ""
        else:
            pending = whole
    found: dict[str, str] = {}
    marks: tuple[str, ...] = ()
    for entry in entries:
        heading = _heading(entry, marks)
        if heading is not None:
            marks = heading.marks
            found[number_of(marks)] = heading.title
    return found


def _page(ended: re.Match[str]) -> int:
    return int(ended[0].strip(" ."))


def _heading(text: str, marks: tuple[str, ...]) -> Heading | None:
    """The heading that ``text`` is, where its mark comes next after ``marks``."""
    options = []
    for level, pattern in enumerate(_MARKS):
        match = pattern.fullmatch(text)
        if match is None or level > len(marks):
            continue
        mark = f"Appendix {match['mark']}" if text.startswith("Appendix") else match["mark"]
        last = marks[level] if level < len(marks) else ""
        # The appendices follow the last section, whichever that is.
        first = mark == "Appendix I" and last.isalpha()
        if first or mark == _next(last, level):
            options.append(Heading((*marks[:level], mark), match["title"].strip(" .")))
    # "(i)" below "(a)" is a numeral, but after "(h)" the next letter.
    return options[0] if options else None


def _next(last: str, level: int) -> str:
    """The mark that follows ``last`` at a level; the first where there is none."""
    if level == 0:
        name, _, numeral = last.rpartition(" ")
        place = _ROMAN.index(numeral) + 1 if numeral in _ROMAN else 0
        return f"{name} {_ROMAN[place]}".strip()
    if level in {2, 4}:
        return str(int(last or 0) + 1)
    if level == 6:
        return _ROMAN[_ROMAN.index(last.upper()) + 1 if last else 0].lower()
    return chr(ord(last) + 1) if last else ("A" if level == 1 else "a")


def number_of(marks: tuple[str, ...]) -> str:
    """A section as it is cited.

    >>> number_of(("I", "C", "4", "a"))
    'I.C.4.a'
    """
    return ".".join(marks)


def _divided(body: list[Line], titles: dict[str, str]) -> Iterator[Section]:
    marks: tuple[str, ...] = ()
    held: list[Line] = []
    title, page, position = "", 0, 0
    skip = 0
    for place, line in enumerate(body):
        if skip:
            skip -= 1
            continue
        heading = _heading(line.text, marks)
        if heading is not None and not _is_section(heading, titles):
            heading = None
        if heading is None:
            held.append(line)
            continue
        if marks:
            position += 1
            yield _section(position, marks, title, page, held)
        marks, page, held = heading.marks, line.page, []
        title, skip = _whole(heading, [each.text for each in body[place + 1 : place + 4]], titles)
    if marks:
        yield _section(position + 1, marks, title, page, held)


def _is_section(heading: Heading, titles: dict[str, str]) -> bool:
    """Whether a heading is one, and no item of a list in a section's text.

    The contents name the sections down to the letter. Below it a heading reads as a title.
    """
    if len(heading.marks) <= 4:
        expected = titles.get(number_of(heading.marks))
        return expected is not None and _letters(expected)[:8] == _letters(heading.title)[:8]
    return heading.title[:1].isupper() and not heading.title.endswith(";")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _whole(heading: Heading, following: list[str], titles: dict[str, str]) -> tuple[str, int]:
    """The whole title, and how many further lines it takes."""
    title = heading.title
    expected = titles.get(number_of(heading.marks), "")
    if expected:
        taken = 0
        for text in following:
            if len(_letters(title)) >= len(_letters(expected)) or not _letters(expected).startswith(
                _letters(f"{title}{text}")[: len(_letters(expected))]
            ):
                break
            title = f"{title} {text}"
            taken += 1
        return expected, taken
    beyond = following[0] if following else ""
    words = beyond.split()
    if not title:
        return beyond, 1
    # Below the letter the contents do not say where a title ends: a line that leaves off in the
    # middle goes on in the next, and so does one that the next follows in title case.
    hanging = title.endswith(",") or title.split()[-1].lower() in _SMALL
    titled = len(beyond) > 3 and all(w[:1].isupper() or w.lower() in _SMALL for w in words)
    marked = any(pattern.fullmatch(beyond) for pattern in _MARKS)
    goes_on = title.endswith(",") or (len(words) <= 6 and (hanging or titled))
    if words and goes_on and not marked and not beyond.endswith("."):
        return f"{title} {beyond}", 1
    return title, 0


def _section(
    position: int, marks: tuple[str, ...], title: str, page: int, held: list[Line]
) -> Section:
    return Section(
        position,
        number_of(marks),
        number_of(marks[:-1]),
        len(marks) - 1,
        " ".join(title.split()),
        page,
        held[-1].page if held else page,
        "\n".join(line.text for line in held),
    )


LAYOUT = Layout("ICD-10-CM guidelines (PDF)", _recognise, _parse, rows=(150, 1_200))
