"""A record's text from the file that holds it: plain text, PDF, or FHIR documents as JSON.

Of FHIR R4, a ``DocumentReference`` (its attachments, base64), a ``Composition`` (its sections'
narratives), a ``DiagnosticReport`` (its attachments and conclusion), and a ``Bundle`` of these are
read. A PDF is read page by page; one whose pages are pictures holds no text, and is refused.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import logging
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from superbill.errors import Invalid

_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"(?i)<\s*(?:/p|/div|/li|/tr|br|/h[1-6])\s*/?>")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_BYTES = 32 * 1024**2
_DEPTH = 12
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, zlib.error, RecursionError)


class Record(NamedTuple):
    """A document of a record: what it is called inside its file (mostly nothing), and its text."""

    name: str
    text: str


def documents(data: bytes, file: str) -> list[Record]:
    """The documents in a file's bytes.

    Raises :class:`~superbill.errors.Invalid` for what holds no text: a binary file, a damaged
    PDF, one of scanned pages, or JSON that is no FHIR document.
    """
    if len(data) > _MOST_BYTES:
        raise Invalid.at("", f"{file} has {len(data):,} bytes; at most {_MOST_BYTES:,} are read.")
    if data.startswith(b"%PDF-"):
        return [Record("", _pdf(data, file))]
    text = _decoded(data, file)
    if text.lstrip()[:1] == "{" and '"resourceType"' in text:
        try:
            held = json.loads(text)
        except (ValueError, RecursionError) as fault:
            message = f"{file} begins as a FHIR resource, but is no JSON: {fault}."
            raise Invalid.at("", message) from None
        found = list(_resource(held, file, 0))
        if not found:
            kind = held.get("resourceType") if isinstance(held, dict) else None
            raise Invalid.at(
                "resourceType",
                f"{file} is a FHIR {kind} without a document in it.",
                "Give a DocumentReference, Composition or DiagnosticReport, or a Bundle of them.",
            )
        return found
    return [Record("", text)]


def _decoded(data: bytes, file: str) -> str:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    odd = len(_CONTROL.findall(text)) + text.count("\ufffd")
    if b"\x00" in data or odd > max(8, len(text) // 100):
        raise Invalid.at(
            "",
            f"{file} is a binary file, not text.",
            "Give the record as plain text, as a PDF that holds text, or as a FHIR document.",
        )
    return text


def _pdf(data: bytes, file: str) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - slow to load, and few records are PDFs
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(data))
        pages += (page.extract_text() for page in reader.pages)
    except (PyPdfError, *_DAMAGE) as fault:
        message = f"{file} is a PDF that cannot be read ({fault})."
        raise Invalid.at("", message, "Save it anew without a password.") from None
    text = "\n".join(pages)
    if sum(character.isalnum() for character in text) < 20:
        raise Invalid.at(
            "",
            f"{file} is a PDF of {len(pages)} page(s) that holds no text: scanned pictures, most "
            "likely.",
            "Have its text recognised first (OCR), and give the result.",
        )
    return text


def _resource(held: Any, file: str, depth: int) -> Iterator[Record]:
    if not isinstance(held, dict) or depth > _DEPTH:
        return
    kind = held.get("resourceType")
    name = f"{kind}/{held['id']}" if held.get("id") else str(kind)
    if kind == "Bundle":
        for entry in _list(held.get("entry")):
            if isinstance(entry, dict):
                yield from _resource(entry.get("resource"), file, depth + 1)
    elif kind == "DocumentReference":
        for content in _list(held.get("content")):
            attachment = content.get("attachment") if isinstance(content, dict) else None
            yield from _attached(attachment, name, file)
    elif kind == "Composition":
        text = "\n".join(_sections(held.get("section"), 0)) or _narrative(held)
        if text.strip():
            yield Record(name, text)
    elif kind == "DiagnosticReport":
        for attachment in _list(held.get("presentedForm")):
            yield from _attached(attachment, name, file)
        conclusion = held.get("conclusion")
        if isinstance(conclusion, str) and conclusion.strip():
            yield Record(name, f"Conclusion: {conclusion}")


def _attached(attachment: Any, name: str, file: str) -> Iterator[Record]:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("data"), str):
        return
    try:
        data = base64.b64decode("".join(attachment["data"].split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid.at(name, f"{file}: the attachment of {name} is no base64.") from None
    kind = str(attachment.get("contentType", "")).lower()
    for record in documents(data, f"{file}, {name}"):
        text = _plain(record.text) if "html" in kind else record.text
        yield Record(name, text)


def _sections(held: Any, depth: int) -> Iterator[str]:
    for section in _list(held):
        if not isinstance(section, dict) or depth > _DEPTH:
            continue
        title = section.get("title")
        if isinstance(title, str) and title.strip():
            yield f"{title.strip()}:"
        text = _narrative(section)
        if text.strip():
            yield text
        yield from _sections(section.get("section"), depth + 1)


def _narrative(held: dict[str, Any]) -> str:
    text = held.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    return _plain(div) if isinstance(div, str) else ""


def _plain(markup: str) -> str:
    """The text of an XHTML narrative."""
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup)))


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []
