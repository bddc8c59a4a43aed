"""The rules look, warnings are raised once, and people end them with words."""

from datetime import timedelta

import pytest

from app import alerts, clock, handovers
from app.alerts import looking, queries, services
from app.alerts.models import Alert, AlertKind, AlertRule, AlertState
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.indicators import scoring
from app.notifications.models import Message
from app.policy import Permission, Role, can
from app.training.models import ClaimState, HourRecord, Source
from tests.factories import UserFactory, make_engagement


def late(engagement, days=10):
    """Move the present stage's due day back."""
    engagement.current_stage.due_on = clock.add_working_days(clock.today(), -days)
    db.session.commit()
    return engagement


def looked():
    """How many were raised, and all that there are."""
    raised = alerts.look()
    return raised, db.session.query(Alert).order_by(Alert.id).all()


@pytest.fixture(autouse=True)
def only_overdue(session):
    """The other rules are off, but where a test asks them itself."""
    others = session.query(AlertRule).filter(AlertRule.kind != AlertKind.OVERDUE)
    others.update({"is_on": False})
    session.commit()


@pytest.fixture
def warning(engagement, officer):
    late(engagement)
    _count, (found,) = looked()
    return found


def test_a_fact_is_raised_once_and_told_its_owner(session, engagement, officer, audited):
    late(engagement)
    count, (found,) = looked()
    assert (count, found.kind, found.state) == (1, AlertKind.OVERDUE, AlertState.OPEN)
    assert found.owner_id == engagement.opened_by_id
    assert found.due_on == clock.add_working_days(clock.today(), 5)
    told = session.query(Message).filter_by(user_id=found.owner_id, kind="alerts_raised").one()
    assert told.facts == {"count": "1"}
    assert looked()[0] == 0
    assert audited().count("alert.raised") == 1


def test_what_was_put_right_is_marked_and_still_owes_words(session, engagement, warning):
    engagement.current_stage.due_on = clock.today() + timedelta(days=30)
    session.commit()
    assert looked()[0] == 0
    session.refresh(warning)
    assert warning.cleared_at is not None
    assert warning.is_waiting


def test_a_warning_ends_with_words_and_only_once(session, warning, officer, audited):
    with pytest.raises(Invalid), transaction():
        services.end_alert(officer, warning, "  ")
    with transaction():
        services.take_alert(officer, warning)
    with transaction():
        services.end_alert(officer, warning, "已约谈机构，三日内提交")
    assert (warning.state, warning.words) == (AlertState.ENDED, "已约谈机构，三日内提交")
    with pytest.raises(Conflict), transaction():
        services.end_alert(officer, warning, "又一次")
    assert looked()[0] == 0, "an ended fact isn't raised anew"
    assert audited()[-2:] == ["alert.taken", "alert.ended"]


def test_a_late_word_goes_up_to_the_leaders_once(session, warning, officer):
    leader = UserFactory(role=Role.LEADER)
    with clock.frozen(clock.now() + timedelta(days=20)):
        looked()
        looked()
    session.refresh(warning)
    assert warning.escalated_at is not None
    assert session.query(Message).filter_by(user_id=leader.id, kind="alerts_escalated").count() == 1


def test_a_warning_is_passed_on_and_moves_with_a_hand_over(session, warning, officer):
    other = UserFactory(role=Role.PERFORMANCE_OFFICER)
    with pytest.raises(Invalid), transaction():
        services.pass_alert(officer, warning, UserFactory(role=Role.LEADER))
    with transaction():
        services.pass_alert(officer, warning, other)
    assert warning.owner_id == other.id
    moving = next(each for each in handovers.movables if each.name == "alerts")
    assert moving.count(other) == 1
    with transaction():
        assert moving.move(other, officer) == 1
    session.refresh(warning)
    assert warning.owner_id == officer.id


def test_list_and_policy_agree(session, warning, crew):
    section = UserFactory(
        role=Role.SECTION_OFFICER, organisation=warning.engagement.tasks[0].section
    )
    people = [*crew, section, *(UserFactory(role=role) for role in Role)]
    for person in people:
        listed = db.session.scalars(queries.alerts_visible_to(person)).all() == [warning]
        assert listed is can(person, Permission.ALERT_READ, warning), person.role
    assert can(section, Permission.ALERT_READ, warning)


def test_an_edit_is_the_next_version_and_old_warnings_keep_theirs(session, warning, officer):
    rule = warning.rule
    more = {"answer_days": 3, "is_on": True, "reason": "汛期放宽"}
    with pytest.raises(Forbidden), transaction():
        services.edit_rule(UserFactory(role=Role.LEADER), rule, {"days": 5}, **more)
    with pytest.raises(Invalid), transaction():
        services.edit_rule(officer, rule, {"days": 500}, **more)
    with transaction():
        made = services.edit_rule(officer, rule, {"days": 15}, **more)
    assert (made.version, warning.rule.version) == (2, 1)
    assert queries.rule_in_force(AlertKind.OVERDUE) is made
    with pytest.raises(Conflict), transaction():
        services.edit_rule(officer, rule, {"days": 5}, **more)
    assert looking.found_today(AlertKind.OVERDUE, made.settings) == []


def test_every_rule_reads_the_district(session, engagement, officer):
    """The statements of each rule run on this database, and none finds what isn't there."""
    engagement.current_stage.due_on = clock.today() + timedelta(days=60)
    session.commit()
    for rule in queries.rules_in_force():
        assert looking.found_today(rule.kind, rule.settings) == [], rule.kind
        assert looking.preview(rule.kind, rule.settings).findings == []


def test_a_quiet_engagement_and_a_busy_person_are_found(session, engagement):
    with clock.frozen(clock.now() + timedelta(days=60)):
        (found,) = looking.found_today(AlertKind.SILENT, {"days": 15})
        assert found.engagement_id == engagement.id
    lead, agency = engagement.lead_evaluator, engagement.agency
    other = make_engagement(agency=agency, lead_evaluator=lead)
    (found,) = looking.found_today(AlertKind.PERSON_BUSY, {"most": 1})
    assert (found.engagement_id, found.facts["person"]) == (other.id, lead.name)


def test_hours_of_a_lead_evaluator_that_ran_out_are_told_for_information(
    session, engagement, lead, officer, sign_in
):
    today = clock.today()
    earned = today - timedelta(days=800)
    told = {"source": Source.ELSEWHERE, "title": "演示继续教育", "provider": "演示协会"}
    told |= {"made_at": clock.now(), "decision_words": "", "earned_on": earned, "hours": 30}
    engagement.lead_evaluator.user_id = lead.id
    for ago, state in ((3, ClaimState.ACCEPTED), (-9, ClaimState.REFUSED)):
        expires = today - timedelta(days=ago)
        session.add(HourRecord(user_id=lead.id, state=state, expires_on=expires, **told))
    engagement.opened_at = clock.now() - timedelta(days=30)
    session.commit()
    (found,) = looking.found_today(AlertKind.HOURS_LAPSED, {"least": 24})
    assert (found.engagement_id, found.facts["hours"]) == (engagement.id, 0)
    page = sign_in(officer).get("/alerts/rules/hours_lapsed").get_data(as_text=True)
    assert engagement.name in page
    assert found.facts["person"] in page


def test_scores_that_moved_without_a_word_are_read_from_the_log():
    lines = ["C11: 5.00/5.00; 说明 → 5.00/3.00; 说明", "C12: 5.00/5.00 → 5.00/4.00; 已补说明"]
    lines += ["C13: —/— → 4.00/4.00"]
    told = list(looking._unexplained({"facts": {"changed": lines}}))
    assert told == [("C11", "5.00/5.00", "5.00/3.00")]
    assert scoring._told.__doc__.startswith("A row's score as the log tells it")


def test_pages(session, warning, officer, sign_in):
    client = sign_in(officer)
    page = client.get("/alerts").get_data(as_text=True)
    assert warning.engagement.name in page
    assert client.get("/alerts?show=ended").status_code == 200
    assert client.get(f"/alerts/{warning.id}").status_code == 200
    assert warning.engagement.name in client.get(f"/engagements/{warning.engagement_id}").get_data(
        as_text=True
    )
    form = {"words": "", "once": "a" * 20}
    assert client.post(f"/alerts/{warning.id}/end", data=form).status_code == 422
    assert client.post(f"/alerts/{warning.id}/owner").status_code == 302
    done = client.post(f"/alerts/{warning.id}/end", data=form | {"words": "已电话催办"})
    assert done.location == "/alerts"
    stranger = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    assert stranger.get(f"/alerts/{warning.id}").status_code == 404
    assert stranger.get("/alerts").status_code == 403


def test_rules_are_tried_over_history_before_they_are_saved(session, warning, officer, sign_in):
    client = sign_in(officer)
    assert client.get("/alerts/rules").status_code == 200
    told = {"days": "3", "answer_days": "5", "is_on": "y", "once": "b" * 20}
    tried = client.post("/alerts/rules/overdue", data=told | {"act": "try"})
    assert tried.status_code == 200
    assert warning.engagement.name in tried.get_data(as_text=True)
    assert queries.rule_in_force(AlertKind.OVERDUE).version == 1
    assert client.post("/alerts/rules/overdue", data=told | {"act": "save"}).status_code == 422
    saved = client.post("/alerts/rules/overdue", data=told | {"act": "save", "reason": "收紧"})
    assert saved.status_code == 302
    assert queries.rule_in_force(AlertKind.OVERDUE).settings == {"days": 3}
    assert client.get("/alerts/rules/nonsense").status_code == 404


def test_the_list_costs_the_same_however_long(session, officer, sign_in, statements):
    client = sign_in(officer)
    late(make_engagement(actor=officer))
    looked()
    client.get("/alerts")
    session.expire_all()
    with statements() as few:
        client.get("/alerts")
    for _n in range(4):
        late(make_engagement(actor=officer))
    looked()
    session.expire_all()
    with statements() as many:
        client.get("/alerts")
    assert len(few) == len(many)
