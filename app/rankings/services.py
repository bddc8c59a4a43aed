"""What people do with rankings. Each public function is one user action."""

from datetime import date
from hashlib import sha256

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.audit.keys import seal_signer
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.policy import ADMINISTRATORS, Permission, Role, require
from app.rankings import making, packing, queries, statements
from app.rankings.making import Needs
from app.rankings.models import RankingSnapshot


def compute_snapshot(
    actor: User, title: str, *, as_of: date, since: date | None = None, needs: Needs | None = None
) -> RankingSnapshot:
    """Rank all agencies on what was unsealed in a period; a draft until somebody answers for it."""
    require(actor, Permission.RANKING_COMPUTE, None)
    making.check_wish(title, since, as_of)
    snapshot = making.computed(title.strip(), (since, as_of), needs or Needs())
    keep_snapshot(actor, snapshot)
    return snapshot


def keep_snapshot(actor: User, snapshot: RankingSnapshot) -> None:
    """Keep what was computed, under the next number of its year; a draft."""
    require(actor, Permission.RANKING_COMPUTE, None)
    snapshot.code = queries.next_code(snapshot.as_of.year)
    snapshot.computed_by_id = actor.id
    db.session.add(snapshot)
    digests = {"data_digest": snapshot.data_digest, "result_digest": snapshot.result_digest}
    audit.record(actor, audit.Event.RANKING_COMPUTED, snapshot, code=snapshot.code, **digests)


def publish_snapshot(actor: User, snapshot: RankingSnapshot, reason: str) -> None:
    """A person answers for a ranking with a reason; from then on it is frozen and all may read."""
    lock(snapshot)
    require(actor, Permission.RANKING_PUBLISH, snapshot)
    if snapshot.published_at is not None:
        raise Conflict(_("This ranking is published already"))
    if not reason.strip():
        raise Invalid(_("Say why this ranking is published"))
    rows = queries.rows_of(snapshot)
    snapshot.published_at, snapshot.published_by_id = clock.now(), actor.id
    snapshot.reason = reason.strip()
    snapshot.public = statements.public_text(snapshot, rows)
    snapshot.statement = seal_signer().sign(statements.statement_of(snapshot))
    facts = {"reason": snapshot.reason, "result_digest": snapshot.result_digest}
    audit.record(actor, audit.Event.RANKING_PUBLISHED, snapshot, code=snapshot.code, **facts)
    everybody = holders_of(*(role for role in Role if role not in ADMINISTRATORS))
    told, link = {"ranking": snapshot.title}, f"/rankings/{snapshot.id}"
    notifications.send(everybody, Kind.RANKING_PUBLISHED, told, link)


def record_export(actor: User, snapshot: RankingSnapshot, form: str) -> None:
    """Whoever takes a ranking out of the portal is in the log."""
    require(actor, Permission.RANKING_READ, snapshot)
    audit.record(actor, audit.Event.RANKING_EXPORTED, snapshot, code=snapshot.code, form=form)


def hand_over_bundle(actor: User, snapshot: RankingSnapshot, recipient: str) -> bytes:
    """The full bundle of a published ranking, for auditors and the complaint authority.

    To whom and for what stands in the log, with the digest of the file.
    """
    require(actor, Permission.RANKING_BUNDLE_READ, snapshot)
    if not recipient.strip():
        raise Invalid(_("Say who gets it and for what"))
    if snapshot.inputs is None:
        raise Conflict(_("This ranking is from before its data were kept"))
    made = packing.full_bundle(snapshot)
    facts = {"recipient": recipient.strip(), "sha256": sha256(made).hexdigest()}
    audit.record(actor, audit.Event.RANKING_BUNDLED, snapshot, code=snapshot.code, **facts)
    return made
