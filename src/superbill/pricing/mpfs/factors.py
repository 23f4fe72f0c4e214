"""What modifiers, practitioner and participation make of the published amount, by the indicators.

Each rule is of the Medicare Claims Processing Manual, chapter 12, and of the description of the fee
schedule database (MPFSDB, addendum to chapter 23). An indicator of 9 says that the concept does not
apply to the code: the modifier is then refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from superbill.errors import Invalid, NotCovered
from superbill.pricing.mpfs.codes import PRACTITIONERS, Status
from superbill.pricing.mpfs.line import Line
from superbill.pricing.mpfs.modifiers import Modifiers
from superbill.pricing.mpfs.rates import Figure
from superbill.pricing.mpfs.tables import Values

type Factors = list[tuple[str, Figure]]

_GLOBAL = frozenset({"010", "090"})
_CITE_PARTS = "CPM chapter 12, section 40.4; MPFSDB, pre-, intra- and postoperative percentage"
_NOT_FOR = "Leave the modifier out."


def of(
    line: Line, marks: Modifiers, values: Values, standing: Mapping[str, Figure]
) -> Factors | Status:
    """The percentages of the amount, in order, each with its rule; a status where nothing is paid.

    Raises :class:`~superbill.errors.Invalid` where the code does not take a modifier, and
    :class:`~superbill.errors.NotCovered` where payment is by report.
    """
    found: Factors = []
    if not line.participating:
        found.append(("nonparticipating", standing["nonparticipating"]))
    named = PRACTITIONERS[line.practitioner]
    if named and not marks.assistant:
        found.append((line.practitioner.replace("_", " "), standing[named]))
    if marks.bilateral:
        found += _bilateral(values, standing)
    if marks.parts:
        found.append(_parts(marks, values))
    if marks.returned and values.global_days in _GLOBAL and values.intraoperative:
        found.append(
            (
                "78: return to the operating room, intraoperative share",
                Figure(values.intraoperative, "CPM chapter 12, section 40.4"),
            )
        )
    if marks.co_surgeon:
        refused = _refused("62", values.co_surgeons, "two surgeons")
        if refused is not None:
            return refused
        found.append(("62: one of two surgeons", standing["co_surgeon"]))
    if marks.assistant:
        if values.assistant == "0":
            raise NotCovered(
                f"{line.code}: payment of an assistant, which needs documentation of its necessity",
                on=line.date,
                remedy="The contractor decides on the record (MPFSDB, assistant indicator 0).",
            )
        if values.assistant == "1":
            return Status("denied", "no assistant is paid for it by law", "54")
        if values.assistant == "9":
            raise _invalid("80, 81, 82 and AS", "assistants", values.assistant)
        found.append(("assistant at surgery", standing["assistant"]))
        if marks.practitioner_assistant or named == "practitioner":
            found.append(("assistant who is no physician", standing["assistant_practitioner"]))
    if marks.second and values.multiple in ("1", "2", "3"):
        found.append(("51: a second procedure", standing["second_procedure"]))
    return found


def _bilateral(values: Values, standing: Mapping[str, Figure]) -> Factors:
    match values.bilateral:
        case "1":
            return [("50: both sides", standing["bilateral"])]
        case "3":
            return [("50: both sides", standing["bilateral_each_side"])]
        case "0" | "2":
            why = (
                "50: the amount is not raised for both sides"
                if values.bilateral == "0"
                else "50: the amount is for both sides already"
            )
            cite = f"MPFSDB, bilateral surgery indicator {values.bilateral}"
            return [(why, Figure(Decimal(1), cite))]
        case other:
            raise _invalid("50", "both sides", other)


def _parts(marks: Modifiers, values: Values) -> tuple[str, Figure]:
    """The share of the global package: before, during and after surgery."""
    if values.global_days not in _GLOBAL or not values.intraoperative:
        raise Invalid.at(
            "modifiers",
            f"{', '.join(marks.parts)}: {values.code} has no global package that could be parted "
            f"(global days {values.global_days}).",
            _NOT_FOR,
        )
    share = Decimal(0)
    if "54" in marks.parts:
        share += values.preoperative + values.intraoperative
    if "55" in marks.parts:
        share += values.postoperative
    if "56" in marks.parts:
        share += values.preoperative
    return f"{' and '.join(marks.parts)}: part of the global package", Figure(share, _CITE_PARTS)


def _refused(modifier: str, indicator: str, what: str) -> Status | None:
    """Nothing is paid where the indicator is 0; an error where the concept does not apply."""
    if indicator == "0":
        return Status("denied", f"{what} are not paid for it (indicator 0)", "54")
    if indicator == "9":
        raise _invalid(modifier, what, indicator)
    return None


def _invalid(modifier: str, what: str, indicator: str) -> Invalid:
    return Invalid.at(
        "modifiers",
        f"{modifier}: the concept of {what} does not apply to the code (indicator {indicator}).",
        _NOT_FOR,
    )
