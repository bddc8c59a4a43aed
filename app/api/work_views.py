from dataclasses import dataclass
from typing import Annotated

from flask import Response, request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload

from app.api import work_shapes as shapes
from app.api.declaring import Bytes, reads
from app.api.models import Scope
from app.api.paging import Paging, page
from app.api.shaping import GREATEST, Listing, Told
from app.engagements import queries as engagements
from app.engagements.models import Engagement
from app.engagements.progress import EngagementState
from app.errors import Forbidden, Missing
from app.indicators import queries as results
from app.indicators.models import ResultUse
from app.papers import queries as papers
from app.papers import sending, services
from app.papers.models import KeptFile, VersionState, WorkingPaper
from app.papers.views import instead_of
from app.policy import Permission
from app.web import actor, gate, load

COPIES = _("You get reading copies of this file with your name on them; open it on its page")


@dataclass(frozen=True)
class EngagementsAsked(Paging):
    """Which engagements are asked for."""

    year: Annotated[int | None, Told(_("The year of the number"), 2000, 2099)] = None
    agency: Annotated[int | None, Told(_("The agency's number"), 1, GREATEST)] = None
    state: Annotated[EngagementState | None, Told(_("In which state they are"))] = None


@dataclass(frozen=True)
class PapersAsked(Paging):
    """Which papers are asked for."""

    state: Annotated[VersionState | None, Told(_("Where the newest version stands"))] = None


@dataclass(frozen=True)
class ResultsAsked(Paging):
    """Which results are asked for."""

    budget_year: Annotated[int | None, Told(_("The budget year"), 2000, 2099)] = None


@reads(
    "/engagements",
    Listing[shapes.Engagement],
    words=_("The engagements that you may read"),
    scope=Scope.ENGAGEMENTS,
    asks=EngagementsAsked,
)
def list_engagements(asked: EngagementsAsked) -> Listing[shapes.Engagement]:
    gate(Permission.BOARD_READ)
    filters = engagements.Filters(year=asked.year, agency=asked.agency, state=asked.state)
    query = engagements.narrowed(engagements.engagements_visible_to(actor()), filters)
    rows, more = page(engagements.with_particulars(query), Engagement.id, asked)
    return Listing([shapes.Engagement.of(one) for one in rows], more)


@reads(
    "/engagements/<int:engagement_id>",
    shapes.Engagement,
    words=_("One engagement"),
    scope=Scope.ENGAGEMENTS,
)
def get_engagement(engagement_id: int) -> shapes.Engagement:
    return shapes.Engagement.of(load(Engagement, engagement_id, Permission.ENGAGEMENT_READ))


@reads(
    "/engagements/<int:engagement_id>/stages",
    Listing[shapes.Stage],
    words=_("How far an engagement is: its stages, their days and lights"),
    scope=Scope.ENGAGEMENTS,
)
def list_stages(engagement_id: int) -> Listing[shapes.Stage]:
    found = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    return Listing(shapes.stages_of(found), None)


@reads(
    "/papers",
    Listing[shapes.Paper],
    words=_("The working papers that you may read"),
    scope=Scope.PAPERS,
    asks=PapersAsked,
)
def list_papers(asked: PapersAsked) -> Listing[shapes.Paper]:
    query = papers.papers_visible_to(actor())
    if asked.state is not None:
        query = query.where(WorkingPaper.state == asked.state, WorkingPaper.withdrawn_at.is_(None))
    rows, more = page(query, WorkingPaper.id, asked)
    return Listing([shapes.Paper.of(one) for one in rows], more)


@reads(
    "/engagements/<int:engagement_id>/papers",
    Listing[shapes.Paper],
    words=_("The working papers of an engagement"),
    scope=Scope.PAPERS,
    asks=PapersAsked,
)
def list_papers_of(engagement_id: int, asked: PapersAsked) -> Listing[shapes.Paper]:
    found = load(Engagement, engagement_id, Permission.PAPER_READ)
    query = papers.papers_visible_to(actor()).where(WorkingPaper.engagement_id == found.id)
    if asked.state is not None:
        query = query.where(WorkingPaper.state == asked.state, WorkingPaper.withdrawn_at.is_(None))
    rows, more = page(query, WorkingPaper.id, asked)
    return Listing([shapes.Paper.of(one) for one in rows], more)


@reads(
    "/papers/<int:paper_id>",
    shapes.PaperWhole,
    words=_("A working paper with its versions and their files' digests"),
    scope=Scope.PAPERS,
)
def get_paper(paper_id: int) -> shapes.PaperWhole:
    found = load(WorkingPaper, paper_id, Permission.PAPER_READ)
    return shapes.PaperWhole.of(papers.whole_paper(found.id) or found)


@reads(
    "/papers/<int:paper_id>/versions/<int:number>/files/<int:position>",
    Bytes,
    words=_("The bytes of a file; every download is recorded"),
    scope=Scope.FILES,
)
def get_file(paper_id: int, number: int, position: int) -> Response:
    file = file_of(load(WorkingPaper, paper_id, Permission.PAPER_DOWNLOAD), number, position)
    if instead_of([file]):
        raise Forbidden(COPIES)
    if request.if_none_match.contains(file.sha256):
        return unchanged(file)
    return sending.recorded(file, lambda: services.record_download(actor(), file))


def file_of(paper: WorkingPaper, number: int, position: int) -> KeptFile:
    """One file of a version by its place; Missing where there is none."""
    version = papers.version_of(paper, number)
    file = papers.file_of(version, position) if version else None
    if file is None:
        raise Missing
    return file


def unchanged(file: KeptFile) -> Response:
    """Who holds the bytes already gets none, and nothing is recorded."""
    reply = Response(status=304)
    reply.set_etag(file.sha256)
    return reply


@reads(
    "/results",
    Listing[shapes.Result],
    words=_("What results did to budgets: score, grade, cuts"),
    scope=Scope.ENGAGEMENTS,
    asks=ResultsAsked,
)
def list_results(asked: ResultsAsked) -> Listing[shapes.Result]:
    gate(Permission.RESULT_LIST)
    query = results.results_visible_to(actor())
    if asked.budget_year is not None:
        query = query.where(ResultUse.budget_year == asked.budget_year)
    rows, more = page(query.options(selectinload(ResultUse.task)), ResultUse.id, asked)
    return Listing([shapes.Result.of(one) for one in rows], more)
