"""The system administrator sees what waits and what was given up, and has it tried again."""

import pytest

from app import clock
from app.db import db
from app.policy import Role
from app.queueing.models import PeriodicRun, QueuedJob
from tests.factories import UserFactory


def a_job(**changes):
    now = clock.now()
    told = {"name": "test.note", "facts": {}, "asked_at": now, "due_at": now, **changes}
    job = QueuedJob(**told)
    db.session.add(job)
    db.session.commit()
    return job


@pytest.fixture
def keeper(session, sign_in):
    return sign_in(UserFactory(role=Role.SYSTEM_ADMIN, locale="en"))


def test_each_row_stands_under_its_state(keeper):
    a_job()
    a_job(error="OSError: away", tries=2)
    a_job(claimed_until=clock.now().replace(year=2099), claimed_by="host:1")
    a_job(failed_at=clock.now(), error="ValueError: no")
    a_job(done_at=clock.now())
    db.session.add(PeriodicRun(name="unseal", due_at=clock.now(), failures=2, error="OSError: x"))
    db.session.commit()
    page = keeper.get("/system/jobs").get_data(as_text=True)
    for words in ("OSError: away", "host:1", "Failed 2 times in a row"):
        assert words in page
    assert "ValueError: no" not in page
    assert "ValueError: no" in keeper.get("/system/jobs?state=failed").get_data(as_text=True)
    assert keeper.get("/system/jobs?state=done").status_code == 200


def test_what_was_given_up_is_tried_again_and_told(keeper, session, audited):
    job = a_job(failed_at=clock.now(), tries=8, error="OSError: away")
    assert keeper.post(f"/system/jobs/{job.id}/retries").status_code == 302
    session.refresh(job)
    assert (job.failed_at, job.tries) == (None, 0)
    keeper.post(f"/system/jobs/{job.id}/retries")
    assert audited() == ["job.retried"]


def test_nobody_else_is_there(session, sign_in):
    job = a_job(failed_at=clock.now())
    for role in (Role.SECURITY_ADMIN, Role.PERFORMANCE_OFFICER):
        client = sign_in(UserFactory(role=role))
        assert client.get("/system/jobs").status_code == 403
        assert client.post(f"/system/jobs/{job.id}/retries").status_code == 404


def test_the_page_asks_as_often_for_many_rows(keeper, statements):
    a_job()
    with statements() as few:
        keeper.get("/system/jobs")
    for _n in range(20):
        a_job()
    with statements() as many:
        keeper.get("/system/jobs")
    assert len(many) == len(few)
