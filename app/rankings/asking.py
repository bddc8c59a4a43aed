"""Rankings are asked for, then computed by the background: once, whoever asks and however often.

The numbers are worked out while no transaction is open; keeping them is one short transaction
that looks once more whether somebody else was quicker. A killed worker leaves nothing behind.
"""

from dataclasses import asdict
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, end_read, lock, transaction
from app.errors import Conflict
from app.policy import Permission, require
from app.queueing import Work, can_do, enqueue
from app.rankings import making, queries, services
from app.rankings.making import Needs
from app.rankings.models import RankingRequest

WORK = "ranking"
LEASE_SECONDS = 3600


def join() -> None:
    """Say what is done in the background."""
    can_do(Work(WORK, _("Compute rankings"), compute_asked, LEASE_SECONDS, 3))


def ask_snapshot(
    actor: User, title: str, *, as_of: date, since: date | None, needs: Needs
) -> RankingRequest:
    """The performance section has a ranking computed; the same asked again is the first one.

    Of one last day one is computed at a time. What was given up is taken up anew by asking again.
    """
    require(actor, Permission.RANKING_COMPUTE, None)
    making.check_wish(title, since, as_of)
    found = queries.request_under_way(as_of)
    if found is None:
        found = RankingRequest(as_of=as_of)
        db.session.add(found)
    elif _is_under_way(found):
        return _the_same(found, title.strip(), since)
    found.title, found.since, found.needs = title.strip(), since, asdict(needs)
    found.asked_at, found.asked_by, found.job_id = clock.now(), actor, 0
    db.session.flush()
    found.job_id = enqueue(WORK, request_id=found.id)
    audit.record(actor, audit.Event.RANKING_ASKED, found, title=found.title)
    return found


def _is_under_way(found: RankingRequest) -> bool:
    lock(found)
    return not queries.standing_of(found).is_over


def _the_same(found: RankingRequest, title: str, since: date | None) -> RankingRequest:
    if (found.title, found.since) != (title, since):
        raise Conflict(_("Another ranking up to this day is being computed: wait until it is done"))
    return found


def compute_asked(request_id: int) -> None:
    """Compute what was asked for; called again after a kill it begins anew, done it does nothing.

    What fails is noted by the queue, tried again, and told on the pages of rankings and of jobs.
    """
    asked = db.session.get(RankingRequest, request_id)
    if asked is None or asked.snapshot_id is not None:
        return
    wish = (asked.title, asked.since, asked.as_of)
    made = making.computed(asked.title, (asked.since, asked.as_of), Needs(**asked.needs))
    end_read()
    with transaction():
        asked = db.session.get_one(RankingRequest, request_id)
        lock(asked)
        if asked.snapshot_id is None and wish == (asked.title, asked.since, asked.as_of):
            services.keep_snapshot(asked.asked_by, made)
            db.session.flush()
            asked.snapshot_id = made.id
