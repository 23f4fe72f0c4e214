"""What of a payment depends on the hospital alone: amounts, shares and factors of a fiscal year.

They are found once for a hospital and kept, since a batch holds many bills of the same one. The
law: 42 CFR 412.64 (amounts), 412.105 (teaching), 412.106 (disproportionate share), 412.316 to
412.322 (capital).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from superbill.errors import NotCovered
from superbill.model.hospital import Hospital
from superbill.model.trace import SILENT, Trace
from superbill.money import half_up
from superbill.pricing.ipps import capital, hospital_specific, operating, wage_index
from superbill.pricing.ipps.codes import Refused
from superbill.pricing.ipps.fields import NOTHING, one_character, written
from superbill.pricing.ipps.rates import Figures
from superbill.pricing.ipps.wage_index import WageIndex

if TYPE_CHECKING:
    from superbill.pricing.ipps.tables import Tables

ZERO = Decimal(0)
ONE = Decimal(1)
QUARTER = Decimal(".25")
RAISED_BY = Decimal("0.2")
COLA_STATES = frozenset({"02", "12"})
PUERTO_RICO = frozenset({"40", "84"})
TWO_MIDNIGHT_AREAS = range(9400, 9901)
FULL_CAPITAL = frozenset({"B", "C"})
KEPT = 20_000
"""At most so many hospitals are kept, so that memory stays flat."""


class Shares(NamedTuple):
    """Cost-to-charge ratios, and how they divide the outlier threshold."""

    operating_ratio: Decimal
    capital_ratio: Decimal
    operating: Decimal
    capital: Decimal


class Factors(NamedTuple):
    """A hospital's amounts and factors: dollars and plain numbers, at the scale CMS keeps."""

    wage_index: WageIndex
    labor: Decimal
    nonlabor: Decimal
    cola: Decimal
    base_rate: Decimal
    dsh: Decimal
    dsh_quarter: Decimal
    ime: Decimal
    operating_addition: Decimal
    capital_dsh: Decimal
    capital_ime: Decimal
    capital_addition: Decimal
    geographic_factor: Decimal
    capital_rate: Decimal
    capital_cola: Decimal
    capital_base: Decimal
    local_costs: Decimal
    local_capital: Decimal
    shares: Shares
    shares_raised: Shares
    hospital_specific: bool
    hospital_specific_rate: Decimal
    uncompensated: Decimal
    two_midnight: Decimal
    quality: bool
    puerto_rico: bool
    new_hospital: bool
    full_capital: bool
    echo: dict[str, str]


def number(value: Decimal | None) -> Decimal:
    """A figure of the provider's record; a blank counts as 0, as in CMS's program."""
    return ZERO if value is None else value


def of(
    hospital: Hospital, on: date, tables: Tables, given: WageIndex | None = None
) -> Factors | Refused:
    """The hospital's factors on a day, kept once found.

    ``given`` is a wage index that is not to be looked for. Raises
    :class:`~superbill.errors.NotCovered` where the year's tables lack what is needed.
    """
    key = (hospital.ccn, hospital.effective_date, tables.period(on), given)
    kept = tables.cache.get(key)
    if kept is not None and (kept[0] is hospital or kept[0] == hospital):
        found: Factors | Refused = kept[1]
        return found
    found = find(hospital, on, tables, given)
    if len(tables.cache) >= KEPT:
        tables.cache.clear()
    tables.cache[key] = (hospital, found)
    return found


def find(
    hospital: Hospital,
    on: date,
    tables: Tables,
    given: WageIndex | None = None,
    trace: Trace = SILENT,
) -> Factors | Refused:
    """As :func:`of`, with the wage index traced and nothing kept."""
    if given is None:
        if ehr_indicator(hospital) not in ("", "Y"):
            return Refused("65", "the health record indicator is neither Y nor blank")
        with trace.part("Wage index", wage_index.CITE):
            index = wage_index.find(hospital, on, tables, trace)
        if isinstance(index, Refused):
            return index
    else:
        index = given
    figures, law = tables.figures, tables.law
    value = index.value
    high = value > ONE
    state = hospital.ccn[:2]
    puerto_rico = state in PUERTO_RICO
    quality = hospital.hospital_quality_indicator == "1" or (puerto_rico and law.puerto_rico_rates)
    labor, nonlabor = _amounts(hospital, tables, quality=quality, high=high, on=on)
    cola = number(hospital.cola) if state in COLA_STATES else half_up(ONE, 3)
    two_midnight = _two_midnight(hospital, tables)
    patients = number(hospital.ssi_ratio) + number(hospital.medicaid_ratio)
    beds = hospital.bed_size or 0
    dsh = operating.dsh_percent(patients, beds, index.size, hospital.provider_type, figures.dsh_cap)
    ime = operating.ime_factor(
        number(hospital.intern_to_bed_ratio), figures.ime_multiplier, figures.ime_exponent
    )
    capital_dsh = capital.NONE
    if beds >= capital.DSH_BEDS and law.capital_dsh_urban(hospital, index.size):
        capital_dsh = capital.dsh_factor(
            patients, figures.natural_base, figures.capital_dsh_coefficient
        )
    capital_ime = capital.ime_factor(
        min(number(hospital.capital_ime_ratio), figures.capital_ime_ratio_limit),
        figures.natural_base,
        figures.capital_ime_coefficient,
    )
    gaf = capital.geographic_factor(value, figures.capital_gaf_exponent)
    capital_rate = half_up(figures.capital_federal_rate * gaf, 2)
    capital_cola = capital.cola(cola, figures.capital_cola_share)
    labor_share = figures.labor_share_high if high else figures.labor_share_low
    is_specific = hospital.provider_type in hospital_specific.PAID and law.hospital_specific(
        hospital, on, figures
    )
    update = ZERO
    if is_specific:
        update = hospital_specific.update_factor(
            figures,
            own_update(figures, quality=quality, ehr_user=ehr_indicator(hospital) == ""),
            two_midnight,
        )
    found = Factors(
        wage_index=index,
        labor=labor,
        nonlabor=nonlabor,
        cola=cola,
        base_rate=labor * value + nonlabor * cola,
        dsh=dsh,
        dsh_quarter=dsh * figures.dsh_share,
        ime=ime,
        operating_addition=ime + dsh * figures.dsh_share,
        capital_dsh=capital_dsh,
        capital_ime=capital_ime,
        capital_addition=capital_ime + capital_dsh,
        geographic_factor=gaf,
        capital_rate=capital_rate,
        capital_cola=capital_cola,
        capital_base=capital_rate * capital_cola * two_midnight,
        local_costs=labor_share * value + (ONE - labor_share) * cola,
        local_capital=gaf * capital_cola,
        shares=_shares(hospital, ZERO),
        shares_raised=_shares(hospital, RAISED_BY),
        hospital_specific=is_specific,
        hospital_specific_rate=number(hospital.hospital_specific_rate) * update,
        uncompensated=number(hospital.uncompensated_care_amount),
        two_midnight=two_midnight,
        quality=quality,
        puerto_rico=puerto_rico,
        new_hospital=hospital.new_hospital,
        full_capital=hospital.capital_pps_payment_code in FULL_CAPITAL,
        echo={},
    )
    return found._replace(echo=_echo(hospital, found, update, figures.version))


def ehr_indicator(hospital: Hospital) -> str:
    """The health record indicator: Y (reduced), or empty."""
    return hospital.ehr_reduction_indicator.strip()


def _amounts(
    hospital: Hospital, tables: Tables, *, quality: bool, high: bool, on: date
) -> tuple[Decimal, Decimal]:
    """The labour and non-labour amounts: none where the health record indicator is not valid."""
    ehr = ehr_indicator(hospital)
    if ehr not in ("", "Y"):
        return ZERO, ZERO
    row = tables.amounts.get((quality, ehr == "", high))
    if row is None:
        raise NotCovered(
            f"The standardized amount (Tables 1A to 1E) of fiscal year {tables.figures.year}",
            on=on,
            remedy="Load them: superbill data build --from DIR.",
        )
    return row.labor, row.nonlabor


def _two_midnight(hospital: Hospital, tables: Tables) -> Decimal:
    area = hospital.msa_geographic_location.strip()
    if area.isdigit() and int(area) in TWO_MIDNIGHT_AREAS:
        return tables.two_midnight.get(area, ONE)
    return ONE


def _shares(hospital: Hospital, raised_by: Decimal) -> Shares:
    operating_ratio = number(hospital.operating_cost_to_charge_ratio)
    capital_ratio = number(hospital.capital_cost_to_charge_ratio)
    if raised_by:
        operating_ratio = half_up(operating_ratio + raised_by, 3)
    both = operating_ratio + capital_ratio
    if not both:
        return Shares(operating_ratio, capital_ratio, ZERO, ZERO)
    return Shares(
        operating_ratio,
        capital_ratio,
        half_up(operating_ratio / both, 9),
        half_up(capital_ratio / both, 9),
    )


def own_update(figures: Figures, *, quality: bool, ehr_user: bool) -> Decimal:
    """The year's update of a hospital, by its quality data and health records."""
    if quality:
        return figures.update_quality_ehr if ehr_user else figures.update_quality_no_ehr
    return figures.update_no_quality_ehr if ehr_user else figures.update_neither


def _echo(hospital: Hospital, found: Factors, update: Decimal, version: str) -> dict[str, str]:
    """The output record with what the hospital alone decides."""
    numbers = {
        "PPS-WAGE-INDX": found.wage_index.value,
        "PPS-HSP-PCT": ONE if found.hospital_specific else ZERO,
        "PPS-FSP-PCT": ONE,
        "PPS-NAT-PCT": ONE,
        "PPS-FAC-SPEC-RATE": number(hospital.hospital_specific_rate),
        "PPS-UPDATE-FACTOR": update,
        "PPS-NAT-LABOR": found.labor,
        "PPS-NAT-NLABOR": found.nonlabor,
        "PPS-REG-LABOR": found.labor,
        "PPS-REG-NLABOR": found.nonlabor,
        "PPS-OPER-COLA": found.cola,
        "PPS-INTERN-RATIO": number(hospital.intern_to_bed_ratio),
        "PPS-CAPI-EXCEPTIONS": ZERO
        if found.new_hospital
        else number(hospital.capital_exception_amount),
        "PPS-VAL-BASED-PURCH-ADJUST": number(hospital.vbp_adjustment),
        "PPS-HOSP-HRR-ADJUSTMT": number(hospital.hrr_adjustment),
        "PPS-MODEL1-BUNDLE-DISPRCNT": number(hospital.model1_bundle_discount),
        "PPS-OPER-DSH": found.dsh,
        "PPS-CAPI-DSH": found.capital_dsh,
        "PPS-CAPI-FSP-PCT": ONE if found.full_capital else ZERO,
        "PPS-UNCOMP-CARE-AMOUNT": found.uncompensated,
    }
    return {
        **NOTHING,
        **{name: written(name, value) for name, value in numbers.items()},
        "PPS-CALC-VERS": version,
        "PPS-CAPI2-PAY-CODE": one_character(hospital.capital_pps_payment_code),
        "PPS-VAL-BASED-PURCH-PARTIPNT": one_character(hospital.vbp_participant),
        "PPS-HOSP-READMISSION-REDU": one_character(hospital.hrr_participant),
        "PPS-HAC-PROG-REDUC-IND": one_character(hospital.hac_reduction_indicator),
        "PPS-EHR-PROG-REDUC-IND": one_character(ehr_indicator(hospital)),
    }
