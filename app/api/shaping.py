"""Shapes: from one dataclass comes the JSON that is sent, its schema, and how JSON is read."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from flask_babel import gettext as _

from app.errors import Words
from app.intake import UNPRINTED

Plain = dict[str, Any]
T = TypeVar("T")
GREATEST = 2**31 - 1  # what a number of a record is at most
LARGEST = 2**53 - 1  # what every reader of JSON takes for a whole number
ZONED = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Told:
    """What a field says of itself beside its type; `least` and `most` bound numbers and texts."""

    words: Words
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list, and the cursor of the next one where there is any."""

    items: list[T]
    next: str | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with one thing that was sent, by its JSON pointer or its parameter's name."""

    place: str
    words: str


class Faulty(ValueError):
    """What was sent is not of the shape; all that is wrong is named at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


# Out: values as JSON has them


def plain(value: Any) -> Any:
    """A shape as JSON has it; times are UTC, days and enums text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(ZONED)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


# The schema


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)


def hints(shape: Any) -> dict[str, Any]:
    """The annotations of a shape's fields, with what they say of themselves."""
    return _hints(shape)


def told_of(annotation: Any) -> tuple[Any, Told | None]:
    """The bare type of a field, and what it says of itself."""
    if get_origin(annotation) is Annotated:
        bare, *more = get_args(annotation)
        return bare, next((one for one in more if isinstance(one, Told)), None)
    return annotation, None


def name_of(shape: Any) -> str:
    """By which name the document knows a shape."""
    if get_origin(shape) is Listing:
        return f"{get_args(shape)[0].__name__}List"
    return str(shape.__name__)


def schema_of(annotation: Any, used: dict[str, Any]) -> Plain:
    """The JSON schema of an annotation; shapes are referred to, and noted in `used`."""
    bare, told = told_of(annotation)
    found = _schema(bare, used)
    if told is not None:
        text = "string" in (found.get("type") or [])
        low, high = ("minLength", "maxLength") if text else ("minimum", "maximum")
        found |= {low: told.least} if told.least is not None else {}
        found |= {high: told.most} if told.most is not None else {}
        found["description"] = str(told.words)
    return found


def _schema(bare: Any, used: dict[str, Any]) -> Plain:
    origin = get_origin(bare)
    if origin in {Union, types.UnionType}:
        return _with_null(schema_of(get_args(bare)[0], used))
    if origin is list:
        return {"type": "array", "items": schema_of(get_args(bare)[0], used)}
    if origin is Listing or is_dataclass(bare):
        used[name_of(bare)] = bare
        return {"$ref": f"#/components/schemas/{name_of(bare)}"}
    if issubclass(bare, StrEnum):
        return {"type": "string", "enum": [one.value for one in bare]}
    return dict(PLAIN[bare])


PLAIN: dict[type, Plain] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def _with_null(found: Plain) -> Plain:
    if "$ref" in found:
        return {"anyOf": [found, {"type": "null"}]}
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return {**found, "type": [found["type"], "null"]}


def definition(shape: Any, used: dict[str, Any]) -> Plain:
    """The schema of a shape itself; every field is always there, and there are no others."""
    if get_origin(shape) is Listing:
        kind = get_args(shape)[0]
        own = {
            # a class that is made while running is a type that nobody knows before
            "items": Annotated[list[kind], Told(_("The rows of this page"))],  # type: ignore[valid-type]
            "next": Annotated[str | None, Told(_("Cursor of the next page; null: the last"))],
        }
        required = list(own)
    else:
        own = hints(shape)
        required = [field.name for field in fields(shape) if field.default is MISSING]
    return {
        "type": "object",
        "properties": {name: schema_of(each, used) for name, each in own.items()},
        "required": required,
        "additionalProperties": False,
    }


# In: what was sent, read into a shape


def read(shape: type[T], sent: Any, place: str = "") -> T:
    """Read JSON into a shape; Faulty names everything that is wrong, by its pointer."""
    if not isinstance(sent, Mapping):
        raise Faulty([Fault(place, _("This must be an object"))])
    faults = [
        Fault(f"{place}/{name}", _("There is no such field")) for name in unknown(shape, sent)
    ]
    values: Plain = {}
    for field in fields(shape):  # type: ignore[arg-type]  # every shape is a dataclass
        if field.name not in sent:
            if field.default is MISSING:
                faults.append(Fault(f"{place}/{field.name}", _("This field is missing")))
            continue
        try:
            at = f"{place}/{field.name}"
            values[field.name] = _value(hints(shape)[field.name], sent[field.name], at)
        except Faulty as error:
            faults += error.faults
    if faults:
        raise Faulty(faults)
    return shape(**values)


def unknown(shape: type, sent: Mapping[str, Any]) -> list[str]:
    """The names that were sent and mean nothing."""
    return sorted(set(map(str, sent)) - set(hints(shape)))


def _value(annotation: Any, sent: Any, place: str) -> Any:
    bare, told = told_of(annotation)
    origin = get_origin(bare)
    if origin in {Union, types.UnionType}:
        if sent is None:
            return None
        bare, inner = told_of(get_args(bare)[0])
        told, origin = told or inner, get_origin(bare)
    if origin is list:
        return _items(get_args(bare)[0], sent, place, told)
    if is_dataclass(bare):
        return read(bare, sent, place)  # type: ignore[arg-type]  # a class, not an instance
    try:
        return _bounded(READERS[StrEnum if issubclass(bare, StrEnum) else bare](bare, sent), told)
    except (TypeError, ValueError) as error:
        raise Faulty([Fault(place, str(error))]) from None


def _items(kind: Any, sent: Any, place: str, told: Told | None) -> list[Any]:
    if not isinstance(sent, list):
        raise Faulty([Fault(place, _("This must be a list"))])
    if told and (len(sent) > (told.most or len(sent)) or len(sent) < (told.least or 0)):
        words = _("Send %(least)s to %(most)s of these", least=told.least or 0, most=told.most)
        raise Faulty([Fault(place, words)])
    values, faults = [], list[Fault]()
    for number, one in enumerate(sent):
        try:
            values.append(_value(kind, one, f"{place}/{number}"))
        except Faulty as error:
            faults += error.faults
    if faults:
        raise Faulty(faults)
    return values


def _bounded(value: Any, told: Told | None) -> Any:
    size = len(value) if isinstance(value, str) else value
    if told is None or isinstance(value, bool) or not isinstance(size, int):
        return value
    if told.least is not None and size < told.least:
        raise ValueError(_("Not less than %(n)s", n=told.least))
    if told.most is not None and size > told.most:
        raise ValueError(_("Not more than %(n)s", n=told.most))
    return value


def _text(_kind: Any, sent: Any) -> str:
    if not isinstance(sent, str):
        raise TypeError(_("This must be text"))
    if UNPRINTED.search(sent):
        raise ValueError(_("This text contains control characters"))
    return sent


def _whole(_kind: Any, sent: Any) -> int:
    if isinstance(sent, bool) or not isinstance(sent, int) or abs(sent) > LARGEST:
        raise TypeError(_("This must be a whole number"))
    return sent


def _day(_kind: Any, sent: Any) -> date:
    try:
        if len(sent) == len("2026-03-02"):
            return date.fromisoformat(sent)
    except (TypeError, ValueError):
        pass
    raise ValueError(_("This must be a day such as 2026-03-02"))


def _word(kind: Any, sent: Any) -> Any:
    known = [one.value for one in kind]
    if sent not in known:
        raise ValueError(_("This must be one of: %(known)s", known=", ".join(known)))
    return kind(sent)


READERS: dict[Any, Callable[[Any, Any], Any]] = {
    str: _text,
    int: _whole,
    date: _day,
    StrEnum: _word,
}


def read_query(shape: type[T], sent: Mapping[str, str]) -> T:
    """Read an address's arguments into a shape: numbers are written out there."""
    values: Plain = {}
    for name, text in sent.items():
        bare, _told = told_of(hints(shape).get(name, str))
        kinds = {bare, *get_args(bare)}
        is_number = int in kinds and text.lstrip("-").isdigit() and text.isascii()
        values[name] = int(text) if is_number and len(text) < 17 else text
    return read(shape, values)
