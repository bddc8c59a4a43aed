from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length


class ActivationForm(FlaskForm):
    login = StringField(
        _("Sign-in name"),
        [InputRequired(_("Enter the sign-in name")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    code = StringField(
        _("Code on the slip"),
        [InputRequired(_("Enter the code")), Length(max=60)],
        description=_("Four groups of four; capitals, blanks and dashes don't matter"),
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
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


class LedgerForm(FlaskForm):
    """A ledger of the bureau's own."""

    file = FileField(
        _("Workbook (XLSX)"),
        [InputRequired(_("Choose a file first"))],
        render_kw={"accept": ".xlsx"},
    )
    once = HiddenField()
