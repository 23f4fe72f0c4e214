"""The physician fee schedule: relative values, cost indices, localities, anaesthesia factors.

CMS publishes the files each quarter (``RVUyyA.zip`` to ``RVUyyD.zip``); the date of service
selects the release. Files that hold CPT codes belong to the AMA, and load for users who are
licensed for them.
"""

from __future__ import annotations

from datetime import date

from superbill.sources import (
    mpfs_anesthesia,
    mpfs_gpci,
    mpfs_locality,
    mpfs_opps_cap,
    mpfs_rvu,
    mpfs_zip,
)
from superbill.sources.document import Layout
from superbill.store.catalog import US_GOVERNMENT_WORK, Anchor, Column, Dataset, Table

_PUBLISHER = "Centers for Medicare & Medicaid Services"
_PAGE = "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files"
_ZIP_PAGE = "https://www.cms.gov/medicare/payment/fee-schedules"
_BRING = "Bring {} as CMS publishes it, and build again: superbill data build --from DIR"


def _dataset(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    bring: str,
    *layouts: Layout,
    dated_rows: bool = False,
    anchors: tuple[Anchor, ...] = (),
    address: str = _PAGE,
    licence: str = US_GOVERNMENT_WORK,
) -> Dataset:
    return Dataset(
        id=f"mpfs.{name}",
        title=title,
        publisher=_PUBLISHER,
        address=address,
        licence=licence,
        table=Table(f"mpfs_{name}", columns, key),
        layouts=layouts,
        remedy=_BRING.format(bring),
        dated_rows=dated_rows,
        anchors=anchors,
    )


RELATIVE_VALUES = _dataset(
    "relative_values",
    "Relative values of the physician fee schedule (PPRRVU)",
    (
        Column("code"),
        Column("modifier", meaning="26, TC or 53; empty for the service as a whole"),
        Column("description"),
        Column("status", meaning="A active, C contractor-priced, R restricted, T, N, …"),
        Column("work", "decimal"),
        Column("nonfacility_practice", "decimal"),
        Column("nonfacility_na", meaning="NA: rarely or never done outside a facility"),
        Column("facility_practice", "decimal"),
        Column("facility_na", meaning="NA: rarely or never done in a facility"),
        Column("malpractice", "decimal"),
        Column("pctc", meaning="professional and technical component indicator"),
        Column("global_days", meaning="000, 010, 090, MMM, XXX, YYY, ZZZ"),
        Column("preoperative", "decimal", "share of the global package"),
        Column("intraoperative", "decimal"),
        Column("postoperative", "decimal"),
        Column("multiple", meaning="multiple procedure indicator"),
        Column("bilateral"),
        Column("assistant"),
        Column("co_surgeons"),
        Column("team"),
        Column("endoscopic_base", meaning="base code of the endoscopy family"),
        Column("conversion_factor", "decimal"),
        Column("supervision", meaning="physician supervision of diagnostic procedures"),
        Column("calculation_flag"),
        Column("imaging_family", meaning="88: imaging with the multiple-procedure reduction"),
        Column("nonfacility_opps", "decimal", "practice expense of the OPPS amount"),
        Column("facility_opps", "decimal"),
        Column("malpractice_opps", "decimal"),
    ),
    ("code", "modifier"),
    "the relative value file (PPRRVUyyyy_Mmm_nonQPP.csv)",
    mpfs_rvu.VALUES,
    licence="Work of the United States Government for HCPCS Level II codes; rows of CPT codes are "
    "the American Medical Association's, and are only for users whom it licensed",
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"code": "G0439", "modifier": ""},
            {
                "status": "A",
                "work": "1.92",
                "nonfacility_practice": "2.07",
                "facility_practice": "2.07",
                "malpractice": "0.13",
                "conversion_factor": "33.4009",
            },
            "PPRRVU2026_Jan_nonQPP.csv, row G0439",
        ),
        Anchor(
            date(2026, 7, 1),
            {"code": "G0105", "modifier": "53"},
            {"work": "1.59", "multiple": "2", "conversion_factor": "33.4009"},
            "PPRRVU2026_Jul_nonQPP.csv, row G0105 53",
        ),
    ),
)

APM_FACTOR = _dataset(
    "apm_conversion_factor",
    "Conversion factor of qualifying participants in advanced APMs (PPRRVU QPP)",
    (Column("conversion_factor", "decimal"),),
    ("conversion_factor",),
    "the relative value file of qualifying participants (PPRRVUyyyy_Mmm_QPP.csv)",
    mpfs_rvu.APM_FACTOR,
)

GPCI = _dataset(
    "gpci",
    "Geographic practice cost indices (GPCI)",
    (
        Column("carrier", meaning="Medicare administrative contractor, five digits"),
        Column("locality"),
        Column("state"),
        Column("name"),
        Column("work", "decimal", "with the floor of 1.0"),
        Column("work_unfloored", "decimal", "without that floor", null=True),
        Column("practice", "decimal"),
        Column("malpractice", "decimal"),
    ),
    ("carrier", "locality"),
    "the practice cost indices (GPCIyyyy.csv)",
    mpfs_gpci.LAYOUT,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"carrier": "13202", "locality": "01"},
            {"name": "MANHATTAN", "work": "1.064", "practice": "1.162", "malpractice": "1.586"},
            "GPCI2026.csv, row 13202 01",
        ),
        Anchor(
            date(2026, 1, 1),
            {"carrier": "10112", "locality": "00"},
            {"work": "1.000", "practice": "0.875", "malpractice": "0.566"},
            "GPCI2026.csv, row 10112 00",
        ),
    ),
)

LOCALITIES = _dataset(
    "localities",
    "Payment localities and their counties",
    (
        Column("carrier"),
        Column("locality"),
        Column("state"),
        Column("area"),
        Column("two_carriers", "flag", "served by two carriers"),
        Column("counties"),
    ),
    ("carrier", "locality"),
    "the list of localities and counties (yyLOCCO.csv)",
    mpfs_locality.LAYOUT,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"carrier": "01182", "locality": "71"},
            {"state": "CALIFORNIA", "counties": "IMPERIAL"},
            "26LOCCO.csv, row 01182 71",
        ),
    ),
)

ANESTHESIA = _dataset(
    "anesthesia",
    "Anaesthesia conversion factors by locality",
    (
        Column("carrier"),
        Column("locality"),
        Column("name"),
        Column("apm_factor", "decimal", "of qualifying participants"),
        Column("factor", "decimal", "of all others"),
    ),
    ("carrier", "locality"),
    "the anaesthesia factors (ANESyyyy.csv)",
    mpfs_anesthesia.LAYOUT,
    anchors=(
        Anchor(
            date(2026, 1, 1),
            {"carrier": "10112", "locality": "00"},
            {"apm_factor": "19.63", "factor": "19.53"},
            "ANES2026.csv, row 10112 00",
        ),
    ),
)

OPPS_CAP = _dataset(
    "opps_cap",
    "What the OPPS amount caps imaging at, by locality",
    (
        Column("code"),
        Column("modifier"),
        Column("carrier"),
        Column("locality"),
        Column("facility", "decimal"),
        Column("nonfacility", "decimal"),
    ),
    ("code", "modifier", "carrier", "locality"),
    "the OPPS cap file (OPPSCAP_Mmm.csv)",
    mpfs_opps_cap.LAYOUT,
)

ZIP = _dataset(
    "zip",
    "ZIP codes and their payment localities",
    (Column("zip"), Column("carrier"), Column("locality")),
    ("zip",),
    "the ZIP code file (ZIP5_MMMyyyy.txt)",
    mpfs_zip.ZIP_TABLE,
    mpfs_zip.ZIP5,
    dated_rows=True,
    address=_ZIP_PAGE,
    anchors=(
        Anchor(
            date(2025, 1, 1),
            {"zip": "10001"},
            {"carrier": "13202", "locality": "01"},
            "zip_locality/10.tsv.gz, first row",
        ),
    ),
)

ZIP4 = _dataset(
    "zip4",
    "ZIP+4 codes of ZIP codes that lie in several payment localities",
    (
        Column("zip"),
        Column("plus4_from", meaning="the first of a run of four further digits"),
        Column("plus4_to", meaning="the last"),
        Column("carrier"),
        Column("locality"),
    ),
    ("zip", "plus4_from"),
    "the ZIP+4 table",
    mpfs_zip.ZIP4_TABLE,
    dated_rows=True,
    address=_ZIP_PAGE,
)

DATASETS: tuple[Dataset, ...] = (
    RELATIVE_VALUES,
    APM_FACTOR,
    GPCI,
    LOCALITIES,
    ANESTHESIA,
    OPPS_CAP,
    ZIP,
    ZIP4,
)
