"""Rankings are computed behind: once, whoever asks; a failure is told, a kill leaves nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.db import db, transaction
from app.errors import REFUSALS, Conflict
from app.policy import Role
from app.queueing import running
from app.queueing.models import QueuedJob
from app.rankings import asking, making, queries
from app.rankings.models import RankingRequest, RankingSnapshot
from app.web import fresh_token
from tests.factories import UserFactory
from tests.rankings.snapshots import snapshot

DAY = "2020-01-31"


class Killed(BaseException):
    """What a worker's end looks like from inside."""


def sent(client, title="演示后台排名", **more):
    return client.post(
        "/rankings", data={"title": title, "as_of": DAY, "once": fresh_token(), **more}
    )


def job():
    db.session.rollback()
    return db.session.scalars(select(QueuedJob).where(QueuedJob.name == asking.WORK)).one()


def ready():
    """The pause after a failure is over, and a killed worker's lease too."""
    with transaction():
        one = job()
        one.due_at, one.claimed_until = clock.now(), None
    return one.id


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_twice_asked_and_once_killed_it_is_computed_once(
    officer, district, sign_in, monkeypatch, audited
):
    client, other = sign_in(officer), sign_in(UserFactory(role=Role.PERFORMANCE_OFFICER))
    place = sent(client).location
    assert sent(other).location == place
    refused = sent(other, "演示另一排名")
    assert (refused.status_code, "演示另一排名" in refused.text) == (422, True)
    assert (count(RankingRequest), count(RankingSnapshot)) == (1, 0)
    for page in (place, f"{place}/live", "/rankings", "/rankings/live"):
        text = client.get(page).text
        assert "演示后台排名" in text
        assert officer.name in text
    tag = client.get(f"{place}/live").headers["ETag"]
    assert client.get(f"{place}/live", headers={"If-None-Match": tag}).status_code == 304

    computed, seen = making.computed, []

    def killed(*told):
        seen.append(computed(*told))
        seen.append(client.get(f"{place}/live").text)
        raise Killed

    monkeypatch.setattr(making, "computed", killed)
    with pytest.raises(Killed):
        running.run(job().id)
    db.session.rollback()
    assert count(RankingSnapshot) == 0
    assert job().claimed_until > clock.now()
    monkeypatch.setattr(making, "computed", computed)
    running.run(job().id)  # in somebody's hands: nothing
    assert count(RankingSnapshot) == 0
    running.run(ready())
    asking.compute_asked(**job().facts)  # done it does nothing
    assert job().done_at
    made = db.session.scalars(select(RankingSnapshot)).one()
    assert made.computed_by_id == officer.id
    assert client.get(place).location == f"/rankings/{made.id}"
    assert f"/rankings/{made.id}" in client.get(f"{place}/live").text
    assert f"/rankings/{made.id}" in client.get("/rankings/live").text
    assert audited()[-2:] == ["ranking.asked", "ranking.computed"]
    assert sent(client).location != place  # what is done may be asked for again


def test_a_failure_is_told_and_asked_again_is_taken_up(officer, district, sign_in, monkeypatch):
    client, admin = sign_in(officer), sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    place, computed = sent(client).location, making.computed

    def broken(*_told):
        raise ValueError("a singular matrix")

    monkeypatch.setattr(making, "computed", broken)
    for _ in range(3):
        running.run(ready())
    number = job().id
    assert job().failed_at
    for page in (place, f"{place}/live"):
        text = client.get(page).text
        assert f"#{number}" in text
        assert f'value="{DAY}"' in text
    told = admin.get("/system/jobs?state=failed").text
    assert "a singular matrix" in told
    assert f"#{number}" in told
    again = f"ranking-{place.rpartition('/')[2]}-{number}"
    assert again in text
    assert sent(client, once=again, since="").location == place
    assert sent(client, once=again).status_code == 422
    monkeypatch.setattr(making, "computed", computed)
    with transaction():  # the administrator tries the first job again too
        db.session.get_one(QueuedJob, number).failed_at = None
    for one in db.session.scalars(select(QueuedJob.id)).all():
        with transaction():
            db.session.get_one(QueuedJob, one).due_at = clock.now()
        running.run(one)
    assert count(RankingSnapshot) == 1
    assert count(RankingRequest) == 1


def test_behind_comes_out_what_came_out_before(officer, district, monkeypatch):
    monkeypatch.setattr(making.secrets, "token_hex", lambda _n: "ab" * 32)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        before = snapshot(officer)
        needs = making.Needs(min_engagements=2, min_reliability=0.3)
        with transaction():
            asked = asking.ask_snapshot(
                officer, before.title, as_of=before.as_of, since=None, needs=needs
            )
        asking.compute_asked(asked.id)
    first, second = db.session.scalars(select(RankingSnapshot).order_by(RankingSnapshot.id))
    assert first.data_digest == second.data_digest
    assert first.result_digest == second.result_digest
    assert (first.parameters, first.workings) == (second.parameters, second.workings)
    assert [row.told for row in first.rows] == [row.told for row in second.rows]
    assert first.code != second.code
    assert len(queries.rows_of(second)) == 5


def test_of_two_who_ask_at_one_moment_the_database_takes_one(officer, session, monkeypatch):
    ask = {"as_of": clock.today(), "since": None, "needs": making.Needs()}
    with transaction():
        asking.ask_snapshot(officer, "演示", **ask)
    monkeypatch.setattr(queries, "request_under_way", lambda _day: None)
    with pytest.raises(Conflict) as refusal, transaction():
        asking.ask_snapshot(officer, "演示", **ask)
    assert refusal.value.message == REFUSALS["uq_ranking_request_as_of"]
    assert count(RankingRequest) == count(QueuedJob) == 1
