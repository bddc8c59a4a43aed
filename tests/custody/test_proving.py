"""The handshake is kept, shown, and loud where the store only pretends."""

import pytest
from click.testing import CliRunner

from app.cli import main
from app.custody import alarms, proving
from app.custody.models import Wrong
from app.db import db
from app.jobs import heavy
from app.notifications.models import Message
from app.policy import Role
from app.store import object_store
from tests.conftest import begin
from tests.factories import UserFactory
from tests.papers.filing import pdf
from tests.storage.uploads import keep

pytestmark = pytest.mark.database("sqlite")  # the store is what is tried; rows are few


@pytest.fixture
def pretender(make_district, s3_server):
    """A portal that is told that its bucket locks, and it was made without."""
    url = s3_server.url.rpartition("/")[0] + "/open"
    plain = make_district(STORAGE_URL=url)
    with plain.app_context():
        keep(object_store(), pdf("the bucket is there first"))
    app = make_district(STORAGE_URL=url, STORAGE_LOCK=True)
    with app.app_context():
        yield app


def page(app, role=Role.SYSTEM_ADMIN, path="/store"):
    reply = begin(app.test_client(), UserFactory(role=role)).get(path)
    assert reply.status_code == 200
    return reply.text


def test_a_bucket_that_locks_is_proven_and_shown(vault):
    proof = proving.prove_store()
    assert (proof.is_ok, proof.failed) == (True, [])
    assert page(vault).count("tag green") >= 6
    assert "tag red" not in page(vault, Role.AUDIT_ADMIN)
    assert CliRunner().invoke(main, ["store", "prove"]).exit_code == 0


def test_a_bucket_that_only_pretends_is_said_loudly_each_time(pretender):
    admins = [UserFactory(role=role) for role in alarms.TOLD]
    for turn in (1, 2):
        proof = proving.prove_store()
        assert not proof.is_ok
        assert {"bucket", "mode", "deletion"} <= set(proof.failed)
        for admin in admins:
            told = db.session.query(Message).filter_by(user_id=admin.id, kind="store_unproven")
            assert told.count() == turn
    assert {one.wrong for one in alarms.open_alarms()} == {Wrong.HANDSHAKE}
    text = page(pretender)
    assert 'class="notice bad"' in text
    assert text.count("tag red") >= 4
    assert 'class="notice bad"' in page(pretender, path="/system")
    assert CliRunner().invoke(main, ["store", "prove"]).exit_code == 1


def test_it_is_tried_at_the_start_and_then_once_a_night(vault, monkeypatch):
    assert proving.prove_nightly()
    assert not proving.prove_nightly()
    monkeypatch.setattr(proving, "is_due", lambda _last: True)
    assert proving.prove_nightly()
    assert {"handshake", "locks", "comparison"} <= {job.name for job in heavy(vault)}


def test_a_folder_has_nothing_to_prove(district):
    assert proving.prove_store() is None
    assert not proving.prove_nightly()
    assert CliRunner().invoke(main, ["store", "prove"]).exit_code == 1
    assert "STORAGE_LOCK" in page(district)
