"""待办: what waits for this person, each as a number with the page behind it. Reads only."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from app import clock
from app.accounts.models import User
from app.engagements.models import Engagement, Stage
from app.engagements.queries import engagements_visible_to
from app.guidance.models import GuidanceNote, NoteReply
from app.identity.queries import acts_to_decide
from app.pages import assessing, growing, overseeing, placing, process, rating, running, scoring
from app.pages.board import CURRENT
from app.pages.waiting import Todo, count_of, counted
from app.papers.models import VersionState, WorkingPaper
from app.policy import AGENCY_ROLES, Permission, Role, can
from app.spills.models import Spill
from app.spills.queries import open_spills


def open_engagements(user: User) -> Select[Any]:
    """The ids of engagements that the person may see and whose work goes on."""
    return (
        engagements_visible_to(user)
        .where(Engagement.closed_at.is_(None), Engagement.accepted_at.is_(None))
        .where(Engagement.refused_at.is_(None), Engagement.terminated_at.is_(None))
        .order_by(None)
        .with_only_columns(Engagement.id)
    )


def at_their_stages(user: User) -> Select[Any]:
    """The same beside the stage that each of them is at."""
    return open_engagements(user).join(Stage, CURRENT)


def papers_to_review(user: User) -> Todo:
    """Papers that agencies sent and the bureau has not decided."""
    query = (
        select(WorkingPaper.id)
        .where(WorkingPaper.engagement_id.in_(open_engagements(user)))
        .where(WorkingPaper.state.in_([VersionState.SUBMITTED, VersionState.READ]))
        .where(WorkingPaper.withdrawn_at.is_(None))
    )
    return Todo(_("Papers to review"), count_of(query), "pages.board", {"state": "review"})


def stages_to_decide(user: User) -> Todo:
    """Stages that agencies submitted and nobody has approved or returned."""
    query = at_their_stages(user).where(
        Stage.submitted_at.is_not(None), Stage.approved_at.is_(None)
    )
    return Todo(
        _("Stages to approve"), count_of(query), "engagements.index", {"state": "submitted"}
    )


def overdue(user: User) -> Todo:
    """Engagements whose present stage is late."""
    query = at_their_stages(user).where(Stage.due_on < clock.today())
    return Todo(_("Overdue stages"), count_of(query), "pages.board", {"state": "overdue"}, "bad")


def papers_returned(user: User) -> Todo:
    """Papers that the bureau returned to this agency."""
    query = (
        select(WorkingPaper.id)
        .where(WorkingPaper.engagement_id.in_(open_engagements(user)))
        .where(WorkingPaper.state == VersionState.RETURNED, WorkingPaper.withdrawn_at.is_(None))
    )
    return Todo(_("Papers returned to you"), count_of(query), "engagements.index", {}, "warn")


def opinions_to_answer(user: User) -> Todo:
    """Opinions that nobody of the agency has answered."""
    answered = select(NoteReply.id).where(NoteReply.note_id == GuidanceNote.id).exists()
    query = (
        select(GuidanceNote.id)
        .where(GuidanceNote.engagement_id.in_(open_engagements(user)))
        .where(GuidanceNote.settled_at.is_(None), ~answered)
    )
    owed = user.role in AGENCY_ROLES
    label = _("Opinions to answer") if owed else _("Opinions the agency has not answered")
    return Todo(label, count_of(query), "pages.board", {"state": "opinions"})


def answers_to_settle(user: User) -> Todo:
    """Opinions that the agency has answered and nobody has settled."""
    answered = select(NoteReply.id).where(NoteReply.note_id == GuidanceNote.id).exists()
    query = (
        select(GuidanceNote.id)
        .where(GuidanceNote.engagement_id.in_(open_engagements(user)))
        .where(GuidanceNote.settled_at.is_(None), answered)
    )
    label = _("Answered opinions to settle")
    return Todo(label, count_of(query), "pages.board", {"state": "opinions"})


def stages_to_submit(user: User) -> Todo:
    """Stages of this agency's engagements that are under way."""
    query = at_their_stages(user).where(Stage.submitted_at.is_(None))
    return Todo(_("Stages under way"), count_of(query), "engagements.index", {})


def locked_accounts(user: User) -> Todo:
    """Accounts that are locked after wrong passwords."""
    query = select(User.id).where(User.locked_until > clock.now(), User.closed_at.is_(None))
    return Todo(_("Locked accounts"), count_of(query), "accounts.people", {})


def first_passwords(user: User) -> Todo:
    """Accounts whose owner has not yet chosen a password."""
    query = select(User.id).where(User.must_change_password.is_(True), User.closed_at.is_(None))
    return Todo(_("Accounts with a first password"), count_of(query), "accounts.people", {})


def spills_to_decide(user: User) -> Todo:
    """Reported files on which this person, who did not report them, may decide."""
    query = open_spills().where(Spill.reported_by_id != user.id)
    return Todo(_("Reported files to decide"), count_of(query), "spills.index", {}, "bad")


def acts_to_confirm(user: User) -> Todo:
    """Acts of two people that another one asked for."""
    query = acts_to_decide(user)
    return Todo(_("Acts to confirm"), count_of(query), "identity.acts.index", {}, "warn")


Question = Callable[[User], Todo]

# Whoever can do nothing about another's late stage: it stands under what is due next.
LOOKERS_ON = frozenset({Role.FINANCE_OFFICE_OFFICER, Role.INSPECTOR, Role.UNIT_OFFICER})


def questions_of(user: User) -> list[Question]:
    """What this person is asked, by role."""
    asked: list[Question] = []
    if user.role is Role.PERFORMANCE_OFFICER:
        asked = [papers_to_review, stages_to_decide, overdue]
        asked += [answers_to_settle, opinions_to_answer]
    elif user.role in AGENCY_ROLES:
        asked = [papers_returned, opinions_to_answer, stages_to_submit, overdue]
    elif can(user, Permission.BOARD_READ, None) and user.role not in LOOKERS_ON:
        asked = [overdue]
    asked = process.questions_of(user) + asked
    if user.role is Role.SECURITY_ADMIN:
        asked = [locked_accounts, first_passwords, spills_to_decide]
    if user.role is Role.LEADER:
        asked.append(spills_to_decide)
    if user.role in {Role.LEADER, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN}:
        asked.append(acts_to_confirm)
    return asked


# Each room's questions; a new room adds its own.
SOURCES: tuple[Callable[[User], list[Question]], ...] = (
    questions_of,
    rating.questions_of,
    assessing.questions_of,
    scoring.questions_of,
    running.questions_of,
    overseeing.questions_of,
    growing.questions_of,
    placing.questions_of,
)


def todos(user: User) -> list[Todo]:
    """What waits for this person, by role; all numbers are asked in one statement."""
    return counted(question(user) for source in SOURCES for question in source(user))
