"""Signing in: what is counted, what is told, when it ends."""

import threading
from datetime import datetime, timedelta

import pytest

from app import clock
from app.accounts import passwords, sessions
from app.accounts.models import User
from app.db import db, transaction
from app.errors import Invalid
from app.policy import Role
from tests.factories import PASSWORD, UserFactory

LIMITS = sessions.Limits(failures=3, minutes=15)


def enter(login, password, limits=LIMITS):
    attempt = sessions.compare(login, password)
    with transaction():
        return sessions.sign_in(attempt, limits)


def test_the_right_password_signs_in(session, audited):
    user = UserFactory()
    assert enter(user.login.upper(), PASSWORD) is user
    assert audited() == ["sign_in.done"]


def test_a_wrong_password_is_counted_and_told(session, audited):
    user = UserFactory()
    assert enter(user.login, "wrong") is None
    assert user.failed_sign_ins == 1
    assert audited() == ["sign_in.refused"]


def test_an_unknown_name_is_recorded_without_the_name(session, audited):
    from app.audit.models import AuditEvent

    assert enter("nobody.at.all", "wrong") is None
    assert audited() == ["sign_in.refused"]
    assert "nobody" not in session.query(AuditEvent).one().canonical


def test_an_unknown_name_takes_the_work_of_a_known_one(session, monkeypatch):
    """The time of a reply tells nothing: both compare exactly one argon2 hash of the same cost."""
    user, compared = UserFactory(), []

    class Spy:
        def verify(self, stored, password):
            compared.append(stored.rsplit("$", 2)[0])
            return real.verify(stored, password)

    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Spy())
    enter(user.login, "wrong")
    enter("nobody", "wrong")
    assert len(compared) == 2
    assert compared[0] == compared[1]


def test_the_last_failure_locks_even_for_the_right_password(session):
    user = UserFactory()
    for _n in range(LIMITS.failures):
        assert enter(user.login, "wrong") is None
    assert enter(user.login, PASSWORD) is None
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert enter(user.login, PASSWORD) is user


def test_a_success_forgets_earlier_failures(session):
    user = UserFactory()
    for _n in range(LIMITS.failures - 1):
        enter(user.login, "wrong")
    enter(user.login, PASSWORD)
    enter(user.login, "wrong")
    assert enter(user.login, PASSWORD) is user


def test_a_password_changed_meanwhile_no_longer_fits(session):
    user = UserFactory()
    attempt = sessions.compare(user.login, PASSWORD)
    user.password_hash = passwords.hash_of("Another-Pass-2026")
    session.commit()
    with transaction():
        assert sessions.sign_in(attempt, LIMITS) is None


def test_a_closed_account_does_not_sign_in(session):
    user = UserFactory(closed_at=clock.now())
    assert enter(user.login, PASSWORD) is None


def test_an_inspector_signs_in_until_the_end_of_the_last_day(session):
    day = datetime(2026, 3, 31, tzinfo=clock.SHANGHAI)
    user = UserFactory(role=Role.INSPECTOR, access_ends_on=day.date())
    with clock.frozen(day + timedelta(hours=23, minutes=59)):
        assert enter(user.login, PASSWORD) is user
    with clock.frozen(day + timedelta(hours=24)):
        assert enter(user.login, PASSWORD) is None


def test_guesses_sent_at_once_are_counted_one_by_one(district):
    """Twelve threads hold a compared guess; only the first five may be judged as guesses."""
    with transaction():
        user = UserFactory.build(password_hash=passwords.hash_of(PASSWORD))
        db.session.add(user)
    login, key = user.login, user.id
    db.session.remove()
    limits, start, answers = sessions.Limits(5, 15), threading.Barrier(12), []

    def guess(password):
        with district.app_context():
            attempt = sessions.compare(login, password)
            start.wait()
            with transaction():
                answers.append(sessions.sign_in(attempt, limits) is not None)
            db.session.remove()

    threads = [threading.Thread(target=guess, args=("wrong",)) for _n in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    user = db.session.get(User, key)
    assert answers == [False] * 12
    assert user.locked_until > clock.now()
    assert user.failed_sign_ins == 0  # the other seven met the lock and were not counted
    told = [event["facts"]["reason"] for event in refusals()]
    assert sorted(told) == ["locked"] * 7 + ["password"] * 5


def refusals():
    from app.audit.canonical import read
    from app.audit.models import AuditEvent

    rows = db.session.query(AuditEvent).filter_by(event="sign_in.refused")
    return [read(row.canonical) for row in rows]


def test_sign_out_ends_every_session(session, audited):
    user = UserFactory()
    before = user.session_stamp
    with transaction():
        sessions.sign_out(user)
    assert user.session_stamp != before
    assert audited() == ["sign_in.ended"]


def change(user, old, new):
    attempt = sessions.compare(user.login, old)
    with transaction():
        return sessions.change_password(user, attempt, new, LIMITS)


def test_a_new_password_ends_other_sessions(session, audited):
    user = UserFactory(must_change_password=True)
    before = user.session_stamp
    assert change(user, PASSWORD, "Autumn-Rain-77")
    assert user.session_stamp != before
    assert not user.must_change_password
    assert audited() == ["password.changed"]
    assert enter(user.login, "Autumn-Rain-77") is user


def test_guessing_the_present_password_locks_and_ends_the_session(session):
    user = UserFactory()
    before = user.session_stamp
    for _n in range(LIMITS.failures):
        assert not change(user, "wrong", "Autumn-Rain-77")
    assert user.session_stamp != before
    assert user.locked_until > clock.now()


@pytest.mark.parametrize(
    "weak", ["short-A1", "alllowercaseletters", "Password-2026", "Admin@123456", "aUser7-x-User7"]
)
def test_weak_passwords_are_refused(session, weak):
    user = UserFactory(login="user7")
    with pytest.raises(Invalid):
        change(user, PASSWORD, weak)


def test_first_passwords_keep_the_rules():
    made = {passwords.make_one() for _n in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check(password, "somebody")
