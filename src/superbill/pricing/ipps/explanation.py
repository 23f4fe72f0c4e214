"""The steps of a priced claim, from input to cent, as one tree: a part for each amount paid.

The figures are those that the formula found; nothing is computed here.
"""

from __future__ import annotations

from decimal import Decimal

from superbill.model.trace import Trace
from superbill.pricing.ipps import (
    adjustments,
    explanation_of_factors,
    hospital_specific,
    new_technology,
    outlier,
    transfers,
)
from superbill.pricing.ipps.explanation_of_factors import RECORD
from superbill.pricing.ipps.result import Worked

CENTS = "half up, cents"
NINE = "half up, 9 decimals"


def claim(trace: Trace, worked: Worked) -> None:
    """Trace everything that is paid, and the total."""
    with trace.part("Payment", "42 CFR part 412"):
        _operating(trace, worked)
        _capital(trace, worked)
        _adjustments(trace, worked)
        trace(
            "total payment",
            worked.amounts.total,
            formula=" + ".join(name for name, amount in worked.amounts.named() if amount),
        )


def _operating(trace: Trace, worked: Worked) -> None:
    found, figures, amounts = worked.factors, worked.tables.figures, worked.amounts.operating
    hospital, cited = worked.hospital, figures.sources
    with trace.part("Operating federal amount", "42 CFR 412.64"):
        explanation_of_factors.rate(trace, found, worked.tables.sources)
        _federal(trace, worked)
        _cents(trace, "operating federal amount, paid", amounts.federal)
    if amounts.disproportionate_share:
        with trace.part("Operating disproportionate share", "42 CFR 412.106"):
            explanation_of_factors.dsh(trace, hospital, found)
            trace(
                "disproportionate share, paid",
                amounts.disproportionate_share,
                formula="operating federal amount × percentage × quarter",
                rounding=CENTS,
                cite="42 CFR 412.106(f)",
                federal_amount=amounts.federal,
                percentage=found.dsh,
                quarter=(figures.dsh_share, cited["dsh_share"]),
            )
    if amounts.teaching:
        with trace.part("Operating indirect medical education", "42 CFR 412.105"):
            explanation_of_factors.teaching(trace, hospital, found, figures)
            trace(
                "teaching, paid",
                amounts.teaching,
                formula="operating federal amount × teaching factor",
                rounding=CENTS,
                cite="42 CFR 412.105",
                federal_amount=amounts.federal,
                factor=found.ime,
            )
    if worked.amounts.uncompensated:
        trace(
            "uncompensated care",
            worked.amounts.uncompensated,
            formula="the amount per claim of the hospital's record",
            cite="42 CFR 412.106(g)",
            per_claim=(found.uncompensated, RECORD),
        )
    if worked.amounts.technology or worked.add_on.parts:
        with trace.part("New technology", new_technology.CITE):
            listed = worked.tables.sources.get("new_technology", "list of new technologies")
            new_technology.explain(trace, worked.add_on, listed)
            if worked.covid_add_on:
                trace(
                    "new treatments of COVID-19",
                    worked.covid_add_on,
                    formula="the lesser of share × fixed loss and share × (costs - payment)",
                    rounding=CENTS,
                    cite="85 FR 71142",
                )
            _cents(trace, "new technology, paid", worked.amounts.technology)
    if worked.amounts.islet:
        trace(
            "isolation of islet cells",
            worked.amounts.islet,
            cite="Medicare Modernization Act, section 733",
        )
    with trace.part("Operating outlier", outlier.CITE):
        assert worked.bill.charges is not None
        outlier.explain_operating(
            trace,
            worked.outlier,
            worked.bill.charges,
            worked.federal,
            worked.add_on.total,
            found,
            figures,
        )
        _cents(trace, "operating outlier, paid", amounts.outlier)
    if found.hospital_specific:
        with trace.part("Hospital-specific addition", "42 CFR 412.92, 412.108"):
            explanation_of_factors.hospital_specific(trace, hospital, found, figures)
            hospital_specific.explain(
                trace,
                worked.specific,
                found.uncompensated,
                hospital_specific.share(hospital.provider_type, figures),
            )
            _cents(trace, "hospital-specific addition, paid", amounts.hospital_specific)


def _federal(trace: Trace, worked: Worked) -> None:
    found, drg = worked.factors, worked.drg
    table = worked.tables.sources.get("weights", "Table 5")
    trace(
        "federal amount of the group",
        worked.full_federal,
        formula="federal rate × DRG weight × two-midnight factor × factors for COVID-19 and for a "
        "product without cost",
        rounding=NINE,
        cite="42 CFR 412.64(g)",
        federal_rate=found.base_rate,
        drg_weight=(drg.weight, f"{table}, MS-DRG {drg.drg}"),
        two_midnight=found.two_midnight,
        covid=worked.covid,
        no_cost_product=worked.no_cost,
    )
    if worked.stay.kind:
        transfers.explain(trace, worked.stay, worked.bill.length_of_stay or 0, drg, table)
    if worked.fraction is not None:
        trace(
            "federal amount of the transfer",
            worked.federal,
            formula="federal amount × fraction",
            rounding=NINE,
            cite="42 CFR 412.4(f)",
            fraction=worked.fraction,
        )


def _capital(trace: Trace, worked: Worked) -> None:
    found, figures, amounts = worked.factors, worked.tables.figures, worked.amounts.capital
    hospital = worked.hospital
    if found.new_hospital:
        trace(
            "capital",
            amounts.total,
            formula="a new hospital is paid its capital costs apart, not on the claim",
            cite="42 CFR 412.300(b)",
        )
        return
    with trace.part("Capital federal amount", "42 CFR 412.308, 412.312"):
        explanation_of_factors.capital_rate(trace, found, figures)
        table = worked.tables.sources.get("weights", "Table 5")
        trace(
            "capital federal amount of the group",
            worked.full_capital,
            formula="DRG weight × capital rate × capital cost-of-living factor",
            rounding=NINE,
            cite="42 CFR 412.312",
            drg_weight=(worked.drg.weight, f"{table}, MS-DRG {worked.drg.drg}"),
            capital_rate=found.capital_rate,
            capital_cola=found.capital_cola,
        )
        if worked.fraction is not None:
            trace(
                "capital federal amount of the transfer",
                worked.capital,
                formula="capital federal amount × fraction",
                rounding=NINE,
                cite="42 CFR 412.312(d), 412.4(f)",
                fraction=worked.fraction,
            )
        _cents(trace, "capital federal amount, paid", amounts.federal)
    if amounts.disproportionate_share:
        with trace.part("Capital disproportionate share", "42 CFR 412.320"):
            explanation_of_factors.capital_dsh(trace, hospital, found, figures)
            trace(
                "disproportionate share, paid",
                amounts.disproportionate_share,
                formula="capital federal amount × factor",
                rounding=CENTS,
                cite="42 CFR 412.320",
                federal_amount=amounts.federal,
                factor=found.capital_dsh,
            )
    if amounts.teaching:
        with trace.part("Capital indirect medical education", "42 CFR 412.322"):
            explanation_of_factors.capital_teaching(trace, hospital, found, figures)
            trace(
                "teaching, paid",
                amounts.teaching,
                formula="capital federal amount × factor",
                rounding=CENTS,
                cite="42 CFR 412.322",
                federal_amount=amounts.federal,
                factor=found.capital_ime,
            )
    with trace.part("Capital outlier", outlier.CITE):
        assert worked.bill.charges is not None
        outlier.explain_capital(
            trace, worked.outlier, worked.bill.charges, worked.capital, found, figures
        )
        _cents(trace, "capital outlier, paid", amounts.outlier)


def _adjustments(trace: Trace, worked: Worked) -> None:
    amounts, hospital, figures = worked.amounts, worked.hospital, worked.tables.figures
    if amounts.low_volume:
        share = adjustments.low_volume_factor(hospital, figures)
        assert share is not None
        trace(
            "low volume",
            amounts.low_volume,
            formula="percentage × (operating and capital amounts, uncompensated care, new "
            "technology)",
            rounding=CENTS,
            cite="42 CFR 412.101",
            percentage=(share, RECORD),
        )
    if amounts.readmissions:
        adjustments.explain(
            trace,
            "readmissions reduction",
            hospital.hrr_adjustment,
            worked.base,
            amounts.readmissions,
            "42 CFR 412.154",
        )
    if amounts.purchasing:
        adjustments.explain(
            trace,
            "value-based purchasing",
            hospital.vbp_adjustment,
            worked.base,
            amounts.purchasing,
            "42 CFR 412.162",
        )
    if amounts.conditions:
        trace(
            "hospital-acquired condition reduction",
            amounts.conditions,
            formula="-1 percent of the payment",
            rounding=CENTS,
            cite="42 CFR 412.172",
            reduction=(figures.hac_reduction, figures.sources["hac_reduction"]),
        )
    if amounts.pass_through:
        trace(
            "pass-through amounts",
            amounts.pass_through,
            formula="(all - organ acquisition - direct medical education) × days",
            rounding=CENTS,
            cite="42 CFR 412.2(e)",
        )


def _cents(trace: Trace, name: str, amount: Decimal) -> None:
    trace(name, amount, rounding=CENTS)
