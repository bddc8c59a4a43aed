from collections.abc import Mapping
from typing import ClassVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app import clock
from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.errors import Invalid
from app.papers import index_numbers, labels, queries
from app.papers.files import NewPaper
from app.papers.models import IndexClass, PaperVersion, WorkingPaper
from app.web import fresh_token

_TYPES = ".pdf,.ofd,.doc,.docx,.wps,.xls,.xlsx,.et,.ppt,.pptx,.dps,.jpg,.jpeg,.png,.tif,.tiff,.bmp"
ACCEPT = f"{_TYPES},.zip,.7z,.rar,.mp3,.m4a,.mp4,.txt,.csv"
Sent = MultiDict[str, str] | None


class Needed:
    """Marks the file as needed; whether it came is told where it is received, raw or in a form."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: FlaskForm, _field: FileField) -> None:
        """Nothing to check here."""


class UploadForm(FlaskForm):
    """What comes with every file."""

    file = MultipleFileField(_("Files"), [Needed()], render_kw={"accept": ACCEPT})
    evidence_on = DateField(_("Date of the evidence"), [Optional()])
    unclassified = BooleanField(
        _("I confirm that this file holds no state secret and no classified work matter"),
        [InputRequired(_("Confirm first that the file holds no state secret"))],
    )
    once = HiddenField()

    def validate_evidence_on(self, field: DateField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(_("Evidence can't be of a day to come"))


class PaperForm(UploadForm):
    """A new paper; the index number is judged before the bytes arrive."""

    index_no = StringField(
        _("Index number"),
        [InputRequired(_("Enter the index number")), Length(max=index_numbers.LONGEST)],
        render_kw={"list": "next-numbers", "autocomplete": "off"},
    )
    title = StringField(_("Title"), [InputRequired(_("Enter the title")), Length(max=200)])
    stage = SelectField(_("Stage"), [InputRequired(_("Choose the stage"))], coerce=int)
    task = SelectField(_("Task"), [Optional()])

    def validate_index_no(self, field: StringField) -> None:
        try:
            number = index_numbers.read(field.data)
        except Invalid as error:
            raise ValidationError(str(error.message)) from error
        if number.text in self.taken:
            raise ValidationError(_("This index number is taken in this engagement"))

    def bind(self, engagement: Engagement) -> None:
        """Offer the engagement's own stages and tasks."""
        self.engagement = engagement
        self.taken = queries.taken_numbers(engagement)
        self.stage.choices = [
            SelectChoice(stage.id, stage_label(stage.code, stage.name))
            for stage in engagement.stages
        ]
        whole = [SelectChoice("", _("The whole engagement"))]
        self.task.choices = whole + [
            SelectChoice(str(task.id), f"{task.number}. {task.project}")
            for task in engagement.tasks
        ]

    def next_numbers(self) -> dict[IndexClass, str]:
        """The next free number of each class."""
        return {letter: index_numbers.next_of(letter, self.taken) for letter in IndexClass}

    def suggest(self, asked: Mapping[str, str]) -> None:
        """Fill in what a link names, and the next free number of its class."""
        self.title.data = asked.get("title", "")[:200]
        if asked.get("class") in set(IndexClass):
            self.index_no.data = self.next_numbers()[IndexClass(asked["class"])]
        if asked.get("stage") in {str(stage.id) for stage in self.engagement.stages}:
            self.stage.data = int(asked["stage"])
        if asked.get("task") in {str(task.id) for task in self.engagement.tasks}:
            self.task.data = asked["task"]

    def told(self) -> NewPaper:
        """The paper as it was filled in."""
        stages = {stage.id: stage for stage in self.engagement.stages}
        tasks = {str(task.id): task for task in self.engagement.tasks}
        return NewPaper(
            index_no=self.index_no.data,
            title=self.title.data,
            stage=stages[self.stage.data],
            task=tasks.get(self.task.data),
            evidence_on=self.evidence_on.data,
        )


class VersionForm(UploadForm):
    """A new version, and the version that its sender saw."""

    expected = IntegerField(_("Present version"), [InputRequired()], widget=HiddenInput())

    def look_again(self, number: int) -> None:
        """The page is shown afresh with this version: the next sending is about what it shows."""
        self.expected.raw_data, self.expected.data = None, number


class WordsForm(FlaskForm):
    """A decision with its words."""

    words = TextAreaField(
        _("What has to be changed"),
        [InputRequired(_("Say what has to be changed")), Length(max=2000)],
        render_kw={"rows": 5},
    )


class WithdrawalForm(FlaskForm):
    words = TextAreaField(
        _("Reason"),
        [InputRequired(_("Give the reason")), Length(max=500)],
        render_kw={"rows": 3},
    )


class ReportForm(FlaskForm):
    """The final report: which version, whose signature is looked for, and which seal."""

    version = SelectField(_("Report"), [InputRequired(_("Choose the report"))], coerce=int)
    seal = RadioField(
        _("Seal of the report"),
        [InputRequired(_("Say which seal the report carries"))],
        choices=[SelectChoice(str(kind), label) for kind, label in labels.SEALS.items()],
    )
    name_is_ticked = BooleanField(
        _("The signature page is a scanned picture; the lead evaluator's name stands on it")
    )
    once = HiddenField()

    def bind(self, versions: list[PaperVersion]) -> None:
        """Offer the reports that may be handed in."""
        self.version.choices = [
            SelectChoice(one.id, f"{one.paper.index_no} {one.paper.title} · {one.file_name}")
            for one in versions
        ]


def paper_form(
    engagement: Engagement, sent: Sent = None, asked: Mapping[str, str] | None = None
) -> PaperForm:
    """A form for a new paper: as sent, or with what a link to it asked for (class, title)."""
    current = engagement.current_stage
    data = {"stage": current.id if current else None, "once": fresh_token()}
    form = PaperForm(sent, data=data) if sent is not None else PaperForm(data=data)
    form.bind(engagement)
    if asked:
        form.suggest(asked)
    return form


def version_form(paper: WorkingPaper, sent: Sent = None) -> VersionForm:
    """A form for the next version of a paper, empty or as sent."""
    data = {"expected": paper.current_version, "once": fresh_token()}
    return VersionForm(sent, data=data) if sent is not None else VersionForm(data=data)
