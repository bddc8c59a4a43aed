from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.forms import key_or_none
from app.accounts.lookup_fields import NameField, Roll
from app.experts import queries
from app.experts.labels import FIELDS, RANKS
from app.experts.models import Expert, Field, Rank
from app.experts.paneling import NewPanel
from app.experts.services import Told
from app.procurement.draws import fresh_slip
from app.procurement.forms import moment, utc

NAMED_AT_ONCE = 3
CHOICES = [SelectChoice(field.value, words) for field, words in FIELDS.items()]


class ExpertForm(FlaskForm):
    fields = SelectMultipleField(
        _("Fields"),
        [InputRequired(_("Choose at least one field"))],
        choices=CHOICES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    title = StringField(
        _("Professional title or licence"),
        [DataRequired(_("Enter the title or licence")), Length(max=60)],
    )
    rank = SelectField(
        _("Rank, for the fees"),
        choices=[SelectChoice(rank.value, words) for rank, words in RANKS.items()],
        default=Rank.OTHER.value,
    )
    employer = StringField(_("Employer"), [Optional(), Length(max=200)])
    shut_out = SelectMultipleField(
        _("Stands aside where these take part"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_("Employer of the last three years, kin, shares, or any other tie"),
    )

    more = FieldList(
        NameField(_("One more"), [Optional()], names="expert-bodies"),
        _("Stands aside where these take part too"),
        min_entries=NAMED_AT_ONCE,
        max_entries=NAMED_AT_ONCE,
    )

    def fill(self, expert: Expert | None) -> None:
        """Offer every body, or only those that are kept where the list is long; show what is kept.

        Where it is long, others are typed: a tick for each of thousands is found by nobody.
        """
        kept, roll = set(expert.shut_out if expert else ()), Roll(queries.bodies())
        self.is_long = not roll.is_short
        bodies = [one for one in roll.known if roll.is_short or one.key in kept]
        bodies.sort(key=lambda body: body.key not in kept)
        self.shut_out.choices = [SelectChoice(one.key, one.name) for one in bodies]
        for field in self.more:
            field.offer(roll, "—")
        if expert is None or self.is_submitted():
            return
        self.fields.data, self.shut_out.data = expert.fields, expert.shut_out
        self.title.data, self.employer.data = expert.title, expert.employer
        self.rank.data = expert.rank.value

    def told(self) -> Told:
        """As it was filled in."""
        chosen = [Field(one) for one in self.fields.data or []]
        named = [field.data for field in self.more if field.data]
        shut_out = list(dict.fromkeys([*(self.shut_out.data or []), *named]))
        rank = Rank(self.rank.data)
        return Told(chosen, self.title.data or "", self.employer.data or "", shut_out, rank)


class DrawForm(FlaskForm):
    """What is said of any panel that is to be drawn; how many sit there is each kind's own."""

    places: IntegerField
    field = SelectField(
        _("Field"), [Optional()], choices=[SelectChoice("", _("Every field")), *CHOICES]
    )
    beacon = StringField(
        _("The public number that decides"),
        [DataRequired(_("Name the public number that decides")), Length(max=200)],
        description=_(
            "For example: the numbers of the named public lottery's draw no. 2026135, in order"
        ),
    )
    known_from = moment(_("It exists from"))
    slip = HiddenField(default=fresh_slip)

    def told(self) -> NewPanel:
        """As it was filled in."""
        field = Field(self.field.data) if self.field.data else None
        known_from = utc(self.known_from.data)
        return NewPanel(
            self.places.data or 0, field, self.beacon.data or "", known_from, self.slip.data or ""
        )


class PanelForm(DrawForm):
    engagement = SelectField(
        _("Engagement"), [InputRequired(_("Choose the engagement"))], coerce=key_or_none
    )
    places = IntegerField(
        _("How many experts"), [InputRequired(_("Enter how many")), NumberRange(1, 30)], default=3
    )
    once = HiddenField()

    def fill(self) -> None:
        """Offer the engagements in work."""
        found = queries.open_engagements()
        named = [SelectChoice(key, name) for key, name in found]
        self.engagement.choices = [SelectChoice("", _("Choose")), *named]


class VoidForm(FlaskForm):
    reason = TextAreaField(_("Reason"), [DataRequired(_("Enter the reason")), Length(max=500)])
