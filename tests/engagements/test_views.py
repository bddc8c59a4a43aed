import re
from datetime import date

import pytest
from sqlalchemy import select

from app import clock, engagements
from app.db import transaction
from app.engagements.models import Engagement
from app.policy import Role
from tests.engagements.filling import entered
from tests.engagements.walking import accept, people_of, walk_to
from tests.factories import (
    UserFactory,
    make_engagement,
)


@pytest.fixture
def officer(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


def test_a_task_that_stands_twice_is_told_and_nothing_typed_is_lost(session, sign_in, officer):
    told = entered(officer)
    again = {name.replace("-0-", "-1-"): told[name] for name in told if name.startswith("tasks-0")}
    reply = sign_in(officer).post("/engagements", data={**told, **again})
    assert reply.status_code == 422
    assert reply.text.count('value="演示专项"') == 2
    assert re.search(r'href="#tasks"[^>]*>[^<]*1[^<]*2', reply.text)
    assert session.scalar(select(Engagement)) is None


def test_an_engagement_is_opened_on_one_page(session, sign_in, officer, audited):
    page = sign_in(officer)
    assert page.get("/engagements/new").status_code == 200

    reply = page.post("/engagements", data=entered(officer))

    engagement = session.scalar(select(Engagement))
    assert reply.headers["Location"].endswith(f"/engagements/{engagement.id}")
    assert (engagement.fee_fen, engagement.tasks[0].amount_fen) == (8_500_050, 120_000_000)
    assert audited()[-1] == "engagement.opened"
    assert engagement.code in page.get(f"/engagements/{engagement.id}").text


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"name": ""}, 'href="#name"'),
        ({"fee": "0"}, 'href="#fee"'),
        ({"fee": "1.005"}, 'href="#fee"'),
        ({"fee": "NaN"}, 'href="#fee"'),
        ({"lead_evaluator": "0"}, 'href="#lead_evaluator"'),
        ({"lead_evaluator": "abc"}, 'href="#lead_evaluator"'),
        ({"ends_on": "2026-01-01"}, 'href="#ends_on"'),
        ({"signed_on": "gestern"}, 'href="#signed_on"'),
        ({"tasks-0-project": ""}, 'href="#tasks">评价任务：'),
        ({"tasks-0-unit": "0"}, 'href="#tasks"'),
        ({"tasks-0-amount": "viel"}, 'href="#tasks-0-amount"'),
    ],
)
def test_errors_show_the_form_again(session, sign_in, officer, changes, shown):
    reply = sign_in(officer).post("/engagements", data=entered(officer, **changes))
    assert reply.status_code == 422
    assert shown in reply.text
    assert session.scalar(select(Engagement)) is None
    assert 'value="2026-12-31"' in reply.text or "ends_on" in changes


def test_a_business_refusal_stands_at_its_field(session, sign_in, officer):
    told = entered(officer)
    reply = sign_in(officer).post("/engagements", data={**told, "client": told["tasks-0-unit"]})
    assert reply.status_code == 422
    assert 'href="#client"' in reply.text


def test_the_same_form_sent_twice_opens_one(session, sign_in, officer):
    page, told = sign_in(officer), entered(officer)
    assert page.post("/engagements", data=told).status_code == 302
    assert page.post("/engagements", data=told).status_code == 422
    assert len(session.scalars(select(Engagement)).all()) == 1


def test_rows_are_added_and_dropped_without_scripts(session, sign_in, officer):
    page, told = sign_in(officer), entered(officer)
    reply = page.post("/engagements", data={**told, "add": "10"})
    assert reply.status_code == 200
    assert 'name="tasks-10-project"' in reply.text
    assert "演示专项" in reply.text

    second = {"tasks-1-project": "第二项", "tasks-1-amount": "5", "tasks-1-unit": "0"}
    reply = page.post("/engagements", data={**told, **second, "drop": "0"})
    assert 'name="tasks-1-project"' not in reply.text
    assert "第二项" in reply.text
    assert session.scalar(select(Engagement)) is None


@pytest.mark.parametrize("role", [Role.LEAD_EVALUATOR, Role.LEADER, Role.SECTION_OFFICER])
def test_others_get_no_form(session, sign_in, role):
    page = sign_in(UserFactory(role=role))
    assert page.get("/engagements/new").status_code == 403
    assert page.post("/engagements", data={}).status_code == 403


def test_a_strangers_engagement_is_not_there(session, sign_in):
    engagement = make_engagement()
    page = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    stage = engagement.current_stage
    for url in ("", "/acceptance", "/termination", f"/stages/{stage.id}/return"):
        assert page.get(f"/engagements/{engagement.id}{url}").status_code == 404
    for url in (f"/stages/{stage.id}/submission", "/closing", "/termination", "/acceptance"):
        assert page.post(f"/engagements/{engagement.id}{url}").status_code == 404


def test_a_stage_of_another_engagement_is_not_there(session, sign_in, officer):
    first, second = make_engagement(), make_engagement()
    url = f"/engagements/{first.id}/stages/{second.current_stage.id}/approval"
    assert sign_in(officer).post(url).status_code == 404


def test_stages_move_by_buttons(session, sign_in):
    engagement = make_engagement()
    officer, lead = people_of(engagement)
    stage = engagement.current_stage
    at = f"/engagements/{engagement.id}"
    agency, bureau = sign_in(lead), sign_in(officer)
    assert f"{at}/stages/{stage.id}/submission" in agency.get(at).text
    assert f"{at}/stages/{stage.id}/submission" not in bureau.get(at).text

    assert agency.post(f"{at}/stages/{stage.id}/submission").status_code == 302
    assert f"{at}/stages/{stage.id}/approval" in bureau.get(at).text
    assert bureau.get(f"{at}/stages/{stage.id}/return").status_code == 200
    assert bureau.post(f"{at}/stages/{stage.id}/return", data={}).status_code == 422
    given = {"reason": "缺少回避声明"}
    assert bureau.post(f"{at}/stages/{stage.id}/return", data=given).status_code == 302
    assert bureau.post(f"{at}/stages/{stage.id}/return", data=given).status_code == 422
    assert bureau.post(f"{at}/stages/{stage.id}/approval").status_code == 409
    assert agency.post(f"{at}/stages/{stage.id}/approval").status_code == 403

    agency.post(f"{at}/stages/{stage.id}/submission")
    assert bureau.post(f"{at}/stages/{stage.id}/approval").status_code == 302
    assert engagement.current_stage.position == 2
    assert "缺少回避声明" in agency.get(at).text


def test_what_is_missing_stands_in_place_of_the_button(session, sign_in, monkeypatch):
    engagement = make_engagement()
    _officer, lead = people_of(engagement)
    monkeypatch.setattr(engagements, "submission_gates", [lambda _stage: "缺少合同扫描件"])
    page = sign_in(lead).get(f"/engagements/{engagement.id}").text
    assert "缺少合同扫描件" in page
    assert "/submission" not in page


def test_panels_of_upper_features_are_shown(app, session, sign_in, officer, monkeypatch):
    engagement = make_engagement()
    shown = ("components/empty.html", {})
    monkeypatch.setattr(engagements, "panels", [lambda _e, _u: shown, lambda _e, _u: None])
    assert sign_in(officer).get(f"/engagements/{engagement.id}").status_code == 200


def decision(engagement, outcome, verdict="met", **more):
    told = {f"findings-{n}-verdict": verdict for n in range(len(engagement.acceptance_items))}
    return {**told, "outcome": outcome, **more}


def test_acceptance_is_decided_item_by_item(session, sign_in):
    engagement = make_engagement("research")
    officer, lead = people_of(engagement)
    at = f"/engagements/{engagement.id}"
    page = sign_in(officer)
    walk_to(engagement, "acceptance", officer, lead)
    form = page.get(f"{at}/acceptance").text
    assert all(item.words in form for item in engagement.acceptance_items)
    due_on = clock.add_working_days(clock.today(), 10).isoformat()
    for wrong in (
        {},
        decision(engagement, "accept", "unmet"),
        decision(engagement, "rework", "unmet", due_on=due_on),
        decision(engagement, "rework", "unmet", reasons="x"),
        decision(engagement, "rework", "unmet", reasons="x", due_on=clock.today().isoformat()),
        decision(engagement, "refuse", "met", reasons="x"),
    ):
        assert page.post(f"{at}/acceptance", data=wrong).status_code == 422
    reasons = "数据与底稿不一致"
    told = decision(engagement, "rework", "unmet", reasons=reasons, due_on=due_on)
    assert page.post(f"{at}/acceptance", data=told).status_code == 302
    assert engagement.refusal_count == 1
    assert reasons in page.get(at).text

    walk_to(engagement, "acceptance", officer, lead)
    assert page.post(f"{at}/acceptance", data=decision(engagement, "accept")).status_code == 302
    assert page.post(f"{at}/acceptance", data=decision(engagement, "accept")).status_code == 409
    assert page.get(at).status_code == 200


def test_final_refusal_by_the_page(session, sign_in):
    engagement = make_engagement("research")
    officer, lead = people_of(engagement)
    walk_to(engagement, "acceptance", officer, lead)
    told = decision(engagement, "refuse", "unmet", reasons="抄袭")
    page = sign_in(officer)
    assert page.post(f"/engagements/{engagement.id}/acceptance", data=told).status_code == 302
    assert engagement.refused_at is not None
    assert page.get(f"/engagements/{engagement.id}").status_code == 200


def test_termination_asks_why(session, sign_in, officer):
    engagement = make_engagement()
    page, at = sign_in(officer), f"/engagements/{engagement.id}"
    assert page.get(f"{at}/termination").status_code == 200
    assert page.post(f"{at}/termination", data={}).status_code == 422
    assert page.post(f"{at}/termination", data={"reason": "项目取消"}).status_code == 302
    assert page.post(f"{at}/termination", data={"reason": "项目取消"}).status_code == 409
    assert "项目取消" in page.get(at).text


def test_an_engagement_is_closed_by_its_button(session, sign_in):
    from app.engagements import moves

    engagement = make_engagement("research")
    officer, lead = people_of(engagement)
    page, at = sign_in(officer), f"/engagements/{engagement.id}"
    walk_to(engagement, "acceptance", officer, lead)
    assert page.post(f"{at}/closing").status_code == 409
    accept(engagement, officer)
    moves.end_rating(officer, engagement)
    session.commit()
    assert f"{at}/closing" in page.get(at).text
    assert page.post(f"{at}/closing").status_code == 302
    assert engagement.closed_at is not None


def test_both_languages(session, sign_in, officer):
    make_engagement()
    english = UserFactory(role=Role.LEADER, locale="en")
    assert "Commission and contract" in sign_in(english).get("/engagements").text
    assert "委托与合同" in sign_in(officer).get("/engagements").text


def test_an_engagement_shows_its_money_in_wan(session, sign_in, officer):
    engagement = make_engagement(fee_fen=8_000_000, signed_on=date(2026, 3, 2))
    assert "8.00 万元" in sign_in(officer).get(f"/engagements/{engagement.id}").text


def test_days_past_the_contract_or_in_a_year_without_holidays_are_told(sign_in, officer):
    engagement = make_engagement(actor=officer, ends_on=date(2026, 3, 20))
    later = make_engagement(actor=officer)
    client = sign_in(officer)
    page = client.get(f"/engagements/{engagement.id}").get_data(as_text=True)
    assert "晚于合同履行截止日期2026-03-20" in page
    assert "年节假日安排尚未录入" not in page
    with transaction():
        later.stages[-1].due_on = date(2029, 3, 2)
    page = client.get(f"/engagements/{later.id}").get_data(as_text=True)
    assert "2029年节假日安排尚未录入" in page
    assert "晚于合同" not in page
