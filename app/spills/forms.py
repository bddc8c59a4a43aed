from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.spills import labels
from app.spills.models import SpillKind
from app.spills.services import Report
from app.web import fresh_token


class ReportForm(FlaskForm):
    """Which file, of what kind, and what is wrong with it. The content itself is not described."""

    file = SelectField(_("File"), validators=[DataRequired()])
    kind = RadioField(
        _("What it holds"),
        choices=[SelectChoice(str(kind), words) for kind, words in labels.KINDS.items()],
        validators=[DataRequired()],
    )
    reason = TextAreaField(
        _("Account of what happened"), validators=[DataRequired(), Length(max=1000)]
    )
    once = HiddenField(default=fresh_token)

    def offer(self, files: Mapping[str, str]) -> "ReportForm":
        """These files: names by digests."""
        self.file.choices = [SelectChoice(sha256, name) for sha256, name in files.items()]
        return self

    def told(self) -> Report:
        """What was said."""
        return Report(self.file.data, SpillKind(self.kind.data), self.reason.data or "")


class DecisionForm(FlaskForm):
    """Why it is destroyed, or released."""

    words = TextAreaField(_("Reason"), validators=[DataRequired(), Length(max=1000)])
