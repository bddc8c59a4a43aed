"""Engagements, their stages, papers and results, as other systems read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from flask_babel import lazy_gettext as _

from app import clock
from app.accounts.models import Organisation
from app.api.shaping import Told
from app.engagements import models as engagements
from app.engagements import progress
from app.engagements.progress import EngagementState, Light, StageState
from app.indicators.grading import Grade
from app.indicators.models import ResultUse
from app.papers import models as papers
from app.papers.models import IndexClass, VersionState


@dataclass(frozen=True)
class Body:
    """An organisation: an agency, a unit, a department, a section or the bureau."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    name: Annotated[str, Told(_("Its name"))]

    @classmethod
    def of(cls, one: Organisation) -> "Body":
        """From the record."""
        return cls(one.id, one.name)


@dataclass(frozen=True)
class Task:
    """One evaluated project under a contract."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    number: Annotated[int, Told(_("Its place in the contract"))]
    project: Annotated[str, Told(_("The evaluated project"))]
    amount_fen: Annotated[int, Told(_("Its amount in fen"))]
    unit: Annotated[Body | None, Told(_("The evaluated unit"))]
    section: Annotated[Body, Told(_("The business section in charge"))]


@dataclass(frozen=True)
class Engagement:
    """One contract with one agency, and how far it is."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    code: Annotated[str, Told(_("Its number on pages and documents"))]
    name: Annotated[str, Told(_("Its name"))]
    year: Annotated[int, Told(_("The year of its number"))]
    state: Annotated[EngagementState, Told(_("Where it stands"))]
    stage: Annotated[str, Told(_("The code of the stage that the work is at"))]
    agency: Annotated[Body, Told(_("Which agency it is"))]
    client: Annotated[Body, Told(_("The commissioning party"))]
    template: Annotated[str, Told(_("The template that it was opened from"))]
    service_type: Annotated[str, Told(_("The kind of work"))]
    fee_fen: Annotated[int, Told(_("The fee in fen"))]
    signed_on: Annotated[date, Told(_("Day of the signature"))]
    starts_on: Annotated[date, Told(_("First day of the work"))]
    ends_on: Annotated[date, Told(_("Last day by the contract"))]
    accepted_at: Annotated[datetime | None, Told(_("When it was accepted"))]
    refused_at: Annotated[datetime | None, Told(_("When it was finally refused"))]
    terminated_at: Annotated[datetime | None, Told(_("When it was terminated"))]
    closed_at: Annotated[datetime | None, Told(_("When it was archived"))]
    tasks: Annotated[list[Task], Told(_("The projects under it"))]

    @classmethod
    def of(cls, one: engagements.Engagement) -> "Engagement":
        """From the record; the policy was asked before."""
        stage = one.current_stage
        code = stage.code if stage else ""
        return cls(
            id=one.id, code=one.code, name=one.name, year=one.year, stage=code,
            state=progress.state_of_engagement(one, code), agency=Body.of(one.agency.organisation),
            client=Body.of(one.client), template=one.template.name,
            service_type=one.service_type.name, fee_fen=one.fee_fen, signed_on=one.signed_on,
            starts_on=one.starts_on, ends_on=one.ends_on, accepted_at=one.accepted_at,
            refused_at=one.refused_at, terminated_at=one.terminated_at, closed_at=one.closed_at,
            tasks=[task_of(each) for each in one.tasks],
        )  # fmt: skip


def task_of(one: engagements.Task) -> Task:
    """A project under a contract, from its record."""
    unit = Body.of(one.unit) if one.unit else None
    return Task(one.id, one.number, one.project, one.amount_fen, unit, Body.of(one.section))


@dataclass(frozen=True)
class RequiredPaper:
    """A paper that a stage asks for."""

    index_class: Annotated[IndexClass, Told(_("Its class in the index"))]
    title: Annotated[str, Told(_("Words that its title holds"))]


@dataclass(frozen=True)
class Stage:
    """One stage of an engagement."""

    position: Annotated[int, Told(_("Its place among the stages"))]
    code: Annotated[str, Told(_("Its code"))]
    name: Annotated[str, Told(_("Its name in the template"))]
    state: Annotated[StageState, Told(_("Where it stands"))]
    light: Annotated[Light, Told(_("Its light; idle where the work is at another stage"))]
    due_on: Annotated[date, Told(_("Its last day"))]
    started_at: Annotated[datetime | None, Told(_("When it began"))]
    submitted_at: Annotated[datetime | None, Told(_("When it was handed in"))]
    approved_at: Annotated[datetime | None, Told(_("When it was approved"))]
    returned_count: Annotated[int, Told(_("How often it was returned"))]
    required_papers: Annotated[list[RequiredPaper], Told(_("The papers that it asks for"))]


def stages_of(one: engagements.Engagement) -> list[Stage]:
    """The stages in their order, as they stand today."""
    current, today = one.current_stage_position, clock.today()
    return [
        Stage(
            position=each.position, code=each.code, name=each.name,
            state=progress.state_of(each, current),
            light=progress.stage_light(each, current, today), due_on=each.due_on,
            started_at=each.started_at, submitted_at=each.submitted_at,
            approved_at=each.approved_at, returned_count=each.returned_count,
            required_papers=[
                RequiredPaper(IndexClass(asked["class"]), asked["title"])
                for asked in each.required_papers
            ],
        )
        for each in one.stages
    ]  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A working paper under its index number."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    engagement_id: Annotated[int, Told(_("The engagement that it belongs to"))]
    task_id: Annotated[int | None, Told(_("The project that it is about, where it is about one"))]
    index_no: Annotated[str, Told(_("Its index number"))]
    index_class: Annotated[IndexClass, Told(_("Its class in the index"))]
    title: Annotated[str, Told(_("Its title"))]
    state: Annotated[VersionState, Told(_("Where its newest version stands"))]
    current_version: Annotated[int, Told(_("The number of its newest version"))]
    created_at: Annotated[datetime, Told(_("When it was first handed in"))]
    withdrawn_at: Annotated[datetime | None, Told(_("When it was withdrawn"))]

    @classmethod
    def of(cls, one: papers.WorkingPaper) -> "Paper":
        """From the record; the policy was asked before."""
        return cls(
            one.id, one.engagement_id, one.task_id, one.index_no, one.index_class, one.title,
            one.state, one.current_version, one.created_at, one.withdrawn_at,
        )  # fmt: skip


@dataclass(frozen=True)
class File:
    """One file of a version: its bytes are those of its digest."""

    position: Annotated[int, Told(_("Its place among the version's files, from 1"))]
    file_name: Annotated[str, Told(_("Its name"))]
    media_type: Annotated[str, Told(_("What kind of file it is"))]
    size: Annotated[int, Told(_("Its length in bytes"))]
    sha256: Annotated[str, Told(_("SHA-256 of its bytes, in hex"))]


@dataclass(frozen=True)
class Version:
    """What was handed in at one time; a version is never changed."""

    number: Annotated[int, Told(_("Its number, from 1"))]
    state: Annotated[VersionState, Told(_("Where it stands"))]
    submitted_at: Annotated[datetime, Told(_("When it was received"))]
    is_late: Annotated[bool, Told(_("Whether it came after its stage had closed"))]
    evidence_on: Annotated[date | None, Told(_("The day of the evidence, as the agency says"))]
    decided_at: Annotated[datetime | None, Told(_("When the bureau decided"))]
    decision_words: Annotated[str, Told(_("What a return asks for"))]
    files: Annotated[list[File], Told(_("Its files"))]


@dataclass(frozen=True)
class PaperWhole:
    """A working paper with all its versions."""

    paper: Annotated[Paper, Told(_("The working paper itself"))]
    versions: Annotated[list[Version], Told(_("Its versions, the oldest first"))]

    @classmethod
    def of(cls, one: papers.WorkingPaper) -> "PaperWhole":
        """From the record; the policy was asked before."""
        return cls(Paper.of(one), [version_of(each) for each in one.versions])


def version_of(one: papers.PaperVersion) -> Version:
    """A version from its record."""
    return Version(
        number=one.number, state=one.state, submitted_at=one.submitted_at, is_late=one.is_late,
        evidence_on=one.evidence_on, decided_at=one.decided_at, decision_words=one.decision_words,
        files=files_of(one.files),
    )  # fmt: skip


def files_of(found: Sequence[papers.KeptFile]) -> list[File]:
    """The files of a version from their records."""
    return [
        File(one.position, one.file_name, one.media_type, one.size, one.sha256) for one in found
    ]


@dataclass(frozen=True)
class Result:
    """What a project's result did to a budget year."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    engagement_id: Annotated[int, Told(_("The engagement that it belongs to"))]
    engagement_code: Annotated[str, Told(_("That engagement's number on pages"))]
    task_id: Annotated[int, Told(_("The portal's number of the project"))]
    project: Annotated[str, Told(_("The evaluated project"))]
    budget_year: Annotated[int, Told(_("The budget year"))]
    score: Annotated[float, Told(_("The project's score, of 100"))]
    grade: Annotated[Grade, Told(_("The project's grade; never an agency's"))]
    proposed_cut_fen: Annotated[int, Told(_("The cut that was proposed, in fen"))]
    decided_cut_fen: Annotated[int | None, Told(_("The cut that was decided, in fen"))]
    decision_no: Annotated[str, Told(_("The number of the decision's document"))]
    decided_on: Annotated[date | None, Told(_("The day of the decision"))]
    voided_at: Annotated[datetime | None, Told(_("When the entry was voided"))]

    @classmethod
    def of(cls, one: ResultUse) -> "Result":
        """From the record; the policy was asked before."""
        return cls(
            id=one.id, engagement_id=one.engagement_id, engagement_code=one.engagement.code,
            task_id=one.task_id, project=one.task.project, budget_year=one.budget_year,
            score=float(one.score), grade=one.grade, proposed_cut_fen=one.proposed_cut_fen,
            decided_cut_fen=one.decided_cut_fen, decision_no=one.decision_no,
            decided_on=one.decided_on, voided_at=one.voided_at,
        )  # fmt: skip
