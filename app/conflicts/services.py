"""What people do about relations and conflicts. Each public function is one user action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import Organisation, User
from app.agencies.models import Agency
from app.conflicts import rules
from app.conflicts.models import AgencyRelation, ConflictLink
from app.conflicts.rules import Finding, RelationKind
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.policy import Permission, require

TEXTS = ("party_name", "party_code", "person", "project", "source")
PLAIN = ("kind", "organisation", "share_percent", "from_on", "until_on")
OF_PERSONS = frozenset({RelationKind.FORMER_POST})


@dataclass(frozen=True)
class NewRelation:
    """What is entered of a relation; the party is one of the portal's, or goes by its name."""

    kind: RelationKind
    from_on: date
    organisation: Organisation | None = None
    party_name: str = ""
    party_code: str = ""
    person: str = ""
    project: str = ""
    share_percent: int | None = None
    until_on: date | None = None
    source: str = ""


def enter_relation(actor: User, agency: Agency, new: NewRelation) -> AgencyRelation:
    """The performance section or the agency itself enters what ties it to somebody."""
    require(actor, Permission.RELATION_ENTER, agency)
    _check(new)
    told: dict[str, Any] = {name: str(getattr(new, name)).strip() for name in TEXTS}
    told |= {name: getattr(new, name) for name in PLAIN}
    relation = AgencyRelation(agency=agency, **told)
    relation.entered_at, relation.entered_by_id = clock.now(), actor.id
    db.session.add(relation)
    db.session.flush()
    facts = {"relation": relation.id, "relation_kind": str(new.kind)}
    audit.record(actor, audit.Event.RELATION_ENTERED, agency, scope=agency, **facts)
    return relation


def _check(new: NewRelation) -> None:
    if new.organisation is None and not new.party_name.strip():
        raise Invalid(_("Name the other party"), field="party_name")
    if new.until_on is not None and new.until_on < new.from_on:
        raise Invalid(_("It can't end before it began"), field="until_on")
    if new.from_on > clock.today():
        raise Invalid(_("It can't begin in the future"), field="from_on")
    if new.kind is RelationKind.OWNER and new.share_percent is None:
        raise Invalid(_("Enter the owner's share in percent"), field="share_percent")
    if new.kind in OF_PERSONS and not new.person.strip():
        raise Invalid(_("Enter whose former post it is"), field="person")
    if new.kind in rules.PROJECT_SERVICES and not new.project.strip():
        raise Invalid(_("Enter the project"), field="project")


def enter_relations(actor: User, agency: Agency, news: Sequence[NewRelation]) -> int:
    """Enter the relations of a workbook, all or none."""
    for new in news:
        enter_relation(actor, agency, new)
    return len(news)


def withdraw_relation(actor: User, relation: AgencyRelation, reason: str) -> None:
    """The performance section takes back what was entered wrongly; it stays on record."""
    require(actor, Permission.RELATION_WITHDRAW, relation)
    lock(relation)
    if relation.withdrawn_at is not None:
        raise Conflict(_("This relation was already taken back"))
    if not reason.strip():
        raise Invalid(_("Give a reason"), field="reason")
    relation.withdrawn_at, relation.withdrawn_by_id = clock.now(), actor.id
    relation.withdraw_reason = reason.strip()
    told = {"relation": relation.id, "reason": relation.withdraw_reason}
    agency = relation.agency
    audit.record(actor, audit.Event.RELATION_WITHDRAWN, agency, scope=agency, **told)


def keep_links(actor: User, engagement: Engagement, found: Sequence[Finding]) -> None:
    """Whoever opens an engagement leaves on record what mere links were found."""
    require(actor, Permission.ENGAGEMENT_OPEN, None)
    if not found:
        return
    now = clock.now()
    for one in found:
        link = ConflictLink(engagement=engagement, kind=one.kind, facts=dict(one.facts))
        link.found_at = now
        db.session.add(link)
    db.session.flush()
    told = {"links": [str(one.kind) for one in found]}
    audit.record(actor, audit.Event.CONFLICT_FOUND, engagement, scope=engagement, **told)


def accept_link(actor: User, link: ConflictLink, reason: str) -> None:
    """The leader accepts a mere link, with a reason that stays on record."""
    require(actor, Permission.CONFLICT_ACCEPT, link)
    lock(link)
    if link.accepted_at is not None:
        raise Conflict(_("This link was already accepted"))
    if not reason.strip():
        raise Invalid(_("Give a reason"), field="reason")
    link.accepted_at, link.accepted_by_id = clock.now(), actor.id
    link.reason = reason.strip()
    told = {"link": str(link.kind), "reason": link.reason}
    audit.record(actor, audit.Event.CONFLICT_ACCEPTED, link, scope=link.engagement, **told)
