"""New technologies that Medicare pays an add-on for: the project's CSV layout.

CMS names them, with the ICD-10-PCS codes that show their use, the most that is paid and the
share of the excess cost, in each year's final rule and in its pricer. The file counts for one
federal fiscal year, which its name or the caller gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from superbill.errors import BadRow
from superbill.sources.document import Document, Layout, Period, Row
from superbill.sources.ipps_csv import has_header, headed, lines, number, text_of, year_in_name

COLUMNS = ("order", "technology", "max_addon", "percent", "icd10_pcs_codes", "rule")
STAND_IN_COLUMNS = ("order", "technology", "max_addon", "percent", "codes_stand_in", "rule")

ISLET = "ISLET"

_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_NDC = re.compile(r"\d{11}")


class Technology(NamedTuple):
    """One technology, in the order in which CMS adds them up.

    It is on a claim that has a code of *each* group of ``code_groups`` (groups empty: codes do
    not show it), or whose first national drug code is one of ``ndcs``. ``maximum`` is dollars,
    ``percent`` the share of the excess cost.
    """

    name: str
    maximum: Decimal
    percent: Decimal
    code_groups: tuple[frozenset[str], ...]
    ndcs: frozenset[str] = frozenset()


class IsletIsolation(NamedTuple):
    """What is paid for isolating islet cells in a clinical trial, one procedure or more."""

    one: Decimal
    more: Decimal
    codes: frozenset[str]


def rows(text: str) -> Iterator[Technology | IsletIsolation]:
    """The technologies of a file in order, and the islet row."""
    dataset = "IPPS new technology"
    columns = STAND_IN_COLUMNS if has_header(text, STAND_IN_COLUMNS) else COLUMNS
    for line, (_, name, maximum, percent, codes, rule) in lines(text, dataset, columns):
        groups = _groups(codes, dataset, line)
        if name == ISLET:
            yield _islet(maximum, groups, dataset, line)
            continue
        ndcs = frozenset(_NDC.findall(rule)) if "NDC" in rule else frozenset()
        if not groups and not ndcs:
            raise BadRow(dataset, line, codes, "procedure codes, or drug codes in the rule")
        yield Technology(
            name,
            number(maximum, dataset, line, "max_addon"),
            number(percent, dataset, line, "percent"),
            groups,
            ndcs,
        )


def _groups(codes: str, dataset: str, line: int) -> tuple[frozenset[str], ...]:
    """Groups divided by ``+``; within a group any code will do."""
    groups = tuple(frozenset(group.split()) for group in codes.split("+") if group.strip())
    for group in groups:
        for code in group:
            if not _PCS.fullmatch(code):
                raise BadRow(dataset, line, code, "an ICD-10-PCS code of seven characters")
    return groups


def _islet(
    amounts: str, groups: tuple[frozenset[str], ...], dataset: str, line: int
) -> IsletIsolation:
    found = re.fullmatch(r"([\d.]+) \(1 code\) / ([\d.]+) \(2 or more\)", amounts)
    if found is None or len(groups) != 1:
        raise BadRow(dataset, line, amounts, "'AMOUNT (1 code) / AMOUNT (2 or more)' and codes")
    return IsletIsolation(Decimal(found.group(1)), Decimal(found.group(2)), groups[0])


# --- As releases of the reference store ----------------------------------------------------------


def _recognise(document: Document) -> Period | None:
    if not headed(document, COLUMNS, STAND_IN_COLUMNS):
        return None
    return year_in_name(document, "the list of new technologies")


def _rows(document: Document, _: Period) -> Iterator[Row]:
    """Yield position, name, maximum, the islet row's amount for more, percent, codes, drugs."""
    for position, row in enumerate(rows(text_of(document)), start=1):
        if isinstance(row, IsletIsolation):
            yield position, ISLET, row.one, row.more, None, _joined((row.codes,)), ""
        else:
            drugs = " ".join(sorted(row.ndcs))
            groups = _joined(row.code_groups)
            yield position, row.name, row.maximum, None, row.percent, groups, drugs


def _joined(groups: tuple[frozenset[str], ...]) -> str:
    return " + ".join(" ".join(sorted(group)) for group in groups)


def read_back(
    name: str,
    maximum: Decimal,
    more: Decimal | None,
    percent: Decimal | None,
    codes: str,
    drugs: str,
) -> Technology | IsletIsolation:
    """A row of the store as what it was read from."""
    groups = tuple(frozenset(group.split()) for group in codes.split("+") if group.strip())
    if more is not None:
        return IsletIsolation(maximum, more, groups[0])
    assert percent is not None
    return Technology(name, maximum, percent, groups, frozenset(drugs.split()))


CSV = Layout("IPPS new technologies, CSV", _recognise, _rows, (1, 500))
