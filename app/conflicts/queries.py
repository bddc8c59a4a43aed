"""Questions about what ties agencies to units, clients and one another. Changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from app.accounts.models import UNIT_KINDS, Organisation, User
from app.accounts.queries import organisations
from app.agencies.models import Agency
from app.conflicts import rules
from app.conflicts.models import AgencyRelation, ConflictLink
from app.conflicts.rules import Case, Earlier, Finding, House
from app.db import db
from app.engagements.models import Engagement, Task
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.engagements.opening import NewEngagement

Found = Mapping[int, Sequence[Finding]]


def relations_of(agency_id: int) -> Sequence[AgencyRelation]:
    """The relations of an agency that stand, the newest first."""
    query = _standing().where(AgencyRelation.agency_id == agency_id)
    newest = query.order_by(AgencyRelation.from_on.desc(), AgencyRelation.id.desc())
    return db.session.scalars(newest).all()


def _standing() -> Select[AgencyRelation]:
    return select(AgencyRelation).where(AgencyRelation.withdrawn_at.is_(None))


def units_to_name(user: User) -> Select[Organisation]:
    """The units and departments, for whoever may enter that one of them is tied to an agency."""
    own = db.session.get(Agency, user.organisation_id)
    query = organisations(*UNIT_KINDS)
    return query if can(user, Permission.RELATION_ENTER, own) else query.where(false())


def findings(case: Case, agency_ids: Collection[int]) -> Found:
    """What stands between each of these agencies and the work, in two statements.

    By themselves: for agencies of one lot, ask `findings_between` too.
    """
    found = rules.alone(case, _at_parties(case, agency_ids), _earlier(case, agency_ids))
    return by_agency(found)


def _at_parties(case: Case, agency_ids: Collection[int]) -> Sequence[AgencyRelation]:
    query = _standing().where(AgencyRelation.organisation_id.in_(case.party_ids))
    if len(agency_ids) == 1:
        query = query.where(AgencyRelation.agency_id.in_(agency_ids))
    wanted = set(agency_ids)
    return [one for one in db.session.scalars(query) if one.agency_id in wanted]


def _earlier(case: Case, agency_ids: Collection[int]) -> list[Earlier]:
    """The tasks of the last five years at the evaluated units."""
    since = rules.years_before(case.on, rules.YEARS_LINKED)
    query = (
        select(Engagement.agency_id, Engagement.code, Task.project, Engagement.signed_on)
        .join(Task, Task.engagement_id == Engagement.id)
        .where(Task.unit_id.in_(case.unit_ids))
        .where(Engagement.signed_on >= since, Engagement.signed_on <= case.on)
        .order_by(Engagement.signed_on, Engagement.id, Task.number)
    )
    if len(agency_ids) == 1:
        query = query.where(Engagement.agency_id.in_(agency_ids))
    wanted = set(agency_ids)
    return [Earlier(*row) for row in db.session.execute(query) if row.agency_id in wanted]


def case_of(new: "NewEngagement") -> Case:
    """What an engagement that is to be opened is about."""
    units = frozenset(task.unit.id for task in new.tasks if task.unit is not None)
    projects = frozenset(task.project for task in new.tasks)
    return Case(new.signed_on, units, new.client.id, projects)


def findings_of(new: "NewEngagement") -> Sequence[Finding]:
    """What stands between an agency and an engagement that is to be opened."""
    return findings(case_of(new), [new.agency.id]).get(new.agency.id, ())


def findings_between(agency_ids: Collection[int], on: date) -> Found:
    """What joins agencies that would take part in one lot, in two statements."""
    wanted = set(agency_ids)
    columns = (
        Agency.id,
        Organisation.name,
        Agency.legal_representative,
        Agency.address,
        Organisation.credit_code,
    )
    query = select(*columns).join(Agency.organisation).order_by(Agency.id)
    rows = [row for row in db.session.execute(query) if row.id in wanted]
    houses = [House(*row[:4], row.credit_code or "") for row in rows]
    kinds = (*rules.HOLDINGS, rules.RelationKind.HEAD, rules.RelationKind.FORMER_POST)
    ties = db.session.scalars(_standing().where(AgencyRelation.kind.in_(kinds)))
    return by_agency(rules.between(on, houses, ties.all()))


def by_agency(found: Sequence[Finding]) -> Found:
    """Findings by the agency, the forbidding ones first."""
    told: dict[int, list[Finding]] = defaultdict(list)
    for finding in found:
        told[finding.agency_id].append(finding)
    rank = {True: 0, False: 1}
    return {
        key: sorted(each, key=lambda one: rank[one.is_barred or one.is_barred_together])
        for key, each in told.items()
    }


def links_of(engagement: Engagement) -> Sequence[ConflictLink]:
    """The links that were found when an engagement was opened."""
    query = select(ConflictLink).where(ConflictLink.engagement_id == engagement.id)
    return db.session.scalars(query.order_by(ConflictLink.id)).all()


def open_links() -> Select[ConflictLink]:
    """Links that nobody has accepted yet, of work that goes on."""
    query = select(ConflictLink).join(ConflictLink.engagement)
    named = joinedload(ConflictLink.engagement)
    return query.where(ConflictLink.accepted_at.is_(None), Engagement.closed_at.is_(None)).options(
        named
    )


def names_of(organisation_ids: Collection[int]) -> Mapping[int, str]:
    """The organisations' names."""
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    return {key: str(name) for key, name in db.session.execute(query)}
