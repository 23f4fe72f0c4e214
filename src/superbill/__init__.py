"""Superbill: what happened to a patient, in codes, and what each code does to the money."""

__version__ = "0.1.0"
