import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts.lookup_fields import NameField, Roll
from app.accounts.models import Organisation
from app.accounts.queries import organisations
from app.db import db
from app.notifications.choosing import NewChoice
from app.notifications.kinds import Kind
from app.notifications.models import Format, MessageChoice, MessageTarget
from app.notifications.targeting import NewTarget
from app.notifications.words import FORMATS, PACES, kind_words
from app.web import fresh_token

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
# What people are told of; the change feed speaks to other systems alone.
PERSONAL = [kind for kind in Kind if kind not in {Kind.TRIAL, Kind.FEED_CHANGED}]
HOURS = [
    SelectChoice("", _("none")),
    *(SelectChoice(str(hour), f"{hour:02d}:00") for hour in range(24)),
]


class Ticks(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class ChoiceForm(FlaskForm):
    """How I am told outside the inbox."""

    once = HiddenField(default=fresh_token)
    email = StringField(_("E-mail address"), [Length(max=254)])
    pace = RadioField(
        _("When"),
        [InputRequired()],
        choices=[SelectChoice(pace, words) for pace, words in PACES.items()],
    )
    quiet_from = SelectField(_("Quiet from"), choices=HOURS)
    quiet_until = SelectField(_("Quiet until"), choices=HOURS)
    kinds = Ticks(_("Of what I am told by mail"))

    def validate_email(self, field: Field) -> None:
        """Empty, or an address that a mail server takes."""
        field.data = (field.data or "").strip()
        if field.data and not ADDRESS.fullmatch(field.data):
            raise ValidationError(_("Write an address such as name@example.cn, or leave it empty"))

    def validate_quiet_until(self, field: Field) -> None:
        """Both hours or none."""
        if bool(field.data) != bool(self.quiet_from.data):
            raise ValidationError(_("Choose both hours, or none"))

    @classmethod
    def of(cls, choice: MessageChoice) -> "ChoiceForm":
        """The form as the person left it last."""
        told: Mapping[str, Any] = {
            "email": choice.email,
            "pace": "digest" if choice.is_digest else "at_once",
            "quiet_from": "" if choice.quiet_from is None else str(choice.quiet_from),
            "quiet_until": "" if choice.quiet_until is None else str(choice.quiet_until),
            "kinds": [kind.label for kind in PERSONAL if kind.label not in choice.kinds_off],
        }
        form = cls(data=told)
        form.kinds.choices = _kind_choices(PERSONAL)
        return form

    def asked(self) -> NewChoice:
        """What was filled in."""
        wanted = set(self.kinds.data or [])
        off = tuple(kind.label for kind in PERSONAL if kind.label not in wanted)
        start, end = (_hour(field.data) for field in (self.quiet_from, self.quiet_until))
        return NewChoice(self.email.data or "", off, self.pace.data == "digest", start, end)


class TargetForm(FlaskForm):
    """A robot or a system that is told."""

    once = HiddenField(default=fresh_token)
    name = StringField(_("Name"), [DataRequired(), Length(max=80)])
    format = SelectField(
        _("Format"), choices=[SelectChoice(each.value, FORMATS[each]) for each in Format]
    )
    url = StringField(_("Address"), [DataRequired(), Length(max=500)])
    secret = PasswordField(_("Secret"), [Length(max=200)])
    organisation = NameField(
        _("Only for messages to people of"), [Optional()], names="organisations"
    )
    kinds = Ticks(_("Of what it is told"))

    def validate_url(self, field: Field) -> None:
        """An address of the web, without a name and password in it."""
        try:
            parts = urlsplit(field.data.strip())
            bad = parts.scheme not in {"https", "http"} or not parts.hostname or parts.port == 0
        except ValueError:
            bad = True
        if bad or "@" in parts.netloc or not field.data.isascii() or " " in field.data.strip():
            raise ValidationError(_("Write a whole address that begins with https://"))

    def validate_secret(self, field: Field) -> None:
        """A generic target can't be told without a secret to sign with."""
        missing = not field.data and not self.kept_secret
        if self.format.data == Format.GENERIC.value and missing:
            raise ValidationError(_("A generic target needs a secret: its messages are signed"))

    kept_secret = ""

    @classmethod
    def of(cls, target: MessageTarget | None = None) -> "TargetForm":
        """An empty form, or one with what is known; the secret is never shown."""
        told: dict[str, Any] = {}
        if target is not None:
            told = {"name": target.name, "format": target.format.value, "url": target.url}
            told |= {"organisation": target.organisation_id or 0, "kinds": target.kinds}
        form = cls(data=told)
        form.kept_secret = target.secret if target else ""
        form.kinds.choices = _kind_choices([*PERSONAL, Kind.FEED_CHANGED])
        form.organisation.offer(Roll(organisations()), gettext("all"))
        return form

    def asked(self) -> NewTarget:
        """What was filled in."""
        key = self.organisation.data
        return NewTarget(
            name=self.name.data or "",
            format=Format(self.format.data),
            url=(self.url.data or "").strip(),
            secret=self.secret.data or "",
            kinds=tuple(self.kinds.data or ()),
            organisation=db.session.get(Organisation, key) if key else None,
        )


def _kind_choices(kinds: Iterable[Kind]) -> list[SelectChoice]:
    return [SelectChoice(kind.label, kind_words(kind)) for kind in kinds]


def _hour(text: str | None) -> int | None:
    return int(text) if text else None
