"""What waits for people in quality assessments, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from app import clock
from app.accounts.models import User
from app.assessments import credit_queries, queries
from app.assessments.annual_models import AnnualList, AnnualRow
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection
from app.engagements.models import Engagement
from app.pages.waiting import Todo, count_of
from app.policy import Role


def jobs_to_assess(user: User) -> Todo:
    """Finished jobs that nobody has begun to assess."""
    begun = select(Assessment.id).where(Assessment.engagement_id == Engagement.id).exists()
    query = queries.finished_jobs(user).where(~begun)
    count = count_of(query.with_only_columns(Engagement.id))
    return Todo(_("Jobs to assess"), count, "assessments.index", {"state": "waiting"})


def to_confirm(user: User) -> Todo:
    """Assessments that wait for a second person, whom this one may be."""
    query = queries.awaiting_confirmation(user).with_only_columns(Assessment.id)
    return Todo(_("Assessments to confirm"), count_of(query), "assessments.index", {})


def to_correct(_user: User) -> Todo:
    """Assessments that a decision on an objection wants corrected."""
    query = credit_queries.to_correct().with_only_columns(Assessment.id)
    return Todo(_("Assessments to correct"), count_of(query), "assessments.index", {}, "warn")


def objections_to_decide(user: User) -> Todo:
    """Objections that wait and that this person had no hand in."""
    found = credit_queries.objections_to_decide(user)
    late = any(one.decide_by < clock.today() for one in found)
    tone = "bad" if late else "warn"
    where = {"state": "waiting"}
    return Todo(_("Objections to decide"), len(found), "assessments.list_objections", where, tone)


def lists_to_publish(_user: User) -> Todo:
    """Year lists that a leader approved."""
    query = _living_lists().where(
        AnnualList.approved_at.is_not(None), AnnualList.published_at.is_(None)
    )
    return Todo(_("Year lists to publish"), count_of(query), "assessments.years", {})


def lists_to_decide(_user: User) -> Todo:
    """Year lists whose time for objections is over."""
    query = _living_lists().where(
        AnnualList.objections_until < clock.today(),
        AnnualList.approved_at.is_(None),
        AnnualList.returned_at.is_(None),
    )
    return Todo(_("Year lists to decide"), count_of(query), "assessments.years", {})


def _living_lists() -> Select[int]:
    return select(AnnualList.id).where(AnnualList.superseded_at.is_(None))


def measures_to_decide(_user: User) -> Todo:
    """Measures that the section proposed."""
    query = credit_queries.awaiting_leader().with_only_columns(Consequence.id)
    where = {"state": "waiting"}
    return Todo(_("Measures to decide"), count_of(query), "assessments.measures", where)


def open_to_objection(user: User) -> Todo:
    """Assessments of this agency against which it may still object."""
    query = credit_queries.open_to_objection(user).with_only_columns(Assessment.id)
    return Todo(_("Assessments open to objection"), count_of(query), "assessments.index", {})


def rows_open_to_objection(user: User) -> Todo:
    """The agency's row in a year's list that is open to objections."""
    raised = select(Objection.row_id).where(Objection.row_id.is_not(None))
    query = (
        select(AnnualRow.id)
        .join(AnnualRow.annual_list)
        .where(AnnualRow.agency_id == user.organisation_id, AnnualRow.id.not_in(raised))
        .where(AnnualList.objections_until >= clock.today(), AnnualList.approved_at.is_(None))
        .where(AnnualList.superseded_at.is_(None), AnnualList.returned_at.is_(None))
    )
    return Todo(_("Year rows open to objection"), count_of(query), "assessments.years", {})


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for this person, by role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        return [jobs_to_assess, to_confirm, to_correct, objections_to_decide, lists_to_publish]
    if user.role is Role.LEADER:
        return [lists_to_decide, measures_to_decide, objections_to_decide]
    if user.role in {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}:
        return [open_to_objection, rows_open_to_objection]
    return []
