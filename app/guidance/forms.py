from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

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
    place = StringField(_("Page, cell or indicator"), [Optional(), Length(max=80)])
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
        )


class ReplyForm(FlaskForm):
    body = TextAreaField(
        _("Answer"),
        [InputRequired(_("Write the answer")), Length(max=2000)],
        render_kw={"rows": 2},
    )
    once = HiddenField()
