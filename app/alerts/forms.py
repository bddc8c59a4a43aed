from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.alerts.kinds import RULES
from app.alerts.models import AlertRule
from app.alerts.services import LONGEST
from app.oversight.queries import officers
from app.web import fresh_token


class EndForm(FlaskForm):
    """How a warning ends."""

    words = TextAreaField(
        _("What was found, and what was done"),
        [DataRequired(_("Say what was found and what was done")), Length(max=LONGEST)],
        render_kw={"rows": 4},
    )
    once = HiddenField(default=fresh_token)


class PassForm(FlaskForm):
    """To whom a warning goes."""

    officer = SelectField(_("Pass on to"), [InputRequired(_("Choose a person"))], coerce=int)

    def offer(self, owner_id: int) -> "PassForm":
        """The people of the performance section but for whoever has it now."""
        found = [person for person in officers() if person.id != owner_id]
        self.officer.choices = [SelectChoice(person.id, person.name) for person in found]
        return self


class RuleForm(FlaskForm):
    """A rule with its numbers; the fields of the numbers are made for its kind."""

    is_on = BooleanField(_("The rule looks every night"))
    answer_days = IntegerField(
        _("Working days until the owner's word is due"),
        [InputRequired(_("Enter a number")), NumberRange(1, 60)],
        render_kw={"inputmode": "numeric"},
    )
    reason = TextAreaField(
        _("Why it is changed"),
        [DataRequired(_("Say why the rule is changed")), Length(max=1000)],
        render_kw={"rows": 2},
    )
    once = HiddenField(default=fresh_token)

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers as they were entered."""
        return {name: self[name].data for name in self.names}


def rule_form(rule: AlertRule) -> RuleForm:
    """The form of a rule's kind, filled with what holds now."""

    class OfKind(RuleForm):
        names = tuple(setting.name for setting in RULES[rule.kind])

    for each in RULES[rule.kind]:
        bounds = NumberRange(each.low, each.high)
        filled = {"inputmode": "numeric"}
        checks = [InputRequired(_("Enter a number")), bounds]
        setattr(OfKind, each.name, IntegerField(each.label, checks, render_kw=filled))
    held: dict[str, Any] = {**rule.settings, "is_on": rule.is_on, "answer_days": rule.answer_days}
    return OfKind(data=held)
