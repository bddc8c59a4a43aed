"""The agency's own three-level review of its reports, before they are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from app.demo import opinions, words
from app.papers import review_queries, reviewing
from app.papers.models import WorkingPaper
from app.papers.review_models import ReviewOutcome

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.demo.story import Story

RETURNED = 0.1  # share of reports that quality control sends back once


def appoint(story: Story) -> None:
    """Lead evaluator, quality control and the agency's head review; members prepare."""
    reviewing.appoint_reviewers(story.lead_user, story.engagement, trio(story))


def trio(story: Story) -> list[User]:
    """Who reviews at levels 1, 2 and 3."""
    firm = story.plan.firm
    if firm.controller is None:
        raise LookupError("a firm of the demonstration has its quality control")
    return [story.lead_user, firm.controller, firm.admin]


def review_all(story: Story) -> Iterator[datetime]:
    """Before a report goes out, every marked paper passes; the scoring papers without much ado."""
    for standing in review_queries.unreviewed_papers(story.engagement):
        paper = standing.version.paper
        if paper.id == story.final_report.id:
            yield from review(story, paper)
            continue
        yield from _pass(story, paper)


def review(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    """All three levels pass the report; now and then level 2 wants it changed first."""
    if story.plan.rng.random() < RETURNED and not story.plan.is_old:
        yield from send_back(story, paper)
    yield from _pass(story, paper)


def _pass(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    for person in trio(story):
        yield story.moment()
        _found(story, paper, person, ReviewOutcome.PASSED)


def send_back(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    """Level 2 returns the report, the agency answers and prepares the next version."""
    lead, controller, _head = trio(story)
    yield story.moment()
    _found(story, paper, lead, ReviewOutcome.PASSED)
    yield story.moment()
    _found(story, paper, controller, ReviewOutcome.RETURNED)
    yield story.moment()
    found = review_queries.standing_of(paper).reviews[2]
    reviewing.reply_to_review(lead, found, "已按复核意见修改，见新版本。")
    opinions.new_version(story, paper)


def _found(story: Story, paper: WorkingPaper, person: User, outcome: ReviewOutcome) -> None:
    turn = review_queries.standing_of(paper).turn
    if turn is None:
        raise LookupError("a report of the demonstration waits for its next level")
    said = words.PASSED if outcome is ReviewOutcome.PASSED else words.SENT_BACK
    reviewing.review_version(person, turn, outcome, story.plan.rng.choice(said))
