"""What people do with archives. Each public function is one action of one person."""

from collections.abc import Mapping

from sqlalchemy import select

from app import audit
from app.accounts.models import User
from app.archiving import queries
from app.archiving.models import Retention, RetentionRule
from app.db import db
from app.papers.models import IndexClass
from app.policy import Permission, require


def set_retention(actor: User, rules: Mapping[IndexClass, Retention]) -> None:
    """The performance section or the archivist says how long papers of each class are kept."""
    require(actor, Permission.RETENTION_EDIT, None)
    before = queries.retention_rules()
    for rule in db.session.scalars(select(RetentionRule).with_for_update()):
        rule.retention = rules.get(rule.index_class, rule.retention)
    audit.record(
        actor,
        audit.Event.RETENTION_CHANGED,
        "retention_rule:all",
        before=[f"{one}: {kept}" for one, kept in before.items()],
        after=[f"{one}: {kept}" for one, kept in {**before, **rules}.items()],
    )
