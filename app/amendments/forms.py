from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.accounts.models import User
from app.agencies.models import Evaluator
from app.agencies.queries import evaluators_of
from app.amendments import contract, services
from app.amendments.labels import FIELDS
from app.amendments.models import Amendment
from app.amendments.queries import engagement_by_code
from app.db import db
from app.display import bracketed
from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.errors import Invalid
from app.policy import Permission

GREATEST_YUAN = 10**10
REASON = {"rows": 4}


def reason_field() -> TextAreaField:
    """Why; every change has its reason."""
    return TextAreaField(
        _("Reason"), [DataRequired(_("Say why")), Length(max=2000)], render_kw=REASON
    )


def day_field(label: object) -> DateField:
    """A day that must be entered."""
    return DateField(label, [InputRequired(_("Enter a day"))])


class AmendmentForm(FlaskForm):
    """What every change is asked or entered with."""

    permission = Permission.AMENDMENT_ENTER
    once = HiddenField()
    kind = HiddenField()

    def offer(self, engagement: Engagement) -> "AmendmentForm":
        """Know the engagement; forms with choices fill them."""
        self.engagement = engagement
        return self

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Do it."""
        raise NotImplementedError  # each kind says how: there is no form of this class alone


class ExtensionForm(AmendmentForm):
    """More time for a stage."""

    permission = Permission.AMENDMENT_ASK
    stage = SelectField(_("Stage"), [InputRequired()], coerce=int)
    ends_on = day_field(_("Proposed day"))
    reason = reason_field()

    def offer(self, engagement: Engagement) -> AmendmentForm:
        """The stages that aren't over."""
        now = engagement.current_stage_position
        left = [s for s in engagement.stages if s.position >= now and s.approved_at is None]
        self.stages = {stage.id: stage for stage in left}
        self.stage.choices = [
            SelectChoice(s.id, bracketed(stage_label(s.code, s.name), s.due_on.isoformat()))
            for s in left
        ]
        return super().offer(engagement)

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Ask for it."""
        stage = next(s for s in engagement.stages if s.id == self.stage.data)
        return services.ask_extension(actor, stage, self.ends_on.data, self.reason.data)


class LeadForm(AmendmentForm):
    """Another lead evaluator."""

    permission = Permission.AMENDMENT_ASK
    evaluator = SelectField(_("New lead evaluator"), [InputRequired()], coerce=int)
    reason = reason_field()

    def offer(self, engagement: Engagement) -> AmendmentForm:
        """The agency's other practitioners who are still there; each is checked when asked."""
        found = db.session.scalars(evaluators_of(engagement.agency_id)).all()
        self.evaluator.choices = [
            SelectChoice(one.id, f"{one.name} · {one.qualification}")
            for one in found
            if one.left_at is None and one.id != engagement.lead_evaluator_id
        ]
        return super().offer(engagement)

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Ask for it."""
        person = db.session.get_one(Evaluator, self.evaluator.data)
        return services.ask_lead(actor, engagement, person, self.reason.data)


class SupplementForm(AmendmentForm):
    """A supplementary agreement."""

    basis = StringField(
        _("Agreement (name and number)"),
        [DataRequired(_("Enter the agreement that it rests on")), Length(max=200)],
    )
    fee = DecimalField(
        _("New fee in all (yuan)"),
        [Optional(), NumberRange(0.01, GREATEST_YUAN, _("Enter an amount"))],
        render_kw={"inputmode": "decimal"},
    )
    ends_on = DateField(_("New last day of the work"), [Optional()])
    over_basis = TextAreaField(
        _("What allows more than a tenth"), [Length(max=1000)], render_kw={"rows": 2}
    )
    reason = reason_field()

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Enter it."""
        fee = None if self.fee.data is None else round(self.fee.data * 100)
        told = {"fee_fen": fee, "ends_on": self.ends_on.data}
        over = self.over_basis.data or ""
        new = contract.Supplement(self.basis.data, self.reason.data, over_basis=over, **told)
        return contract.add_supplement(actor, engagement, new)


class SuspensionForm(AmendmentForm):
    """Work stands still."""

    starts_on = day_field(_("Suspended from"))
    reason = reason_field()

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Enter it."""
        return contract.suspend(actor, engagement, self.starts_on.data, self.reason.data)


class ResumptionForm(AmendmentForm):
    """Work goes on."""

    ends_on = day_field(_("Work goes on from"))

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Enter it."""
        return contract.resume(actor, engagement, self.ends_on.data)


class CorrectionForm(AmendmentForm):
    """A wrong entry is put right."""

    field = SelectField(_("What was entered wrongly"), [InputRequired()])
    value = StringField(
        _("What it should be"),
        [DataRequired(_("Enter what it should be")), Length(max=200)],
        description=_("A day is written as 2026-03-01"),
    )
    reason = reason_field()

    def offer(self, engagement: Engagement) -> AmendmentForm:
        """What may be corrected, each with what stands there now."""
        self.field.choices = [
            SelectChoice(field, bracketed(label, getattr(engagement, field)))
            for field, label in FIELDS.items()
        ]
        return super().offer(engagement)

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Enter it."""
        field = self.field.data
        value = self.value.data if field == "name" else self._day()
        return contract.correct(actor, engagement, field, value, reason=self.reason.data)

    def _day(self) -> date:
        try:
            return date.fromisoformat(self.value.data.strip())
        except ValueError:
            raise Invalid(gettext("A day is written as 2026-03-01"), field="value") from None


class SuccessionForm(AmendmentForm):
    """The contract that goes on with terminated work."""

    successor = StringField(
        _("Number of the new contract"),
        [DataRequired(_("Enter the number of the new contract")), Length(max=30)],
    )
    reason = reason_field()

    def carry_out(self, actor: User, engagement: Engagement) -> Amendment:
        """Enter it."""
        new = engagement_by_code(self.successor.data.strip())
        if new is None:
            raise Invalid(gettext("There is no contract with this number"), field="successor")
        return contract.name_successor(actor, engagement, new, self.reason.data)


FORMS: dict[str, type[AmendmentForm]] = {
    "extension": ExtensionForm,
    "lead": LeadForm,
    "supplement": SupplementForm,
    "suspension": SuspensionForm,
    "resumption": ResumptionForm,
    "correction": CorrectionForm,
    "succession": SuccessionForm,
}
TITLES = {
    "extension": _("Ask for an extension"),
    "lead": _("Ask for another lead evaluator"),
    "supplement": _("Enter a supplementary agreement"),
    "suspension": _("Suspend the work"),
    "resumption": _("Let the work go on"),
    "correction": _("Correct a wrong entry"),
    "succession": _("Name the contract that follows"),
}


class DecisionForm(FlaskForm):
    """What is said to a request."""

    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose a decision"))],
        choices=[
            SelectChoice("approved", _("Agree")),
            SelectChoice("refused", _("Do not agree")),
        ],
    )
    words = TextAreaField(_("Words to the agency"), [Length(max=2000)], render_kw={"rows": 3})
