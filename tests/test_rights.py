"""The portal runs under a role that can't change what was given, and that role suffices."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import rights
from app.audit import sealing
from app.db import Base, db, transaction
from app.policy import Role
from app.rankings import services as rankings
from tests.conftest import migrate
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import add_version, crew_of, file_paper
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import rated

pytestmark = pytest.mark.database("postgres")


@pytest.fixture
def portal(district):
    """A portal whose database was migrated by its owner and is served under the app's role."""
    assert db.session.scalar(text("SELECT current_user <> session_user"))
    return district


def test_the_portals_own_role_suffices_for_a_whole_journey(portal):
    migrate(portal.config)  # each start looks whether anything is left to migrate
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    add_version(lead, paper, b"%PDF-1.4 b")
    rated(5, agency=engagement.agency)
    found = snapshot(officer)
    with transaction():
        rankings.publish_snapshot(UserFactory(role=Role.LEADER), found, "演示理由")
    with transaction():
        assert sealing.seal().added > 5


REFUSED = (
    "UPDATE audit_event SET canonical = ''",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TABLE audit_checkpoint",
    "UPDATE review_score SET stars = 5",
    "UPDATE review SET words = ''",
    "DELETE FROM paper_version",
    "DELETE FROM user_account",
    "UPDATE final_report SET version_id = 1",
    "UPDATE alembic_version SET version_num = ''",
    "CREATE TABLE mine (id integer)",
)


def test_the_role_is_refused_what_the_portal_never_does(portal):
    for statement in REFUSED:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            db.session.execute(text(statement))
        db.session.rollback()


# Whose rows a module gives up by the session; what it removes by a statement is read off.
GIVEN_UP = {
    "attachments/waiting.py": "upload",
    "papers/checking.py": "upload",
    "papers/intake.py": "upload",
    "papers/quarantine.py": "upload",
    "papers/uploads.py": "upload",
    "requests/services.py": "request_item",
}


def test_what_the_portal_removes_its_role_may_remove():
    """Every DELETE of the source, an orphan's too, has its right: SQLite would never notice."""
    root = Path(rights.__file__).parent
    for path in root.rglob("*models.py"):
        import_module(".".join(("app", *path.relative_to(root).parts))[:-3])
    names = {
        mapper.class_.__name__: mapper.class_.__tablename__ for mapper in Base.registry.mappers
    }
    removed, given_up = set(), {}
    for path in root.rglob("*.py"):
        place = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        removed |= {names[one] for one in re.findall(r"\bdelete\(([A-Z]\w+)\)", source)}
        if "session.delete(" in source:
            given_up[place] = GIVEN_UP.get(place, f"{place} has no row in this test")
    assert given_up == GIVEN_UP
    orphans = {
        relation.mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.cascade.delete or relation.cascade.delete_orphan
    }
    gone = removed | orphans | set(given_up.values())
    lacking = {one for one in gone if "DELETE" not in may(one)}
    assert lacking == set()


def may(table):
    return rights.RIGHTS.get(table, rights.CHANGE)
