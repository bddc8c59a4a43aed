from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.guidance import labels
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.intake import GREATEST
from app.web import fresh_token


class NoteForm(FlaskForm):
    """An opinion on the version that its author saw."""

    body = TextAreaField(
        _("Opinion"),
        [InputRequired(_("Write the opinion")), Length(max=2000)],
        render_kw={"rows": 3},
    )
    page = IntegerField(
        _("Page"), [Optional(), NumberRange(1, 100_000)], render_kw={"inputmode": "numeric"}
    )
    indicator = StringField(_("Indicator number"), [Optional(), Length(max=20)])
    place = StringField(_("Cell, paragraph or line"), [Optional(), Length(max=80)])
    kind = RadioField(
        _("Kind"),
        [InputRequired(_("Choose the kind of opinion"))],
        choices=[SelectChoice(str(kind), label) for kind, label in labels.KINDS.items()],
    )
    reason = TextAreaField(
        _("Reason, where a score is touched"),
        [Optional(), Length(max=1000)],
        render_kw={"rows": 2},
    )
    version = IntegerField(
        _("Version"), [InputRequired(), NumberRange(1, GREATEST)], widget=HiddenInput()
    )
    once = HiddenField()

    @classmethod
    def for_version(cls, number: int) -> Self:
        """An empty form for the page of a paper; its author chooses the kind."""
        return cls(formdata=None, data={"version": number, "once": fresh_token()})

    def look_again(self, number: int) -> None:
        """The page is shown afresh with this version: the next sending is about what it shows."""
        self.version.raw_data, self.version.data = None, number

    def told(self) -> NewNote:
        """The opinion as it was written."""
        return NewNote(
            kind=NoteKind(self.kind.data),
            body=self.body.data or "",
            place=self.place.data or "",
            reason=self.reason.data or "",
            page=self.page.data,
            indicator=self.indicator.data or "",
        )


class ReplyForm(FlaskForm):
    body = TextAreaField(
        _("Answer"),
        [InputRequired(_("Write the answer")), Length(max=2000)],
        render_kw={"rows": 2},
    )
    once = HiddenField()


class StageNoteForm(FlaskForm):
    """An opinion on a stage as a whole."""

    stage = SelectField(_("Stage"), [InputRequired(_("Choose the stage"))], coerce=int)
    body = TextAreaField(
        _("Opinion"),
        [InputRequired(_("Write the opinion")), Length(max=2000)],
        render_kw={"rows": 4},
    )
    kind = RadioField(
        _("Kind"),
        [InputRequired(_("Choose the kind of opinion"))],
        choices=[SelectChoice(str(kind), label) for kind, label in labels.KINDS.items()],
    )
    indicator = StringField(_("Indicator number"), [Optional(), Length(max=20)])
    reason = TextAreaField(
        _("Reason, where a score is touched"), [Optional(), Length(max=1000)], render_kw={"rows": 2}
    )
    once = HiddenField()

    @classmethod
    def on(cls, engagement: Engagement) -> Self:
        """An empty form about the stage that the work is at."""
        now = engagement.current_stage
        told = {"stage": now.id if now else None, "once": fresh_token()}
        return cls(formdata=None, data=told).offer(engagement)

    def offer(self, engagement: Engagement) -> Self:
        """The stages that have not passed."""
        still = [stage for stage in engagement.stages if stage.approved_at is None]
        named = [SelectChoice(each.id, stage_label(each.code, each.name)) for each in still]
        self.stage.choices = named
        return self

    def told(self) -> NewNote:
        """The opinion as it was written."""
        return NewNote(
            kind=NoteKind(self.kind.data),
            body=self.body.data or "",
            reason=self.reason.data or "",
            indicator=self.indicator.data or "",
        )
