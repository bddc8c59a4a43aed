"""What a person reads: every event has its sentence, in the right order, with the right name."""

import re
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from app import audit
from app.audit import wording
from app.audit.sentences import SENTENCES
from app.audit.timeline import timeline
from app.audit.wording import sentence

CLERK = SimpleNamespace(id=7, role="performance_officer", organisation_id=3)


def nobody(_ids):
    return {}


@pytest.mark.parametrize("event", list(audit.Event), ids=lambda event: event.label)
def test_every_event_has_a_sentence_of_its_own_facts(event):
    words = re.findall(r"%\((\w+)\)s", SENTENCES[event]._args[0])
    assert set(words) <= event.facts | {"who"}


def test_newest_first_by_subject_and_scope(session):
    audit.record(CLERK, audit.Event.SIGNED_IN, "user_account:7")
    audit.record(CLERK, audit.Event.PASSWORD_RESET, "user_account:9", scope="organisation:3")
    audit.record(audit.PORTAL, audit.Event.ACCOUNT_CLOSED, "user_account:9", reason="")
    asked = []

    def names(ids):
        asked.append(ids)
        return {7: "演示甲"}

    with force_locale("en"):
        entries = timeline("organisation:3", "user_account:9", names=names)
        assert [entry.sentence for entry in entries] == [
            "The portal closed the account",
            "演示甲 reset the password",
        ]
        assert asked == [{7}]
        assert [e.sentence for e in timeline("user_account:7", names=nobody)] == [
            "Account 7 signed in"
        ]
        assert len(timeline("user_account:9", names=nobody, limit=1)) == 1
        assert timeline("user_account:8", names=nobody) == []


def test_a_quiz_is_told_as_it_ended(app):
    """The log keeps words: “False” is true as any other text."""
    with app.app_context(), force_locale("en"):
        told = [sentence("quiz.sent", "X", {"passed": str(one)}) for one in (True, False)]
    assert ["(passed: yes)" in told[0], "(passed: no)" in told[1]] == [True, True]


def test_facts_are_written_as_upper_features_say(app, monkeypatch):
    monkeypatch.setattr(wording, "_shown", {})
    facts = {"before": "expert", "role": None}
    with app.app_context(), force_locale("en"):
        wording.show_fact("before", str.upper)
        assert sentence("role.granted", "X", facts) == "X changed the role from EXPERT to —"
        assert sentence("role.granted", "X", {}) == "X changed the role from — to —"
        assert sentence("thing.unknown", "X", {}) == "X: thing.unknown"
        assert sentence("agency.edited", "X", {"changed": ["a", "b"]}).endswith(": a, b")
        accepted = {"hours": 8, "words": ""}
        assert sentence("hours.accepted", "X", accepted).endswith("elsewhere"), "nobody said why"
        accepted["words"] = "as follows:"
        assert sentence("hours.accepted", "X", accepted).endswith(": as follows:")


def test_who_was_refused_is_not_told_to_the_readers_of_a_thing(session):
    audit.record(CLERK, audit.Event.PASSWORD_RESET, "user_account:9")
    asked = {"endpoint": "accounts.show", "permission": "account:read"}
    audit.record(CLERK, audit.Event.ACCESS_REFUSED, "user_account:9", **asked)
    told = [entry.event for entry in timeline("user_account:9", names=nobody)]
    assert told == [audit.Event.PASSWORD_RESET.label]


def test_who_is_spoken_of_goes_by_name_too(session):
    facts = {"deputy": 4, "principal": 9}
    audit.record(CLERK, audit.Event.DEPUTY_NAMED, "deputyship:1", **facts)
    with force_locale("en"):
        known = timeline("deputyship:1", names=lambda ids: {each: f"演示{each}" for each in ids})
        assert known[0].sentence == "演示7 named 演示4 deputy of 演示9"
        assert known[0].facts == facts  # the log itself keeps the numbers
        unknown = timeline("deputyship:1", names=nobody)
        assert unknown[0].sentence == "Account 7 named Account 4 deputy of Account 9"


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("ranking.exported", {"code": "R1", "form": "bundle"}),
        ("post.written", {"post_kind": "cooperation", "title": "甲"}),
        ("quiz.sent", {"number": 1, "passed": "True", "percent": 90}),
        ("handover.done", {"moved": ["messages: 3", "uploads: 0"], "giver": "甲", "taker": "乙"}),
        ("message_choice.made", {"pace": "none"}),
        ("message_target.added", {"name": "甲", "target_format": "wecom", "host": "乙"}),
        ("statistics.exported", {"by": "agency", "rows": 2}),
    ],
)
def test_a_chinese_sentence_holds_no_word_of_the_code(app, event, facts):
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        told = sentence(event, "甲", facts).replace("R1", "")
    assert not re.search("[A-Za-z]", told), told
