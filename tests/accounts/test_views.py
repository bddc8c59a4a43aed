"""Signing in through the browser's eyes, and the pages of organisations and people."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import session as cookie_session

from app import clock
from app.accounts.models import OrganisationKind, User
from app.accounts.views import own_page
from app.policy import Role
from tests.factories import PASSWORD, OrganisationFactory, UserFactory


def send(client, user, password=PASSWORD, **query):
    words = {"login": user.login, "password": password}
    return client.post("/sign-in", data=words, query_string=query)


def test_the_sign_in_page_shows_no_name_of_anybody(client):
    reply = client.get("/sign-in")
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"


def test_sign_in_leads_to_the_page_that_was_wanted(client):
    user = UserFactory()
    reply = client.get("/password?a=1&b=2")
    assert reply.status_code == 302
    reply = client.post(
        reply.location.replace("http://portal.test", ""),
        data={"login": user.login, "password": PASSWORD},
    )
    assert reply.location == "/password?a=1&b=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/a\\b",
        "",
    ],
)
def test_no_other_site_is_a_next_page(client, wanted):
    assert own_page(wanted) is None
    assert send(client, UserFactory(), next=wanted).location == "/"


@pytest.mark.parametrize("wanted", ["/", "/papers/7?tab=notes", "/机构/1", "/a//b"])
def test_a_path_of_ours_is_a_next_page(wanted):
    assert own_page(wanted) == wanted


def test_every_refused_sign_in_reads_the_same(client):
    """Unknown, wrong, locked, closed: the same status, words and length."""
    later = clock.now() + timedelta(hours=1)
    wrong, locked = UserFactory(), UserFactory(locked_until=later)
    closed = UserFactory(closed_at=clock.now())
    unknown = User(login="nobody")
    replies = []
    for user, password in (
        (unknown, PASSWORD),
        (wrong, "wrong"),
        (locked, PASSWORD),
        (closed, PASSWORD),
    ):
        reply = send(client, user, password)
        text = reply.get_data(as_text=True).replace(user.login, "")
        replies.append((reply.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", text)))
    assert replies[0][0] == 422
    assert len(set(replies)) == 1


def test_a_refused_form_keeps_the_name_and_drops_the_password(client):
    user = UserFactory()
    page = send(client, user, "wrong-and-secret").get_data(as_text=True)
    assert user.login in page
    assert "wrong-and-secret" not in page


def test_nothing_planted_before_the_sign_in_lives_on(client):
    user = UserFactory()
    with client.session_transaction() as cookie:
        cookie.update(planted="yes", csrf_token="planted", locale="en")
    send(client, user)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "planted"
        assert cookie["locale"] == "en"
        assert cookie["_user_id"] == user.get_id()


def test_the_cookie_is_hidden_from_scripts_and_other_sites(client):
    header = send(client, UserFactory()).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_a_reply_sets_no_cookie_where_nothing_changed(sign_in):
    client = sign_in(UserFactory())
    client.get("/password")
    assert "Set-Cookie" not in client.get("/password").headers


def test_the_cookie_is_secure_behind_https(make_district):
    app = make_district(SESSION_COOKIE_SECURE=True)
    reply = app.test_client().post("/languages/en", base_url="https://portal.test")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert reply.headers["Strict-Transport-Security"]


def test_a_sign_in_without_its_token_is_refused(make_district):
    app = make_district(WTF_CSRF_ENABLED=True)
    reply = app.test_client().post("/sign-in", data={"login": "a", "password": "b"})
    assert reply.status_code == 400


def goes_on(client):
    return client.get("/password").status_code == 200


def test_a_session_ends_when_it_is_not_used(app, sign_in):
    client, idle = sign_in(UserFactory()), app.config["SESSION_IDLE_MINUTES"]
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=idle - 1)):
        assert goes_on(client)
    with clock.frozen(now + timedelta(minutes=2 * idle - 2)):
        assert goes_on(client)  # being used keeps it alive
    with clock.frozen(now + timedelta(minutes=3 * idle)):
        assert not goes_on(client)


def test_a_page_that_refreshes_itself_keeps_no_session_alive(app, sign_in):
    client, idle = sign_in(UserFactory()), app.config["SESSION_IDLE_MINUTES"]
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=idle - 1)):
        client.get("/password", headers={"X-Fragment": "1"})
    with clock.frozen(now + timedelta(minutes=idle + 1)):
        assert not goes_on(client)


def test_no_session_outlives_its_longest_time(app, sign_in):
    client, now = sign_in(UserFactory()), clock.now()
    steps = app.config["SESSION_MAX_HOURS"] * 60 // 20
    for step in range(1, steps):
        with clock.frozen(now + timedelta(minutes=20 * step)):
            assert goes_on(client), step
    with clock.frozen(now + timedelta(minutes=20 * steps + 1)):
        assert not goes_on(client)


def test_an_expired_session_is_over_on_open_pages_too(app, sign_in):
    user = UserFactory(name="演示甲乙丙")
    client = sign_in(user)
    with clock.frozen(clock.now() + timedelta(hours=13)):
        assert user.name not in client.get("/sign-in").get_data(as_text=True)


def test_a_copied_cookie_is_worthless_after_sign_out(app, sign_in, session):
    user = UserFactory()
    mine, copied = sign_in(user), sign_in(user)
    assert goes_on(copied)
    assert mine.post("/sign-out").status_code == 302
    assert not goes_on(copied)


def test_a_password_change_ends_the_other_sessions(sign_in):
    user = UserFactory()
    mine, other = sign_in(user), sign_in(user)
    words = {"old": PASSWORD, "new": "Autumn-Rain-77", "again": "Autumn-Rain-77"}
    assert mine.post("/password", data=words).status_code == 302
    assert goes_on(mine)
    assert not goes_on(other)


@pytest.mark.parametrize(
    "words",
    [
        {"old": "wrong", "new": "Autumn-Rain-77", "again": "Autumn-Rain-77"},
        {"old": PASSWORD, "new": "Autumn-Rain-77", "again": "Autumn-Rain-78"},
        {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD},
        {"old": PASSWORD, "new": "weak", "again": "weak"},
        {},
    ],
)
def test_a_password_is_not_changed_by_a_wrong_form(sign_in, words):
    reply = sign_in(UserFactory()).post("/password", data=words)
    assert reply.status_code == 422
    assert "error-summary" in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    "mark", [{"must_change_password": True}, {"password_set_at": datetime(2020, 1, 1, tzinfo=UTC)}]
)
def test_a_first_or_old_password_must_be_changed_before_anything_else(sign_in, mark):
    client = sign_in(UserFactory(**mark))
    assert client.get("/organisations").location == "/password"
    assert goes_on(client)


def test_a_closed_account_loses_its_open_session(sign_in, session):
    user = UserFactory()
    client = sign_in(user)
    assert goes_on(client)
    user.closed_at = clock.now()
    session.commit()
    assert not goes_on(client)


def test_an_inspectors_open_session_ends_with_the_last_day(sign_in):
    user = UserFactory(role=Role.INSPECTOR, access_ends_on=clock.today())
    client = sign_in(user)
    assert goes_on(client)
    with clock.frozen(clock.start_of(clock.today() + timedelta(days=1))):
        assert not goes_on(client)


def test_a_language_is_chosen_and_kept(sign_in):
    user = UserFactory()
    client = sign_in(user)
    reply = client.post("/languages/en", data={"next": "//evil.example"})
    assert reply.location == "/"
    assert user.locale == "en"
    assert client.post("/languages/xx").status_code == 404


# Refusals


def test_a_refusal_is_recorded_after_the_fact(sign_in, audited, session):
    from app.audit.models import AuditEvent

    reply = sign_in(UserFactory(role=Role.UNIT_OFFICER)).get("/organisations")
    assert reply.status_code == 403
    assert audited() == ["access.refused"]
    told = session.query(AuditEvent).one().canonical
    assert '"endpoint":"accounts.organisations"' in told
    assert '"permission":"organisation:list"' in told


def test_asking_for_somebody_elses_record_is_recorded(sign_in, audited, session):
    from app.audit.models import AuditEvent

    leader = UserFactory(role=Role.LEADER)
    client = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    assert client.get(f"/accounts/{leader.id}").status_code == 404
    assert session.query(AuditEvent).one().subject == f"user_account:{leader.id}"
    assert client.get("/accounts/999999").status_code == 404  # nothing is there: nothing is told
    assert audited() == ["access.refused"]


def test_a_refused_action_leaves_only_its_refusal(sign_in, audited):
    reader, leader = UserFactory(role=Role.SYSTEM_ADMIN), UserFactory(role=Role.LEADER)
    client = sign_in(reader)
    assert client.get(f"/accounts/{leader.id}/closings/new").status_code == 403
    assert client.post(f"/accounts/{leader.id}/closings").status_code == 403
    assert leader.closed_at is None
    assert audited() == ["access.refused"] * 2


# Organisations and people


def test_an_organisation_is_registered(sign_in, audited):
    client = sign_in(UserFactory())
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    assert client.get("/organisations/new").status_code == 200
    words = {"kind": "unit", "name": "演示幼儿园", "department": department.id, "once": "a" * 20}
    reply = client.post("/organisations", data=words)
    assert reply.status_code == 302
    assert "演示幼儿园" in client.get(reply.location).get_data(as_text=True)
    assert "演示幼儿园" in client.get("/organisations?q=幼儿").get_data(as_text=True)
    assert client.post("/organisations", data=words).status_code == 422  # the same form again
    assert audited().count("organisation.registered") == 1


def test_a_wrong_credit_code_is_told_and_the_form_keeps_the_rest(sign_in):
    words = {"kind": "unit", "name": "演示幼儿园", "credit_code": "123"}
    reply = sign_in(UserFactory()).post("/organisations", data=words)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert "演示幼儿园" in page
    assert 'href="#credit_code"' in page


def new_account(organisation, **changes):
    words = {"organisation": organisation.id, "role": "unit_officer", "name": "演示新人"}
    return {**words, "login": "new.one", "once": "b" * 20, **changes}


def test_a_first_password_is_shown_once_and_nowhere_else(sign_in, session, caplog):
    from app.audit.models import AuditEvent

    client, unit = sign_in(UserFactory()), OrganisationFactory()
    assert client.get(f"/accounts/new?organisation={unit.id}").status_code == 200
    with client:
        reply = client.post("/accounts", data=new_account(unit))
        page = reply.get_data(as_text=True)
        password = re.search(r"<code>([a-z]{4}-[A-Z][a-z]{3}-\d{4})</code>", page)[1]
        assert password not in str(dict(cookie_session))
    assert reply.status_code == 200
    assert "Location" not in reply.headers
    assert password not in str(reply.headers)
    assert password not in caplog.text
    assert all(password not in row.canonical for row in session.query(AuditEvent))
    again = client.post("/accounts", data=new_account(unit))
    assert again.status_code == 422
    assert "<code>" not in again.get_data(as_text=True).split("<main")[1].split("</main")[0]
    user = session.query(User).filter_by(login="new.one").one()
    assert password not in client.get(f"/accounts/{user.id}").get_data(as_text=True)
    assert send(client, user, password).location == "/"


def test_a_taken_sign_in_name_is_told_in_the_form(sign_in):
    unit = OrganisationFactory()
    UserFactory(login="new.one")
    reply = sign_in(UserFactory()).post("/accounts", data=new_account(unit))
    assert reply.status_code == 422
    assert 'href="#login"' in reply.get_data(as_text=True)


def test_an_agency_is_offered_its_own_house_only(sign_in):
    admin = UserFactory(role=Role.AGENCY_ADMIN)
    other = OrganisationFactory(name="演示别家")
    client = sign_in(admin)
    page = client.get("/accounts/new").get_data(as_text=True)
    assert other.name not in page
    reply = client.post("/accounts", data=new_account(other, role="agency_member"))
    assert reply.status_code == 422


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.UNIT_OFFICER, Role.AUDIT_ADMIN])
def test_others_open_no_accounts(sign_in, role):
    client = sign_in(UserFactory(role=role))
    assert client.get("/accounts/new").status_code == 403
    assert client.post("/accounts", data={}).status_code == 403


def test_the_list_of_people_is_searched_by_role_and_words(sign_in):
    wanted = UserFactory(role=Role.UNIT_OFFICER, name="演示找到")
    UserFactory(role=Role.SECTION_OFFICER, name="演示另外")
    client = sign_in(UserFactory())
    page = client.get("/accounts?role=unit_officer&q=找到").get_data(as_text=True)
    assert wanted.name in page
    assert "演示另外" not in page
    assert client.get("/accounts?role=nonsense&q=%25").status_code == 200


def test_a_role_is_granted_on_the_page_of_the_person(sign_in, audited):
    person = UserFactory()
    client = sign_in(UserFactory(role=Role.SECURITY_ADMIN))
    assert client.get(f"/accounts/{person.id}").status_code == 200
    bad = client.post(f"/accounts/{person.id}/roles", data={"role": "inspector"})
    assert bad.status_code == 422
    assert client.post(f"/accounts/{person.id}/roles", data={"role": "leader"}).status_code == 302
    assert person.role is Role.LEADER
    assert audited() == ["role.granted"]


def test_an_account_is_reset_and_closed_on_the_page_of_the_person(sign_in, audited):
    person, client = UserFactory(role=Role.EXPERT), sign_in(UserFactory())
    page = client.get(f"/accounts/{person.id}").get_data(as_text=True)
    for act in ("password-resets", "closings"):  # asked on a page of its own first
        assert f'href="/accounts/{person.id}/{act}/new"' in page
        assert f'action="/accounts/{person.id}/{act}"' not in page
        assert client.get(f"/accounts/{person.id}/{act}/new").status_code == 200
    asked = client.get(f"/accounts/{person.id}/password-resets/new").get_data(as_text=True)
    once = re.search(r'name="once" value="([^"]+)"', asked)[1]
    reset = client.post(f"/accounts/{person.id}/password-resets", data={"once": once})
    assert re.search(r"<code>[a-z]{4}-", reset.get_data(as_text=True))
    closing = f"/accounts/{person.id}/closings"
    assert client.post(closing, data={"reason": " "}).status_code == 422
    assert person.closed_at is None
    assert client.post(closing, data={"reason": "调离，演人〔2026〕3号"}).status_code == 302
    assert client.post(closing, data={"reason": "again"}).status_code == 409
    assert "演人〔2026〕3号" in client.get(f"/accounts/{person.id}").get_data(as_text=True)
    assert audited() == ["password.reset", "account.closed"]


# The three administrators


def test_the_system_administrator_sees_accounts_but_no_business_and_no_log(sign_in):
    client = sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    assert client.get("/accounts").status_code == 200
    for path in ("/agencies", "/board", "/log"):
        assert client.get(path).status_code == 403, path


def test_the_audit_administrator_reads_the_log_only(sign_in):
    client = sign_in(UserFactory(role=Role.AUDIT_ADMIN))
    assert client.get("/log").status_code == 200
    for path in ("/agencies", "/board", "/accounts", "/organisations"):
        assert client.get(path).status_code == 403, path
