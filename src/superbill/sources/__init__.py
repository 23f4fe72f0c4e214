"""Parsers, one for each published file: text in, rows out; no database and no network."""
