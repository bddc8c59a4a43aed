from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class SettleForm(FlaskForm):
    """What came of a likeness."""

    words = TextAreaField(
        _("What came of it"),
        [InputRequired(_("Say what came of it")), Length(max=2000)],
        description=_("For example: quotes the same policy; the agency was asked to write anew."),
    )
    once = HiddenField()


class BoilerplateForm(FlaskForm):
    """A text that everybody may use."""

    title = StringField(_("Title"), [InputRequired(_("Enter the title")), Length(max=200)])
    text = TextAreaField(
        _("Text"),
        [InputRequired(_("Enter the text")), Length(max=200_000)],
        description=_("Paste the words of the policy, the template or the outline."),
    )
    once = HiddenField()
