"""What waits for a reader among the papers of an engagement, with the page where it is done."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.engagements.models import Engagement
from app.papers import queries
from app.papers.models import VersionState, WorkingPaper
from app.papers.queries import RequiredPaper
from app.papers.required import StageCoverage
from app.policy import Permission, can

NAMED = 3  # more than these are told as a number

Thing = tuple[str, str]


def next_things(
    engagement: Engagement,
    user: User,
    *,
    papers: Sequence[WorkingPaper],
    coverage: Iterable[StageCoverage],
) -> list[Thing]:
    """The agency puts right what was returned and adds what the stage owes; the bureau reviews."""
    living = [paper for paper in papers if paper.withdrawn_at is None]
    if can(user, Permission.PAPER_SUBMIT, engagement):
        return [*_returned(living), *_missing(engagement, coverage)]
    if can(user, Permission.PAPER_DECIDE, engagement):
        return _to_review(engagement, living)
    return []


def _returned(papers: Iterable[WorkingPaper]) -> list[Thing]:
    """Papers that were sent back, each with its own page."""
    found = [paper for paper in papers if paper.state is VersionState.RETURNED]
    return [
        (_("Put right %(paper)s", paper=f"{paper.index_no} {paper.title}"), _page_of(paper))
        for paper in found
    ]


def _missing(engagement: Engagement, coverage: Iterable[StageCoverage]) -> list[Thing]:
    """Papers that the stages up to the present one ask for and that nobody has added."""
    due = engagement.current_stage_position
    owed = [one for told in coverage if told.stage.position <= due for one in told.owed]
    return [
        (_("Upload %(paper)s", paper=f"{one.index_class} {one.title}"), _form_for(engagement, one))
        for one in owed
        if one.paper is None
    ]


def _form_for(engagement: Engagement, owed: RequiredPaper) -> str:
    """The form of a new paper with what is known of it filled in."""
    told: dict[str, Any] = {"class": owed.index_class.value, "title": owed.title}
    key = engagement.id
    return url_for("papers.new_paper", engagement_id=key, stage=owed.stage.id, **told)


def _to_review(engagement: Engagement, papers: Iterable[WorkingPaper]) -> list[Thing]:
    """Papers that nobody decided on: by name while they are few."""
    found = [paper for paper in papers if paper.state in queries.WAITING]
    if len(found) > NAMED:
        listing = url_for("papers.listing", engagement_id=engagement.id)
        return [(_("Papers to review: %(count)s", count=len(found)), listing)]
    return [
        (_("Review %(paper)s", paper=f"{paper.index_no} {paper.title}"), _page_of(paper))
        for paper in found
    ]


def _page_of(paper: WorkingPaper) -> str:
    return url_for("papers.show", paper_id=paper.id)
