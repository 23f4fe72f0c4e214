from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from superbill.encoder.suggestions.document import documents
from superbill.errors import Invalid


def pdf_saying(text: str) -> bytes:
    """A PDF of one page with a line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    table = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n")
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def blank_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fhir(**held: Any) -> bytes:
    return json.dumps(held).encode()


NARRATIVE = {"div": "<div><p>Acute pancreatitis &amp; ascites.</p><p>No fever</p></div>"}
ATTACHED = {"contentType": "text/plain", "data": base64.b64encode(b"Gout of the foot").decode()}


def test_plain_text_in_several_encodings() -> None:
    for data in (b"\xef\xbb\xbfna\xc3\xafve", "naïve".encode("utf-16"), "naïve".encode("cp1252")):
        assert documents(data, "note.txt") == [("", "naïve")]


def test_a_pdf_with_text() -> None:
    (record,) = documents(pdf_saying("Acute pancreatitis with ascites"), "note.pdf")
    assert "Acute pancreatitis with ascites" in record.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(256)) * 8, "binary file"),
        (b"MZ\x00\x01\x02", "binary file"),
        (b"%PDF-1.4\nnot one", "PDF that cannot be read"),
        (b'{"resourceType": "Bundle", ', "is no JSON"),
        (fhir(resourceType="Patient"), "FHIR Patient without a document"),
        (
            fhir(resourceType="DocumentReference", content=[{"attachment": {"data": "!!"}}]),
            "no base64",
        ),
    ],
)
def test_what_holds_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        documents(data, "file")


def test_scanned_pages_are_said_to_hold_no_text() -> None:
    with pytest.raises(Invalid, match="holds no text") as fault:
        documents(blank_pdf(), "scan.pdf")
    assert "OCR" in fault.value.problems[0].remedy


def test_fhir_documents() -> None:
    composition = {
        "resourceType": "Composition",
        "id": "c",
        "section": [{"title": "Assessment", "text": NARRATIVE, "section": [{"text": NARRATIVE}]}],
    }
    reference = {
        "resourceType": "DocumentReference",
        "id": "d",
        "content": [{"attachment": ATTACHED}],
    }
    report = {"resourceType": "DiagnosticReport", "conclusion": "Cirrhosis"}
    bundle = fhir(
        resourceType="Bundle",
        entry=[{"resource": each} for each in (composition, reference, report, {}, None)] + ["x"],
    )
    one, two, three = documents(bundle, "bundle.json")
    assert one.name == "Composition/c"
    assert one.text.startswith("Assessment:\nAcute pancreatitis & ascites.\nNo fever")
    assert two == ("DocumentReference/d", "Gout of the foot")
    assert three.text == "Conclusion: Cirrhosis"
