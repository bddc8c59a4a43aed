from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app import clock
from app.consultations import labels, queries
from app.consultations.models import Verdict
from app.consultations.scores import Move
from app.consultations.services import MOST_OPINIONS, Answer, NewConsultation, NewOpinion
from app.engagements.models import Engagement
from app.listed import ListedRow
from app.papers.forms import ACCEPT
from app.papers.labels import version_words

USUAL_DAYS = 10


class ConsultationForm(FlaskForm):
    """Which draft goes to which unit, and until when it may answer."""

    unit = SelectField(_("Evaluated unit"), [InputRequired()], coerce=int)
    version = SelectField(_("Draft"), [InputRequired(_("Choose the draft"))], coerce=int)
    due_on = DateField(_("Opinions until"), [InputRequired(_("Enter the day"))])
    words = TextAreaField(_("Words to the unit"), [Length(max=2000)], render_kw={"rows": 3})
    once = HiddenField()

    def bind(self, engagement: Engagement) -> "ConsultationForm":
        """Offer the engagement's own units and drafts."""
        self.units = {task.unit.id: task.unit for task in engagement.tasks if task.unit}
        self.versions = {one.id: one for one in queries.drafts_of(engagement)}
        self.unit.choices = [SelectChoice(key, unit.name) for key, unit in self.units.items()]
        self.version.choices = [
            SelectChoice(key, version_words(one)) for key, one in self.versions.items()
        ]
        return self

    def suggest(self) -> None:
        """Ten working days."""
        self.due_on.data = clock.add_working_days(clock.today(), USUAL_DAYS)

    def told(self) -> NewConsultation:
        """The consultation as it was filled in."""
        return NewConsultation(
            self.units[self.unit.data],
            self.versions[self.version.data],
            self.due_on.data,
            self.words.data or "",
        )


class OpinionRow(ListedRow):
    """One opinion; a row without words is left out."""

    place = StringField(_("Page or indicator"), [Length(max=80)])
    body = TextAreaField(_("Opinion"), [Length(max=4000)], render_kw={"rows": 3})


class ResponseForm(FlaskForm):
    """The unit's opinions, or that it has none; and its letter, if it wants."""

    opinions = FieldList(FormField(OpinionRow), min_entries=3, max_entries=MOST_OPINIONS)
    none = BooleanField(_("We have no opinions on this draft"))
    file = FileField(_("Letter with the seal"), [Optional()], render_kw={"accept": ACCEPT})
    unclassified = BooleanField(
        _("I confirm that this file holds no state secret and no classified work matter")
    )
    once = HiddenField()

    def add_rows(self, count: int) -> None:
        """Some more empty rows."""
        for _n in range(min(count, 20)):
            if len(self.opinions) < MOST_OPINIONS:
                self.opinions.append_entry()

    def validate_none(self, field: BooleanField) -> None:
        """Either opinions, or the tick that there are none."""
        if not field.data and not self.told():
            raise ValidationError(gettext("Write an opinion, or tick that there are none"))
        if field.data and self.told():
            raise ValidationError(gettext("There are opinions: take the tick away"))

    def told(self) -> list[NewOpinion]:
        """The rows that say something."""
        rows = [row.form for row in self.opinions]
        return [
            NewOpinion(row.body.data, row.place.data or "")
            for row in rows
            if (row.body.data or "").strip()
        ]


class AnswerForm(FlaskForm):
    """What becomes of one opinion."""

    verdict = RadioField(
        _("Adoption"),
        [InputRequired(_("Choose whether it is adopted"))],
        choices=[SelectChoice(str(one), words) for one, words in labels.VERDICTS.items()],
    )
    reason = TextAreaField(
        _("Reason, and what was changed"),
        [DataRequired(_("Give the reason")), Length(max=4000)],
        render_kw={"rows": 3},
    )
    changed = SelectMultipleField(
        _("Scores that were changed by it"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        choices=[],
    )

    def bind(self, moved: list[Move]) -> "AnswerForm":
        """Offer the rows that moved since the draft was sent."""
        self.changed.choices = [
            SelectChoice(one.row, f"{one.row}: {one.before} → {one.after}") for one in moved
        ]
        return self

    def told(self) -> Answer:
        """The answer as it was filled in."""
        verdict = Verdict(self.verdict.data)
        return Answer(verdict, self.reason.data or "", self.changed.data or [])
