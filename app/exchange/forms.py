from dataclasses import replace

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.accounts.lookup_fields import NameField, Roll
from app.exchange.agreeing import MOST_MEMBERS
from app.exchange.cases import NewCase
from app.exchange.labels import KINDS
from app.exchange.models import PostKind
from app.exchange.services import NewPost, NewWords
from app.listed import ListedRow
from app.web import fresh_token

OTHERS = MOST_MEMBERS - 1
NEEDED = DataRequired(_("This can't stay empty"))
PLAIN = _("Plain text; whatever looks like HTML is shown as it was typed.")


class PostForm(FlaskForm):
    """A new post."""

    kind = SelectField(_("What it is"), [InputRequired(NEEDED.message)], coerce=PostKind)
    title = StringField(_("Title of the post"), [NEEDED, Length(max=120)])
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

    title = StringField(_("Title of the post"), [NEEDED, Length(max=120)])
    body = TextAreaField(
        _("Words"), [NEEDED, Length(max=20_000)], description=PLAIN, render_kw={"rows": 10}
    )

    def told(self) -> NewWords:
        """The post as it is to be."""
        return NewWords(self.title.data or "", self.body.data or "")


class PolicyForm(EditForm):
    """The same of a policy."""

    document_no = StringField(_("Document number (文号)"), [NEEDED, Length(max=80)])
    in_force_on = DateField(_("In force from"), [InputRequired(_("Enter a day"))])
    ended_on = DateField(
        _("In force until (废止)"),
        [Optional()],
        description=_("The first day on which it doesn't hold any more; empty while it holds"),
    )

    def told(self) -> NewWords:
        """The policy as it is to be."""
        days = {"in_force_on": self.in_force_on.data, "ended_on": self.ended_on.data}
        return replace(super().told(), document_no=self.document_no.data or "", **days)


class AnswerForm(FlaskForm):
    """An answer."""

    body = TextAreaField(
        _("Your answer"), [NEEDED, Length(max=10_000)], description=PLAIN, render_kw={"rows": 4}
    )
    once = HiddenField(default=fresh_token)


class ReasonForm(FlaskForm):
    """Why something is reported, hidden or taken back."""

    words = TextAreaField(_("Reason"), [NEEDED, Length(max=1000)], render_kw={"rows": 3})


class PartnerForm(ListedRow):
    """One other member and its part of the work."""

    agency = NameField(_("Agency"), [Optional()], names="partner-agencies", default=0)
    part = StringField(_("Its part of the work"), [Length(max=200)])

    def validate_part(self, field: StringField) -> None:
        """Who is named has a part of its own, and no part is left to nobody."""
        part = (field.data or "").strip()
        if self.agency.data and not part:
            raise ValidationError(str(_("Say which part of the work each agency does")))
        if part and not self.agency.data:
            raise ValidationError(str(_("Choose the agency that does this part")))


class ConsortiumForm(FlaskForm):
    """An agreement to bid together."""

    name = StringField(_("Name of the consortium"), [NEEDED, Length(max=120)])
    words = TextAreaField(_("What it is for"), [NEEDED, Length(max=4000)], render_kw={"rows": 4})
    own_part = StringField(_("Part of the work of your agency"), [NEEDED, Length(max=200)])
    partners = FieldList(
        FormField(PartnerForm), _("Other members"), min_entries=OTHERS, max_entries=OTHERS
    )
    once = HiddenField(default=fresh_token)

    def offer(self, agencies: Roll) -> "ConsortiumForm":
        """Offer the other agencies."""
        for partner in self.partners:
            partner.form.agency.offer(agencies, gettext("None"))
        return self

    def validate_partners(self, field: FieldList) -> None:
        """No agency is named twice, and there is one at least."""
        named = [partner.form.agency.data for partner in field if partner.form.agency.data]
        if not named:
            raise ValidationError(str(_("Name at least one other agency")))
        if len(set(named)) < len(named):
            raise ValidationError(str(_("The same agency is named twice")))

    def parts(self, own: int) -> dict[int, str]:
        """The part of the work by agency."""
        told = {each.form.agency.data: each.form.part.data or "" for each in self.partners}
        told.pop(0, None)
        return {own: self.own_part.data or "", **told}


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
