"""Agreements of agencies to bid together (联合体)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.exchange import queries
from app.exchange.models import Consortium, ConsortiumMember
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.policy import Permission, require

MOST_MEMBERS = 5


def propose_consortium(actor: User, name: str, words: str, parts: Mapping[int, str]) -> Consortium:
    """The head of an agency proposes an agreement; its own agency leads it and has agreed.

    Every member is liable for the whole, so each one's own administrator has to agree.
    """
    require(actor, Permission.CONSORTIUM_PROPOSE, None)
    if not 2 <= len(parts) <= MOST_MEMBERS or actor.organisation_id not in parts:
        raise Invalid(_("A consortium has two to five agencies, your own among them"))
    if not all(part.strip() for part in parts.values()):
        raise Invalid(_("Say which part of the work each agency does"))
    made = Consortium(
        name=name.strip(),
        words=words.strip(),
        lead_agency_id=actor.organisation_id,
        made_by_id=actor.id,
        made_at=clock.now(),
        members=[_member(actor, agency, part) for agency, part in parts.items()],
    )
    db.session.add(made)
    db.session.flush()
    asked = queries.heads_of(set(parts) - {actor.organisation_id})
    notifications.send(asked, Kind.CONSORTIUM_ASKED, {"consortium": made.name}, "/consortia")
    audit.record(actor, audit.Event.CONSORTIUM_PROPOSED, made, name=made.name)
    return made


def _member(actor: User, agency: int, part: str) -> ConsortiumMember:
    is_own = agency == actor.organisation_id
    return ConsortiumMember(
        agency_id=agency,
        part=part.strip(),
        agreed_at=clock.now() if is_own else None,
        agreed_by_id=actor.id if is_own else None,
    )


def _tell_others(actor: User, made: Consortium, kind: Kind, told: Mapping[str, str]) -> None:
    others = {each.agency_id for each in made.members} - {actor.organisation_id}
    notifications.send(queries.heads_of(others), kind, told, "/consortia")


def agree(actor: User, made: Consortium) -> None:
    """The administrator of a named agency agrees for it, once."""
    lock(made)
    require(actor, Permission.CONSORTIUM_ANSWER, made)
    own = next(each for each in made.members if each.agency_id == actor.organisation_id)
    if made.ended_at is not None or own.agreed_at is not None:
        raise Conflict
    own.agreed_at, own.agreed_by_id = clock.now(), actor.id
    if made.is_in_force:
        _tell_others(actor, made, Kind.CONSORTIUM_IN_FORCE, {"consortium": made.name})
    audit.record(actor, audit.Event.CONSORTIUM_AGREED, made, name=made.name)


def end_consortium(actor: User, made: Consortium) -> None:
    """Any member's administrator declines or ends the agreement for all."""
    lock(made)
    require(actor, Permission.CONSORTIUM_ANSWER, made)
    if made.ended_at is not None:
        raise Conflict(_("The agreement has ended already"))
    made.ended_at = clock.now()
    told = {"agency": actor.organisation.name, "consortium": made.name}
    _tell_others(actor, made, Kind.CONSORTIUM_ENDED, told)
    audit.record(actor, audit.Event.CONSORTIUM_ENDED, made, name=made.name)
