"""What holds at every door: forms' tokens, cookies, headers, words that are only words, errors."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.exc import OperationalError

from app import clock
from app.accounts.models import OrganisationKind
from app.db import db, transaction
from app.policy import Role
from app.rankings import services as rankings
from app.web import outside
from tests import hostility
from tests.factories import (
    AgencyFactory,
    EvaluatorFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)
from tests.hostility import client_of, rules, undone, url_of
from tests.papers.filing import crew_of, file_paper
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import rated

HTML = "<svg onload=alert(7)><script>alert(7)</script>"
FORMULA = "=HYPERLINK(1+1)"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def test_nothing_is_changed_without_the_forms_token(app, session, audited, monkeypatch):
    found = hostility.world()
    before = audited()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    tried = 0
    for person in ("officer", "lead"):
        for method in CHANGING:
            for rule in rules(app, method):
                url = url_of(rule, found.keys)
                reply = client_of(app, found.insiders[person]).open(url, method=method)
                assert reply.status_code == 400, (method, rule, reply.status_code)
                tried += 1
    assert tried > 80
    assert audited() == before


def test_a_token_of_another_session_is_none(app, session, monkeypatch):
    officer, other = UserFactory(), UserFactory()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = client_of(app, other).get("/organisations/new").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    told = {"csrf_token": token, "kind": "unit", "name": "演示"}
    assert client_of(app, officer).post("/organisations", data=told).status_code == 400


def test_methods_of_other_makers_are_no_way_round(app, session):
    client = client_of(app, UserFactory())
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "DELETE"}):
        assert client.get("/organisations", headers=headers).status_code == 200
        assert client.get("/messages/readings", headers=headers).status_code == 405
    assert client.get("/organisations?_method=POST").status_code == 200


def test_an_address_makes_no_links_to_elsewhere(app, session):
    """The words that url_for keeps for itself are no arguments of a page."""
    client = client_of(app, UserFactory())
    hostile = "_scheme=javascript&_external=1&_anchor=x&_method=POST&endpoint=y&engagement_id=z"
    for rule in rules(app, "GET"):
        if rule.arguments:
            continue
        with undone():
            reply = client.get(f"{rule.rule}?{hostile}")
        assert reply.status_code < 500, rule
        assert b'href="javascript' not in reply.data, rule


def test_what_is_printed_or_sent_names_the_portal_as_others_know_it(app, session, monkeypatch):
    """Neither the name in the request's head nor that of an inner network leaves on paper."""
    monkeypatch.setitem(app.config, "SERVER_NAME", None)
    with app.test_request_context("/", base_url="http://inner.test"):
        assert outside("onboarding.activation") == "http://inner.test/activation"
        monkeypatch.setitem(app.config, "PORTAL_URL", "https://portal.example/")
        assert outside("onboarding.activation") == "https://portal.example/activation"
    told = client_of(app, UserFactory()).get("/help/api").data
    assert b"https://portal.example/api/v1" in told
    for path in Path(app.root_path).rglob("*.[ph][yt]*"):
        source = path.read_text(encoding="utf-8") if path.suffix in {".py", ".html"} else ""
        assert "_external=" not in source or path.name == "web.py", path
        assert "request.url_root" not in source, path


def test_head_and_options_tell_a_visitor_nothing(app, session):
    for rule in rules(app, "GET"):
        if rule.endpoint in {"pages.board", "papers.index", "accounts.people", "engagements.index"}:
            url = url_of(rule, {})
            assert client_of(app).head(url).status_code == 302
            assert client_of(app).options(url).status_code in {302, 405}


@pytest.mark.database("sqlite")
def test_every_reply_carries_the_headers(app, session):
    found = hostility.world()
    for rule in rules(app, "GET"):
        with undone():
            reply = client_of(app, found.insiders["officer"]).get(url_of(rule, found.keys))
        assert reply.headers["X-Content-Type-Options"] == "nosniff", rule
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"], rule
        assert reply.headers["Cache-Control"] == "no-store" or reply.status_code == 304, rule


def test_cookies_stay_with_the_browser_and_on_https(make_district):
    app = make_district(SESSION_COOKIE_SECURE=True)
    with app.app_context():
        client = client_of(app)
        cookie = client.post("/languages/en").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


# Words that people type


@pytest.fixture
def hostile_names(session):
    """A district in which every name is a script and every title a formula."""
    agency = AgencyFactory(
        organisation=OrganisationFactory(kind=OrganisationKind.AGENCY, name=FORMULA + HTML)
    )
    officer = UserFactory(name=HTML)
    unit = OrganisationFactory(name=HTML + "单位")
    section = OrganisationFactory(kind=OrganisationKind.SECTION, name=HTML + "科")
    engagement = make_engagement(
        name=FORMULA + HTML,
        agency=agency,
        actor=officer,
        lead_evaluator=EvaluatorFactory(agency=agency, name=HTML),
        tasks=[make_task_of(unit, section)],
    )
    lead, _member, _officer = crew_of(engagement)
    paper = file_paper(lead, engagement, title=HTML)
    for _n in range(3):
        rated(4, agency=agency, actor=officer)
    made = snapshot(officer, title=FORMULA + HTML)
    with transaction():
        rankings.publish_snapshot(officer, made, HTML)
    keys = {
        "engagement_id": engagement.id,
        "stage_id": engagement.current_stage.id,
        "paper_id": paper.id,
        "number": 1,
        "agency_id": agency.id,
        "snapshot_id": made.id,
        "organisation_id": unit.id,
        "user_id": lead.id,
        "template_id": engagement.template_id,
    }
    return officer, lead, keys


def make_task_of(unit, section):
    from app.engagements import queries

    template = queries.template_in_force("fiscal_evaluation")
    return make_task(template, project=FORMULA + HTML, unit=unit, section=section)


def test_words_are_words_on_every_page(app, hostile_names):
    officer, lead, keys = hostile_names
    shown = 0
    for person in (officer, lead):
        for rule in rules(app, "GET"):
            with undone():
                reply = client_of(app, person).get(url_of(rule, keys))
                text = reply.get_data().decode(errors="replace")
            if reply.mimetype == "text/html":
                assert "<svg onload" not in text, rule
                assert "<script>alert" not in text, rule
                shown += "&lt;svg onload" in text
    assert shown > 10


def test_no_export_holds_a_formula(app, hostile_names):
    officer, _lead, keys = hostile_names
    client = client_of(app, officer)
    table = client.get(f"/rankings/{keys['snapshot_id']}/files/csv").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert any(FORMULA in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    for url in ("/board/export", f"/rankings/{keys['snapshot_id']}/files/xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(url).data))
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert any(FORMULA in str(cell.value) for cell in found), url
        assert not [cell for cell in found if cell.data_type == "f"], url


def test_a_title_makes_no_header_of_its_own(app, hostile_names, session):
    officer, *_rest = hostile_names
    made = snapshot(officer, title='a"\r\nSet-Cookie: x=1; filename=b.exe')
    reply = client_of(app, officer).get(f"/rankings/{made.id}/files/csv")
    assert reply.status_code == 200
    assert "x=1" not in str(reply.headers.getlist("Set-Cookie"))
    assert "\n" not in reply.headers["Content-Disposition"]


# Ends and errors


def test_people_of_a_closed_organisation_are_outside_at_once(app, session):
    user = UserFactory(role=Role.UNIT_OFFICER)
    client = client_of(app, user)
    assert client.get("/").status_code == 200
    user.organisation.closed_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    assert client.get("/").location.startswith("/sign-in")


@pytest.mark.parametrize(("locale", "words"), [("zh_Hans_CN", 'lang="zh-CN"'), ("en", "Code 404")])
def test_errors_are_told_in_the_readers_language(app, session, locale, words):
    client = client_of(app, UserFactory(locale=locale))
    reply = client.get("/engagements/999999")
    assert reply.status_code == 404
    assert words in reply.get_data(as_text=True)
    assert client.get("/nowhere").status_code == 404


def test_an_error_of_ours_shows_no_trace(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "pages.help_page", lambda: 1 / 0)
    reply = client_of(app, UserFactory(locale="en")).get("/help")
    text = reply.get_data(as_text=True)
    assert reply.status_code == 500
    assert "went wrong on our side" in text
    assert "Traceback" not in text
    assert "ZeroDivision" not in text


def test_while_the_database_is_away_a_plain_sentence_says_so(app, session, monkeypatch):
    client = client_of(app, UserFactory())

    def away(*_rest, **_more):
        raise OperationalError("SELECT secret", {}, Exception("connection refused"))

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(db.session, "get", away)
    reply = client.get("/")
    assert reply.status_code == 500
    assert "未保存任何内容" in reply.get_data(as_text=True)
    assert "SELECT" not in reply.get_data(as_text=True)


@pytest.mark.database("postgres")
def test_a_broken_statement_still_has_its_page(app, session, monkeypatch):
    """PostgreSQL refuses everything after an error until the transaction is ended."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken():
        db.session.execute(db.text("SELECT 1/0"))

    monkeypatch.setitem(app.view_functions, "pages.help_page", broken)
    reply = client_of(app, UserFactory(locale="en")).get("/help")
    assert "went wrong on our side" in reply.get_data(as_text=True)
