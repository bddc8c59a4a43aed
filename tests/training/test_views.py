"""From course to certificate in the browser's forms; a guessed number tells nothing."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden
from app.policy import Permission, Role, can
from app.training import attendance, authoring, making_up, queries
from app.training.authoring import NewSession
from app.training.models import Audience, ClaimState, Course, HourRecord, QuizAttempt
from tests.factories import UserFactory
from tests.training.learning import begun, course, learner, passed, ticked

PDF = b"%PDF-1.4\n%%EOF\n"


def token_of(client, url):
    page = client.get(url).get_data(as_text=True)
    return re.search(r'name="once"[^>]*value="([^"]+)"', page)[1]


def post(client, url, told, form_url):
    return client.post(url, data={**told, "once": token_of(client, form_url)})


def test_a_learner_reads_resumes_passes_and_checks_the_certificate(app, sign_in):
    person, made = learner(), course()
    client, home = sign_in(person), f"/courses/{made.id}"
    assert made.title in client.get("/courses").get_data(as_text=True)
    assert client.post(f"{home}/pages/1").location.endswith("/pages/2")
    assert f"{home}/pages/2" in client.get(home).get_data(as_text=True)  # resumes there
    assert client.post(f"{home}/attempts").status_code == 409
    client.post(f"{home}/pages/2")
    quiz = client.post(f"{home}/attempts").location
    assert "演示题" in client.get(quiz).get_data(as_text=True)
    attempt = db.session.query(QuizAttempt).one()
    shown = client.get(quiz).get_data(as_text=True)
    for key in attempt.asked:
        places = re.findall(rf'name="q{key}"[^>]* value="(\d)"', shown)
        assert places == ["0", "1", "2"], "a right answer that was written first is not given away"
    told = ticked(attempt)
    assert client.post(quiz, data=told).status_code == 302
    again = client.post(quiz, data=told)
    assert (again.status_code, "得分100" in again.text) == (409, True), "what counts is shown"
    assert "本次测验已提交，以首次提交为准" in again.text
    assert client.get(quiz).status_code == 200
    record = db.session.query(HourRecord).one()
    assert f"/training-hours/{record.id}" in client.get("/training-hours").get_data(as_text=True)
    assert record.certificate in client.get(f"/training-hours/{record.id}").get_data(as_text=True)
    visitor = app.test_client()
    found = visitor.get(f"/certificates?number={record.certificate.lower()}")
    page = found.get_data(as_text=True)
    assert person.organisation.name in page
    assert person.name not in page
    assert 'href="/public/agencies"' in page, "the other public pages stay within reach"


def test_an_open_question_costs_no_attempt_unless_it_is_meant(sign_in):
    person, made = learner(), course()
    attempt = begun(person, made)
    client, url = sign_in(person), f"/quiz-attempts/{attempt.id}"
    right = dict(list(ticked(attempt).items())[:1])
    reply = client.post(url, data=right)
    page = reply.get_data(as_text=True)
    assert (reply.status_code, page.count(" checked>"), attempt.sent_at) == (422, 1, None)
    assert client.post(url, data={}).status_code == 422
    meant = {**right, "as_it_is": "yes"}
    assert client.post(url, data=meant).status_code == 302
    assert attempt.percent == 33
    assert client.post(url, data={}).status_code == 409


def test_guessed_numbers_tell_nothing_and_have_to_wait(app, session):
    passed(learner(), course())
    number = db.session.query(HourRecord).one().certificate
    visitor = app.test_client()
    pages = set()
    for n in range(queries.MOST_ATTEMPTS):
        reply = visitor.get(f"/certificates?number=XS2026-{n:020d}")
        shown = reply.get_data(as_text=True).split("<main")[1].split("</main>")[0]
        pages.add(shown.replace(f"{n:020d}", ""))
        assert reply.status_code == 200
    assert len(pages) == 1
    assert visitor.get("/certificates?number=XS").status_code == 429
    assert visitor.get(f"/certificates?number={number}").status_code == 429
    assert visitor.get("/certificates").status_code == 200


def test_a_certificate_is_a_pdf_for_its_person_alone(sign_in):
    person = learner()
    passed(person, course())
    record = db.session.query(HourRecord).one()
    url = f"/training-hours/{record.id}/certificate"
    reply = sign_in(person).get(url)
    assert reply.mimetype == "application/pdf"
    assert reply.data.startswith(b"%PDF")
    for role in (Role.AGENCY_MEMBER, Role.AGENCY_ADMIN, Role.UNIT_OFFICER, Role.SECTION_OFFICER):
        assert sign_in(UserFactory(role=role)).get(url).status_code == 404


def test_the_bureau_makes_a_course_and_nobody_sees_it_before(sign_in):
    officer, person = sign_in(UserFactory()), sign_in(learner())
    told = {"title": "<script>alert(1)</script>", "summary": "演示", "audience": "all"}
    told |= {"dimension": "0", "hours": "2", "valid_months": "12", "questions_asked": "1"}
    told |= {"pass_percent": "60", "minutes": "10", "attempts_allowed": "2"}
    wrong = post(officer, "/courses", {**told, "hours": "-1"}, "/courses/new")
    assert (wrong.status_code, "请填写1至200的整数" in wrong.text) == (422, True)
    home = post(officer, "/courses", told, "/courses/new").location
    lacks = officer.get(home).text
    assert "请先编写至少一页" in lacks
    assert "测验须抽1题，题库现有0题" in lacks
    assert f"{home}/publication" not in lacks, "nobody is offered what can't be done"
    page = {"title": "演示页", "body": "<b>粗</b>\n\n<script>alert(1)</script>"}
    assert post(officer, f"{home}/pages", page, f"{home}/pages/new").status_code == 302
    bad = {"words": "演示题", "options": "甲\n乙"}
    assert post(officer, f"{home}/questions", bad, f"{home}/questions").status_code == 422
    good = {"words": "演示题", "options": "*甲\n乙"}
    assert post(officer, f"{home}/questions", good, f"{home}/questions").status_code == 302
    session = {"title": "演示培训", "place": "演示室", "day": "2026-12-01", "hours": "2"}
    times = {"begins": "09:00", "ends": "08:00"}
    url = f"{home}/sessions"
    ended = post(officer, url, session | times, f"{url}/new")
    assert (ended.status_code, 'id="ends-error"' in ended.text) == (422, True)
    assert post(officer, url, session | times | {"ends": "11:00"}, f"{url}/new").status_code == 302
    assert person.get(home).status_code == 404
    assert f"{home}/publication" in officer.get(home).text
    assert officer.post(f"{home}/publication").status_code == 302
    shown = person.get(f"{home}/pages/1").get_data(as_text=True)
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    begins = db.session.query(Course).one().sessions[0].starts_at
    assert (begins - clock.start_of(clock.day_of(begins))).seconds == 9 * 3600


@pytest.mark.parametrize(("outcome", "state"), [("accept", "accepted"), ("refuse", "refused")])
def test_hours_from_elsewhere_come_with_proof_and_are_decided(sign_in, outcome, state):
    person, officer = learner(Role.UNIT_OFFICER), UserFactory()
    client, desk = sign_in(person), sign_in(officer)
    told = {"title": "外部培训", "provider": "演示协会", "hours": "8", "earned_on": "2026-03-02"}
    told |= {"valid_months": "24", "unclassified": "y"}
    form = "/training-hours/new"
    assert post(client, "/training-hours", told, form).status_code == 422
    late = told | {"earned_on": "2999-01-01", "file": (io.BytesIO(PDF), "证明.pdf")}
    assert post(client, "/training-hours", late, form).status_code >= 400
    sent = told | {"file": (io.BytesIO(PDF), "证明.pdf")}
    assert post(client, "/training-hours", sent, form).status_code == 302
    record = db.session.query(HourRecord).one()
    url = f"/training-hours/{record.id}"
    assert desk.get("/training-hours?state=waiting").status_code == 200
    assert client.post(f"{url}/decision", data={"outcome": outcome}).status_code == 403
    assert desk.get(f"{url}/proof").data == PDF
    if outcome == "refuse":
        assert desk.post(f"{url}/decision", data={"outcome": outcome}).status_code == 422
    answer = desk.post(f"{url}/decision", data={"outcome": outcome, "words": "演示理由"})
    assert answer.status_code == 302
    db.session.expire_all()
    assert record.state is ClaimState(state)
    assert desk.post(f"{url}/decision", data={"outcome": outcome, "words": "又"}).status_code == 403


def test_hours_stand_beside_the_name_on_the_agencys_page(sign_in):
    person = learner(name="演示学员甲")
    passed(person, course())
    page = sign_in(UserFactory()).get(f"/agencies/{person.organisation_id}").get_data(as_text=True)
    assert "演示学员甲" in page


def test_the_list_of_courses_costs_the_same_for_many(sign_in, statements):
    client = sign_in(learner())
    course()
    client.get("/courses")
    with statements() as few:
        client.get("/courses")
    for _n in range(4):
        course()
    client.get("/courses")
    with statements() as many:
        client.get("/courses")
    assert len(many) == len(few)


@pytest.fixture
def held(session):
    """A training of units' people that began an hour ago."""
    officer, made = UserFactory(), course(questions_asked=0, audience=Audience.UNIT)
    begins = clock.now() - timedelta(hours=1)
    with transaction():
        new = NewSession("演示培训", "演示会议室", begins, begins + timedelta(hours=2), 3)
        return authoring.call_session(officer, made, new)


def test_who_could_not_sign_in_is_signed_in_afterwards_by_name(held, sign_in, audited, statements):
    officer = UserFactory(name="演示经办甲")
    there, deaf, elsewhere = (learner(Role.UNIT_OFFICER, name=f"演示学员{n}") for n in "甲乙丙")
    outsider = learner(name="演示学员外人")
    desk, home = sign_in(officer), f"/training-sessions/{held.id}"
    url = f"{home}/made-up-sign-ins"
    assert f"{url}/new" in desk.get(home).get_data(as_text=True)
    with statements() as all_of_them:
        page = desk.get(f"{url}/new").get_data(as_text=True)
    assert all(one.name in page for one in (there, deaf, elsewhere))
    assert outsider.name not in page
    with statements() as some:
        page = desk.get(f"{url}/new?q=学员甲").get_data(as_text=True)
    assert there.name in page
    assert deaf.name not in page
    assert len(some) == len(all_of_them)
    told = {"person": [there.id, deaf.id], "reason": "未带手机，纸质签到表有签名"}
    beyond = {"person": ["9" * 30]}
    for lacking in ({"person": []}, beyond, {"reason": " "}, {"person": [there.id, outsider.id]}):
        reply = post(desk, url, told | lacking, f"{url}/new")
        assert reply.status_code == 422, lacking
    assert " checked>" in post(desk, url, told | {"reason": ""}, f"{url}/new").text  # stays ticked
    assert not db.session.query(HourRecord).count()
    assert post(desk, url, told, f"{url}/new").location.endswith(home)
    page = desk.get(home).get_data(as_text=True)
    assert page.count(f"演示经办甲：{told['reason']}") == 2
    assert audited().count("training.made_up") == 2
    assert post(desk, url, told, f"{url}/new").status_code == 422  # they stand on the list
    assert queries.hours_in(there, clock.today().year) == 3
    assert there.name in sign_in(there).get("/training-hours").get_data(as_text=True)
    sheet = openpyxl.load_workbook(io.BytesIO(desk.post(f"{home}/export").data)).active
    assert told["reason"] in str([[cell.value for cell in row] for row in sheet.rows])
    for role in (Role.UNIT_OFFICER, Role.LEADER, Role.SECTION_OFFICER, Role.SYSTEM_ADMIN):
        client = sign_in(UserFactory(role=role))
        assert client.get(f"{url}/new").status_code in {403, 404}, role
        assert client.post(url, data=told).status_code in {403, 404}, role
    with clock.frozen(held.ends_at + timedelta(days=making_up.MAKE_UP_DAYS + 1)):
        assert f"{url}/new" not in desk.get(home).get_data(as_text=True)


def test_a_sign_in_is_made_up_by_another_after_the_beginning_and_not_long_after(held):
    officer, person = UserFactory(), learner(Role.UNIT_OFFICER)

    def made_up(actor, whom, at):
        with clock.frozen(at), transaction():
            return making_up.make_up_sign_in(actor, held, whom, "演示理由")

    late = held.ends_at + timedelta(days=making_up.MAKE_UP_DAYS + 1)
    for at in (held.starts_at - timedelta(minutes=1), late):
        with pytest.raises(Conflict):
            made_up(officer, person, at)
    for actor, whom in ((person, person), (officer, officer), (officer, learner())):
        with pytest.raises(Forbidden):
            made_up(actor, whom, held.ends_at)
    record = made_up(officer, person, late - timedelta(days=1))
    assert record.earned_on == clock.day_of(held.starts_at)  # it counts for that day
    for role in Role:  # the list and the policy agree
        one = UserFactory(role=role)
        belongs = attendance.belongs(one, held.course)
        assert belongs == can(one, Permission.COURSE_LEARN, held.course), role
        listed = set(db.session.scalars(attendance.absent_from(held)))
        assert (one in listed) == belongs, role


def test_several_checked_claims_are_accepted_at_once_and_refused_singly(sign_in, audited):
    person, officer = learner(Role.UNIT_OFFICER), UserFactory()
    client, desk = sign_in(person), sign_in(officer)
    told = {"provider": "演示协会", "hours": "8", "earned_on": "2026-03-02"}
    told |= {"valid_months": "24", "unclassified": "y"}
    for n in range(4):
        sent = told | {"title": f"外部培训{n}", "file": (io.BytesIO(PDF), "证明.pdf")}
        assert post(client, "/training-hours", sent, "/training-hours/new").status_code == 302
    first, second, refused, left = db.session.query(HourRecord).order_by(HourRecord.id)
    url, waits = "/training-hours/acceptances", "/training-hours?state=waiting"
    page = desk.get(waits).get_data(as_text=True)
    assert page.count('name="record"') == 4
    assert f"/training-hours/{first.id}/proof" in page
    assert 'name="record"' not in client.get("/training-hours").get_data(as_text=True)
    assert client.post(url, data={"record": [first.id]}).status_code == 403
    for nothing in ({}, {"record": ["9" * 30]}):
        assert desk.post(url, data=nothing).status_code == 422
    told = {"outcome": "refuse", "words": "证明不清晰"}
    assert desk.post(f"/training-hours/{refused.id}/decision", data=told).status_code == 302
    before = audited().count("hours.accepted")
    both = {"record": [first.id, second.id, refused.id]}
    assert desk.post(url, data=both).location.endswith(waits)
    db.session.expire_all()
    states = [one.state for one in (first, second, refused, left)]
    assert states == [
        ClaimState.ACCEPTED,
        ClaimState.ACCEPTED,
        ClaimState.REFUSED,  # decided before, and left so
        ClaimState.WAITING,
    ]
    assert audited().count("hours.accepted") == before + 2
    desk.get(waits)
    again = desk.post(url, data=both, follow_redirects=True).text
    assert "另有 3 条此前已处理" in again
    assert "已认定 0 条" not in again
    assert queries.hours_in(person, 2026) == 16
    assert {one.decided_by_id for one in (first, second)} == {officer.id}


def test_a_course_in_use_keeps_questions_enough_for_its_quiz(sign_in):
    made = course(questions=4)
    officer, home = sign_in(UserFactory()), f"/courses/{made.id}"
    bank = [each.id for each in queries.bank_of(made)]
    urls = [f"{home}/questions/{key}/retirement" for key in bank]
    assert urls[0] in officer.get(f"{home}/questions").text
    assert officer.post(urls[0]).status_code == 302
    assert urls[1] not in officer.get(f"{home}/questions").text
    assert officer.post(urls[1]).status_code == 409
    told = {name: str(getattr(made, name)) for name in ("title", "summary", "hours", "minutes")}
    told |= {"audience": "all", "dimension": "0", "valid_months": "12", "pass_percent": "60"}
    told |= {"attempts_allowed": "2", "questions_asked": "4"}
    wrong = officer.post(home, data=told)
    assert (wrong.status_code, 'id="questions_asked-error"' in wrong.text) == (422, True)
    assert officer.post(home, data=told | {"questions_asked": "3"}).status_code == 302
    assert officer.post(f"{home}/withdrawal").status_code == 302
    assert officer.post(urls[1]).status_code == 302, "out of use, it may be written anew"
