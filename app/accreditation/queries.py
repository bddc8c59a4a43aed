"""Questions about applications. Nothing here changes anything."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app import clock
from app.accounts.models import AddressAttempt, Organisation
from app.accreditation.models import Application, Evidence, Requirement, State
from app.db import db

# Proof without which an application isn't handed in; the others are filed where there is any.
NEEDED = (
    Requirement.PARTICULARS,
    Requirement.LEAD_EVALUATORS,
    Requirement.QUALITY_CONTROL,
    Requirement.CONFIDENTIALITY,
    Requirement.TRAINING,
    Requirement.FINANCE,
    Requirement.GOOD_STANDING,
)
# What one address may do without an account: how often, within how long.
PACE = {
    "register_key": (10, timedelta(minutes=15)),  # keys that open nothing
    "register_start": (10, timedelta(hours=1)),
    "register_file": (120, timedelta(hours=1)),
}


def hash_of(key: str) -> str:
    """What is kept of a key: its SHA-256. A key has 256 random bits, so that is enough."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def application_of(key: str) -> Application | None:
    """The application that a key opens, if its days aren't over."""
    query = _whole(select(Application).where(Application.key_hash == hash_of(key)))
    found = db.session.scalar(query)
    return found if found is not None and found.is_followed else None


def is_slowed(kind: str, place: str) -> bool:
    """Whether one address did something so often without an account that it has to wait."""
    most, within = PACE[kind]
    tried = select(func.count()).where(
        AddressAttempt.kind == kind,
        AddressAttempt.address == place,
        AddressAttempt.at > clock.now() - within,
    )
    return (db.session.scalar(tried) or 0) >= most


def whole(application_id: int) -> Application | None:
    """One with everything that its page shows."""
    return db.session.scalar(_whole(select(Application).where(Application.id == application_id)))


def _whole(query: Select[Application]) -> Select[Application]:
    return query.options(selectinload(Application.evidence), selectinload(Application.remarks))


def applications(state: State | None = None) -> Select[Application]:
    """The applications; drafts are their writers' own until they are handed in."""
    query = select(Application)
    if state is not None:
        return query.where(Application.state == state)
    return query.where(Application.state != State.DRAFT)


def counts() -> Mapping[State, int]:
    """How many applications stand in each state."""
    query = select(Application.state, func.count()).group_by(Application.state)
    return dict(db.session.execute(query).all())


def is_registered(code: str) -> bool:
    """Whether an organisation of this credit code is known already."""
    query = select(func.count()).where(Organisation.credit_code == code)
    return bool(db.session.scalar(query))


def others_of(application: Application) -> Sequence[Application]:
    """Other applications under the same credit code that aren't withdrawn."""
    query = select(Application).where(
        Application.credit_code == application.credit_code,
        Application.id != application.id,
        Application.state.not_in([State.WITHDRAWN, State.DRAFT]),
    )
    return db.session.scalars(query.order_by(Application.id.desc()).limit(10)).all()


def living(application: Application) -> dict[Requirement, list[Evidence]]:
    """The proof that isn't voided, by item."""
    found: dict[Requirement, list[Evidence]] = {}
    for one in application.evidence:
        if one.voided_at is None:
            found.setdefault(one.requirement, []).append(one)
    return found


def missing(application: Application) -> list[Requirement]:
    """The items without which it can't be handed in."""
    there = living(application)
    return [one for one in NEEDED if one not in there]


def to_erase(before: datetime) -> Sequence[Application]:
    """Applications whose contact's telephone is no longer needed: decided, or given up, so long."""
    query = select(Application).where(Application.contact_phone.is_not(None))
    ended = func.coalesce(Application.decided_at, Application.key_ends_at) < before
    closed = [State.ENTERED, State.REFUSED, State.WITHDRAWN, State.DRAFT, State.RETURNED]
    return db.session.scalars(query.where(ended, Application.state.in_(closed)).limit(500)).all()
