"""What leaves the portal: written with the change, sent to real servers, never lost, told if twice."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.notifications import hooks, mails, outbox, posting, robots, services
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, Format, MessageChoice, MessageTarget
from app.queueing.models import QueuedJob
from tests.factories import OrganisationFactory, UserFactory
from tests.notifications.mail_server import hook_target, mail_server

FACTS = {"engagement": "演示委托 1", "paper": "G-01 演示底稿"}
SECRET = "SEC-demo-secret"


@pytest.fixture
def portal(app, session, monkeypatch):
    """A portal with a mail server and a target of its own, both real."""
    with mail_server() as (smtp, letters), hook_target() as (url, posts):
        own = {"SMTP_URL": smtp, "MAIL_FROM": "xingping@portal.test"}
        own |= {"PORTAL_URL": "https://portal.test", "WEBHOOK_OWN_HOSTS": "127.0.0.1"}
        for name, value in own.items():
            monkeypatch.setitem(app.config, name, value)
        yield letters, posts, url


def reader(**changes):
    user = UserFactory(locale=changes.pop("locale", None))
    told = {"email": "reader@portal.test", "kinds_off": [], "is_digest": False, **changes}
    with transaction():
        db.session.add(MessageChoice(user_id=user.id, changed_at=clock.now(), **told))
    return user


def robot(url, form=Format.WECOM, **changes):
    told = {"name": "演示群", "format": form, "url": url, "secret": SECRET, "kinds": [], **changes}
    with transaction():
        db.session.add(MessageTarget(made_at=clock.now(), **told))
    return db.session.scalars(select(MessageTarget).order_by(MessageTarget.id.desc())).first()


def send(*people, kind=Kind.VERSION_RETURNED, facts=FACTS):
    with transaction():
        services.send(people, kind, facts, "/papers/1")


def rows():
    db.session.rollback()
    return db.session.scalars(select(Delivery).order_by(Delivery.id)).all()


def events():
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.event)))


def later(**delta):
    return clock.frozen(clock.now() + timedelta(**delta))


# Written with the change


def test_nobody_who_did_not_choose_it_gets_mail(portal):
    send(UserFactory())
    assert rows() == []
    assert db.session.scalars(select(QueuedJob)).all() == []


def test_a_change_that_is_taken_back_sends_nothing(portal):
    user = reader()
    with pytest.raises(ZeroDivisionError), transaction():
        services.send([user], Kind.VERSION_RETURNED, FACTS, "/papers/1")
        raise ZeroDivisionError
    assert rows() == []


def test_kinds_that_a_person_does_not_want_stay_in_the_inbox(portal):
    user = reader(kinds_off=[Kind.VERSION_RETURNED.label])
    send(user)
    send(user, kind=Kind.VERSION_APPROVED)
    assert [row.kind for row in rows()] == [Kind.VERSION_APPROVED.label]


def test_a_targets_group_is_told_once_of_what_concerns_its_people(portal):
    _letters, _posts, url = portal
    home, other = OrganisationFactory(), OrganisationFactory()
    one, two = UserFactory(organisation=home), UserFactory(organisation=home)
    mine = robot(url, organisation=home)
    robot(url, organisation=other)
    robot(url, kinds=[Kind.NOTE_ISSUED.label])
    robot(url, retired_at=clock.now())
    send(one, two)
    assert [row.target_id for row in rows()] == [mine.id]


# By mail


def test_a_mail_is_told_in_the_readers_language_and_leads_to_the_thing(portal):
    letters, *_rest = portal
    send(reader(locale="en"))
    assert posting.post() == 1
    letter = letters.letters[0]
    assert letters.to == [["<reader@portal.test>"]]
    assert "G-01" in letter["Subject"]
    assert letter["Message-ID"].startswith("<mail.")
    plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for text in (plain, html):
        assert "https://portal.test/papers/1" in text
        assert "returned" in text
        assert "How I am told" in text
    assert rows()[0].sent_at is not None
    assert posting.post() == 0


def test_words_of_people_are_only_words_in_a_mail(portal):
    letters, *_rest = portal
    hostile = {"engagement": "<script>a</script>\r\nBcc: x@evil.example", "paper": "“”\n\nx"}
    send(reader(), facts=hostile)
    posting.post()
    letter = letters.letters[0]
    assert letter["Bcc"] is None
    assert "<script>" not in letter.get_body(("html",)).get_content()
    assert letters.to == [["<reader@portal.test>"]]


def test_a_digest_is_one_mail_on_the_next_working_morning(portal):
    letters, *_rest = portal
    user = reader(is_digest=True)
    saturday = datetime(2026, 11, 21, 4, tzinfo=UTC)
    with clock.frozen(saturday):
        send(user)
        send(user, kind=Kind.VERSION_APPROVED)
        assert posting.post() == 0
    monday = clock.start_of(saturday.date() + timedelta(days=2)) + outbox.DIGEST_AT
    assert {row.due_at for row in rows()} == {monday}
    with clock.frozen(monday):
        assert posting.post() == 1
    text = letters.letters[0].get_body(("plain",)).get_content()
    assert text.count("https://portal.test/papers/1") == 2
    assert all(row.sent_at for row in rows())


@pytest.mark.parametrize(
    ("start", "end", "hour", "due"),
    [
        (21, 7, 22, 31), (21, 7, 3, 7), (21, 7, 12, 12), (12, 14, 13, 14), (12, 14, 14, 14),
        (7, 7, 7, 7), (None, None, 3, 3),
    ],
)  # fmt: skip
def test_quiet_hours_put_a_mail_off(start, end, hour, due):
    choice = MessageChoice(is_digest=False, quiet_from=start, quiet_until=end)
    day = clock.start_of(datetime(2026, 11, 23, tzinfo=UTC).date())
    assert outbox.due_for(choice, day + timedelta(hours=hour)) == day + timedelta(hours=due)


def test_a_mail_server_that_is_away_keeps_nobody_waiting_and_loses_nothing(portal, monkeypatch):
    letters, *_rest = portal
    users = [reader(), reader(email="two@portal.test")]
    send(*users)
    called = []

    def away(line):
        called.append(line)
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(mails.MailLine, "_called", away)
        assert posting.post() == 0
    assert len(called) == 1, "the others of the same way wait, nobody calls for each"
    assert [row.tries for row in rows()] == [1, 0]
    assert "ConnectionRefusedError" in rows()[0].error
    with later(minutes=2):
        assert posting.post() == 2
    assert len(letters.letters) == 2
    assert "delivery.repeated" not in events()


def test_a_refusal_for_good_is_given_up_and_one_for_now_is_not(portal):
    letters, *_rest = portal
    send(reader())
    letters.refuse = "450 later"
    posting.post()
    assert (rows()[0].tries, rows()[0].dead_at) == (1, None)
    letters.refuse = "550 nobody"
    with later(minutes=2):
        posting.post()
    row = rows()[0]
    assert row.dead_at is not None
    assert "550 nobody" in row.error
    assert "delivery.repeated" not in events(), "a refusal is known"


def test_what_is_refused_for_days_is_given_up(portal):
    letters, *_rest = portal
    send(reader())
    letters.refuse = "450 later"
    at = clock.now()
    for day in range(posting.MOST_TRIES):
        with clock.frozen(at + timedelta(days=2 * day)):
            posting.post()
    assert rows()[0].dead_at is not None
    assert letters.letters == []


def test_a_hang_up_after_the_words_left_is_said_in_the_log(portal):
    letters, *_rest = portal
    send(reader())
    letters.hang_up_after_taking = True
    posting.post()
    assert rows()[0].sent_at is None
    letters.hang_up_after_taking = False
    with later(minutes=2):
        posting.post()
    first, second = letters.letters
    assert first["Message-ID"] == second["Message-ID"], "whoever receives both can tell"
    assert events().count("delivery.repeated") == 1


# Killed at every step


class Killed(BaseException):
    """The process is gone: nothing after this runs, not even what cleans up after errors."""


STEPS = ("taking", "calling", "handing", "after handing", "noting")


def kill_at(monkeypatch, step):
    def killed(*_rest, **_more):
        raise Killed

    real = mails.MailLine.hand_over
    note = posting._note

    def taken_then_killed(line):
        real(line)
        raise Killed

    def noting(numbers, **values):
        if "sent_at" in values:
            raise Killed
        note(numbers, **values)

    name, thing, what = {
        "taking": (posting, "_deliver", killed),
        "calling": (mails.MailLine, "_called", killed),
        "handing": (mails.MailLine, "hand_over", killed),
        "after handing": (mails.MailLine, "hand_over", taken_then_killed),
        "noting": (posting, "_note", noting),
    }[step]
    monkeypatch.setattr(name, thing, what)


@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_killed_loses_nothing_and_each_repeat_is_told(portal, monkeypatch, step):
    letters, *_rest = portal
    send(reader())
    with monkeypatch.context() as patch:
        kill_at(patch, step)
        with pytest.raises(Killed):
            posting.post()
    db.session.rollback()
    assert posting.post() == 0, "in somebody's hands, as far as the row says"
    with later(minutes=4):
        assert posting.post() == 1
    assert rows()[0].sent_at is not None
    may_be_twice = step in {"handing", "after handing", "noting"}
    assert len(letters.letters) == (2 if step in {"after handing", "noting"} else 1)
    assert events().count("delivery.repeated") == may_be_twice


def test_two_postmen_send_it_once(portal):
    letters, *_rest = portal
    send(reader())
    taken = posting._take(set())
    assert taken.items
    assert posting.post() == 0
    posting._deliver(taken)
    assert len(letters.letters) == 1


# To robots and systems


def test_robots_are_told_in_their_formats(portal):
    _letters, posts, url = portal
    robot(url)
    robot(url, Format.DINGTALK)
    send(UserFactory())
    assert posting.post() == 2
    for _path, _headers, body in posts.posts:
        told = json.loads(body)
        assert told["msgtype"] == "text"
        assert "G-01 演示底稿" in told["text"]["content"]
        assert "https://portal.test/papers/1" in told["text"]["content"]
    asked = parse_qs(urlsplit(posts.posts[1][0]).query)
    expected = robots.dingtalk_sign(SECRET, int(asked["timestamp"][0]))
    assert parse_qs(expected)["sign"] == asked["sign"]


def test_a_generic_target_can_check_and_tell_repeats(portal):
    _letters, posts, url = portal
    robot(url, Format.GENERIC)
    send(UserFactory())
    posting.post()
    _path, headers, body = posts.posts[0]
    at = headers["X-Xingping-Timestamp"].encode()
    sign = hmac.new(SECRET.encode(), at + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Xingping-Signature"] == f"sha256={sign}"
    told = json.loads(body)
    assert headers["Idempotency-Key"] == told["id"] == rows()[0].key
    assert told["path"] == "/papers/1"


def test_the_signature_of_dingtalk_is_what_it_documents():
    """HMAC-SHA256 with the secret as its key over "timestamp\\nsecret", base64, URL-encoded."""
    sign = robots.dingtalk_sign("this is secret", 1577808000000)
    assert sign.startswith("timestamp=1577808000000&sign=")
    raw = hmac.new(b"this is secret", b"1577808000000\nthis is secret", hashlib.sha256).digest()
    assert parse_qs(sign)["sign"] == [base64.b64encode(raw).decode()]


@pytest.mark.parametrize(
    ("status", "answer", "dead"),
    [
        (302, b"", True), (404, b"", True), (500, b"", False), (429, b"", False),
        (200, b'{"errcode": 310000}', False), (200, b"hello", False),
    ],
)  # fmt: skip
def test_what_a_robot_answers_decides(portal, status, answer, dead):
    _letters, posts, url = portal
    posts.status, posts.answer = status, answer
    posts.location = "http://169.254.169.254/" if status == 302 else ""
    robot(url)
    send(UserFactory())
    posting.post()
    row = rows()[0]
    assert (row.sent_at, row.dead_at is not None) == (None, dead)
    assert len(posts.posts) == 1, "a redirect is not followed"


def test_a_target_that_drips_is_left(portal, monkeypatch):
    _letters, _posts, url = portal
    monkeypatch.setattr(hooks, "SECONDS_IN_ALL", 0.2)
    robot(url)
    send(UserFactory())
    stop = threading.Event()
    monkeypatch.setattr(
        "tests.notifications.mail_server._Target.do_POST", lambda _self: stop.wait(5)
    )
    began = clock.now()
    posting.post()
    stop.set()
    assert clock.now() - began < timedelta(seconds=4)
    assert rows()[0].sent_at is None
    assert rows()[0].handed_at is not None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0",
        "2001:0:7f00:1::", "ff02::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_our_own_network_is_not_outside(address):
    assert not hooks.is_outside(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1"])
def test_the_internet_is_outside(address):
    assert hooks.is_outside(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.2/x", "https://localhost/x", "https://[::1]/x", "http://1.1.1.1/x",
        "https://2130706433/x", "https://0x7f.1/x", "https://127.1/x", "ftp://1.1.1.1/x",
    ],
)  # fmt: skip
def test_a_webhook_does_not_reach_our_own_network(portal, url, monkeypatch):
    robot(url)
    monkeypatch.setattr(hooks.socket, "create_connection", lambda *_rest: pytest.fail("reached"))
    send(UserFactory())
    posting.post()
    row = rows()[0]
    assert row.dead_at is not None
    assert "NotOutside" in row.error or "https" in row.error or "network" in row.error


def test_the_address_that_was_looked_at_is_the_one_that_is_called(portal, monkeypatch):
    """A name that answers differently the second time (DNS rebinding) wins nothing."""
    asked, called = [], []

    def resolve(host, port, **_more):
        asked.append(host)
        return [(2, 1, 6, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", port))]

    def connect(address, _seconds):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(hooks.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(hooks.socket, "create_connection", connect)
    robot("https://robot.example/x")
    send(UserFactory())
    posting.post()
    assert called == [("1.1.1.1", 443)]
    assert asked == ["robot.example"]


def test_a_name_with_one_address_inside_is_inside(monkeypatch):
    found = [(2, 1, 6, "", ("1.1.1.1", 443)), (2, 1, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(hooks.socket, "getaddrinfo", lambda *_rest, **_more: found)
    with pytest.raises(hooks.NotOutside, match="our own network"):
        hooks.outside_address("robot.example", 443, frozenset())
    assert hooks.outside_address("robot.example", 443, frozenset({"robot.example"})) == "1.1.1.1"


# Going again by itself


def test_what_becomes_due_later_sends_the_postman(portal):
    user = reader(is_digest=True)
    send(user)
    with transaction():
        posting.look()
    assert db.session.scalars(select(QueuedJob)).all() == []
    with later(days=12):
        for _twice in range(2):
            with transaction():
                posting.look()
    assert len(db.session.scalars(select(QueuedJob)).all()) == 1


def test_without_a_mail_server_mails_wait_and_nothing_is_tried(portal, app, monkeypatch):
    letters, *_rest = portal
    send(reader())
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SMTP_URL", "")
        assert posting.post() == 0
    assert (rows()[0].tries, rows()[0].dead_at) == (0, None)
    assert posting.post() == 1
    assert len(letters.letters) == 1
