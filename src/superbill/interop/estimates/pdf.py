"""An estimate on paper, for the patient: letter size, one list of services for each provider.

Needs reportlab, which is not installed with superbill itself (``pip install 'superbill[pdf]'``).
The same estimate makes the same file, byte by byte. The fonts are the ones that every reader has,
which know the letters of Western Europe: others are written without their marks.
"""

from __future__ import annotations

import os
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from superbill.errors import Invalid
from superbill.interop.estimates import words
from superbill.model import Estimate, EstimateLine, ProviderEstimate
from superbill.money import dollars

_INK, _GREY, _RULE, _SHADE = "#1a1a1a", "#555555", "#b8b8b8", "#f1f3f5"
_WIDTH = 504.0  # points between margins of 0.75 inch on letter paper


def write_pdf(found: Estimate, path: Path) -> None:
    """Write an estimate as PDF; a file is written whole or not at all.

    Raises :class:`~superbill.errors.Invalid` where reportlab is missing, ``OSError`` where the file
    cannot be written.
    """
    content = pdf(found)
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # a pipe or a device, in whose place nothing can be put
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def pdf(found: Estimate) -> bytes:
    """An estimate as the bytes of a PDF.

    Raises :class:`~superbill.errors.Invalid` where reportlab is missing.
    """
    try:
        from reportlab.platypus import SimpleDocTemplate  # noqa: PLC0415 - not always installed
    except ImportError:
        raise Invalid.at(
            "--pdf",
            "PDF needs the package reportlab, which is not installed.",
            "pip install 'superbill[pdf]', or leave --pdf out.",
        ) from None
    out = BytesIO()
    title = words.TITLES[found.kind]
    document = SimpleDocTemplate(
        out,
        pagesize=(612, 792),
        leftMargin=48,
        rightMargin=48,  # a frame adds six points on each side
        topMargin=54,
        bottomMargin=60,
        title=f"{title} {_known(found.order_id)}",
        author=_known(found.providers[0].biller.name),
        lang="en-US",
        invariant=1,
    )
    document.build(_story(found), canvasmaker=_canvas(found))
    return out.getvalue()


def _canvas(found: Estimate) -> Any:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    foot = f"{words.TITLES[found.kind]} {_known(found.order_id)}, {words.span(found.estimated_on)}"

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        """Pages that say how many there are."""

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self._held: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's own name
            self._held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._held:
                self.__dict__.update(page)
                self.setFont("Helvetica", 8)
                self.setFillColor(_GREY)
                self.drawString(54, 36, foot)
                self.drawRightString(558, 36, f"Page {self.getPageNumber()} of {len(self._held)}")
                super().showPage()
            super().save()

    return Numbered


class _Page:
    """The styles of the page, and what is made of them."""

    def __init__(self) -> None:
        from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415

        body = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=12.5)
        body.textColor = _INK
        self._styles = {
            "body": body,
            "small": ParagraphStyle("small", body, fontSize=8, leading=10, textColor=_GREY),
            "right": ParagraphStyle("right", body, alignment=2),
            "head": ParagraphStyle("head", body, fontName="Helvetica-Bold", fontSize=8.5),
            "headright": ParagraphStyle(
                "headright", body, fontName="Helvetica-Bold", fontSize=8.5, alignment=2
            ),
            "bold": ParagraphStyle("bold", body, fontName="Helvetica-Bold"),
            "boldright": ParagraphStyle("boldright", body, fontName="Helvetica-Bold", alignment=2),
            "title": ParagraphStyle(
                "title", body, fontName="Helvetica-Bold", fontSize=18, leading=22, spaceAfter=2
            ),
            "section": ParagraphStyle(
                "section",
                body,
                fontName="Helvetica-Bold",
                fontSize=11.5,
                leading=14,
                spaceBefore=12,
                spaceAfter=4,
                keepWithNext=1,
            ),
            "item": ParagraphStyle("item", body, leftIndent=12, bulletIndent=2, spaceAfter=3),
        }

    def says(self, text: str, style: str = "body", *, bullet: bool = False) -> Any:
        from reportlab.platypus import Paragraph  # noqa: PLC0415

        mark = "\u2022" if bullet else None
        return Paragraph(escape(_known(text)), self._styles[style], bulletText=mark)

    def table(
        self, rows: list[list[Any]], widths: list[float], *rules: tuple[Any, ...], heads: int = 0
    ) -> Any:
        from reportlab.platypus import Table  # noqa: PLC0415

        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            *rules,
        ]
        return Table(rows, colWidths=widths, style=style, repeatRows=heads, splitInRow=1)

    def listed(self, rows: list[list[Any]], widths: list[float]) -> Any:
        """A table with a head, a foot, and a line below each row."""
        return self.table(
            rows,
            widths,
            ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, -2), 0.5, _RULE),
            ("LINEABOVE", (0, -1), (-1, -1), 1, _INK),
            heads=1,
        )


def _story(found: Estimate) -> list[Any]:
    page = _Page()
    person = found.person
    name = " ".join(filter(None, (person.first_name, person.middle_name, person.last_name)))
    facts = [
        ("Patient", name),
        ("Date of birth", words.span(person.birth_date)),
        ("Care", found.primary_service),
        ("Date of care", words.when(found)),
        ("Diagnoses", "; ".join(_diagnosis(each.code, each.text) for each in found.diagnoses)),
        ("Date of this estimate", words.span(found.estimated_on)),
    ]
    if found.payers:
        facts.insert(4, ("Coverage", ", then ".join(found.payers)))
    story: list[Any] = [
        page.says(words.TITLES[found.kind], "title"),
        page.says(f"Number {found.order_id}", "small"),
        _gap(),
        page.table(
            [[page.says(key, "bold"), page.says(value)] for key, value in facts],
            [120, _WIDTH - 120],
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ),
    ]
    total = "Total expected charges" if found.kind == "good_faith" else "You are expected to pay"
    owed = [[page.says(total, "bold"), page.says(words.owed(found), "boldright")]]
    story.append(_gap())
    story.append(page.table(owed, [240, _WIDTH - 240], ("BACKGROUND", (0, 0), (-1, -1), _SHADE)))
    if not found.complete:
        unpriced = "Some services below could not be priced, and no amount is counted for them: "
        effect = (
            "the total will be higher if anything is charged for them."
            if found.at_least
            else "the total may turn out higher or lower once they are."
        )
        story.append(page.says(unpriced + effect, "small"))
    for provider in found.providers:
        story += _provider(page, found, provider)
    if found.separately_says is not None:
        story.append(page.says("To be scheduled separately", "section"))
        story.append(page.says(found.separately_says.text))
        story.append(_gap())
        for item in found.separately:
            by = f" ({item.provider})" if item.provider else ""
            story.append(page.says(f"{item.when}: {item.description}{by}", "item", bullet=True))
    story.append(page.says("Please note", "section"))
    for said in found.statements:
        rule = f" ({said.rule})" if said.rule else ""
        story.append(page.says(said.text + rule, "item", bullet=True))
    for head, lines in (
        ("What this estimate assumes", found.assumptions),
        ("What was not checked", found.not_checked),
    ):
        if lines:
            story.append(page.says(head, "section"))
            story += [page.says(line, "item", bullet=True) for line in lines]
    return story


def _provider(page: _Page, found: Estimate, provider: ProviderEstimate) -> list[Any]:
    biller = provider.biller
    numbers = [words.place(biller), f"NPI {biller.npi}", f"TIN {biller.tax_id}"]
    if biller.phone:
        numbers.append(f"telephone {words.phone(biller.phone)}")
    alone = found.kind == "good_faith"
    rows = _alone(page, found, provider) if alone else _insured(page, found, provider)
    widths = [192, 60, 82, 38, 66, 66] if alone else [200, 60, 61, 61, 61, 61]
    return [
        page.says(biller.name, "section"),
        page.says("; ".join(numbers), "small"),
        _gap(),
        page.listed(rows, [float(width) for width in widths]),
    ]


def _alone(page: _Page, found: Estimate, provider: ProviderEstimate) -> list[list[Any]]:
    heads = ("Service", "Code", "For diagnosis", "Units", "Full charge", "Expected charge")
    rows = [_heads(page, heads, 3)]
    rows += [
        [
            _service(page, found, line),
            page.says(_code(line)),
            page.says(", ".join(_dotted(code) for code in line.diagnoses)),
            page.says(f"{line.units.normalize():f}", "right"),
            page.says(dollars(line.charge), "right"),
            page.says(words.amount(line.expected), "right"),
        ]
        for line in provider.lines
    ]
    rows.append(
        [
            page.says(f"Total of {provider.biller.name}", "bold"),
            "",
            "",
            "",
            page.says(dollars(provider.charges), "boldright"),
            page.says(words.amount(provider.patient), "boldright"),
        ]
    )
    return rows


def _insured(page: _Page, found: Estimate, provider: ProviderEstimate) -> list[list[Any]]:
    heads = ("Service", "Code", "Charge", "Allowed", "Payers pay", "You pay")
    rows = [_heads(page, heads, 2)]
    rows += [
        [
            _service(page, found, line),
            page.says(_code(line)),
            page.says(dollars(line.charge), "right"),
            page.says(words.amount(line.allowed), "right"),
            page.says(words.amount(words.paid(line)), "right"),
            page.says(words.amount(line.patient), "right"),
        ]
        for line in provider.lines
    ]
    whole = all(line.patient is not None for line in provider.lines)
    total = f"Total of {provider.biller.name}" if whole else "Total; shares are of what is priced"
    rows.append(
        [
            page.says(total, "bold"),
            "",
            page.says(dollars(provider.charges), "boldright"),
            page.says(words.amount(provider.allowed), "boldright"),
            page.says(words.amount(provider.paid), "boldright"),
            page.says(words.amount(provider.patient), "boldright"),
        ]
    )
    return rows


def _gap() -> Any:
    from reportlab.platypus import Spacer  # noqa: PLC0415

    return Spacer(1, 5)


def _heads(page: _Page, heads: tuple[str, ...], left: int) -> list[Any]:
    return [page.says(each, "head" if at < left else "headright") for at, each in enumerate(heads)]


def _service(page: _Page, found: Estimate, line: EstimateLine) -> list[Any]:
    """What a service is; below it, when, for what, and what the patient's share is made of."""
    small = []
    if line.service_date != found.service_date:
        small.append(words.span(line.service_date))
    if found.kind == "insured":
        if line.units != 1:
            small.append(f"{line.units.normalize():f} units")
        small.append("for " + ", ".join(_dotted(code) for code in line.diagnoses))
        small += [f"{name} {dollars(value)}" for name, value in words.parts(line)]
        if len(line.payers) > 1:
            small += [f"{each.payer} pays {dollars(each.paid)}" for each in line.payers]
    told = [page.says(line.description)]
    if small:
        told.append(page.says("; ".join(small), "small"))
    return told


def _code(line: EstimateLine) -> str:
    return "-".join((line.code, *line.modifiers))


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _diagnosis(code: str, text: str) -> str:
    return f"{_dotted(code)} {text}".rstrip()


def _known(text: str) -> str:
    """Text in the letters that the fonts have."""
    return "".join(each if _has(each) else _plain(each) for each in text)


def _has(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _plain(letter: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", letter) if _has(each))
    return bare or "?"
