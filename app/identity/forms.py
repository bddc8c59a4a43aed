from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

TYPED = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(FlaskForm):
    code = StringField(
        _("Six digits or a recovery code"),
        [InputRequired(_("Enter the six digits or a recovery code")), Length(max=40)],
        render_kw=TYPED,
    )


class ProofForm(FlaskForm):
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter the password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class ActForm(FlaskForm):
    reason = TextAreaField(
        _("Reason"), [DataRequired(_("Say why")), Length(max=500)], render_kw={"rows": 3}
    )


class SubjectForm(FlaskForm):
    """Whom the single sign-on means."""

    subject = StringField(
        _("Identifier there"),
        [InputRequired(_("Enter the identifier")), Length(max=255)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
