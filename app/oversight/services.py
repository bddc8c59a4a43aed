"""What people do about engagements as a whole: assign, remind, keep a view of the board."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.engagements import moves
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.oversight import queries
from app.oversight.models import BoardView, EngagementOfficer, StageReminder
from app.policy import AGENCY_ROLES, Permission, Role, require

AGAIN_AFTER = timedelta(hours=20)  # a reminder a day says as much as ten
MOST_VIEWS = 20


def assign_officer(actor: User, engagement: Engagement, officer: User) -> EngagementOfficer:
    """The performance section gives an engagement to one of its own; the one before is ended."""
    require(actor, Permission.ENGAGEMENT_ASSIGN, engagement)
    moves.hold(engagement)
    if officer.role is not Role.PERFORMANCE_OFFICER or not officer.is_active:
        raise Invalid(_("Choose somebody of the performance section"), field="officer")
    before = queries.officer_of(engagement)
    if before is not None:
        if before.officer_id == officer.id:
            raise Conflict(_("It is with this officer already"))
        before.ended_at = clock.now()
        db.session.flush()
    given = EngagementOfficer(
        engagement=engagement, officer=officer, assigned_by_id=actor.id, assigned_at=clock.now()
    )
    db.session.add(given)
    told = {"engagement": engagement.name}
    send([officer], Kind.ENGAGEMENT_ASSIGNED, told, f"/engagements/{engagement.id}")
    audit.record(actor, audit.Event.ENGAGEMENT_ASSIGNED, engagement, officer=officer.id)
    return given


def remind_agency(actor: User, engagement: Engagement, words: str) -> StageReminder:
    """The commissioning side reminds the agency of the stage that its work is at (催办).

    Not of one that was handed in, and once a day at most; each reminder stays on record.
    """
    require(actor, Permission.ENGAGEMENT_REMIND, engagement)
    moves.hold(engagement)
    stage = engagement.current_stage
    if stage is None or stage.submitted_at is not None:
        raise Conflict(_("This stage was handed in; it waits for the commissioning side"))
    last = queries.last_reminder(engagement)
    if last is not None and last.sent_at > clock.now() - AGAIN_AFTER:
        raise Conflict(_("The agency was reminded within the last day"))
    sent = StageReminder(
        engagement=engagement, stage=stage, words=words.strip(), sent_by_id=actor.id,
        sent_at=clock.now(),
    )  # fmt: skip
    db.session.add(sent)
    _tell_agency(sent)
    told = {"stage": moves.named(stage), "words": sent.words}
    audit.record(actor, audit.Event.STAGE_REMINDED, stage, scope=engagement, **told)
    return sent


def save_view(actor: User, name: str, query: str) -> BoardView:
    """A person keeps the board's filters under a name; the same name is overwritten."""
    name, query = " ".join(name.split()), urlencode(parse_qsl(query.lstrip("?")))
    view = queries.view_named(actor, name) or BoardView(user_id=actor.id, name=name)
    require(actor, Permission.BOARD_VIEW_EDIT, view)
    if not 1 <= len(name) <= 40:
        raise Invalid(_("Give the view a name of at most 40 characters"), field="name")
    if len(query) > 600:
        raise Invalid(_("These filters are too long to keep"), field="name")
    if view.id is None and len(queries.views_of(actor)) >= MOST_VIEWS:
        raise Conflict(_("At most %(n)s views; remove one first", n=MOST_VIEWS))
    view.query, view.saved_at, view.removed_at = query, clock.now(), None
    db.session.add(view)
    audit.record(actor, audit.Event.BOARD_VIEW_SAVED, f"user_account:{actor.id}", name=name)
    return view


def remove_view(actor: User, view: BoardView) -> None:
    """A person puts a view of their own away."""
    require(actor, Permission.BOARD_VIEW_EDIT, view)
    view.removed_at = clock.now()
    audit.record(actor, audit.Event.BOARD_VIEW_REMOVED, f"user_account:{actor.id}", name=view.name)


def _tell_agency(sent: StageReminder) -> None:
    engagement = sent.engagement
    staff = people.recipients([engagement.agency_id], AGENCY_ROLES)
    facts = {"engagement": engagement.name, "stage": sent.stage.name}
    send(staff, Kind.STAGE_REMINDED, facts, f"/engagements/{engagement.id}")
