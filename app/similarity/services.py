"""What people do about likenesses. Each public function is one action of one person."""

from hashlib import sha256

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.similarity.models import Boilerplate, LikenessAlarm

SHORTEST = 20


def settle_alarm(actor: User, alarm: LikenessAlarm, words: str) -> None:
    """The performance section has looked at a likeness and says what came of it (已核)."""
    require(actor, Permission.SIMILARITY_SETTLE, alarm)
    lock(alarm)
    if alarm.settled_at is not None:
        raise Conflict
    if not words.strip():
        raise Invalid(_("Say what came of it"), "words")
    alarm.settled_at, alarm.settled_by_id = clock.now(), actor.id
    alarm.words = words.strip()
    audit.record(
        actor,
        audit.Event.SIMILARITY_SETTLED,
        alarm.version,
        index_no=alarm.version.paper.index_no,
        number=alarm.version.number,
        words=alarm.words,
    )


def add_boilerplate(actor: User, title: str, text: str) -> Boilerplate:
    """The performance section names a text that everybody may use; its words stop counting."""
    require(actor, Permission.BOILERPLATE_EDIT, None)
    if len(text.strip()) < SHORTEST:
        raise Invalid(_("The text needs at least %(n)s characters", n=SHORTEST), "text")
    added = Boilerplate(
        title=title.strip(), text=text.strip(), added_by_id=actor.id, added_at=clock.now()
    )
    db.session.add(added)
    digest = sha256(added.text.encode()).hexdigest()
    audit.record(actor, audit.Event.BOILERPLATE_ADDED, added, title=added.title, text_sha256=digest)
    return added


def withdraw_boilerplate(actor: User, boilerplate: Boilerplate) -> None:
    """The performance section takes a text back; its words count again from now on."""
    require(actor, Permission.BOILERPLATE_EDIT, boilerplate)
    lock(boilerplate)
    if boilerplate.withdrawn_at is not None:
        raise Conflict
    boilerplate.withdrawn_at, boilerplate.withdrawn_by_id = clock.now(), actor.id
    audit.record(actor, audit.Event.BOILERPLATE_WITHDRAWN, boilerplate, title=boilerplate.title)
