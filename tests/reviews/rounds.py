"""Engagements that are over and rated, for the tests of reviews and rankings."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from app.accounts.models import OrganisationKind, User
from app.db import db, transaction
from app.engagements import services as engagements
from app.policy import Role
from app.reviews import queries, services
from app.reviews.models import ReviewInvitation, ReviewRound
from app.reviews.rating import NewReview
from app.web import fresh_token
from tests.factories import (
    AgencyFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)

ROLE_OF = {
    "unit": Role.UNIT_OFFICER,
    "section": Role.SECTION_OFFICER,
    "performance": Role.PERFORMANCE_OFFICER,
}


@dataclass
class Rated:
    """An engagement that is over, its round, and one officer for each invitation."""

    engagement: Any
    round: ReviewRound
    officers: dict[str, User]

    def invitation(self, party):
        return next(i for i in self.round.invitations if i.party == party)

    def rate(self, party, stars=4, words="", fact=""):
        return rate(self.officers[party], self.invitation(party), stars, words, fact)


@contextmanager
def unfrozen(*tables):
    """Take the triggers of these tables away and put them back, inside the transaction."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        named = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t")
        kept = [row for t in tables for row in connection.execute(named, {"t": t}).all()]
        for name, _sql in kept:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _name, sql in kept:
            connection.execute(text(sql))
        return
    for table in tables:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in tables:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def ended(code="fiscal_evaluation", **changes):
    """An engagement of this template that was terminated, with its round open."""
    officer = changes.pop("actor", None) or UserFactory(role=Role.PERFORMANCE_OFFICER)
    engagement = make_engagement(code, actor=officer, **changes)
    with transaction():
        engagements.terminate(officer, engagement, "演示终止")
    found = queries.round_of(engagement)
    people = {"performance": officer}
    for each in found.invitations:
        if each.party not in people:
            people[str(each.party)] = officer_of(each)
    return Rated(engagement, found, people)


def officer_of(invitation):
    """Somebody who may rate for this invitation."""
    role = ROLE_OF[invitation.party]
    if invitation.organisation.kind is OrganisationKind.DEPARTMENT:
        role = Role.DEPARTMENT_OFFICER
    query = select(User).where(
        User.organisation_id == invitation.organisation_id, User.role == role
    )
    found = db.session.scalars(query).first()
    return found or UserFactory(role=role, organisation=invitation.organisation)


def rate(person, invitation: ReviewInvitation, stars=4, words="", fact=""):
    """Rate every dimension alike (or as the mapping by code says) and commit."""
    given = {
        each.id: stars.get(each.code) if isinstance(stars, dict) else stars
        for each in queries.dimensions()
    }
    with transaction():
        return services.submit_review(person, invitation, NewReview(given, words, fact))


def rated(stars=4, agency=None, **changes):
    """An engagement whose three parties rated alike, so that its round is unsealed."""
    done = ended(agency=agency or AgencyFactory(), **changes)
    for party in list(done.officers):
        done.rate(party, stars, words="演示理由", fact="演示阶段")
    db.session.refresh(done.round)
    return done


def post(client, url, data=None):
    """Send a form with a fresh token, as a page would."""
    return client.post(url, data={"once": fresh_token(), **(data or {})})


def tasks_of(count, template):
    """So many tasks of one section, each with a unit of its own."""
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    return [make_task(template, section=section) for _ in range(count)]
