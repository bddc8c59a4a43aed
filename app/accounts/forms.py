from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp


class SignInForm(FlaskForm):
    login = StringField(
        _("Sign-in name"),
        [InputRequired(_("Enter the sign-in name")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter the password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    old = PasswordField(
        _("Present password"),
        [InputRequired(_("Enter the present password"))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a new password")), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )


class OrganisationForm(FlaskForm):
    kind = SelectField(_("Kind"), [InputRequired()])
    name = StringField(_("Name"), [InputRequired(_("Enter the name")), Length(max=200)])
    credit_code = StringField(_("Unified social credit code"), [Optional(), Length(max=40)])
    department = SelectField(_("Supervising department"), [Optional()])
    finance_office = SelectField(_("Township finance office"), [Optional()])


class AccountForm(FlaskForm):
    organisation = SelectField(_("Organisation"), [InputRequired(_("Choose the organisation"))])
    role = SelectField(_("Role"), [InputRequired(_("Choose the role"))])
    name = StringField(_("Name"), [InputRequired(_("Enter the name")), Length(max=60)])
    login = StringField(
        _("Sign-in name"),
        [
            InputRequired(_("Enter the sign-in name")),
            Length(min=3, max=60),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_("Latin letters, digits, dot, dash only")),
        ],
    )
    access_ends_on = DateField(_("Last day of access"), [Optional()])


class GrantForm(FlaskForm):
    role = SelectField(_("Role"), [InputRequired(_("Choose the role"))])
    access_ends_on = DateField(_("Last day of access"), [Optional()])
