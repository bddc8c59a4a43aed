"""What another system meets: tokens, pages of lists, marks, problems, receipts, changes, files."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.api import bell, keeping, receipts
from app.api.models import ApiReceipt, ApiToken, Scope
from app.audit import sealing
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.engagements import labels
from app.engagements.models import Engagement
from app.engagements.queries import template_in_force
from app.notifications import posting
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, Format, MessageTarget
from app.policy import Role
from app.reading.models import Handout, ReadingRule
from app.web import fresh_token
from tests.api.asking import System, document, token_for
from tests.factories import (
    AgencyFactory,
    EvaluatorFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
)
from tests.hostility import client_of, keep
from tests.notifications.mail_server import hook_target
from tests.papers.filing import crew_of, file_paper
from tests.reviews.rounds import ended

SECRET = "演示密钥-webhook"


def events(session):
    db.session.rollback()
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def test_a_token_is_made_by_its_person_and_shown_once(app, session, sign_in, audited):
    officer, admin = UserFactory(), UserFactory(role=Role.SECURITY_ADMIN)
    client = sign_in(officer)
    form = {"name": "演示预算系统", "expires_on": (clock.today() + timedelta(days=30)).isoformat()}
    form |= {"scopes": ["engagements:read", "register:read"], "once": fresh_token()}
    assert client.post("/api-tokens", data={**form, "scopes": []}).status_code == 422
    late = (clock.today() + timedelta(days=4000)).isoformat()
    for changed in ({"expires_on": late}, {"expires_on": "2020-01-01"}, {"scopes": ["all"]}):
        told = {**form, "once": fresh_token(), **changed}
        assert client.post("/api-tokens", data=told).status_code == 422, changed
    shown = client.post("/api-tokens", data={**form, "once": fresh_token()})
    token = session.scalars(select(ApiToken)).one()
    key = next(w for w in shown.get_data(as_text=True).split("<code>")[1:]).split("<")[0]
    assert token.digest == hashlib.sha256(key.encode()).hexdigest()
    assert key not in client.get("/api-tokens").get_data(as_text=True)
    assert token.ending in sign_in(admin).get("/api-tokens/all").get_data(as_text=True)
    assert client.get("/api-tokens/all").status_code == 403
    system = System(app, key)
    assert system.get("/me").get_json()["scopes"] == ["engagements:read", "register:read"]
    assert system.get("/me").status_code == 200
    assert sign_in(UserFactory()).post(f"/api-tokens/{token.id}/ends").status_code == 404
    assert sign_in(UserFactory()).get(f"/api-tokens/{token.id}/ends/new").status_code == 404
    assert sign_in(admin).get(f"/api-tokens/{token.id}/ends/new").status_code == 200
    assert sign_in(admin).post(f"/api-tokens/{token.id}/ends").status_code == 302
    assert system.get("/me").status_code == 401
    told = [one for one in audited() if one.startswith("api_token")]
    assert told == ["api_token.made", "api_token.used", "api_token.ended"]
    assert sign_in(admin).get("/api-tokens").status_code == 403  # they do no business
    unit = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert "engagements:import" in client.get("/api-tokens").text
    assert "engagements:import" not in unit.get("/api-tokens").text, "it would open nothing"
    told = {**form, "once": fresh_token(), "scopes": ["engagements:import"]}
    assert unit.post("/api-tokens", data=told).status_code == 422


@pytest.mark.database("sqlite")  # nothing here is asked of the database
def test_only_a_living_token_opens_and_a_cookie_never_does(app, session, sign_in, monkeypatch):
    officer = UserFactory()
    browser = sign_in(officer)
    refused = browser.get("/api/v1/me")
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert browser.post("/api/v1/engagements/imports", json={}).status_code == 401
    assert "Set-Cookie" not in refused.headers
    cases = {"closed_at": clock.now(), "role": Role.LEADER, "must_change_password": True}
    for name, value in cases.items():
        user = UserFactory()
        system = System(app, token_for(user))
        assert system.get("/me").status_code == 200
        setattr(user, name, value)
        db.session.commit()
        assert system.get("/me").status_code == 401, name
    yesterday = clock.today() - timedelta(days=1)
    assert System(app, token_for(officer, expires_on=yesterday)).get("/me").status_code == 401
    assert "WWW-Authenticate" in System(app).get("/me").headers
    monkeypatch.setitem(app.config, "SIGN_IN_ADDRESS_FAILURES", 6)
    guesser = System(app, "xingping_guess")
    assert {guesser.get("/me").status_code for _n in range(4)} == {401, 429}
    assert System(app, token_for(officer)).get("/me").status_code == 429  # of the same address
    monkeypatch.setitem(app.config, "API", False)
    assert System(app, token_for(officer)).get("/me").status_code == 404


@pytest.mark.database("sqlite")  # nothing here is asked of the database
def test_a_token_has_its_pace(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "API_REQUESTS_A_MINUTE", 3)
    system = System(app, token_for(UserFactory()))
    assert [system.get("/me").status_code for _n in range(5)] == [200, 200, 200, 429, 429]
    assert int(system.get("/me").headers["Retry-After"]) == 60
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert system.get("/me").status_code == 200


def test_lists_come_in_pages_with_marks_and_a_constant_number_of_statements(
    app, session, statements
):
    officer, agency = UserFactory(), AgencyFactory()
    lead = EvaluatorFactory(agency=agency)
    made = [make_engagement(actor=officer, agency=agency, lead_evaluator=lead) for _n in range(3)]
    system = System(app, token_for(officer))
    assert system.get("/me").status_code == 200  # the first use of a day is recorded
    counts = []
    for limit in (1, 3):
        db.session.expire_all()
        with statements() as sent:
            assert len(system.get(f"/engagements?limit={limit}").get_json()["items"]) == limit
        counts.append(len(sent))
    assert counts[0] == counts[1]
    first = system.get("/engagements?limit=2")
    late = make_engagement(actor=officer, agency=agency, lead_evaluator=lead)
    rest = system.get(f"/engagements?limit=2&cursor={first.get_json()['next']}").get_json()
    codes = [one["code"] for one in [*first.get_json()["items"], *rest["items"]]]
    assert codes == [one.code for one in [*made, late]]
    assert rest["next"] is None
    again = system.get("/engagements?limit=2", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"
    one = system.get(f"/engagements/{made[0].id}").get_json()
    assert (one["state"], one["fee_fen"]) == ("open", 8_000_000)
    assert system.get(f"/engagements?state=closed&year={one['year']}").get_json()["items"] == []
    lights = [
        each["light"] for each in system.get(f"/engagements/{one['id']}/stages").json["items"]
    ]
    assert lights.count("idle") == len(lights) - 1


@pytest.mark.database("sqlite")  # nothing here is asked of the database
def test_problems_name_everything_in_the_language_asked_for(app, session):
    officer = UserFactory(locale="en")
    key = token_for(officer)
    for language, words in (("zh-CN,zh;q=0.9", "不存在"), ("en", "no such"), ("", "no such")):
        told = System(app, key, language).get("/engagements/999999")
        assert told.status_code == 404
        assert words in told.get_json()["detail"]
        assert told.get_json()["type"].endswith("/help/api#problem-404")
    system = System(app, key, "en")
    wrong = system.get("/engagements?limit=0&year=1&cursor=%2a&state=x&agency=abc&nonsense=1")
    places = {one["place"] for one in wrong.get_json()["errors"]}
    assert wrong.status_code == 422
    assert places == {"/limit", "/year", "/state", "/agency", "/nonsense"}
    assert system.get("/engagements?cursor=YWZ0ZXI6").status_code == 422
    assert system.get("/me?x=1").status_code == 422
    assert system.get("/nowhere").status_code == 404
    assert system.get("/engagements/99999999999999").status_code == 404
    other = system.checked("DELETE", "/engagements", headers=system.heads)
    assert (other.status_code, "GET" in other.headers["Allow"]) == (405, True)


def contract(officer, **changes):
    """A row of another system, and the records that it names."""
    agency, section = AgencyFactory(), OrganisationFactory(kind="section")
    lead, unit = EvaluatorFactory(agency=agency), OrganisationFactory()
    told = {
        "number": "演示合同-101", "name": "演示项目绩效评价", "template": template_in_force("fiscal_evaluation").name,
        "agency": agency.name, "lead_evaluator": lead.name, "client": officer.organisation.name,
        "fee_fen": 8_000_050, "signed_on": "2026-03-02", "ends_on": "2026-12-31",
        "project": "演示专项资金", "amount_fen": 500_000_000, "section": section.name,
        "unit": unit.name,
    }  # fmt: skip
    return {**told, **changes}


def test_a_years_commissions_come_in_once(app, session, audited):
    officer = UserFactory(locale="en")
    system, path = System(app, token_for(officer), "en"), "/engagements/imports"
    row = contract(officer)
    rows = {"rows": [row, {**row, "project": "演示项目乙", "unit": row["unit"]}]}
    before = session.scalar(select(func.count()).select_from(Engagement))
    done = system.post(path, rows)
    assert done.status_code == 201
    (entered,) = done.get_json()["engagements"]
    assert (entered["number"], done.get_json()["rows"]) == ("演示合同-101", 2)
    again = system.post(path, rows)
    assert (again.status_code, again.data) == (201, done.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    kept = session.scalars(select(ApiReceipt)).one()
    assert kept.response_sha256 == hashlib.sha256(done.data).hexdigest()
    assert session.scalar(select(func.count()).select_from(Engagement)) == before + 1
    opened = session.get(Engagement, entered["id"])
    assert (opened.fee_fen, len(opened.tasks)) == (8_000_050, 2)
    assert audited()[-2:] == ["ledger.imported", "api_request.done"]
    assert system.post(path, {"rows": [row]}).status_code == 422  # the key was for something else
    assert system.post(path, rows, key="short").status_code == 400
    heads = {**system.heads, "Idempotency-Key": "other-key-1"}
    plain = system.checked("POST", path, headers=heads, data="x", content_type="text/plain")
    assert plain.status_code == 415
    with clock.frozen(clock.now() + timedelta(days=31)), transaction():
        keeping.forget_receipts()
    assert session.scalars(select(ApiReceipt)).all() == []


def test_the_same_request_at_the_same_moment_is_done_once(district, monkeypatch):
    officer = UserFactory()
    rows, key = {"rows": [contract(officer)]}, token_for(officer)
    document()  # the threads have no portal at hand to make it
    both, looked, found = threading.Barrier(2, timeout=20), receipts.queries.receipt_of, []

    def look_together(*about):
        kept = looked(*about)
        both.wait()
        return kept

    monkeypatch.setattr("app.api.receipts.queries.receipt_of", look_together)

    def send():
        reply = System(district, key).post("/engagements/imports", rows)
        found.append(reply.status_code)

    senders = [threading.Thread(target=send) for _n in range(2)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert sorted(found) == [201, 409]
    assert db.session.scalar(select(func.count()).select_from(Engagement)) == 1


def test_what_cant_be_taken_is_named_by_its_place_and_nothing_stays(app, session, audited):
    officer = UserFactory(locale="en")
    system, path = System(app, token_for(officer), "en"), "/engagements/imports"
    row, before = contract(officer), audited()

    def places(*rows):
        reply = system.post(path, {"rows": list(rows)}, key=fresh_token())
        assert reply.status_code == 422
        return sorted(one["place"] for one in reply.get_json()["errors"])

    shape = [
        {**row, "fee_fen": "80000", "signed_on": "2026-3-2", "extra": 1},
        {name: value for name, value in row.items() if name != "agency"},
        "nonsense",
    ]
    assert places(*shape) == [
        "/rows/0/extra",
        "/rows/0/fee_fen",
        "/rows/0/signed_on",
        "/rows/1/agency",
        "/rows/2",
    ]
    business = [
        {**row, "agency": "无此机构"},
        {**row, "number": "b", "template": "无此模板"},
        {**row, "number": "c", "fee_fen": 1, "section": "无此科室"},
        {**row, "number": "d", "ends_on": "2020-01-01"},
        {**row, "number": "e", "name": "a\u0000b"},
    ]
    assert places(*business[:4]) == [
        "/rows/0/agency",
        "/rows/1/template",
        "/rows/2/section",
        "/rows/3/ends_on",
    ]
    assert places(business[4]) == ["/rows/0/name"]
    assert places() == ["/rows"]
    assert [one for one in audited() if one not in {"api_token.used", *before}] == []
    assert session.scalars(select(ApiReceipt)).all() == []
    foreign = System(app, token_for(UserFactory(role=Role.LEADER)))
    assert foreign.post(path, {"rows": [row]}).status_code == 403


def test_ratings_are_told_as_far_as_the_reader_may_know(app, session):
    officer, agency = UserFactory(), AgencyFactory()
    done = ended(agency=agency, actor=officer)
    lead = UserFactory(role=Role.LEAD_EVALUATOR, organisation=agency.organisation)
    path = f"/engagements/{done.engagement.id}/review"
    bureau, house = System(app, token_for(officer)), System(app, token_for(lead))
    unit = System(app, token_for(done.officers["unit"]))
    done.rate("unit", 2, words="演示意见", fact="演示阶段")
    done.rate("section", 4)
    for system in (bureau, house, unit):
        told = system.get(path).get_json()
        assert (told["summary"], told["reviews"]) == (None, None)  # sealed
    assert house.get("/reviews").get_json()["items"] == []
    done.rate("performance", 3)
    seen = bureau.get(path).get_json()
    assert sorted(one["party"] for one in seen["reviews"]) == ["performance", "section", "unit"]
    assert {one["stars"] for each in seen["reviews"] for one in each["stars"]} == {2, 3, 4}
    told = house.get(path).get_json()
    assert told["reviews"] is None
    assert {one["stars"] for one in told["summary"]["means"]} == {3.0}
    assert told["summary"]["words"] == ["演示意见"]
    assert unit.get(path).get_json()["summary"] is None
    assert len(house.get("/reviews").get_json()["items"]) == 1


def test_the_feed_tells_what_the_time_lines_tell_and_no_person(district):
    running, other = make_engagement(), make_engagement()
    lead, _member, officer = crew_of(running)
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=running.tasks[0].unit)
    file_paper(lead, running, "G-01", "紫色鲸鱼标题")
    with transaction():
        sealing.seal()
    bureau, house = System(district, token_for(officer)), System(district, token_for(lead))
    whole = bureau.get("/changes?after=-1&limit=500").get_json()
    assert {one["engagement_id"] for one in whole["items"]} >= {running.id, other.id}
    own = house.get("/changes?after=-1").get_json()
    assert {one["engagement_id"] for one in own["items"]} == {running.id}
    assert "paper.submitted" in {one["event"] for one in own["items"]}
    plain = System(district, token_for(unit)).get("/changes?after=-1").get_json()
    assert {one["event"].partition(".")[0] for one in plain["items"]} == {"engagement"}
    assert set(own["items"][0]) == {"seq", "at", "event", "subject", "engagement_id"}
    assert "紫色鲸鱼" not in json.dumps(own, ensure_ascii=False)
    seen, after = [], -1
    while True:
        page = house.get(f"/changes?after={after}&limit=2").get_json()
        seen, after = [*seen, *page["items"]], page["after"]
        if not page["more"]:
            break
    assert seen == own["items"]
    assert after == own["after"]
    assert house.get(f"/changes?after={after}").get_json()["items"] == []
    file_paper(lead, running, "G-02")
    with transaction():
        sealing.seal()
    assert len(house.get(f"/changes?after={after}").get_json()["items"]) == 1


def test_a_target_that_follows_the_feed_is_rung_signed_and_once(district, monkeypatch):
    running = make_engagement()
    lead, _member, officer = crew_of(running)
    with transaction():
        sealing.seal()
    with hook_target() as (url, told):
        monkeypatch.setitem(district.config, "WEBHOOK_OWN_HOSTS", "127.0.0.1")
        more = {"format": Format.GENERIC, "url": url, "secret": SECRET, "made_at": clock.now()}
        db.session.add(MessageTarget(name="演示全部", kinds=[], **more))
        follower = MessageTarget(name="演示预算系统", kinds=[Kind.FEED_CHANGED.label], **more)
        db.session.add(follower)
        db.session.commit()
        rung = []
        for _n in range(2):
            with transaction():
                rung.append(bell.ring())
        file_paper(lead, running, "G-09")
        with transaction():
            sealing.seal()
            rung.append(bell.ring())
        assert rung == [1, 0, 1]
        rows = db.session.scalars(select(Delivery).where(Delivery.kind == Kind.FEED_CHANGED.label))
        assert [row.target_id for row in rows] == [follower.id] * 2
        posting.post()
    rings = [one for one in told.posts if json.loads(one[2])["kind"] == Kind.FEED_CHANGED.label]
    assert len(rings) == 2
    _path, heads, body = rings[1]
    at = heads["X-Xingping-Timestamp"]
    signed = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert heads["X-Xingping-Signature"] == f"sha256={signed}"
    path = json.loads(body)["path"].removeprefix("/api/v1")
    fresh = System(district, token_for(officer)).get(path).get_json()["items"]
    assert [one["event"] for one in fresh] == ["paper.submitted"]


def test_a_file_leaves_as_it_is_recorded_and_never_around_a_reading_copy(app, session, audited):
    running = make_engagement()
    lead, _member, officer = crew_of(running)
    keep(b"%PDF-1.4 a")
    paper = file_paper(lead, running, "G-01")
    system = System(app, token_for(officer))
    (file,) = system.get(f"/papers/{paper.id}").get_json()["versions"][0]["files"]
    path = f"/papers/{paper.id}/versions/1/files/{file['position']}"
    reply = system.get(path)
    assert hashlib.sha256(reply.data).hexdigest() == file["sha256"]
    assert "attachment" in reply.headers["Content-Disposition"]
    before = audited().count("paper.downloaded")
    assert before == 1
    assert system.get(path, If_None_Match=reply.headers["ETag"]).status_code == 304
    assert audited().count("paper.downloaded") == before
    assert system.get(f"/papers/{paper.id}/versions/1/files/2").status_code == 404
    with transaction():
        rule = ReadingRule(role=Role.PERFORMANCE_OFFICER, handout=Handout.COPY)
        db.session.add(rule)
    assert system.get(path).status_code == 403


@pytest.mark.database("sqlite")  # nothing here is asked of the database
def test_the_reference_shows_every_address_and_shape(app, session, sign_in):
    for locale in ("zh_Hans_CN", "en"):
        page = sign_in(UserFactory(locale=locale)).get("/help/api").get_data(as_text=True)
        for name in ("list_engagements", "import_engagements", "shape-PaperWhole", "problem-429"):
            assert f'id="{name}"' in page
    assert client_of(app).get("/api/v1/openapi.json").get_json()["openapi"] == "3.1.0"
    assert labels.STATES
    assert set(Scope)
