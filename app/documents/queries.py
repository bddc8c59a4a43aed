"""Questions about documents that went out. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.models import Organisation, OrganisationKind
from app.db import db
from app.documents.models import DocumentKind, DocumentWording, OfficialDocument
from app.engagements.models import Engagement, Task
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role

WHOLE_DISTRICT = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}
ADDRESSED = AGENCY_ROLES | UNIT_ROLES
OUTSIDE = Organisation.kind.not_in([OrganisationKind.BUREAU, OrganisationKind.SECTION])


def documents_visible_to(user: Person) -> Select[OfficialDocument]:
    """Exactly the documents that this person may read: its own, those to it, or all."""
    own = user.organisation_id
    lines: list[ColumnElement[bool]] = [false()]
    if user.role in WHOLE_DISTRICT:
        lines.append(true())
    if user.role in ADDRESSED:
        lines.append(OfficialDocument.addressee_id == own)
    if user.role is Role.SECTION_OFFICER:
        lines.append(OfficialDocument.engagement.has(Engagement.tasks.any(Task.section_id == own)))
    if user.role in UNIT_ROLES:
        client = and_(Engagement.client_id == own, Engagement.client.has(OUTSIDE))
        lines.append(OfficialDocument.engagement.has(client))
    return select(OfficialDocument).where(or_(*lines))


def documents_of(engagement: Engagement, user: Person) -> Sequence[OfficialDocument]:
    """The documents of an engagement that this person may read, newest first."""
    query = documents_visible_to(user).where(OfficialDocument.engagement_id == engagement.id)
    query = query.options(
        joinedload(OfficialDocument.addressee), joinedload(OfficialDocument.issued_by)
    )
    return db.session.scalars(query.order_by(OfficialDocument.id.desc())).all()


def next_number(series: str, year: int) -> int:
    """The next free number of a series in a year; the database refuses one that is used."""
    highest = select(func.max(OfficialDocument.number))
    found = highest.where(OfficialDocument.series == series, OfficialDocument.year == year)
    return (db.session.scalar(found) or 0) + 1


def is_used(series: str, year: int, number: int) -> bool:
    """Whether a document has this number, voided ones too."""
    query = select(OfficialDocument.id).where(
        OfficialDocument.series == series,
        OfficialDocument.year == year,
        OfficialDocument.number == number,
    )
    return db.session.scalar(query) is not None


def wordings_of(kind: DocumentKind) -> Sequence[DocumentWording]:
    """Every edited version of a kind's words, newest first."""
    query = select(DocumentWording).where(DocumentWording.kind == kind)
    return db.session.scalars(query.order_by(DocumentWording.version.desc())).all()
