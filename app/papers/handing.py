"""What moves of working papers when somebody hands their work over."""

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select, update

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.handovers import Movable
from app.papers.models import Upload
from app.papers.queries import still_open
from app.papers.review_models import LevelReviewer


def _turns(person: User) -> Select[LevelReviewer]:
    """Where this person reviews at some level of work that goes on."""
    query = select(LevelReviewer).join(Engagement, Engagement.id == LevelReviewer.engagement_id)
    own = LevelReviewer.user_id == person.id, LevelReviewer.replaced_at.is_(None)
    return query.where(*own, still_open())


def _count_turns(person: User) -> int:
    query = _turns(person).with_only_columns(func.count(LevelReviewer.id))
    return db.session.scalar(query) or 0


def _move_turns(giver: User, taker: User) -> int:
    """The taker reviews from now on; not where they hold another level: three people review."""
    there = select(LevelReviewer.engagement_id).where(
        LevelReviewer.user_id == taker.id, LevelReviewer.replaced_at.is_(None)
    )
    free = _turns(giver).where(LevelReviewer.engagement_id.not_in(there))
    turns, now = db.session.scalars(free).all(), clock.now()
    for turn in turns:
        turn.replaced_at = now
    db.session.flush()
    for turn in turns:
        told = {"engagement_id": turn.engagement_id, "level": turn.level, "appointed_at": now}
        db.session.add(LevelReviewer(user_id=taker.id, appointed_by_id=giver.id, **told))
    return len(turns)


def _open_uploads(person: User) -> Select[str]:
    return select(Upload.id).where(Upload.author_id == person.id, Upload.released_at.is_(None))


def _count_uploads(person: User) -> int:
    query = select(func.count()).select_from(_open_uploads(person).subquery())
    return db.session.scalar(query) or 0


def _move_uploads(giver: User, taker: User) -> int:
    """Files that are on their way go on under the taker's name: nothing was handed in yet."""
    count = _count_uploads(giver)
    moved = update(Upload).where(Upload.id.in_(_open_uploads(giver))).values(author_id=taker.id)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    return count


MOVABLES = (
    Movable("level reviews", _("Levels of review"), _count_turns, _move_turns),
    Movable("uploads", _("Files on their way"), _count_uploads, _move_uploads),
)
