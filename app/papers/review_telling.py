"""Who finds a line in the inbox when something waits in the three-level review."""

from app.notifications.kinds import Kind
from app.notifications.services import send
from app.papers import review_queries
from app.papers.models import WorkingPaper
from app.papers.review_models import LEVELS, LevelReview, ReviewOutcome
from app.papers.telling import named


def ask_first_level(paper: WorkingPaper) -> None:
    """A new version of a paper under review begins at level 1 again."""
    if review_queries.is_reviewed(paper):
        _ask(paper, LEVELS[0])


def tell_of_review(review: LevelReview) -> None:
    """The next level is asked; a return goes to whoever sent the version."""
    paper = review.version.paper
    facts = {**named(paper), "level": str(review.level)}
    if review.outcome is ReviewOutcome.RETURNED:
        sender = [review.version.submitted_by_id]
        send(sender, Kind.LEVEL_REVIEW_RETURNED, facts, f"/papers/{paper.id}")
    elif review.level < LEVELS[-1]:
        _ask(paper, review.level + 1)


def _ask(paper: WorkingPaper, level: int) -> None:
    reviewer = review_queries.reviewers_of(paper.engagement).get(level)
    if reviewer is not None:
        facts = {**named(paper), "level": str(level)}
        send([reviewer], Kind.LEVEL_REVIEW_ASKED, facts, f"/papers/{paper.id}")
