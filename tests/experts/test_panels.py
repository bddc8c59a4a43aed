"""Panels are drawn so that anybody can draw again; whoever stands to a party is never on a list."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, drawing
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.experts import services
from app.experts.models import Expert, Field, PanelDraw
from app.experts.paneling import NewPanel
from app.experts.services import Told
from app.personal.services import save_own_data
from app.policy import Role
from app.procurement.draws import Revealed, with_check
from app.web import fresh_token
from tests.factories import UserFactory
from tests.procurement import sealed

NUMBERS = Revealed("03 11 17 22 29 31", "演示公告", "")


@pytest.fixture
def officer(session):
    return UserFactory()


def enter(officer, fields=(Field.BUDGET,), shut_out=()):
    user = UserFactory(role=Role.EXPERT)
    with transaction():
        return services.enter_expert(officer, user, Told(fields, "高级会计师", "", shut_out))


def later(days=1):
    return clock.now() + timedelta(days=days)


def freeze(officer, engagement, places=2, field=None):
    with transaction():
        new = NewPanel(places, field, "演示公开号码第 1 期", later())
        return services.freeze_panel(officer, engagement, new)


def hold(officer, draw, secret):
    with transaction():
        told = Revealed(NUMBERS.value, NUMBERS.source, secret)
        services.hold_panel(officer, draw, told)


@pytest.fixture
def pool(officer, engagement):
    unit = engagement.tasks[0].unit_id
    good = [enter(officer) for _n in range(4)]
    tied = [enter(officer, shut_out=[key]) for key in (unit, engagement.agency_id)]
    other = enter(officer, fields=[Field.LAW])
    resting = enter(officer)
    with transaction():
        services.rest(officer, resting)
    return {"good": good, "tied": tied, "other": other, "resting": resting}


def test_a_panel_follows_from_the_number_and_can_be_drawn_again(
    officer, engagement, pool, monkeypatch, audited
):
    draw, secret = freeze(officer, engagement, field=Field.BUDGET)
    assert {key for key, _name in draw.entries} == {one.user_id for one in pool["good"]}
    reasons = sorted(reason for _name, reason in draw.left_out)
    assert reasons == ["field", "rests", "stands_aside", "stands_aside"]
    with pytest.raises(Conflict):
        hold(officer, draw, secret)
    at = later(2)
    monkeypatch.setattr(clock, "now", lambda: at)
    hold(officer, draw, secret)
    assert len(draw.panel) == 2
    assert drawing.wrong_in(json.loads(json.dumps(draw.record))) == []
    swapped = {**draw.record, "picks": draw.record["picks"][::-1]}
    assert drawing.wrong_in(swapped)
    assert audited()[-2:] == ["panel.frozen", "panel.drawn"]
    with pytest.raises(Conflict):
        hold(officer, draw, secret)


def test_another_secret_draws_nothing(officer, engagement, pool, monkeypatch):
    draw, _secret = freeze(officer, engagement)
    with transaction():
        services.void_panel(officer, draw, "演示原因")
    second, secret = freeze(officer, engagement)
    assert second.attempt == 2
    at = later(2)
    monkeypatch.setattr(clock, "now", lambda: at)
    stranger = with_check(b"x" * 32)
    with pytest.raises(Invalid):
        hold(officer, second, stranger)
    assert second.is_open
    hold(officer, second, secret)


def test_one_list_waits_at_a_time_and_none_is_too_short(officer, engagement, pool):
    with pytest.raises(Invalid) as refusal:
        freeze(officer, engagement, places=9)
    assert refusal.value.field == "places"
    freeze(officer, engagement)
    with pytest.raises(Conflict):
        freeze(officer, engagement)


def test_a_number_that_exists_already_decides_nothing(officer, engagement, pool):
    new = NewPanel(1, None, "演示", clock.now())
    with pytest.raises(Invalid), transaction():
        services.freeze_panel(officer, engagement, new)


@pytest.mark.parametrize("role", [Role.LEADER, Role.EXPERT, Role.AGENCY_ADMIN])
def test_others_draw_no_panel(role, engagement, session):
    with pytest.raises(Forbidden):
        freeze(UserFactory(role=role), engagement)


def test_only_experts_stand_in_the_pool(officer, session):
    with pytest.raises(Invalid), transaction():
        services.enter_expert(officer, UserFactory(), Told([Field.LAW], "律师", "", []))
    with pytest.raises(Invalid):
        enter(officer, fields=[])


def test_the_pages_from_the_pool_to_the_record(sign_in, officer, session, engagement):
    client, users = sign_in(officer), [UserFactory(role=Role.EXPERT) for _n in range(2)]
    assert "/accounts/new?organisation=" in client.get("/experts").text, "how one is added"
    for user in users:
        assert client.get(f"/experts/{user.id}").status_code == 200
        assert client.post(f"/experts/{user.id}", data={"title": ""}).status_code == 422
        told = {"title": "教授", "fields": ["law", "health"]}
        assert client.post(f"/experts/{user.id}", data=told).status_code == 302
    assert session.get(Expert, users[0].id).fields == ["health", "law"]
    with transaction():
        save_own_data(users[0], "11010519491231002X", "13800001234")
    shown = client.get(f"/experts/{users[0].id}").text
    assert ("110***********002X" in shown, "19491231" in shown) == (True, False)
    own = sign_in(users[0]).get("/personal-data").text
    assert ("须回避的单位" in own, "教授" in own) == (True, True), (
        "what the pool keeps is theirs to read"
    )
    assert users[0].name in client.get("/experts?field=law").text
    assert users[0].name not in client.get("/experts?field=budget").text
    assert client.get("/panel-draws/new").status_code == 200
    assert client.post("/panel-draws", data={}).status_code == 422
    at = later(1).astimezone(clock.SHANGHAI)
    told = {
        "engagement": engagement.id,
        "places": 1,
        "field": "law",
        "beacon": "演示公开号码",
        "known_from": f"{at:%Y-%m-%dT%H:%M}",
        "once": fresh_token(),
    }
    told["slip"] = sealed.slip_in(client.get("/panel-draws/new").get_data(as_text=True))
    for _n in range(2):  # sent twice, the form shows the same slip twice
        secret = sealed.slip_shown(client.post("/panel-draws", data=told))
        assert secret == told["slip"]
    assert client.post("/panel-draws", data={**told, "slip": ""}).status_code == 422
    draw = session.scalar(select(PanelDraw))
    assert client.get(f"/panel-draws/{draw.id}").status_code == 200
    assert client.get(f"/panel-draws/{draw.id}/draw.json").status_code == 404
    assert client.post(f"/panel-draws/{draw.id}/result", data={}).status_code == 422
    assert client.post(f"/panel-draws/{draw.id}/void", data={}).status_code == 422
    draw.beacon_from = clock.now()  # the session at the door would end before a day is over
    session.commit()
    told = {"value": NUMBERS.value, "source": NUMBERS.source, "secret": secret}
    assert client.post(f"/panel-draws/{draw.id}/result", data=told).status_code == 302
    session.refresh(draw)
    told = client.get(f"/panel-draws/{draw.id}/draw.json").get_json()
    assert drawing.wrong_in(told) == []
    assert client.get(f"/panel-draws/{draw.id}").status_code == 200
    assert client.get("/panel-draws").status_code == 200


def test_leaders_read_and_others_see_nothing(sign_in, officer, session):
    assert sign_in(UserFactory(role=Role.LEADER)).get("/experts").status_code == 200
    assert sign_in(UserFactory(role=Role.LEADER)).get("/panel-draws").status_code == 200
    assert sign_in(UserFactory(role=Role.LEADER)).get("/panel-draws/new").status_code == 403
    assert sign_in(UserFactory(role=Role.UNIT_OFFICER)).get("/experts").status_code == 403


def test_experts_who_are_called_alike_are_told_apart_without_a_number_of_ours(officer, engagement):
    pair = [enter(officer), enter(officer)]
    with transaction():
        for one in pair:
            one.user.name, one.employer = "演示阿依·古丽", "演示大学"
    draw, _secret = freeze(officer, engagement)
    assert [name for _key, name in draw.entries] == [
        "演示阿依·古丽（演示大学）",
        "演示阿依·古丽（演示大学）（2）",
    ]
