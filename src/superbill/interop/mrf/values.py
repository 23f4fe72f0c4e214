"""What price-transparency files say, as values: a payer's rates, and a hospital's charges.

Two publications of the United States, both found by their schema's version and both without a
date that selects them: the file says when it was last updated, and a rate when it expires.

- **Transparency in Coverage** (45 CFR 147.212; schema of CMS, version 2): what a payer pays its
  in-network providers.
- **Hospital price transparency** (45 CFR 180.50; schema of CMS, version 3): a hospital's standard
  charges, to everybody and by payer.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from superbill.errors import Problem
from superbill.model.base import Value

Kind = Literal["in-network rates", "standard charges"]

NegotiatedType = Literal["negotiated", "derived", "fee schedule", "percentage", "per diem"]


class ContainedCode(Value, frozen=True, kw_only=True):
    """A code of a bundle, or of the services that a capitation covers."""

    code_type: str
    code_version: str
    code: str
    description: str = ""


class ProviderGroup(Value, frozen=True, kw_only=True):
    """Who is paid under one tax identifier; no ``npis`` where the contract names none."""

    tin_type: str
    tin: str
    business_name: str = ""
    npis: tuple[str, ...] = ()


class Rate(Value, frozen=True, kw_only=True):
    """One negotiated price of a payer's in-network file.

    ``rate`` is as written: dollars, or for ``percentage`` the whole-number percentage of billed
    charges (40.5 is 40.5%). ``expires`` is the last day, as published; 9999-12-31 is no end.
    ``service_codes`` are places of service, empty where the file has none, ``CSTM-00`` for all.
    ``billed_as`` is the billing class (professional, institutional, both). ``path`` is the place in
    the file.
    """

    payer: str
    plan: str
    arrangement: str
    code_type: str
    code_version: str
    code: str
    name: str
    description: str
    negotiated_type: str
    rate: Decimal
    expires: date
    billed_as: str
    setting: str
    service_codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    severity_of_illness: str = ""
    additional_information: str = ""
    networks: tuple[str, ...] = ()
    providers: tuple[ProviderGroup, ...] = ()
    bundled: tuple[ContainedCode, ...] = ()
    covered: tuple[ContainedCode, ...] = ()
    path: str = ""


class ChargeCode(Value, frozen=True, kw_only=True):
    """A code of an item or service, and what system it is of."""

    code_type: str
    code: str


class StandardCharge(Value, frozen=True, kw_only=True):
    """One item or service of a hospital's file, for one payer's plan or (no payer) for everybody.

    Amounts are dollars as written, ``None`` where the file has none; ``percentage`` is a
    whole-number percentage. ``median``, ``tenth_percentile``, ``ninetieth_percentile`` and
    ``count`` are of the amounts allowed in the hospital's look-back period; ``count`` is a number
    in words of the schema (``1 through 10`` hides small ones). A value without codes says what its
    ``modifiers`` do. ``path`` is the place in the file.
    """

    description: str
    setting: str
    codes: tuple[ChargeCode, ...] = ()
    modifiers: tuple[str, ...] = ()
    drug_unit: Decimal | None = None
    drug_type: str = ""
    gross: Decimal | None = None
    discounted_cash: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    payer: str = ""
    plan: str = ""
    dollar: Decimal | None = None
    percentage: Decimal | None = None
    algorithm: str = ""
    median: Decimal | None = None
    tenth_percentile: Decimal | None = None
    ninetieth_percentile: Decimal | None = None
    count: str = ""
    methodology: str = ""
    payer_notes: str = ""
    notes: str = ""
    path: str = ""


class Provision(Value, frozen=True, kw_only=True):
    """A term of a contract that spans items and services, in the hospital's words."""

    payer: str
    terms: str


class Header(Value, frozen=True, kw_only=True):
    """What a file says about itself.

    ``publisher`` is the reporting entity or the hospital. The fields after ``version`` are of one
    kind or the other: the plan of a payer's single-plan file; the hospital's places.
    """

    kind: Kind
    publisher: str
    last_updated_on: date
    version: str
    entity_type: str = ""
    issuer: str = ""
    plan: str = ""
    plan_id_type: str = ""
    plan_id: str = ""
    plan_sponsor: str = ""
    market: str = ""
    form: str = ""
    locations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    npis: tuple[str, ...] = ()
    license_number: str = ""
    state: str = ""
    attester: str = ""
    attested: bool = False
    provisions: tuple[Provision, ...] = ()


class Report(Value, frozen=True, kw_only=True):
    """What was found in a file.

    ``items`` counts items and services, ``prices`` rates or charges, ``groups`` provider
    references, ``kept`` the prices that were imported. ``problems`` are the first of them,
    ``problem_count`` is all, and ``left_out`` the prices that they spoil.
    """

    header: Header | None
    items: int = 0
    prices: int = 0
    groups: int = 0
    kept: int = 0
    left_out: int = 0
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()
