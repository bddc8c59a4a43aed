"""Questions about archives. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.archiving.models import ArchivePackage, Retention, RetentionRule
from app.db import db
from app.engagements.models import Engagement
from app.papers.models import IndexClass


def retention_rules() -> dict[IndexClass, Retention]:
    """How long papers of each class are kept."""
    rules = db.session.scalars(select(RetentionRule).order_by(RetentionRule.index_class))
    return {rule.index_class: rule.retention for rule in rules}


def packages_of(engagement: Engagement) -> Sequence[ArchivePackage]:
    """The packages that were made of an engagement, newest first."""
    return db.session.scalars(
        select(ArchivePackage)
        .where(ArchivePackage.engagement_id == engagement.id)
        .order_by(ArchivePackage.id.desc())
        .options(joinedload(ArchivePackage.made_by))
    ).all()
