"""What people do with archives. Each public function is one action of one person."""

from collections.abc import Mapping

from sqlalchemy import select

from app import archiving, audit, clock
from app.accounts.models import User
from app.archiving import packing, queries
from app.archiving.models import ArchivePackage, Retention, RetentionRule
from app.db import db
from app.engagements.models import Engagement
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


def record_package(
    actor: User, engagement: Engagement, manifest: packing.Manifest
) -> tuple[ArchivePackage, int]:
    """Somebody takes the archive package of a finished engagement.

    The log vouches for the manifest; returns the record and the number of that entry.
    """
    require(actor, Permission.ARCHIVE_BUILD, engagement)
    package = ArchivePackage(
        engagement=engagement,
        made_by_id=actor.id,
        made_at=clock.now(),
        manifest_sha256=manifest.sha256,
        files=manifest.files,
        size=manifest.size,
    )
    db.session.add(package)
    for hear in archiving.on_archived:
        hear(engagement, manifest)
    told = {"files": manifest.files, "size": manifest.size, "manifest_sha256": manifest.sha256}
    receipt = audit.record(actor, audit.Event.ARCHIVE_MADE, engagement, scope=engagement, **told)
    return package, receipt.id
