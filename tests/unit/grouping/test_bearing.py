"""Grouping by what bears on a group gives the answer of the whole claim."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from superbill.grouping.msdrg import VERSIONS, Engine, GrouperClaim, group_claim, version_days
from superbill.grouping.msdrg.bearing import ANY_STATUS, bearing
from superbill.grouping.msdrg.reference import excluding_collection, lines
from superbill.grouping.msdrg.result import grouping
from superbill.sources import msdrg_tables
from tests.oracle import drg
from tests.oracle.common import SHARED, records

CASES = SHARED / "drg" / "cases.jsonl"
MANY = 4_000
STATUSES = ("01", "02", "03", "05", "06", "07", "20", "30", "62", "00", "41", "99")


class Tables(NamedTuple):
    """The codes of one version: diagnoses by category and by list, procedures by list."""

    by_mdc: dict[int, list[str]]
    by_list: dict[str, list[str]]
    procedures: dict[str, list[str]]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


@pytest.fixture(scope="module")
def held() -> dict[int, Tables]:
    diagnoses, procedures = list(msdrg_tables.DiagnosisTable()), list(msdrg_tables.ProcedureTable())
    found = {}
    for version in VERSIONS:
        day = version_days(version).start
        tables = found[version] = Tables(defaultdict(list), defaultdict(list), defaultdict(list))
        for row in diagnoses:
            if row.valid_from <= day < row.valid_to:
                tables.by_mdc[row.mdc].append(row.code)
                for name in (row.severity, *row.lists, *row.hac_lists):
                    tables.by_list[name].append(row.code)
        for procedure in procedures:
            if procedure.valid_from <= day < procedure.valid_to:
                for name in procedure.lists:
                    tables.procedures[name].append(procedure.code)
    return found


def claims(held: dict[int, Tables], count: int, seed: int) -> Iterator[GrouperClaim]:
    """Claims drawn so that every list, level and category comes up, sensible or not."""
    chance = random.Random(seed)
    for _ in range(count):
        version = chance.choice(VERSIONS)
        tables = held[version]
        # Lists of principal diagnoses alone are many; the others are what secondary ones meet.
        special = [name for name in tables.by_list if not name.startswith("dxc")]
        names = [*special, "CC", "MCC", "MCC", "NEITHER", "NEITHER", chance.choice([*special])]
        by_category = chance.choice(list(tables.by_mdc.values()))
        principal = chance.choice(
            by_category if chance.random() < 0.7 else tables.by_list[chance.choice(special)]
        )
        others = [
            chance.choice(tables.by_list[chance.choice(names)])
            for _ in range(chance.choice((0, 1, 2, 3, 5, 8, 15)))
        ]
        others += chance.sample(("ZZZ99", "i50.23", principal), chance.choice((0, 0, 0, 1)))
        lists = list(tables.procedures)
        yield GrouperClaim(
            version,
            tuple((code, chance.choice("YYYNUW1 X")) for code in (principal, *others)),
            tuple(
                chance.choice(tables.procedures[chance.choice(lists)])
                for _ in range(chance.choice((0, 0, 1, 2, 4)))
            ),
            chance.choice((-1, 0, 5, 30, 65, 90, 125)),
            chance.choice("MFU"),
            chance.choice(STATUSES),
            chance.choice(("NON_EXEMPT", "NON_EXEMPT", "EXEMPT", "UNKNOWN")),
        )


def differing(claim: GrouperClaim, engine: Engine) -> bool:
    whole = grouping(engine.run(claim), claim.version, detail=False)
    return group_claim(claim, engine=engine, detail=False) != whole


@pytest.mark.parametrize("seed", range(3))
def test_random_claims_group_as_they_do_whole(
    held: dict[int, Tables], engine: Engine, seed: int
) -> None:
    assert [claim for claim in claims(held, MANY, seed) if differing(claim, engine)] == []


@pytest.mark.shared
def test_published_claims_group_as_they_do_whole_under_every_version(engine: Engine) -> None:
    if not CASES.exists():
        pytest.skip("needs ../shared/oracles/drg/cases.jsonl")
    given = [
        drg.claim(record["input"], version) for record in records(CASES) for version in VERSIONS
    ]
    assert [claim for claim in given if differing(claim, engine)] == []


def test_exclusions_are_those_of_the_program(held: dict[int, Tables], engine: Engine) -> None:
    chance = random.Random(1)
    excluded = 0
    for version in VERSIONS:
        levels = held[version].by_list["CC"] + held[version].by_list["MCC"]
        every = [code for codes in held[version].by_mdc.values() for code in codes]
        for _ in range(60):
            principal = chance.choice(every)
            near = [code for code in levels if code[:2] == principal[:2]]
            codes = {*chance.sample(levels, 5), *chance.sample(near, min(15, len(near)))}
            claim = GrouperClaim(
                version,
                ((principal, "Y"), *((code, "Y") for code in codes)),
                (),
                70,
                "F",
                "01",
                "EXEMPT",
            )
            for output in engine.run(claim).full().sdx_output:
                told = excluding_collection(output.code, principal, version) is not None
                assert told == ("EXCLUDED" in output.flags), (version, principal, output.code)
                excluded += told
    assert excluded > 400


def claim(*diagnoses: str, procedures: tuple[str, ...] = (), status: str = "06") -> GrouperClaim:
    coded = tuple((code, "N") for code in diagnoses)
    return GrouperClaim(431, coded, procedures, 82, "F", status, "NON_EXEMPT")


def kept(claim: GrouperClaim) -> list[str]:
    return [code for code, _ in bearing(claim).diagnoses]


def test_what_changes_nothing_is_left_out() -> None:
    # Hyperlipidemia and hypertension are no CC and in no list but their own category's.
    assert kept(claim("I110", "E785", "I10")) == ["I110"]


def test_one_mcc_and_one_cc_stand_for_all_of_them() -> None:
    # J96.01 and G93.41 are MCCs, E87.1 and D62 CCs.
    many = bearing(claim("I119", "J9601", "E871", "G9341", "D62"))
    assert len(many.diagnoses) == 3
    assert bearing(claim("I119", "D62", "G9341")) == many
    assert bearing(claim("I119", "G9341")) != many


def test_one_that_is_excluded_does_not_stand_for_one_that_is_not() -> None:
    # I50.43 excludes I50.23 (Definitions Manual, Appendix C).
    assert kept(claim("I5043", "I5023", "J9601")) == ["I5043", "I5023", "J9601"]
    assert kept(claim("I5043", "J9601")) == ["I5043", "J9601"]


def test_a_condition_that_may_be_hospital_acquired_keeps_its_indicator() -> None:
    # L89.153, a pressure ulcer of stage 3, is condition 4.
    assert bearing(claim("I110", "L89153")).diagnoses == (("I110", "Y"), ("L89153", "N"))


def test_kidney_failure_counts_only_beside_procedures() -> None:
    # Lines of transplants alone ask for N18.30, which is no CC.
    assert kept(claim("A419", "N1830")) == ["A419"]
    assert kept(claim("A419", "N1830", procedures=("30233N1",))) == ["A419", "N1830"]


def test_codes_of_one_level_in_the_same_lists_stand_for_one_another() -> None:
    # N18.30 and N18.2, no CCs, are in the list of kidney failure; E11.65 in that of diabetes.
    operated = ("30233N1",)
    assert bearing(claim("A419", "N1830", procedures=operated)) == bearing(
        claim("A419", "N182", "N1830", procedures=operated)
    )
    both = bearing(claim("A419", "E1165", "N182", procedures=operated))
    assert len(both.diagnoses) == 3


def test_a_way_to_another_category_is_gone_where_a_diagnosis_asks_for_it() -> None:
    # Dementia bears on the group beside HIV alone (MDC 25).
    assert kept(claim("A419", "F0390")) == ["A419"]
    assert len(kept(claim("A419", "F0390", "B20"))) == 3


def test_the_sex_is_kept_where_the_category_turns_on_it() -> None:
    # A51.0, primary genital syphilis, is in MDC 12 for men and in 13 for women.
    man = replace(claim("A510"), sex="M")
    assert bearing(man).sex == "M"
    assert bearing(replace(claim("I110"), sex="M")) == bearing(claim("I110"))


def test_the_status_is_kept_where_a_line_may_ask_for_it() -> None:
    # Death decides between DRGs 280 to 282 and 283 to 285 of a heart attack, and of a hip nothing.
    assert bearing(claim("I214", status="20")).discharge_status == "20"
    assert bearing(claim("M1611", status="20")).discharge_status == ANY_STATUS
    assert bearing(claim("M1611", "I214", status="20")).discharge_status == "20"


@pytest.mark.parametrize(
    "whole",
    [
        claim("Z3800", "E785", "P0730"),
        claim("ZZZ99", "E785"),
        replace(claim("I110", "E785"), hospital_poa_status="UNKNOWN"),
        claim(),
    ],
    ids=["newborn", "principal diagnosis not known", "status not known", "no diagnosis"],
)
def test_a_claim_of_which_everything_counts_is_left_alone(whole: GrouperClaim) -> None:
    assert bearing(whole) is whole


def test_every_list_that_a_line_names_is_one_of_diagnoses_or_of_procedures() -> None:
    diagnoses, table = msdrg_tables.DiagnosisTable().lists(), msdrg_tables.ProcedureTable()
    combined = [row for number in range(10_000) for row in table.find(f"Z@{number:04}")]
    procedures = {name for row in (*table, *combined) for name in row.lists}
    for version in VERSIONS:
        for line in lines(version):
            for token in re.findall(r"[A-Za-z0-9_:]+", line.formula):
                scope, _, name = token.rpartition(":")
                if name == name.upper():
                    continue  # a condition
                assert name in diagnoses or (not scope and name in procedures), token
