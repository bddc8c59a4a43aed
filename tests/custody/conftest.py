"""A portal whose store is a real bucket with Object Lock, and an engagement archived in it."""

import os

import pytest

from app import clock
from app.db import db
from tests import servers
from tests.conftest import begin
from tests.factories import make_engagement
from tests.papers.filing import crew_of, file_kept


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    with servers.seaweedfs(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture
def locked_url(s3_server):
    return s3_server.url.rpartition("/")[0] + "/locked"


@pytest.fixture
def vault(make_district, locked_url):
    """A portal on a bucket with Object Lock; its files are sealed."""
    app = make_district(STORAGE_URL=locked_url, STORAGE_LOCK=True)
    with app.app_context():
        yield app


def paper_bytes():
    """A PDF that no other test has: nobody can empty the bucket."""
    return b"%PDF-1.4\n%" + os.urandom(40).hex().encode()


def make_archived(app, *numbers):
    """An accepted engagement with papers under these numbers, and its package made by the officer."""
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    papers = [file_kept(lead, engagement, no, "底稿", paper_bytes(), "底稿.pdf") for no in numbers]
    engagement.accepted_at = clock.now()
    db.session.commit()
    reply = begin(app.test_client(), officer).post(f"/engagements/{engagement.id}/archive")
    assert reply.status_code == 200, reply.text
    assert len(reply.data) > 1000
    return engagement, officer, [paper.versions[0] for paper in papers]
