"""Queued work: written with the change, done at least once, whatever is killed or away meanwhile."""

import shutil
import socket
import subprocess
import time
from contextlib import nullcontext
from datetime import timedelta

import pytest
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock, jobs, queueing, web
from app.db import db, transaction
from app.queueing import periodic, queue, running
from app.queueing.models import PeriodicRun, QueuedJob
from app.queueing.works import Work, works

done = []


def note(**facts):
    done.append(facts)


def fail(**_facts):
    raise OSError("the thing is away")


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    done.clear()
    made = {
        "test.note": Work("test.note", _("Test"), note),
        "test.fail": Work("test.fail", _("Test"), fail, most_tries=2, give_up=note),
    }
    monkeypatch.setattr("app.queueing.queue.works", made)
    monkeypatch.setattr("app.queueing.running.works", made)
    return made


def ask(name="test.note", **facts):
    with transaction():
        return queueing.enqueue(name, **facts)


def row(number):
    db.session.rollback()
    return db.session.get(QueuedJob, number)


def work_off(app):
    """Take everything out of the real queue and do it, as a worker's thread does."""
    carrier, count = queue.open_queue(app), 0
    while (task := carrier.dequeue()) is not None:
        carrier.execute(task)
        count += 1
    return count


def test_work_is_done_after_the_commit_and_once(district):
    number = ask(upload=3)
    assert done == []
    assert work_off(district) == 1
    assert done == [{"upload": 3}]
    running.run(number)  # the queue may bring a number twice
    assert done == [{"upload": 3}]
    assert row(number).done_at is not None


def test_what_is_taken_back_was_never_asked(district):
    with pytest.raises(ZeroDivisionError), transaction():
        queueing.enqueue("test.note")
        raise ZeroDivisionError
    assert db.session.scalars(select(QueuedJob)).all() == []
    assert work_off(district) == 0


def test_nobody_asks_for_what_nobody_can_do(district):
    with pytest.raises(ValueError, match="nobody knows"):
        ask("test.unknown")


def test_what_fails_is_tried_later_and_then_given_up(district):
    number = ask("test.fail", n=9)
    work_off(district)
    found = row(number)
    assert done == []
    assert (found.tries, found.error) == (1, "OSError: the thing is away")
    assert found.due_at > clock.now()
    running.run(number)
    assert row(number).tries == 1, "not before its time"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        with transaction():
            assert queue.deliver_waiting() == 1
        work_off(district)
    assert row(number).failed_at is not None
    assert done == [{"n": 9}], "whoever waits is told"
    with clock.frozen(clock.now() + timedelta(days=1)), transaction():
        assert queue.deliver_waiting() == 0


def test_a_queue_that_is_away_loses_nothing_and_stops_nobody(district, monkeypatch):
    def away(_number):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setitem(district.extensions, "queue", object())
        patch.setitem(district.extensions, "queue_carrier", away)
        number = ask()
    queue.forget_queue(district)
    assert row(number).done_at is None
    with transaction():
        assert queue.deliver_waiting() == 0, "it was handed in a moment ago, as far as is known"
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        with transaction():
            queue.deliver_waiting()
        work_off(district)
    assert len(done) == 1


def test_work_of_a_lost_worker_is_done_by_the_next(district, monkeypatch):
    number = ask()
    ended = subprocess.Popen(["true"])
    ended.wait()
    mark = f"{socket.gethostname()[:60]}:{ended.pid}"
    monkeypatch.setattr(running, "whoami", lambda: mark)
    assert running._take(number) is not None  # and here the worker is killed
    monkeypatch.undo()
    running.run(number)
    assert row(number).done_at is None, "somebody has it, as far as the row says"
    with transaction():
        assert running.release_lost() == 1


def test_another_machines_lost_work_waits_for_its_lease(district, monkeypatch, kinds):
    number = ask()
    monkeypatch.setattr(running, "whoami", lambda: "elsewhere:1")
    assert running._take(number) is not None
    monkeypatch.undo()
    monkeypatch.setattr("app.queueing.running.works", kinds)
    with transaction():
        assert running.release_lost() == 0
    with clock.frozen(clock.now() + timedelta(seconds=901)):
        running.run(number)
    assert row(number).done_at is not None


def test_work_that_kills_its_worker_is_given_up(district, kinds, monkeypatch):
    number = ask("test.fail", n=9)
    at = clock.now()
    for n in range(3):
        with clock.frozen(at + n * timedelta(hours=1)):
            running._take(number)
    found = row(number)
    assert found.failed_at is not None
    assert found.error == running.LOST
    assert done == [{"n": 9}]


def test_of_two_workers_one_takes_the_row(district):
    number = ask()
    assert running._take(number) is not None
    assert running._take(number) is None


def test_done_work_is_forgotten_after_a_week(district):
    number, other = ask(), ask("test.fail")
    work_off(district)
    with clock.frozen(clock.now() + timedelta(days=8)), transaction():
        assert running.forget_done() == 1
    assert row(number) is None
    assert row(other) is not None


def test_a_queue_that_hangs_holds_a_page_up_once(district, monkeypatch):
    tried, carrier = [], queue._carrier

    def hangs(number):
        tried.append(number)
        time.sleep(queue.SLOW_SECONDS + 0.05)
        raise TimeoutError("away")

    monkeypatch.setattr(queue, "_carrier", lambda: hangs)
    first = ask(n=0)
    rest = [ask(n=n) for n in range(1, 6)]
    assert tried == [first]
    district.extensions[queue.AWAY] = 0.0  # half a minute has passed
    again = ask(n=6)
    assert tried == [first, again]
    district.extensions.pop(queue.AWAY)
    monkeypatch.setattr(queue, "_carrier", carrier)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        with transaction():
            assert queue.deliver_waiting() == len(rest) + 2
        work_off(district)
    assert all(row(number).done_at for number in (first, *rest, again))


@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on this machine")
@pytest.mark.database("sqlite")
def test_over_redis_too(make_district, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = make_district(QUEUE_URL=f"redis://127.0.0.1:{port}/0")
    command = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    with app.app_context():
        lost = ask(n=0)  # Redis is away
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path)
        try:
            for _n in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.02)
            ask(n=1)
            work_off(app)
            assert done == [{"n": 1}]
            with clock.frozen(clock.now() + timedelta(minutes=2)):
                with transaction():
                    queue.deliver_waiting()
                work_off(app)
            assert done == [{"n": 1}, {"n": 0}]
            assert row(lost).done_at is not None
            queue.open_queue(app).storage.conn.close()
            queue.open_queue(app).storage.pool.disconnect()
        finally:
            server.terminate()
            server.wait(10)


# Periodic jobs


def turn(app, job, now=0.0):
    job.due = 0.0
    jobs.run_due(app, [job], now)


def test_a_periodic_job_has_one_turn_on_all_machines(district, monkeypatch):
    count = []
    here = jobs.Job("test job", 60, lambda: count.append(1), nullcontext)
    turn(district, here)
    other = jobs.Job("test job", 60, lambda: count.append(2), nullcontext)
    turn(district, other)
    assert count == [1]
    assert other.due == jobs.ASK_AGAIN_SECONDS
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        turn(district, other)
    assert count == [1, 2]


def test_while_one_machine_is_at_it_the_other_waits(district):
    with transaction():
        assert periodic.take_turn("test job", 60)
    with transaction():
        assert not periodic.take_turn("test job", 60)
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)), transaction():
        assert periodic.take_turn("test job", 60), "whoever had it was lost"


def test_a_failure_is_noted_and_the_next_turn_comes(district):
    def broken():
        raise OSError("away")

    job = jobs.Job("test job", 60, broken, nullcontext)
    turn(district, job)
    found = db.session.get(PeriodicRun, "test job")
    assert (found.failures, found.error, found.done_at) == (1, "OSError: away", None)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        turn(district, jobs.Job("test job", 60, lambda: None, nullcontext))
    db.session.rollback()
    found = db.session.get(PeriodicRun, "test job")
    assert (found.failures, found.error) == (0, "")


def test_a_clock_set_back_stops_no_job(district):
    with clock.frozen(clock.now() + timedelta(days=300)):
        turn(district, jobs.Job("test job", 60, lambda: None, nullcontext))
        with transaction():
            periodic.take_turn("held then", 60)
    with transaction():
        assert periodic.take_turn("test job", 60)
        assert periodic.take_turn("held then", 60)


# One-time tokens


def test_a_form_without_its_token_is_refused(session, sign_in):
    from tests.factories import UserFactory

    told = {"kind": "unit", "name": "演示幼儿园"}
    assert sign_in(UserFactory()).post("/organisations", data=told).status_code == 422


def test_spent_tokens_are_forgotten_when_no_session_can_bring_them_back(session, app):
    from config import SETTINGS

    now = clock.now()
    for days in (9, 7):
        with clock.frozen(now - timedelta(days=days)), transaction():
            web.spend(f"token-{days}")
    with transaction():
        web.forget_spent()
    assert session.get(web.SentForm, "token-9") is None
    assert session.get(web.SentForm, "token-7") is not None
    longest = next(s for s in SETTINGS if s.name == "SESSION_MAX_HOURS")
    with pytest.raises(ValueError, match="SESSION_MAX_HOURS"):
        longest.read("SESSION_MAX_HOURS", str(int(web.KEEP_SPENT.total_seconds() // 3600)))
    assert works == {} or all(work.do for work in works.values())
