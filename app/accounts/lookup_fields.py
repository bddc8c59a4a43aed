"""A form's field for one organisation: a list where it is short, else a name typed by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select as Query
from wtforms import Form, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select, TextInput, html_params

from app.accounts.lookups import SHORT, Named, all_found
from app.credit_code import LENGTH

TOLD = 5  # names in the words of a refusal
LEAST = 6  # characters of a code: fewer digits may be a list's number, sent by an older page


class Roll:
    """All that may be chosen, read once for all fields of a form."""

    def __init__(self, findable: Query[Any]) -> None:
        self.known: Sequence[Named] = all_found(findable)
        self.names: Mapping[int, str] = {one.key: one.name for one in self.known}
        self.by_name: dict[str, list[Named]] = defaultdict(list)
        for one in self.known:
            self.by_name[one.name].append(one)

    @property
    def is_short(self) -> bool:
        """Whether a plain list holds them."""
        return len(self.known) <= SHORT

    def meant_by(self, words: str) -> Sequence[Named]:
        """Whom the words may mean: a whole name or code just itself, a part of one all with it."""
        if whole := self.by_name.get(words):
            return whole
        is_code = LEAST <= len(words) <= LENGTH
        if words.isdecimal() and not is_code:
            return ()
        code = words.upper() if is_code else "\0"
        return [one for one in self.known if words in one.name or code in (one.code or "")]


class NameWidget(Select):
    """A list where it is short, else a field with suggestions."""

    def __call__(self, field: Any, **told: Any) -> Markup:
        """Draw what the field's roll asks for."""
        if field.roll is None or field.roll.is_short:
            return super().__call__(field, **told)
        look = str(told.pop("class", "")).replace("form-select", "form-control")
        told |= {"class": look, "value": field.typed, "list": f"{field.id}-names"}
        told |= {"data-names": url_for("accounts.suggest_names", names=field.names)}
        told |= {"placeholder": _("Part of the name or credit code"), "autocomplete": "off"}
        told.setdefault("required", bool(field.flags.required))
        told.setdefault("maxlength", "200")
        drawn = TextInput()(field, type="search", **told)
        options = html_params(id=told["list"])
        return drawn + Markup("<datalist %s></datalist>") % Markup(options)  # noqa: S704 - escaped there


class NameField(SelectField):
    """One organisation. `data` is its number, nought for none; what fits nobody stays as typed."""

    widget = NameWidget()
    data: Any
    choices: Any
    roll: Roll | None = None  # until it is offered

    def __init__(self, label: Any, checks: Any = (), *, names: str, **told: Any) -> None:
        super().__init__(label, checks, coerce=_number, choices=[], **told)
        self.names = names

    def offer(self, roll: Roll, nothing: str) -> None:
        """Say who may be chosen, and how nobody is called; typed words become their number."""
        self.roll = roll
        if roll.is_short:
            pairs = [SelectChoice(one.key, one.name) for one in roll.known]
            self.choices = [SelectChoice(0, nothing), *pairs]
        elif self.raw_data and isinstance(self.data, str | int):
            words = str(self.raw_data[0]).strip()
            meant = roll.meant_by(words) if words else ()
            self.data = meant[0].key if len(meant) == 1 else words or 0

    @property
    def typed(self) -> str:
        """What stands in the field."""
        names = self.roll.names if self.roll else {}
        return str(names.get(self.data, "") if isinstance(self.data, int) else self.data or "")

    def pre_validate(self, form: Form) -> None:
        """One of those who may be chosen, or nobody."""
        if self.roll is None or self.roll.is_short:
            super().pre_validate(form)
        elif isinstance(self.data, str):
            raise ValidationError(_refused(self.data, self.roll.meant_by(self.data)))


def _number(value: object) -> Any:
    """The number of a list's choice; words stay what they are until it is known who is meant."""
    told = str(value).strip() if value else ""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < LEAST * 2 else told or 0


def _refused(words: str, meant: Sequence[Named]) -> str:
    if not meant:
        return _("No name and no credit code contains “%(words)s”", words=words)
    names = _(", ").join(f"{one.name} {one.code or ''}".strip() for one in meant[:TOLD])
    more = " …" if len(meant) > TOLD else ""
    return _("“%(words)s” fits several: %(names)s", words=words, names=names + more)
