from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.agencies.models import Evaluator
from app.db import db
from app.display import yuan
from app.engagements.forms import evaluator_choices, fen, key
from app.frameworks.labels import OUTCOMES
from app.frameworks.models import Framework, Member, Outcome
from app.frameworks.services import Choice, NewFramework, NewMember, NewTurn
from app.listed import ListedRow
from app.procurement.forms import ADDRESS, amount, day, words
from app.procurement.labels import METHODS
from app.procurement.methods import FRAMEWORK, Method

ROWS = 12
UNITS = _("Units of work")


class MemberRow(ListedRow):
    """A member in the order of the rotation; a row without an agency is left out."""

    evaluator = SelectField(_("Agency and lead evaluator"), coerce=key, default=0)
    price = amount(_("Agreed price (yuan)"), Optional())


class FrameworkForm(FlaskForm):
    """An agreement as the first stage found it."""

    code = StringField(
        _("Number of the agreement"), [DataRequired(_("Enter the number")), Length(max=80)]
    )
    name = StringField(_("Name"), [DataRequired(_("Enter the name")), Length(max=200)])
    way = RadioField(
        _("Way of the second stage"),
        [InputRequired(_("Choose the way of the second stage"))],
        choices=[SelectChoice(one.value, METHODS[one]) for one in FRAMEWORK],
    )
    unit_name = StringField(
        _("Unit of price"),
        [DataRequired(_("Enter the unit")), Length(max=40)],
        description=_("For example: one project, one day of one person"),
    )
    result_url = StringField(
        _("Address of the result of the first stage"),
        [DataRequired(_("Enter the address")), Length(max=400), ADDRESS],
    )
    starts_on = day(_("The agreement runs from"))
    ends_on = day(_("The agreement runs until"))
    members = FieldList(
        FormField(MemberRow), _("Agencies of the agreement"), min_entries=ROWS, max_entries=60
    )
    once = HiddenField()

    def offer(self) -> "FrameworkForm":
        """Fill the lists that are chosen from, in one statement for all rows."""
        choices = evaluator_choices()
        for row in self.members:
            row.form.evaluator.choices = choices
        return self

    def validate_members(self, field: FieldList) -> None:
        """Whoever is a member has an agreed price."""
        for row in (row.form for row in field if row.form.evaluator.data):
            if not row.price.data:
                raise ValidationError(gettext("Enter each member's agreed price"))

    def told(self) -> NewFramework:
        """As it was filled in."""
        names = ("code", "name", "unit_name", "result_url")
        plain: dict[str, Any] = {name: (self[name].data or "").strip() for name in names}
        members = [
            NewMember(
                db.session.get_one(Evaluator, row.form.evaluator.data), fen(row.form.price.data)
            )
            for row in self.members
            if row.form.evaluator.data
        ]
        term = {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data}
        return NewFramework(way=Method(self.way.data), members=members, **term, **plain)


class NamingForm(FlaskForm):
    """Under which agreement a need is placed."""

    framework = SelectField(_("Agreement"), [DataRequired(_("Choose the agreement"))], coerce=key)

    def offer(self, found: list[Framework]) -> "NamingForm":
        """Offer the agreements in their term."""
        self.framework.choices = [SelectChoice(one.id, f"{one.code} {one.name}") for one in found]
        return self


def units(label: Any, needed: Any) -> IntegerField:
    """How many units of work; `needed` says whether they must be told."""
    return IntegerField(label, [needed, NumberRange(1, 100_000, _("From 1 to 100,000"))], default=1)


class ChoiceForm(FlaskForm):
    """Whom the buyer chooses directly."""

    member = SelectField(
        _("Member of the agreement"), [DataRequired(_("Choose the member"))], coerce=key
    )
    quantity = units(UNITS, InputRequired(_("Enter how many units of work")))
    reason = words(_("Reason"), DataRequired(_("Enter the reason")), rows=4)
    outside_reason = words(_("Reason for choosing outside the best set"), Optional(), rows=3)

    def offer(self, members: list[Member]) -> "ChoiceForm":
        """Offer the members who stand."""
        self.members = {one.id: one for one in members}
        named = [(one.id, one.agency.name, yuan(one.price_fen)) for one in members]
        choices = [SelectChoice(key, f"{name} · {price}") for key, name, price in named]
        self.member.choices = [SelectChoice(0, gettext("Please choose")), *choices]
        return self

    def told(self) -> Choice:
        """As it was filled in."""
        texts = (self.reason.data or "", self.outside_reason.data or "")
        return Choice(self.members[self.member.data], self.quantity.data or 0, *texts)


class TurnForm(FlaskForm):
    """What came of a turn."""

    outcome = RadioField(
        _("Outcome of the turn"),
        [InputRequired(_("Choose what came of it"))],
        choices=[SelectChoice(one.value, words) for one, words in OUTCOMES.items()],
        default=Outcome.TAKEN.value,
    )
    quantity = units(UNITS, Optional())
    reason = words(_("Reason, where it wasn't taken"), Optional(), rows=3)

    def told(self) -> NewTurn:
        """As it was filled in."""
        outcome = Outcome(self.outcome.data)
        return NewTurn(outcome, self.quantity.data or 0, self.reason.data or "")
