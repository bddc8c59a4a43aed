"""What is filled in about a lot, its draw and its award."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app import clock
from app.accounts.lookup_fields import NameField, Roll
from app.agencies.models import Agency, Evaluator
from app.agencies.queries import agencies, signers_of
from app.db import db
from app.engagements.forms import evaluator_choices, fen, key
from app.exchange.models import Consortium
from app.exchange.queries import consortia_in_force
from app.listed import ListedRow
from app.procurement import labels
from app.procurement.awarding import Contract, NewAward
from app.procurement.choosing import BUYERS_CHOICE
from app.procurement.draws import Beacon, Revealed, fresh_slip
from app.procurement.forms import ADDRESS, amount, day, moment, utc, words
from app.procurement.models import Award, Lot
from app.procurement.offering import NewOffer

PEOPLE = 5


class UntilForm(FlaskForm):
    """Until when agencies sign up."""

    until = moment(_("Sign up until"))


class WordsForm(FlaskForm):
    """One text: a reason, an answer, a decision."""

    words = words(_("In writing"), DataRequired(_("This must be filled in")), rows=4)
    once = HiddenField()

    @classmethod
    def called(cls, label: Any) -> "WordsForm":
        """The form with its field named for the act."""
        form = cls()
        form.words.label.text = str(label)
        return form

    @property
    def text(self) -> str:
        """What was written."""
        return self.words.data or ""


class PersonRow(ListedRow):
    """A person who would work, and the grounds that this person stated."""

    name = StringField(_("Name of the person"), [Length(max=60)])
    grounds = SelectMultipleField(
        _("Grounds that apply to this person"),
        choices=[SelectChoice(name, text) for name, text in labels.GROUNDS.items()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


class OfferForm(FlaskForm):
    """An agency signs up."""

    evaluator = SelectField(
        _("Lead evaluator"), [DataRequired(_("Choose the lead evaluator"))], coerce=key
    )
    grounds = SelectMultipleField(
        _("Grounds that apply to the lead evaluator"),
        choices=[SelectChoice(name, text) for name, text in labels.GROUNDS.items()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    consortium = SelectField(
        _("Consortium (联合体)"),
        coerce=key,
        default=0,
        description=_("Agreements that your agency leads and to which every member agreed"),
    )
    people = FieldList(FormField(PersonRow), _("Team"), min_entries=PEOPLE, max_entries=PEOPLE)
    states = BooleanField(
        _("Each person named here has read the five grounds and states that no other applies"),
        [DataRequired(_("Without the statement nobody takes part"))],
    )

    def bind(self, agency_id: int) -> "OfferForm":
        """Offer the agency's own qualified lead evaluators."""
        found = signers_of(agency_id, clock.today())
        nothing = SelectChoice(0, gettext("Please choose"))
        self.evaluator.choices = [nothing, *[SelectChoice(one.id, one.name) for one in found]]
        alone = SelectChoice(0, gettext("Your agency alone"))
        made = consortia_in_force(agency_id)
        self.consortium.choices = [alone, *[SelectChoice(one.id, one.name) for one in made]]
        return self

    def told(self) -> NewOffer:
        """The offer as it was filled in."""
        lead = db.session.get_one(Evaluator, self.evaluator.data)
        people = {lead.name: list(self.grounds.data or [])}
        for row in (row.form for row in self.people):
            if (row.name.data or "").strip():
                people[row.name.data.strip()] = list(row.grounds.data or [])
        named = db.session.get(Consortium, self.consortium.data) if self.consortium.data else None
        return NewOffer(lead, people, named)


class BeaconForm(FlaskForm):
    """Which public number decides."""

    name = StringField(
        _("The public number that decides"),
        [DataRequired(_("Name the public number that decides")), Length(max=200)],
        description=_(
            "For example: the numbers of the named public lottery's draw no. 2026135, in order"
        ),
    )
    known_from = moment(_("It exists from"))
    weights = RadioField(
        _("Weights"),
        [InputRequired(_("Choose the weights"))],
        choices=[
            SelectChoice("equal", _("All weigh the same (100)")),
            SelectChoice("ranking", _("By the newest published ranking, from 50 to 200")),
        ],
        default="equal",
    )
    slip = HiddenField(default=fresh_slip)

    def told(self) -> Beacon:
        """The beacon as it was filled in."""
        known_from, by_ranking = utc(self.known_from.data), self.weights.data == "ranking"
        return Beacon(self.name.data or "", known_from, by_ranking, self.slip.data or "")


class ResultForm(FlaskForm):
    """The beacon's numbers and the secret."""

    value = StringField(_("The numbers, as they were published"), [DataRequired(), Length(max=300)])
    source = StringField(_("Where anybody can read them"), [DataRequired(), Length(max=400)])
    secret = TextAreaField(
        _("The secret from the slip"), [DataRequired(), Length(max=200)], render_kw={"rows": 2}
    )

    def told(self) -> Revealed:
        """As it was filled in."""
        return Revealed(self.value.data or "", self.source.data or "", self.secret.data or "")


class AwardForm(FlaskForm):
    """Whom the buyer chose, or the platform found."""

    evaluator = SelectField(
        _("Agency and lead evaluator"),
        [DataRequired(_("Choose the agency and its lead evaluator"))],
        coerce=key,
    )
    price = amount(_("Price (yuan)"), InputRequired(_("Enter the price")))
    reason = words(_("Reason"))
    result_url = StringField(
        _("Address of the result on the province's platform"),
        [
            DataRequired(_("Enter the address of the result on the province's platform")),
            Length(max=400),
            ADDRESS,
        ],
    )
    plan_no = StringField(_("Number of the procurement plan"), [Length(max=80)])
    outside_reason = words(
        _("Reason outside the best set"),
        rows=3,
    )

    @classmethod
    def about(cls, lot: Lot) -> "AwardForm":
        """The form with those who may be chosen."""
        form = cls(data={"reason": lot.need.reason, "plan_no": lot.need.plan_no})
        form.evaluator.choices = evaluator_choices()
        if not lot.need.is_on_platform:
            del form.result_url, form.plan_no
        if lot.need.method not in BUYERS_CHOICE:
            del form.outside_reason
        return form

    def told(self) -> NewAward:
        """The choice as it was filled in."""
        names = ("result_url", "plan_no", "outside_reason")
        more = {name: self[name].data or "" for name in names if name in self}
        evaluator = db.session.get_one(Evaluator, self.evaluator.data)
        return NewAward(evaluator, fen(self.price.data), self.reason.data or "", **more)


class ContractForm(FlaskForm):
    """What of the contract doesn't stand in the need; it opens the engagement."""

    number = StringField(
        _("Number of the contract"),
        [DataRequired(_("Enter the number of the contract")), Length(max=80)],
    )
    signed_on = day(_("Contract signed on"))
    starts_on = day(_("Work starts on"))
    ends_on = day(_("Work ends on"))
    milestones = words(labels.TEXTS["milestones"])
    payment = words(labels.TEXTS["payment"])
    archiving = words(labels.TEXTS["archiving"])
    confidentiality = words(labels.TEXTS["confidentiality"])
    liability = words(labels.TEXTS["liability"])

    @classmethod
    def about(cls, award: Award) -> "ContractForm":
        """The form with the days that follow from the lot."""
        today = clock.today()
        ends = today + timedelta(award.lot.days)
        return cls(data={"signed_on": today, "starts_on": today, "ends_on": ends})

    def told(self) -> Contract:
        """The contract as it was filled in."""
        texts = {name: self[name].data or "" for name in labels.TEXTS}
        days = (self.signed_on.data, self.starts_on.data, self.ends_on.data)
        return Contract(self.number.data or "", *days, texts)


class DutyForm(FlaskForm):
    """What was done with the signed contract, and when."""

    duty = RadioField(
        _("What was done"),
        [InputRequired(_("Choose what was done"))],
        choices=[
            SelectChoice(
                "filed_on", _("A copy was filed with the finance bureau (7 working days)")
            ),
            SelectChoice("noticed_on", _("The contract was made public (2 working days)")),
        ],
    )
    day = day(_("On"))


class ObjectionForm(FlaskForm):
    """An objection to a result."""

    agency = NameField(
        _("Agency"), [DataRequired(_("Choose the agency"))], names="objecting-agencies"
    )
    words = words(
        _("What is objected to, and by which facts"),
        DataRequired(_("Say what is objected to, and by which facts")),
        rows=4,
    )

    def bind(self, own: int | None) -> "ObjectionForm":
        """Agencies object for themselves; the bureau enters what came on paper."""
        roll = Roll(agencies() if own is None else agencies().where(Agency.id == own))
        self.agency.offer(roll, gettext("Please choose"))
        if own is not None:
            self.agency.choices = [SelectChoice(one.key, one.name) for one in roll.known]
        return self

    def told(self) -> tuple[Agency, str]:
        """As it was filled in."""
        return db.session.get_one(Agency, self.agency.data), self.words.data or ""
