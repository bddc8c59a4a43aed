from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.personal.labels import OUTCOMES


class DataForm(FlaskForm):
    id_number = StringField(
        _("ID number"),
        [Optional(), Length(max=40)],
        description=_("18 characters, checked to GB 11643; what is left empty stays as it is"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    phone = StringField(_("Telephone"), [Optional(), Length(max=40)], render_kw={"type": "tel"})
    take_back = BooleanField(_("Take back what is left empty"))


class CorrectionForm(FlaskForm):
    words = TextAreaField(
        _("What is wrong, and what would be right"),
        [DataRequired(_("Say what is wrong and what would be right")), Length(max=1000)],
        description=_("No ID number here: correct that above yourself"),
    )
    new_name = StringField(
        _("Right name"), [Optional(), Length(max=60)], description=_("Only if the name is wrong")
    )
    once = HiddenField()


class AnswerForm(FlaskForm):
    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose the decision"))],
        choices=[SelectChoice(one.value, words) for one, words in OUTCOMES.items()],
    )
    answer = TextAreaField(_("Answer"), [DataRequired(_("Write an answer")), Length(max=1000)])
