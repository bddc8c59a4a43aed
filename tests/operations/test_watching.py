"""What watches the portal: readiness, figures, one number a request."""

import io
import json
import logging

import pytest
from sqlalchemy import text

from app import tracing
from app.db import db, transaction
from tests.factories import UserFactory

TOKEN = {"Authorization": "Bearer a-token-for-the-figures"}


@pytest.fixture
def watched(make_district):
    portal = make_district(METRICS_TOKEN="a-token-for-the-figures")
    with portal.app_context():
        yield portal


def test_a_portal_that_can_work_is_ready(district):
    assert district.test_client().get("/readyz").json == {"ok": True, "lacking": []}


@pytest.mark.owner
def test_an_older_schema_is_not_ready(district):
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    reply = district.test_client().get("/readyz")
    assert (reply.status_code, reply.json["lacking"]) == (503, ["schema"])


def test_figures_count_requests_and_tell_how_the_log_stands(watched):
    client = watched.test_client()
    client.get("/sign-in")
    told = client.get("/metrics", headers=TOKEN).text
    assert 'xingping_requests_total{endpoint="accounts.sign_in",method="GET",status="200"}' in told
    assert "xingping_log_entries 0.0" in told
    assert "xingping_queue_failed 0.0" in told


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer another"}])
def test_figures_are_for_those_who_hold_the_token(watched, headers):
    assert watched.test_client().get("/metrics", headers=headers).status_code == 404


def test_without_a_token_there_is_no_such_page(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_error_page_shows_the_number_of_the_reply(sign_in):
    client = sign_in(UserFactory())
    reply = client.get("/no-such-page")
    assert reply.headers["X-Request-Id"] in reply.text
    assert client.get("/no-such-page").headers["X-Request-Id"] != reply.headers["X-Request-Id"]


def test_a_number_from_outside_counts_only_behind_a_proxy(make_district):
    given = {"X-Request-Id": "0123456789abcdef"}
    alone, behind = make_district(), make_district(TRUSTED_PROXIES=1)
    assert alone.test_client().get("/sign-in", headers=given).headers["X-Request-Id"] != given
    told = behind.test_client().get("/sign-in", headers=given).headers["X-Request-Id"]
    assert told == given["X-Request-Id"]
    wild = behind.test_client().get("/sign-in", headers={"X-Request-Id": "x y\t<script>"})
    assert wild.headers["X-Request-Id"] != "x y\t<script>"


def test_a_line_of_the_log_is_json_and_holds_no_words_of_people(sign_in):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(tracing.Lines())
    tracing.access.addHandler(handler)
    tracing.access.setLevel(logging.INFO)
    try:
        sign_in(UserFactory()).get("/engagements?q=演示秘密")
    finally:
        tracing.access.removeHandler(handler)
    line = json.loads(written.getvalue().splitlines()[-1])
    assert (line["endpoint"], line["status"]) == ("engagements.index", 200)
    assert line["request_id"]
    assert "演示秘密" not in written.getvalue()
