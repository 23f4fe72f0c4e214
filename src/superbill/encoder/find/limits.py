"""What narrows a search: the day, the chapter, the patient's sex and age.

Sex and age are judged by the attributes that the Medicare Code Editor has given a code on any
day: newborn (age 0), pediatric (0 to 17), maternity (9 to 64), adult (15 to 124), and the sex.
The editor has dropped its edit of sex since; what it said of a code remains true of the condition.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from superbill.encoder.find.index import System
from superbill.errors import Invalid

type Array = np.ndarray[Any, Any]

_AGES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}
_SEXES = ("male", "female")


def checked(chapter: int | None, sex: str | None, age: int | None) -> None:
    """Raise :class:`~superbill.errors.Invalid` for a filter that there is none of."""
    if chapter is not None and not 1 <= chapter <= 22:
        raise Invalid.at("chapter", f"{chapter} is no chapter of ICD-10-CM.", "Use 1 to 22.")
    if sex is not None and sex not in _SEXES:
        raise Invalid.at("sex", f"{sex!r} is not known.", "Use male or female.")
    if age is not None and not 0 <= age <= 124:
        raise Invalid.at("age", f"{age} is no age in years.", "Use 0 to 124.")


def allowed(
    system: System, on: date, chapter: int | None, sex: str | None, age: int | None
) -> Array:
    """For each unit whether it may be a hit."""
    engine = system.engine
    mask = _valid(system, on.toordinal())
    if system.system != "cm":
        return mask
    if chapter is not None:
        tops = engine.chapter
        fitting = [node for node in np.unique(tops).tolist() if system.name[node] == str(chapter)]
        mask = mask & np.isin(tops, fitting)
    if sex is not None or age is not None:
        mask = mask & _fitting(system, sex, age)
    return mask


def _valid(system: System, day: int) -> Array:
    held = system.engine.kept
    if ("valid", day) not in held:
        arrays = system.engine.arrays
        spans = (arrays["span_first"] <= day) & (day < arrays["span_last"])
        counted = np.concatenate(([0], np.cumsum(spans)))
        at = arrays["span_at"][arrays["code_at"]]
        held["valid", day] = counted[at[1:]] > counted[at[:-1]]
    return held["valid", day]


def _fitting(system: System, sex: str | None, age: int | None) -> Array:
    held = system.engine.kept
    key = ("fitting", sex, age)
    if key not in held:
        unlike = {"male": "female", "female": "male"}.get(sex or "", "")
        good: dict[str, bool] = {}
        rows = np.ones(system.engine.units, bool)
        for unit in range(system.engine.units):
            text: str = system.attributes[unit]
            if text not in good:
                said = set(text.split())
                fits = unlike not in said or sex in said
                spans = [_AGES[name] for name in said if name in _AGES]
                if age is not None and spans:
                    fits = fits and any(low <= age <= high for low, high in spans)
                good[text] = fits
            rows[unit] = good[text]
        held[key] = rows
    return held[key]
