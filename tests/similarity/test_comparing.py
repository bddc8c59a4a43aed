"""Papers held against the library: what is an alarm, what is not, and that nothing is refused."""

import json

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.db import transaction
from app.papers import passports
from app.papers.models import VersionState
from app.similarity import comparing, ignoring, queries, services, texts
from app.similarity.models import FileText, Likeness, LikenessAlarm, Outcome, TextBucket
from tests.papers.filing import add_version, file_kept, pdf
from tests.similarity.library import essay, file_text, house, learn


def alarms(session):
    return session.scalars(select(LikenessAlarm).order_by(LikenessAlarm.id)).all()


@pytest.fixture
def two(session):
    """Two agencies with an engagement each, of one officer."""
    return house(), house()


def test_a_copied_chapter_is_found_and_nothing_is_refused(two, session, officer):
    (lead, job), (other_lead, other_job) = two
    chapter = essay(1, 3000)
    old, new = essay(2) + chapter, essay(3, 2000) + chapter
    learn(old, new)
    first = file_text(lead, job, old)
    comparing.check(first)
    assert alarms(session) == []
    second = file_text(other_lead, other_job, new)
    comparing.check(second)
    (alarm,) = alarms(session)
    assert (alarm.version_id, alarm.other_id) == (second.id, first.id)
    assert alarm.likeness is Likeness.SIMILAR_TEXT
    assert 560 < alarm.share < 640
    assert second.state is VersionState.SUBMITTED
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.scope) == ("similarity.found", None)
    assert json.loads(event.canonical)["facts"]["alarms"] == 1
    assert passports.openings(officer, second) == [], "a likeness is no look"
    comparing.check(second)
    assert len(alarms(session)) == 1, "looking twice finds nothing twice"


def test_the_later_paper_is_named_whichever_is_read_first(two, session):
    (lead, job), (other_lead, other_job) = two
    words = essay(4)
    learn(words, words + essay(5, 200))
    first = file_text(lead, job, words)
    second = file_text(other_lead, other_job, words + essay(5, 200))
    comparing.check(second)
    comparing.check(first)
    (alarm,) = alarms(session)
    assert (alarm.version_id, alarm.other_id) == (second.id, first.id)


def test_the_same_bytes_are_found_even_without_words(two, session):
    (lead, job), (other_lead, other_job) = two
    file_kept(lead, job, "D-01", "照片", pdf("a"), "照片.pdf")
    paper = file_kept(other_lead, other_job, "D-01", "照片", pdf("a"), "照片.pdf")
    assert comparing.check_waiting() == 2
    (alarm,) = alarms(session)
    assert (alarm.version_id, alarm.likeness, alarm.share) == (
        paper.versions[0].id, Likeness.SAME_FILE, 1000,
    )  # fmt: skip
    assert session.get(FileText, alarm.sha256).outcome is Outcome.WORDLESS
    assert comparing.check_waiting() == 0


def test_drafts_of_one_engagement_and_different_papers_raise_no_alarm(two, session):
    (lead, job), (other_lead, other_job) = two
    words, apart = essay(6), essay(7)
    learn(words, words + "。", apart)
    version = file_text(lead, job, words)
    add_version(lead, version.paper, (words + "。").encode())
    other = file_text(other_lead, other_job, apart)
    for each in (*version.paper.versions, other):
        comparing.check(each)
    assert alarms(session) == []


def test_a_form_that_many_hold_is_no_likeness(session, two):
    (lead, job), (other_lead, other_job) = two
    third_lead, third = house()
    held = [(lead, job), (other_lead, other_job), (third_lead, third), house()]
    papers = [file_text(*one, "很短的表") for one in held]
    for version in papers:
        texts.keep(version.sha256, {}) if not texts.known(version.sha256) else None
        comparing.check(version)
    last = {(a.version_id, a.other_id) for a in alarms(session) if a.version_id == papers[-1].id}
    assert last == set(), "three others hold it"


def test_the_bureaus_own_texts_do_not_count(two, officer, session, audited):
    (lead, job), (other_lead, other_job) = two
    policy = essay(8, 2000)
    learn(policy + essay(9, 500), policy + essay(10, 500))
    with transaction():
        added = services.add_boilerplate(officer, "项目支出绩效评价管理办法", policy)
    assert audited()[-1] == "boilerplate.added"
    file_text(lead, job, policy + essay(9, 500))
    version = file_text(other_lead, other_job, policy + essay(10, 500))
    assert comparing.likenesses(version) == []
    with transaction():
        services.withdraw_boilerplate(officer, added)
    assert len(comparing.likenesses(version)) == 1


def test_what_stands_in_many_engagements_does_not_count(session):
    outline, jobs = essay(11, 1200), [house() for _ in range(12)]
    words = [outline + essay(100 + n, 400) for n in range(12)]
    learn(*words)
    versions = [file_text(*job, text) for job, text in zip(jobs, words, strict=True)]
    assert comparing.likenesses(versions[-1])
    assert ignoring.learn_common() > 1000
    assert comparing.likenesses(versions[-1]) == []
    assert ignoring.learn_common() > 1000, "made anew in the same row"


def test_statements_do_not_grow_with_the_library(session, statements):
    counts, number = [], 0
    words = essay(12)
    for more in (2, 6):
        jobs = [house() for _ in range(more)]
        told = [words + essay(200 + number + n, 300) for n in range(more)]
        number += more
        learn(*told)
        versions = [file_text(*job, text) for job, text in zip(jobs, told, strict=True)]
        session.expire_all()
        version = versions[-1]
        assert version.paper.engagement_id
        assert version.files
        with statements() as seen:
            assert comparing.likenesses(version)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9


def test_words_of_a_spilled_file_are_gone(session):
    words = essay(13)
    learn(words)
    sha256 = session.scalars(select(FileText.sha256)).one()
    assert texts.text_of(sha256) == words
    with transaction():
        texts.forget(sha256)
    assert texts.text_of(sha256) == ""
    assert session.scalars(select(TextBucket)).all() == []


def test_alarm_lists_agree_with_the_policy(session):
    from app.policy import Permission, Role, can
    from tests.factories import UserFactory

    (lead, job), (other_lead, other_job) = house(), house()
    file_kept(lead, job, "D-01", "照片", pdf("b"), "照片.pdf")
    file_kept(other_lead, other_job, "D-01", "照片", pdf("b"), "照片.pdf")
    comparing.check_waiting()
    (alarm,) = alarms(session)
    for role in Role:
        person = UserFactory(role=role)
        seen = session.scalars(queries.alarms_visible_to(person)).all()
        assert bool(seen) == can(person, Permission.SIMILARITY_READ, alarm), role
