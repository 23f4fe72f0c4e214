"""Codes on a day: text, validity, notes, place in the hierarchy, and what may have been meant."""
