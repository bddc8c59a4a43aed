"""What people do with readings. Each public function is one action of one person."""

from collections.abc import Mapping

from app import audit
from app.accounts.models import User
from app.db import db
from app.papers.models import KeptFile
from app.policy import Permission, Role, require
from app.reading import queries
from app.reading.models import Handout, ReadingRule


def set_reading_rules(actor: User, rules: Mapping[Role, Handout]) -> None:
    """The performance section says which roles get originals and which get reading copies."""
    require(actor, Permission.READING_EDIT, None)
    before = queries.reading_rules()
    for role, handout in rules.items():
        found = db.session.get(ReadingRule, role, with_for_update=True)
        if found is None:
            db.session.add(ReadingRule(role=role, handout=handout))
        else:
            found.handout = handout
    audit.record(
        actor,
        audit.Event.READING_RULES_CHANGED,
        "reading_rule:all",
        before=[f"{role}: {handout}" for role, handout in before.items()],
        after=[f"{role}: {handout}" for role, handout in {**before, **rules}.items()],
    )


def record_reading_copy(actor: User, file: KeptFile, copy_sha256: str) -> None:
    """Somebody takes a copy with their name on it; the log keeps the copy's own digest.

    Whoever finds a copy somewhere can tell by it who took it away, and when.
    """
    require(actor, Permission.PAPER_DOWNLOAD, file.version)
    audit.record(
        actor,
        audit.Event.PAPER_READ_COPY,
        file.version,
        index_no=file.version.paper.index_no,
        number=file.version.number,
        sha256=file.sha256,
        copy_sha256=copy_sha256,
    )
