"""A version's passport: its entry in the log, before and after the seal."""

from sqlalchemy import select

from app.audit import sealing
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.papers.passports import entry_of
from tests.factories import make_engagement
from tests.papers.filing import add_version, crew_of, file_paper


def test_each_version_finds_its_own_entry_and_the_proof_that_it_is_sealed(district):
    engagement = make_engagement()
    lead, _member, _officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    file_paper(lead, engagement, "B-02")
    add_version(lead, paper, b"%PDF-1.4 b")
    for version in paper.versions:
        entry = entry_of(version)
        told = db.session.get_one(AuditEvent, entry.number)
        assert version.sha256 in told.canonical
        assert (entry.sealed_size, entry.is_included) == (None, False)
    with transaction():
        sealing.seal()
    total = len(db.session.scalars(select(AuditEvent.id)).all())
    for version in paper.versions:
        entry = entry_of(version)
        assert (entry.sealed_size, entry.is_included) == (total, True)
