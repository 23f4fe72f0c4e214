"""Claims and remittances as tables: Parquet, CSV and JSON Lines, to and from a folder."""

from superbill.interop.tabular.files import FORMATS, Format, arrow_schema
from superbill.interop.tabular.store import Refused, Tables, Written, read, write
from superbill.interop.tabular.tables import Column, Table, tables

__all__ = [
    "FORMATS",
    "Column",
    "Format",
    "Refused",
    "Table",
    "Tables",
    "Written",
    "arrow_schema",
    "read",
    "tables",
    "write",
]
