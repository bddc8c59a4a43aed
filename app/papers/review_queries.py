"""Questions about three-level review: whose turn it is, what was found, what changed after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.papers import queries
from app.papers.models import PaperVersion, WorkingPaper
from app.papers.review_models import LEVELS, LevelReview, LevelReviewer, ReviewOutcome
from app.policy import AGENCY_ROLES


@dataclass(frozen=True)
class Turn:
    """The level that a version waits at, and who reviews there."""

    version: PaperVersion
    level: int
    reviewer_id: int

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.version.engagement


@dataclass(frozen=True)
class Standing:
    """How the newest version of a paper stands in its three-level review."""

    version: PaperVersion
    reviews: dict[int, LevelReview]  # of the newest version, by level
    earlier: Sequence[LevelReview]  # of the versions before it
    reviewers: dict[int, User]

    @property
    def passed(self) -> int:
        """How many levels passed this very version."""
        return sum(one.outcome is ReviewOutcome.PASSED for one in self.reviews.values())

    @property
    def has_passed(self) -> bool:
        """Whether all three levels did."""
        return self.passed == len(LEVELS)

    @property
    def is_returned(self) -> bool:
        """Whether a level asks for a new version."""
        return any(one.outcome is ReviewOutcome.RETURNED for one in self.reviews.values())

    @property
    def is_changed_after_review(self) -> bool:
        """改动于复核之后: an earlier version passed some level, this one not all three."""
        passed = any(one.outcome is ReviewOutcome.PASSED for one in self.earlier)
        return passed and not self.has_passed

    @property
    def turn(self) -> Turn | None:
        """The next level in order; nothing where all passed, one returned, or nobody is named."""
        level = len(self.reviews) + 1
        if self.is_returned or level not in self.reviewers:
            return None
        return Turn(self.version, level, self.reviewers[level].id)


def is_reviewed(paper: WorkingPaper) -> bool:
    """Whether the template puts this paper, or all papers of its class, under three levels."""
    return paper.index_class in paper.engagement.template.reviewed_classes or is_marked(paper)


def is_marked(paper: WorkingPaper) -> bool:
    """Whether a stage asks for this paper, and for its three levels before the final report."""
    return any(
        asked.get("reviewed") and queries.answers(paper, asked)
        for stage in paper.engagement.stages
        for asked in stage.required_papers
    )


def marked_papers(engagement: Engagement) -> list[WorkingPaper]:
    """The living papers whose three levels pass before the final report is handed in."""
    found = queries.papers_of(engagement)
    return [paper for paper in found if paper.withdrawn_at is None and is_marked(paper)]


def unreviewed_papers(engagement: Engagement) -> list[Standing]:
    """How the marked papers stand whose newest version has not passed its three levels."""
    marked = marked_papers(engagement)
    standings = standings_of(engagement, marked) if marked else {}
    return [standings[paper.id] for paper in marked if not standings[paper.id].has_passed]


def reviewers_of(engagement: Engagement) -> dict[int, User]:
    """Who reviews at each level at present."""
    rows = db.session.scalars(
        select(LevelReviewer)
        .where(LevelReviewer.engagement_id == engagement.id, LevelReviewer.replaced_at.is_(None))
        .options(joinedload(LevelReviewer.user))
    )
    return {row.level: row.user for row in rows}


def staff_of(engagement: Engagement) -> Sequence[User]:
    """The people of the agency from whom the reviewers are named."""
    return db.session.scalars(
        select(User)
        .where(
            User.organisation_id == engagement.agency_id,
            User.role.in_(AGENCY_ROLES),
            User.closed_at.is_(None),
        )
        .order_by(User.id)
    ).all()


def standing_of(paper: WorkingPaper) -> Standing:
    """How one paper stands."""
    return standings_of(paper.engagement, [paper])[paper.id]


def standings_of(engagement: Engagement, papers: Sequence[WorkingPaper]) -> dict[int, Standing]:
    """How each of these papers of an engagement stands, in three statements."""
    keys = [paper.id for paper in papers]
    newest = {
        version.paper_id: version
        for version in db.session.scalars(
            select(PaperVersion)
            .join(PaperVersion.paper)
            .where(WorkingPaper.id.in_(keys), PaperVersion.number == WorkingPaper.current_version)
        )
    }
    reviews = db.session.scalars(
        select(LevelReview)
        .join(LevelReview.version)
        .where(PaperVersion.paper_id.in_(keys))
        .order_by(PaperVersion.number, LevelReview.level)
        .options(
            joinedload(LevelReview.version),
            joinedload(LevelReview.reviewer),
            joinedload(LevelReview.replied_by),
        )
    ).all()
    reviewers = reviewers_of(engagement)
    return {key: _standing(version, reviews, reviewers) for key, version in newest.items()}


def _standing(
    version: PaperVersion, reviews: Sequence[LevelReview], reviewers: dict[int, User]
) -> Standing:
    own = [one for one in reviews if one.version.paper_id == version.paper_id]
    return Standing(
        version,
        {one.level: one for one in own if one.version_id == version.id},
        [one for one in own if one.version_id != version.id],
        reviewers,
    )
