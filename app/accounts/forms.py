import re

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, Regexp

from app.accounts.lookup_fields import NameField

LOGIN = re.compile(r"^[A-Za-z0-9._-]+\Z")


def key_or_none(value: object) -> int | None:
    """Read a choice that names a record; the empty choice is none."""
    return int(str(value)) if value not in (None, "", "None") else None


class SignInForm(FlaskForm):
    login = StringField(
        _("Sign-in name"),
        [InputRequired(_("Enter the sign-in name")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter the password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    old = PasswordField(
        _("Present password"),
        [InputRequired(_("Enter the present password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a new password")), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("New password once more"),
        [
            InputRequired(_("Enter the new password once more")),
            EqualTo("new", _("The two entries of the new password differ")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_new(self, field: PasswordField) -> None:
        """A new password is another one."""
        if field.data == self.old.data:
            raise ValidationError(_("The new password must differ from the present one"))


class OrganisationForm(FlaskForm):
    kind = SelectField(_("Kind"), [InputRequired(_("Choose the kind"))])
    name = StringField(_("Name"), [DataRequired(_("Enter the name")), Length(max=200)])
    credit_code = StringField(
        _("Unified social credit code"),
        [Optional(), Length(max=40)],
        description=_("18 characters, checked to GB 32100-2015"),
    )
    department = NameField(_("Supervising department"), [Optional()], names="departments")
    finance_office = NameField(_("Township finance office"), [Optional()], names="finance-offices")


class AccountForm(FlaskForm):
    organisation = NameField(
        _("Organisation"), [DataRequired(_("Choose the organisation"))], names="organisations"
    )
    role = SelectField(_("Role"), [InputRequired(_("Choose the role"))])
    name = StringField(_("Name of the person"), [DataRequired(_("Enter the name")), Length(max=60)])
    login = StringField(
        _("Sign-in name"),
        [
            InputRequired(_("Enter the sign-in name")),
            Length(min=3, max=60, message=_("A sign-in name has 3 to 60 characters")),
            Regexp(LOGIN, message=_("Latin letters, digits, dot, dash only")),
        ],
        description=_("Latin letters, digits, dot, dash only"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    access_ends_on = DateField(
        _("Last day of access"),
        [Optional()],
        description=_("Access ends by itself after this day; an inspector must have one"),
    )


class GrantForm(FlaskForm):
    role = SelectField(_("Role"), [InputRequired(_("Choose the role"))])
    access_ends_on = DateField(_("Last day of access"), [Optional()])


class ClosingForm(FlaskForm):
    """Why an account ends."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why")), Length(max=500)],
        description=_("Such as a transfer or a retirement, with its document; the log keeps it"),
        render_kw={"rows": 3},
    )
