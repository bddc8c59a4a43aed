from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.documents.filling import Source
from app.documents.services import LONGEST, NewDocument

BODY_HINT = _(
    "A line is a paragraph; 一、 begins a heading; lines with | are rows of a table. The first"
    " line names the addressee."
)


class WordsForm(FlaskForm):
    """The words of a document."""

    series = StringField(
        _("Series of the number (机关代字)"), [DataRequired(_("Enter a series")), Length(max=12)]
    )
    title = StringField(
        _("Title of the document"), [DataRequired(_("Enter a title")), Length(max=200)]
    )
    body = TextAreaField(
        _("Text"),
        [DataRequired(_("Enter the text")), Length(max=LONGEST)],
        description=BODY_HINT,
        render_kw={"rows": 18},
    )


class DocumentForm(WordsForm):
    """A document that is to be issued."""

    number = IntegerField(
        _("Number in the series"),
        [InputRequired(_("Enter a number")), NumberRange(1, 99_999, _("From 1 to 99999"))],
    )
    dated_on = DateField(_("Day of the document"), [InputRequired(_("Enter a day"))])
    copies = StringField(_("Copies to"), [Length(max=300)])
    once = HiddenField()

    def told(self, source: Source, issuer: str) -> NewDocument:
        """The document as it was filled in."""
        words = (self.series.data.strip(), self.number.data, self.title.data, self.body.data)
        copies = self.copies.data or ""
        return NewDocument(source, *words, self.dated_on.data, issuer=issuer, copies=copies)


class WordingForm(WordsForm):
    """The next version of the usual words."""

    reason = StringField(_("Reason"), [DataRequired(_("Say why")), Length(max=300)])


class VoidForm(FlaskForm):
    """Why a document is taken back."""

    reason = TextAreaField(
        _("Reason"), [DataRequired(_("Say why")), Length(max=1000)], render_kw={"rows": 3}
    )
