"""The form of a template: its stages as rows, its lists one line each."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.engagements import labels
from app.engagements.models import Act, EngagementTemplate, Party
from app.engagements.templates import AskedPaper, StagePlan, TemplateChanges
from app.listed import ListedRow

MOST_STAGES = 30
LONGEST_ITEM = 300
REVIEWED = "*"  # after the title of a paper that passes three levels


def lines(text: str | None) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def paper_of(line: str) -> AskedPaper:
    """A required paper: its class, a space, its title, and a star where three levels review it."""
    kind, _space, title = line.strip().partition(" ")
    is_reviewed = title.endswith(REVIEWED)
    return AskedPaper(kind.upper(), title.rstrip(f" {REVIEWED}"), is_reviewed)


def line_of(asked: Mapping[str, Any]) -> str:
    """A required paper as the form shows it; the opposite of paper_of."""
    mark = f" {REVIEWED}" if asked.get("reviewed") else ""
    return f"{asked['class']} {asked['title']}{mark}"


def points_of(line: str) -> tuple[str, int]:
    """A line of the scoring frame: its name, a space, its points. ValueError for anything else."""
    name, points = line.rsplit(maxsplit=1)
    return name, int(points)


class TemplateStageForm(ListedRow):
    """One stage; a row without a name is left out."""

    code = HiddenField(validators=[Length(max=40)])
    name = StringField(_("Stage"), [Length(max=40)])
    working_days = IntegerField(
        _("Working days"),
        [InputRequired(_("Enter the working days")), NumberRange(0, 500, _("From 0 to 500 days"))],
    )
    papers = TextAreaField(_("Required papers"), [Length(max=2000)], render_kw={"rows": 2})


class TemplateForm(FlaskForm):
    name = StringField(
        _("Name"), [DataRequired(_("Enter the name of the template")), Length(max=80)]
    )
    stages = FieldList(FormField(TemplateStageForm), _("Stages"), max_entries=MOST_STAGES)
    scoring_frame = TextAreaField(
        _("Scoring frame"),
        [DataRequired(_("Enter the scoring frame")), Length(max=2000)],
        description=_("One line each: a name, a space, its points; 100 in all"),
        render_kw={"rows": 6},
    )
    acceptance_items = TextAreaField(
        _("Acceptance items"),
        [DataRequired(_("Acceptance needs at least one item")), Length(max=6000)],
        description=_("One line each, as the contract asks for it"),
        render_kw={"rows": 8},
    )
    rating_parties = SelectMultipleField(
        _("Rating parties"),
        [DataRequired(_("At least one party rates the finished work"))],
        choices=[SelectChoice(party.value, words) for party, words in labels.PARTIES.items()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    reviewed_classes = StringField(
        _("Classes of papers under three-level review"),
        [Length(max=20)],
        description=_("Letters A to J, such as GH"),
    )
    required_acts = SelectMultipleField(
        _("On record before the stage of its kind is handed in"),
        choices=[SelectChoice(act.value, words) for act, words in labels.ACTS.items()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    needs_three_level_review = BooleanField(
        _("A final report is handed in only after its three-level review")
    )

    @classmethod
    def of(cls, template: EngagementTemplate) -> "TemplateForm":
        """The form as the template stands."""
        stages = [
            {
                "code": stage.code,
                "name": stage.name,
                "working_days": stage.working_days,
                "papers": "\n".join(map(line_of, stage.required_papers)),
            }
            for stage in template.stages
        ]
        frame = [f"{line['name']} {line['points']}" for line in template.scoring_frame]
        return cls(
            data={
                "name": template.name,
                "stages": stages,
                "scoring_frame": "\n".join(frame),
                "acceptance_items": "\n".join(template.acceptance_items),
                "rating_parties": template.rating_parties,
                "reviewed_classes": "".join(template.reviewed_classes),
                "needs_three_level_review": template.needs_three_level_review,
                "required_acts": template.required_acts,
            }
        )

    def validate_scoring_frame(self, field: TextAreaField) -> None:
        """Every line can be read."""
        for line in lines(field.data):
            try:
                points_of(line)
            except ValueError:
                words = gettext("This line has no points: %(line)s", line=line)
                raise ValidationError(words) from None

    def validate_acceptance_items(self, field: TextAreaField) -> None:
        """Every line fits into a contract's list."""
        if any(len(line) > LONGEST_ITEM for line in lines(field.data)):
            raise ValidationError(gettext("One item has at most 300 characters"))

    def insert_stage(self, before: int) -> None:
        """Put an empty stage in front of another."""
        told = [row.data for row in self.stages]
        if len(told) >= MOST_STAGES:
            return
        told.insert(before, {"code": "", "name": "", "working_days": 5, "papers": ""})
        while len(self.stages):
            self.stages.pop_entry()
        for row in told:
            self.stages.append_entry(row)

    def told(self) -> TemplateChanges:
        """What was entered, as the service takes it."""
        return TemplateChanges(
            name=self.name.data,
            stages=[_plan(row.form) for row in self.stages if (row.form.name.data or "").strip()],
            scoring_frame=[points_of(line) for line in lines(self.scoring_frame.data)],
            acceptance_items=lines(self.acceptance_items.data),
            rating_parties=[Party(value) for value in self.rating_parties.data],
            reviewed_classes=[
                mark for mark in (self.reviewed_classes.data or "").upper() if mark.isalnum()
            ],
            needs_three_level_review=self.needs_three_level_review.data,
            required_acts=[Act(value) for value in self.required_acts.data],
        )


def _plan(row: TemplateStageForm) -> StagePlan:
    return StagePlan(
        name=row.name.data,
        working_days=row.working_days.data,
        required_papers=[paper_of(line) for line in lines(row.papers.data)],
        code=row.code.data or "",
    )
