from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.agencies.models import Agency
from app.exchange.cases import NewCase
from app.exchange.labels import KINDS
from app.exchange.models import PostKind
from app.exchange.services import NewPost
from app.web import fresh_token

NEEDED = DataRequired(_("This can't stay empty"))
PLAIN = _("Plain text; whatever looks like HTML is shown as it was typed.")


class PostForm(FlaskForm):
    """A new post."""

    kind = SelectField(_("What it is"), coerce=PostKind)
    title = StringField(_("Title"), [NEEDED, Length(max=120)])
    document_no = StringField(
        _("Document number (文号)"),
        [Length(max=80)],
        description=_("For a policy"),
    )
    in_force_on = DateField(_("In force from"), [Optional()], description=_("For a policy"))
    body = TextAreaField(
        _("Words"), [NEEDED, Length(max=20_000)], description=PLAIN, render_kw={"rows": 10}
    )
    once = HiddenField(default=fresh_token)

    def bind(self, kinds: list[PostKind]) -> "PostForm":
        """Offer what this person may write."""
        self.kind.choices = [SelectChoice(kind.value, KINDS[kind]) for kind in kinds]
        return self

    def told(self) -> NewPost:
        """The post as it was filled in."""
        return NewPost(
            self.kind.data,
            self.title.data or "",
            self.body.data or "",
            self.document_no.data or "",
            self.in_force_on.data,
        )


class EditForm(FlaskForm):
    """Other words for a post."""

    title = StringField(_("Title"), [NEEDED, Length(max=120)])
    body = TextAreaField(
        _("Words"), [NEEDED, Length(max=20_000)], description=PLAIN, render_kw={"rows": 10}
    )


class AnswerForm(FlaskForm):
    """An answer."""

    body = TextAreaField(
        _("Your answer"), [NEEDED, Length(max=10_000)], description=PLAIN, render_kw={"rows": 4}
    )
    once = HiddenField(default=fresh_token)


class ReasonForm(FlaskForm):
    """Why something is reported, hidden or taken back."""

    words = TextAreaField(_("Reason"), [NEEDED, Length(max=1000)], render_kw={"rows": 3})


class ConsortiumForm(FlaskForm):
    """An agreement to bid together."""

    name = StringField(_("Name of the consortium"), [NEEDED, Length(max=120)])
    words = TextAreaField(_("What it is for"), [NEEDED, Length(max=4000)], render_kw={"rows": 4})
    own_part = StringField(_("Part of the work of your agency"), [NEEDED, Length(max=200)])
    others = SelectMultipleField(
        _("Other members"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    other_part = StringField(_("Part of the work of the other members"), [NEEDED, Length(max=200)])
    once = HiddenField(default=fresh_token)

    def bind(self, agencies: list[Agency]) -> "ConsortiumForm":
        """Offer the other agencies."""
        self.others.choices = [SelectChoice(each.id, each.name) for each in agencies]
        return self

    def parts(self, own: int) -> dict[int, str]:
        """The part of the work by agency."""
        others = dict.fromkeys(self.others.data or [], self.other_part.data or "")
        return {own: self.own_part.data or "", **others}


def _looked() -> BooleanField:
    return BooleanField(
        _(
            "I have looked at every page and picture: nobody's identity card, telephone or"
            " account can be read in it"
        ),
        [InputRequired(_("Look at the pages and pictures first: they are not searched for you"))],
    )


class ReleaseForm(FlaskForm):
    """The word of one of the two who release a case."""

    looked = _looked()


class CaseForm(FlaskForm):
    """What a paper is an example of."""

    title = StringField(_("Title of the case"), [NEEDED, Length(max=120)])
    summary = TextAreaField(
        _("What it is an example of"), [NEEDED, Length(max=4000)], render_kw={"rows": 4}
    )
    looked = _looked()
    once = HiddenField(default=fresh_token)

    def told(self) -> NewCase:
        """The case as it was filled in."""
        return NewCase(self.title.data or "", self.summary.data or "")
