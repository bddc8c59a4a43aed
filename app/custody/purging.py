"""Files whose retention has ended are destroyed: listed by one person, confirmed by another."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select

from app import audit, clock
from app.accounts.models import User
from app.blobs import destroying
from app.custody import ending
from app.custody.models import Purge, PurgedFile
from app.db import db
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.identity import acts
from app.identity.models import DangerousAct

KIND = "purge"


def ask_purge(actor: User, reason: str) -> Purge:
    """The archivist lists what has outlived its class, and asks the leader to have it destroyed.

    The list is kept as it is now: what comes later is for the next list.
    """
    if not reason.strip():
        raise Invalid(_("Give the reason"), "reason")
    found = ending.ended_files()
    if not found:
        raise Conflict(_("No file's retention has ended"))
    digest = ending.digest_of(found)
    asked = acts.ask_act(actor, KIND, reason, {"files": len(found), "digest": digest})
    db.session.flush()
    purge = Purge(act_id=asked.id, listed_at=clock.now(), files=len(found), digest=digest)
    db.session.add(purge)
    db.session.flush()
    rows = [_row(purge, one) for one in found]
    db.session.execute(insert(PurgedFile), rows)
    audit.record(actor, audit.Event.PURGE_LISTED, purge, files=purge.files, digest=digest)
    return purge


def _row(purge: Purge, one: ending.Ended) -> Mapping[str, Any]:
    told = {"purge_id": purge.id, "sha256": one.sha256, "engagement_id": one.engagement_id}
    return {**told, "until": one.until}


def purge_of(asked: DangerousAct) -> Purge:
    """The list that an act is about."""
    return db.session.scalars(select(Purge).where(Purge.act_id == asked.id)).one()


def purge_files(confirmer: User, asked: DangerousAct) -> str:
    """The second person confirmed: the keys are destroyed, and the bytes go where the store lets.

    What was put under a hold, archived anew or reported since the list was made is kept.
    """
    purge = purge_of(asked)
    files = db.session.scalars(select(PurgedFile).where(PurgedFile.purge_id == purge.id)).all()
    free = ending.still_ended({one.sha256 for one in files})
    gone: Counter[int] = Counter()
    for one in files:
        if one.sha256 in free:
            one.destroyed_at = clock.now()
            gone[one.engagement_id] += 1
        else:
            one.kept_at = clock.now()
    destroying.destroy_all(sorted(free))
    for engagement_id, count in sorted(gone.items()):
        about = db.session.get_one(Engagement, engagement_id)
        event = audit.Event.FILES_PURGED
        audit.record(confirmer, event, about, scope=about, files=count, digest=purge.digest)
    return f"{sum(gone.values())} / {purge.files}"


def place_of(asked: DangerousAct) -> str:
    """The page that shows the list."""
    return f"/purges/{purge_of(asked).id}"


ACT = acts.Act(
    KIND,
    _("Destroy files whose retention has ended"),
    _("The keys of the listed files are destroyed; records, digests and the log stay"),
    purge_files,
    "custody.purges.index",
    place_of,
)
