"""Whether plain values have the shape of the model, and every place where they have not.

The quick decoder stops at the first fault and names it in its own terms. This walk finds them all
and says each in ours: what stands there, what was expected, and the way out. Values that tell who
a person is are never shown, only their kind and length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

import msgspec
from msgspec import inspect

from superbill.errors import Problem
from superbill.model._json import DOCUMENT, NotANumber, Repeated
from superbill.model.limits import TEXT_LIMIT

_NUMBER_LIMIT = 60

# Fields that tell who somebody is; never shown, wherever they stand.
_PRIVATE = frozenset(
    {
        *("id", "medical_record_number", "member_id", "group_number"),
        *("claim_control_number", "prior_authorization", "phone"),
        *("last_name", "first_name", "middle_name", "birth_date"),
        *("street", "street2", "city", "zip"),
    }
)
# What may be shown of a person.
_HARMLESS = frozenset({"sex", "state"})

# What people call a field elsewhere.
_ALSO_CALLED = {
    "amount": "charge",
    "charges": "charge",
    "date_of_birth": "birth_date",
    "dob": "birth_date",
    "dx": "diagnoses",
    "gender": "sex",
    "icd": "code",
    "icd10": "code",
    "insurance": "payers",
    "mbi": "member_id",
    "mrn": "medical_record_number",
    "payors": "payers",
    "present_on_admission": "poa",
    "px": "procedures",
    "quantity": "units",
    "revenue": "revenue_code",
    "tob": "type_of_bill",
    "type": "kind",
}


def problems(value: object, kind: type[msgspec.Struct]) -> list[Problem]:
    """Every place in which ``value`` (dicts, lists, text, numbers) does not fit ``kind``."""
    return list(_walk(value, _type_of(kind), "", private=False))


@cache
def _type_of(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _walk(value: object, kind: inspect.Type, path: str, *, private: bool) -> Iterator[Problem]:
    """The problems of one value. ``private`` says that it stands within a person."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        if value is None and any(isinstance(each, inspect.NoneType) for each in kind.types):
            return
        kinds = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        if len(kinds) > 1:
            yield from _one_of(value, kinds, path, private=private)
            return
        yield from _walk(value, kinds[0], path, private=private)
    elif isinstance(value, NotANumber):
        yield Problem(
            _at(path),
            f"{value.text} is no number that can be used.",
            'Give an amount as text or a plain number, for example "1875.00".',
        )
    elif isinstance(kind, inspect.StructType):
        yield from _struct(value, kind, path, private=private)
    elif isinstance(kind, inspect.VarTupleType):
        yield from _list(value, kind, path, private=private)
    elif isinstance(kind, inspect.DictType):
        yield from _table(value, kind, path, private=private)
    else:
        yield from _scalar(value, kind, path, private=private)


def _one_of(
    value: object, kinds: Iterable[inspect.Type], path: str, *, private: bool
) -> Iterator[Problem]:
    """A value that may be one of several structs, told apart by a field."""
    structs = {str(each.tag): each for each in kinds if isinstance(each, inspect.StructType)}
    field = next(iter(structs.values())).tag_field or ""
    if not isinstance(value, Mapping):
        yield _unexpected(value, "an object {…}", path, private=True)
    elif field not in value:
        yield Problem(f"{path}.{field}", "it is missing.", f"Say which it is: {_choices(structs)}.")
    else:
        tag = value[field]
        chosen = structs.get(tag) if isinstance(tag, str) else None
        if chosen is not None:
            yield from _struct(value, chosen, path, private=private)
            return
        shown = _show(tag, private=False)
        yield Problem(
            f"{path}.{field}",
            f"one of {_choices(structs)} is expected, and {shown} stands there.",
            _did_you_mean(tag, structs),
        )


def _struct(
    value: object, kind: inspect.StructType, path: str, *, private: bool
) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        what = "one stay, an object {…}," if not path else "an object {…}"
        yield _unexpected(value, what, path, private=True)
        return
    prefix = f"{path}." if path else ""
    yield from _repeated(value, prefix)
    fields = {field.encode_name: field for field in kind.fields}
    for name, each in value.items():
        if name == kind.tag_field:
            continue
        field = fields.get(name)
        if field is None:
            guess = _did_you_mean(name, fields)
            yield Problem(
                f"{prefix}{name[:40]}",
                "there is no such field here.",
                guess or f"The fields are {', '.join(fields)}.",
            )
            continue
        inner = private or name in {"patient", "subscriber"}
        yield from _walk(each, field.type, f"{prefix}{name}", private=inner)
    for name, field in fields.items():
        if field.required and name not in value:
            yield Problem(
                f"{prefix}{name}", "it is missing.", f"Give {_words(field.type).rstrip(',')}."
            )


def _repeated(value: object, path: str, opening: str = "", closing: str = "") -> Iterator[Problem]:
    """The names that stand twice in one object."""
    if isinstance(value, Repeated):
        for name in value.names:
            where = f"{path}{opening}{name[:40]}{closing}"
            yield Problem(where, "it stands more than once.", "Keep the one that is meant.")


def _list(
    value: object, kind: inspect.VarTupleType, path: str, *, private: bool
) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield _unexpected(value, "a list […]", path, private=True)
        return
    if kind.max_length is not None and len(value) > kind.max_length:
        yield Problem(
            path,
            f"it has {len(value):,} entries, and at most {kind.max_length:,} can be read.",
            "Leave out what does not belong to this stay.",
        )
        return
    for index, each in enumerate(value):
        yield from _walk(each, kind.item_type, f"{path}[{index}]", private=private)


def _table(value: object, kind: inspect.DictType, path: str, *, private: bool) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _unexpected(value, "an object {…}", path, private=True)
        return
    yield from _repeated(value, path, '["', '"]')
    for name, each in value.items():
        yield from _walk(each, kind.value_type, f'{path}["{str(name)[:20]}"]', private=private)


def _scalar(value: object, kind: inspect.Type, path: str, *, private: bool) -> Iterator[Problem]:
    name = path.rpartition(".")[2].partition("[")[0]
    hide = name in _PRIVATE or (private and name not in _HARMLESS)
    if isinstance(value, str) and len(value) > (limit := _limit(kind)):
        yield Problem(
            _at(path),
            f"the text has {len(value):,} characters, and at most {limit} are read here.",
            "Shorten it; probably something else was put into this field.",
        )
        return
    if isinstance(value, str) and not value.isprintable():
        yield Problem(
            _at(path),
            "the text holds a control character, such as a line break or a tab.",
            "Take it out.",
        )
        return
    complaint = _complaint(value, kind)
    if complaint is not None:
        expected, remedy = complaint
        yield _unexpected(value, expected, path, private=hide, remedy=remedy)


def _complaint(value: object, kind: inspect.Type) -> tuple[str, str] | None:
    """What was expected and a way out, where ``value`` does not fit a kind without parts."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    match kind:
        case inspect.StrType():
            fits = isinstance(value, str)
            remedy = "Put it in double quotes, with its leading zeros." if is_number else ""
        case inspect.LiteralType(values=allowed):
            fits = isinstance(value, str) and value in allowed
            remedy = _closest(value, allowed)
        case inspect.DecimalType():
            fits = is_number or (isinstance(value, str) and _is_decimal(value))
            remedy = (
                "Write it without currency sign, commas and blanks, and decimals after a point."
                if isinstance(value, str)
                else ""
            )
        case inspect.DateType():
            fits = type(value) is date or (isinstance(value, str) and _is_date(value))
            remedy = _date_remedy(value)
        case inspect.BoolType():
            fits, remedy = isinstance(value, bool), "Write true or false without quotes."
        case inspect.IntType(ge=least, le=most):
            fits = isinstance(value, int) and is_number
            fits = fits and (least is None or value >= least) and (most is None or value <= most)  # type: ignore[operator]
            remedy = "Write it without quotes." if isinstance(value, str) else ""
        case _:
            return None
    return None if fits else (_words(kind), remedy)


def _limit(kind: inspect.Type) -> int:
    match kind:
        case inspect.StrType(max_length=int(most)):
            return most
        case inspect.DecimalType() | inspect.IntType():
            return _NUMBER_LIMIT
    return TEXT_LIMIT


def _words(kind: inspect.Type) -> str:
    """What is expected, in words."""
    match kind:
        case inspect.Metadata(type=inner):
            return _words(inner)
        case inspect.UnionType(types=kinds):
            return _words(next(each for each in kinds if not isinstance(each, inspect.NoneType)))
        case inspect.StrType(max_length=most):
            return f"text of at most {most or TEXT_LIMIT} characters"
        case inspect.LiteralType(values=allowed):
            return "one of " + ", ".join(f'"{each}"' for each in allowed)
        case inspect.DecimalType():
            return 'a number, such as "1875.00" or "0.317",'
        case inspect.DateType():
            return "a date, YYYY-MM-DD,"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=None):
            return "a whole number"
        case inspect.IntType(ge=least):
            return f"a whole number, {least} or more"
        case inspect.VarTupleType():
            return "a list […]"
    return "an object {…}"


def _unexpected(
    value: object, expected: str, path: str, *, private: bool, remedy: str = ""
) -> Problem:
    shown = _show(value, private=private)
    remedy = remedy or _WAYS_OUT.get(expected) or f"Give {expected.rstrip(',')}."
    return Problem(_at(path), f"{expected} is expected, and {shown} stands there.", remedy)


_WAYS_OUT = {
    "a list […]": "Put the entries between [ and ], also where there is only one.",
    "an object {…}": 'Write its fields between { and }, each as "name": value.',
    "one stay, an object {…},": "Give the stay itself, as in the examples; superbill schema prints"
    " what it may hold.",
}


def _show(value: object, *, private: bool) -> str:
    """The value as it stands in the document, or its kind where it must not be shown."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            if private:
                return f"a text of {len(value):,} characters"
            return (
                f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…" ({len(value):,} characters)'
            )
        case int() | float() | Decimal():
            return "a number" if private else f"the number {value}"
        case date():
            return "a date" if private else value.isoformat()
        case list() | tuple():
            return f"a list of {len(value):,}"
    return "an object"


def _at(path: str) -> str:
    return path or DOCUMENT


def _is_decimal(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _is_date(text: str) -> bool:
    # Only the form YYYY-MM-DD; the library reads others too.
    if len(text) != 10:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _date_remedy(value: object) -> str:
    if isinstance(value, str):
        digits = value.strip()
        if len(digits) == 8 and digits.isdigit() and _is_date(_dashed(digits)):
            return "Put dashes between year, month and day."
        if len(digits) == 10 and digits[4] == digits[7] == "-":
            return "There is no such day in the calendar: correct it."
    return "For example 2026-03-01."


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _closest(value: object, allowed: Iterable[object]) -> str:
    """The allowed value that was probably meant."""
    if isinstance(value, str):
        tidy = value.strip().upper()
        for each in allowed:
            if tidy == str(each).upper() or (each and tidy[:1] == each and len(tidy) > 1):
                return f'Write "{each}".'
    return ""


def _choices(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _did_you_mean(name: object, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - only a document with a fault needs it

    if not isinstance(name, str):
        return ""
    tidy = name[:60].lower().replace(" ", "_").replace("-", "_")
    names = list(known)
    also = _ALSO_CALLED.get(tidy)
    close = (
        [also]
        if also in names
        else [each for each in names if each.startswith(tidy[:60]) and len(tidy) > 3]
    )
    close = close or difflib.get_close_matches(tidy, names, 2, 0.6)
    return f"Did you mean {' or '.join(_choices([each]) for each in close[:2])}?" if close else ""
