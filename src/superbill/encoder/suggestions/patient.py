"""What a record says of the patient's age and sex, by which some codes are ruled out."""

from __future__ import annotations

import re
from typing import NamedTuple

_YEARS = re.compile(
    r"(?i)\b(?:(?P<age>\d{1,3})[\s-]*(?:years?|yrs?|y)[\s-]*(?:old|/?o\b)|aged? (?P<aged>\d{1,3})\b"
    r"|(?P<of>\d{1,3}) years? of age)"
)
_YOUNG = re.compile(
    r"(?i)\b(?P<count>\d{1,3})[\s-]*(?P<unit>day|week|month)s?[\s-]*(?:old|of age)\b"
)
_NEWBORN = re.compile(r"(?i)\b(?:newborn|neonate)\b")
_MALE = re.compile(r"(?i)\b(?:man|male|boy|gentleman|he|his|him)\b")
_FEMALE = re.compile(r"(?i)\b(?:woman|female|girl|lady|she|her|hers)\b")
_AGED = r"(?i)\b(?:year|yr|month|y/o|yo)s?[\s-]*(?:old|of age)?[\s,-]*(?:\w+ ){0,2}?"
_SURE_MALE = re.compile(_AGED + r"(?:man|male|boy|gentleman)\b")
_SURE_FEMALE = re.compile(_AGED + r"(?:woman|female|girl|lady)\b")
_FIRST = 600
_CLEARLY = 4


class Patient(NamedTuple):
    """Age in whole years and sex (``male``, ``female``); ``None`` where the record is silent."""

    age: int | None
    sex: str | None


def patient(text: str) -> Patient:
    """What is said of the patient.

    >>> patient("A 37-year-old man came with fever."), patient("A 3-month-old girl.")
    (Patient(age=37, sex='male'), Patient(age=0, sex='female'))
    """
    return Patient(_age(text), _sex(text))


def _age(text: str) -> int | None:
    years, young = _YEARS.search(text), _YOUNG.search(text)
    if young is not None and (years is None or young.start() < years.start()):
        count, unit = int(young["count"]), young["unit"].lower()
        return count // 12 if unit == "month" else 0
    if years is not None:
        age = int(years["age"] or years["aged"] or years["of"])
        return age if age <= 124 else None
    return 0 if _NEWBORN.search(text[:_FIRST]) else None


def _sex(text: str) -> str | None:
    male, female = _SURE_MALE.search(text), _SURE_FEMALE.search(text)
    if male is not None or female is not None:
        if female is None or (male is not None and male.start() < female.start()):
            return "male"
        return "female"
    # Pronouns may speak of a relative: only a clear majority counts.
    he, she = len(_MALE.findall(text)), len(_FEMALE.findall(text))
    if he >= _CLEARLY * max(she, 1):
        return "male"
    if she >= _CLEARLY * max(he, 1):
        return "female"
    return None
