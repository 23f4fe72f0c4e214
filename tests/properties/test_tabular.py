"""Any claim and any remittance is the same after it was rows, in each format."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from superbill.errors import Invalid
from superbill.interop import tabular
from superbill.interop.tabular import Format, Refused
from superbill.interop.tabular.cells import from_text, to_text
from superbill.interop.tabular.tables import ITEM
from superbill.model import Claim, ClaimLine, Remittance
from tests.properties.structs import DAYS, DOLLARS, TEXT, values

slow = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", tabular.FORMATS)
@slow
@given(
    st.lists(values(Claim), max_size=3),
    st.lists(values(Remittance), max_size=2),
)
def test_what_was_rows_is_the_same(
    form: Format, claims: list[Claim], remittances: list[Remittance]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = tabular.write([*claims, *remittances], Path(folder), form)
        assert bool(written) == bool(claims or remittances)
        if written:
            assert list(tabular.read(Path(folder))) == [*claims, *remittances]


@slow
@given(values(Claim, full=True))
def test_a_claim_with_every_field_is_the_same(claim: Claim) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tabular.write([claim], Path(folder), "csv")
        assert list(tabular.read(Path(folder))) == [claim]


mangled = st.lists(
    st.tuples(
        st.sampled_from(["claims", "claim_lines"]),
        st.floats(0, 1),
        st.integers(0, 9),
        st.sampled_from(
            [b"", b",", b'"', b"\n", b"\r", b"|", b"\\", b"\xff", b"NaN", b"9" * 30, b"{"]
        )
        | st.binary(max_size=4),
    ),
    min_size=1,
    max_size=3,
)
CLAIMS = [
    Claim(
        kind="837P", id=str(n), charge=Decimal(n), lines=(ClaimLine(number=1, charge=Decimal(n)),)
    )
    for n in range(1, 4)
]


@pytest.mark.parametrize("form", tabular.FORMATS)
@settings(slow, max_examples=60)
@given(mangled)
def test_a_mangled_file_is_read_or_refused(
    form: Format, changes: list[tuple[str, float, int, bytes]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tabular.write(CLAIMS, Path(folder), form)
        for name, where, taken, put in changes:
            path = Path(folder) / f"{name}.{form}"
            content = path.read_bytes()
            at = int(where * len(content))
            path.write_bytes(content[:at] + put + content[at + taken :])
        found: list[object] = []
        with suppress(Invalid):
            found = list(tabular.read(Path(folder)))
        assert all(isinstance(each, Claim | Refused) for each in found)


@given(st.lists(TEXT, min_size=1), st.lists(st.none() | DOLLARS, min_size=1), TEXT, DAYS)
def test_a_cell_of_csv_says_what_was_put_in(
    texts: list[str], amounts: list[object], text: str, day: object
) -> None:
    for value, type_ in ((texts, "texts"), (amounts, "dollars*"), (text, "text"), (day, "date")):
        assert type_ in {*ITEM, *ITEM.values()}
        assert from_text(to_text(value, type_), type_) == value
