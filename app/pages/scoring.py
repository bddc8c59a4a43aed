"""What waits for people in indicators, scores and likenesses, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.engagements.models import Engagement
from app.indicators.models import Indicator, IndicatorEvidence, IndicatorSystem, ResultUse
from app.pages.waiting import Todo, count_of
from app.papers.models import VersionState, WorkingPaper
from app.papers.queries import readable_engagements, still_open
from app.policy import AGENCY_ROLES, Role
from app.similarity.models import LikenessAlarm


def systems_to_approve(user: User) -> Todo:
    """Indicator systems that agencies handed in."""
    query = (
        select(IndicatorSystem.id)
        .join(IndicatorSystem.engagement)
        .where(readable_engagements(user), still_open())
        .where(IndicatorSystem.submitted_at.is_not(None), IndicatorSystem.approved_at.is_(None))
    )
    return Todo(_("Indicators to approve"), count_of(query), "engagements.index", {})


def bare_scores(user: User) -> Todo:
    """Scored rows of this agency's work that no usable paper bears out: the report waits."""
    borne_out = (
        select(IndicatorEvidence.id)
        .join(IndicatorEvidence.paper)
        .where(IndicatorEvidence.indicator_id == Indicator.id)
        .where(IndicatorEvidence.unlinked_at.is_(None), WorkingPaper.withdrawn_at.is_(None))
        .where(WorkingPaper.state != VersionState.RETURNED)
    )
    query = (
        select(Indicator.id)
        .join(Indicator.system)
        .join(IndicatorSystem.engagement)
        .where(readable_engagements(user), still_open(), IndicatorSystem.retired_at.is_(None))
        .where(IndicatorSystem.approved_at.is_not(None), Indicator.score_after.is_not(None))
        .where(~borne_out.exists())
    )
    return Todo(_("Scores without evidence"), count_of(query), "engagements.index", {}, "warn")


def results_to_decide(_user: User) -> Todo:
    """Proposed uses of results whose decision nobody has written down."""
    query = (
        select(ResultUse.id)
        .join(Engagement, Engagement.id == ResultUse.engagement_id)
        .where(ResultUse.decided_on.is_(None), ResultUse.voided_at.is_(None))
    )
    return Todo(_("Decisions on results to note"), count_of(query), "indicators.result_index", {})


def alarms_to_check(_user: User) -> Todo:
    """Papers like earlier ones at which nobody has looked."""
    query = select(LikenessAlarm.id).where(LikenessAlarm.settled_at.is_(None))
    return Todo(_("Similarity alarms to check"), count_of(query), "similarity.index", {}, "warn")


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What this person is asked about scores, by role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        return [systems_to_approve, results_to_decide, alarms_to_check]
    return [bare_scores] if user.role in AGENCY_ROLES else []
