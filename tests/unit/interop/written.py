"""Writing a claim for a test, and what was refused of it."""

from __future__ import annotations

from typing import Any

import pytest

from superbill.errors import Invalid
from superbill.interop.x12 import InstitutionalClaim, SequentialControlNumbers, write_837i
from superbill.model import Encounter
from tests.unit.interop import stays
from tests.unit.interop.readback import File
from tests.unit.interop.stays import CREATED, PARTNER


def read(encounter: Encounter, **rest: Any) -> File:
    text = rest.pop("text", None)
    content = write_837i(
        [InstitutionalClaim(encounter, **rest)],
        partner=stays.partner(**text) if text else PARTNER,
        control=SequentialControlNumbers(907),
        created=CREATED,
    )
    return File(content)


def refused(encounter: Encounter, **rest: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(encounter, **rest)
    return [p.path for p in caught.value.problems]
