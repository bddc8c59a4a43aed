"""The forms of many files at once: the files themselves, and the table of what their names say."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app import clock
from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.errors import Invalid, PortalError
from app.listed import ListedRow
from app.papers import index_numbers, intake, queries, uploads
from app.papers.files import NewPaper
from app.papers.forms import ACCEPT, Needed
from app.papers.models import Upload, WorkingPaper
from app.web import fresh_token


class FilesForm(FlaskForm):
    """The files of a batch, as a browser without scripts sends them."""

    files = MultipleFileField(_("Files"), [Needed()], render_kw={"accept": ACCEPT})
    unpack = BooleanField(_("Take ZIP archives apart: each file in them becomes a paper"))
    unclassified = BooleanField(
        _("I confirm that these files hold no state secret and no classified work matter"),
        [InputRequired(_("Confirm first that the file holds no state secret"))],
    )


class RowForm(ListedRow):
    """One file, and the paper that it becomes if it is ticked."""

    upload = HiddenField()
    chosen = BooleanField(_("Submit"))
    index_no = StringField(_("Index number"), [Length(max=index_numbers.LONGEST)])
    title = StringField(_("Title"), [Length(max=intake.LONGEST_TITLE)])
    evidence_on = DateField(_("Date of the evidence"), [Optional()])
    continues = BooleanField(_("Add as the next version"))
    expected = HiddenField()

    def indicator(self) -> str:
        """The indicator that the number speaks of, B21 of G-B21."""
        return intake.indicator_in(self.index_no.data or "")

    def validate_index_no(self, field: StringField) -> None:
        if self.chosen.data and not (field.data or "").strip():
            raise ValidationError(_("Enter the index number"))
        if self.chosen.data:
            try:
                index_numbers.read(field.data or "")
            except Invalid as error:
                raise ValidationError(str(error.message)) from error

    def validate_title(self, field: StringField) -> None:
        if self.chosen.data and not (field.data or "").strip():
            raise ValidationError(_("Enter the title"))

    def validate_evidence_on(self, field: DateField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(_("Evidence can't be of a day to come"))


class IntakeForm(FlaskForm):
    """The table: what the names say, to be corrected, and the stage that all belong to."""

    stage = SelectField(_("Stage"), [InputRequired(_("Choose the stage"))], coerce=int)
    task = SelectField(_("Task"), [Optional()])
    rows = FieldList(FormField(RowForm), _("Files"), max_entries=uploads.MOST_WAITING)
    once = HiddenField()

    def bind(self, engagement: Engagement, waiting: Sequence[Upload]) -> None:
        """Offer the engagement's own stages and tasks, and speak of these files."""
        self.waiting = {upload.id: upload for upload in waiting}
        self.stages = {stage.id: stage for stage in engagement.stages}
        self.tasks = {str(task.id): task for task in engagement.tasks}
        self.taken = set(queries.taken_numbers(engagement))
        found = queries.papers_of(engagement)
        self.papers = {paper.index_no: paper for paper in found if paper.withdrawn_at is None}
        self.stage.choices = [
            SelectChoice(stage.id, stage_label(stage.code, stage.name))
            for stage in engagement.stages
        ]
        self.task.choices = [SelectChoice("", _("The whole engagement"))] + [
            SelectChoice(key, f"{task.number}. {task.project}") for key, task in self.tasks.items()
        ]

    def validate_rows(self, field: FieldList) -> None:
        """Numbers must be free, and each only once; every row is told what is wrong with it."""
        seen: set[str] = set()
        chosen = [row.form for row in field if row.form.chosen.data]
        if not chosen:
            raise ValidationError(_("Tick at least one file"))
        for row in chosen:
            if row.index_no.errors:
                continue
            number = _read(row.index_no.data)
            if number in seen or (number in self.taken and self.continued(row) is None):
                said = _("This index number is taken in this engagement")
                row.index_no.errors = [*row.index_no.errors, said]
            seen.add(number)
        if any(row.errors for row in chosen):
            raise ValidationError(_("Some rows have to be corrected; nothing was submitted yet"))

    def chosen(self) -> list[RowForm]:
        """The ticked rows."""
        return [row.form for row in self.rows if row.form.chosen.data]

    def told(self) -> list[intake.Row]:
        """The papers as they were filled in; a file that is gone meanwhile is a refusal."""
        return [
            intake.Row(
                self.upload_of(row),
                self._paper(row),
                self.continued(row),
                _whole(row.expected.data),
            )
            for row in self.chosen()
        ]

    def paper_of(self, row: RowForm) -> WorkingPaper | None:
        """The paper that has the row's number already."""
        return self.papers.get(_read(row.index_no.data))

    def continued(self, row: RowForm) -> WorkingPaper | None:
        """The paper whose next version the row is meant to be."""
        return self.paper_of(row) if row.continues.data else None

    def upload_of(self, row: RowForm) -> Upload:
        """The file of a row."""
        if row.upload.data not in self.waiting:
            raise Invalid(_("A file of this table is gone; reload the page"))
        return self.waiting[row.upload.data]

    def show_at_row(self, error: intake.RowRefused) -> None:
        """Show a refusal of the business at its row."""
        row = self.chosen()[error.row]
        row.index_no.errors = [*row.index_no.errors, error.message]
        row.expected.data = None  # the next sending is about what the page shows then
        self.show(_("Some rows have to be corrected; nothing was submitted yet"))

    def show(self, words: object) -> None:
        """Show a refusal above the table."""
        self.rows.errors = [*self.rows.errors, words]

    def _paper(self, row: RowForm) -> NewPaper:
        return NewPaper(
            index_no=row.index_no.data,
            title=row.title.data,
            stage=self.stages[self.stage.data],
            task=self.tasks.get(self.task.data),
            evidence_on=row.evidence_on.data,
        )


def _whole(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _read(typed: str | None) -> str:
    try:
        return index_numbers.read(typed or "").text
    except PortalError:
        return typed or ""


def intake_form(engagement: Engagement, waiting: Sequence[Upload], task: str = "") -> IntakeForm:
    """The table as it was sent, or as the names of the waiting files say."""
    taken = queries.taken_numbers(engagement)
    names = [(upload.folder, upload.file_name) for upload in waiting]
    rows = [
        {
            "upload": upload.id,
            "chosen": True,
            "index_no": read.index_no,
            "title": read.title,
            "continues": True,
        }
        for upload, read in zip(waiting, intake.readings(names, taken), strict=True)
    ]
    current = engagement.current_stage
    form = IntakeForm(
        data={
            "rows": rows,
            "stage": current.id if current else None,
            "task": task,
            "once": fresh_token(),
        }
    )
    form.bind(engagement, waiting)
    return form
