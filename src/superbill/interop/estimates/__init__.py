"""Estimates as a patient is handed them: PDF, and the words that are used on the terminal too."""

from superbill.interop.estimates import words
from superbill.interop.estimates.pdf import pdf, write_pdf

__all__ = ["pdf", "words", "write_pdf"]
