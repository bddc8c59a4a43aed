from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.accounts.lookup_fields import NameField, Roll
from app.accounts.models import UNIT_KINDS, Organisation
from app.accounts.queries import organisations
from app.conflicts.labels import RELATIONS
from app.conflicts.rules import RelationKind
from app.conflicts.services import NewRelation
from app.db import db
from app.web import fresh_token


class RelationForm(FlaskForm):
    once = HiddenField(default=fresh_token)
    kind = SelectField(
        _("What ties them"),
        [InputRequired(_("Choose the kind"))],
        choices=[SelectChoice(kind.value, words) for kind, words in RELATIONS.items()],
    )
    organisation = NameField(
        _("Unit or department in the portal"),
        [Optional()],
        names="relation-units",
        description=_("Where the other party is a unit, choose it: only then it is checked"),
    )
    party_name = StringField(
        _("Name of the other party"),
        [Optional(), Length(max=200)],
        description=_("A person or a company, where it isn't in the list"),
    )
    party_code = StringField(
        _("Its credit code, or what tells namesakes apart"), [Optional(), Length(max=40)]
    )
    person = StringField(
        _("Whose former post"), [Optional(), Length(max=60)], description=_("Name of the person")
    )
    project = StringField(_("Project"), [Optional(), Length(max=200)])
    share_percent = IntegerField(_("Share in percent"), [Optional(), NumberRange(min=0, max=100)])
    from_on = DateField(_("From"), [InputRequired(_("Enter the day"))])
    until_on = DateField(_("Until"), [Optional()], description=_("Empty: it lasts"))
    source = StringField(
        _("Where this is known from"),
        [DataRequired(_("Enter where this is known from")), Length(max=300)],
        description=_("Contract number, register of companies, the agency's own word"),
    )

    def offer(self) -> "RelationForm":
        """Offer the units and departments."""
        self.organisation.offer(Roll(organisations(*UNIT_KINDS)), "—")
        return self

    def told(self) -> NewRelation:
        """The relation that the form asks to enter."""
        return NewRelation(
            kind=RelationKind(self.kind.data),
            from_on=self.from_on.data,
            organisation=db.session.get(Organisation, self.organisation.data or 0),
            party_name=self.party_name.data or "",
            party_code=self.party_code.data or "",
            person=self.person.data or "",
            project=self.project.data or "",
            share_percent=self.share_percent.data,
            until_on=self.until_on.data,
            source=self.source.data,
        )


class WorkbookForm(FlaskForm):
    once = HiddenField(default=fresh_token)
    file = FileField(_("Workbook (XLSX)"), render_kw={"accept": ".xlsx"})


class ReasonForm(FlaskForm):
    once = HiddenField(default=fresh_token)
    reason = TextAreaField(_("Reason"), [DataRequired(_("Give a reason")), Length(max=1000)])
