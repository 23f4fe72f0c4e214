"""What the codes of a stay are called, on its discharge date."""

from __future__ import annotations

from superbill.cli.render import Describe
from superbill.codes import icd10cm, icd10pcs
from superbill.model import Encounter
from superbill.store.open import Store


def describing(store: Store, stay: Encounter) -> Describe:
    """Texts on the discharge date; empty where no release held knows the code."""
    procedures = {procedure.code for procedure in stay.procedures}

    def describe(code: str) -> str:
        system = icd10pcs if code in procedures else icd10cm
        title = system.title(store, code, on=stay.discharge_date)
        return "" if title is None else title.text

    return describe
