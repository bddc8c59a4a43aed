"""The pages of assessments, as each person meets them."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from app import clock
from app.assessments import proposing, queries
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection
from app.assessments.reckoning import field_of
from app.db import db
from app.identity import acts
from app.policy import Role
from tests.assessments.making import (
    after_year,
    begun,
    confirmed,
    drawn,
    head_of,
    imposed,
    noticed,
    proposed,
    published,
    submitted,
)
from tests.factories import AgencyFactory, UserFactory
from tests.reviews.rounds import ended, rated


def text_of(reply):
    return reply.get_data(as_text=True)


def fields_of(found, lost=0, **more):
    told = {field_of(s, "points"): str(s.most) for s in found.scores}
    told |= {field_of(s, "words"): "" for s in found.scores}
    if lost:
        told["line-0-points"] = str(found.scores[0].most - lost)
    return {**told, "expected": found.revision, "bonus": "", "bonus_words": "", **more}


def test_an_officer_fills_the_form_in_and_hands_it_on(session, sign_in):
    officer = UserFactory()
    job = ended(actor=officer).engagement
    client = sign_in(officer)
    begin = client.post(f"/engagements/{job.id}/assessments", data={"once": "a"})
    found = queries.versions_of(job)[0]
    assert begin.location.endswith(f"/assessments/{found.id}/edit")
    page = text_of(client.get(f"/assessments/{found.id}/edit"))
    assert f"/engagements/{job.id}/papers" in page, "each fact leads to its rows"
    told = fields_of(found, lost=2)
    wrong = client.post(f"/assessments/{found.id}/edit", data=told)
    assert wrong.status_code == 422
    assert told["line-0-points"] in text_of(wrong), "what was typed stays"
    told["line-0-words"] = "人员与承诺不符"
    assert client.post(f"/assessments/{found.id}/edit", data=told).status_code == 302
    assert client.post(f"/assessments/{found.id}/submission").status_code == 302
    db.session.refresh(found)
    assert found.total == 98
    assert client.post(f"/assessments/{found.id}/confirmation").status_code == 403
    second = sign_in(UserFactory())
    assert "98.00" in text_of(second.get(f"/assessments/{found.id}"))
    assert second.post(f"/assessments/{found.id}/confirmation").status_code == 302


def test_the_same_form_sent_twice_begins_once(session, sign_in):
    officer = UserFactory()
    job = ended(actor=officer).engagement
    client = sign_in(officer)
    for status in (302, 422):
        reply = client.post(f"/engagements/{job.id}/assessments", data={"once": "same"})
        assert reply.status_code == status
    assert len(queries.versions_of(job)) == 1


def test_two_who_fill_in_at_once_lose_nothing(session, sign_in):
    officer = UserFactory()
    found = begun(actor=officer)
    client, told = sign_in(officer), fields_of(found)
    assert client.post(f"/assessments/{found.id}/edit", data=told).status_code == 302
    assert client.post(f"/assessments/{found.id}/edit", data=told).status_code == 422


def test_the_second_person_sends_it_back_with_a_reason(session, sign_in):
    found = submitted()
    client = sign_in(UserFactory())
    assert client.get(f"/assessments/{found.id}/return").status_code == 200
    url = f"/assessments/{found.id}/return"
    assert client.post(url, data={"words": ""}).status_code == 422
    assert client.post(url, data={"words": "扣分依据不足"}).status_code == 302
    assert "扣分依据不足" in text_of(client.get(f"/assessments/{found.id}/edit"))


def test_who_reads_what_of_a_job(session, sign_in):
    draft, told = submitted(), confirmed()
    task = told.engagement.tasks[0]
    home = told.engagement.agency.organisation
    people = {
        "officer": (UserFactory(), 200, 200),
        "leader": (UserFactory(role=Role.LEADER), 200, 200),
        "inspector": (UserFactory(role=Role.INSPECTOR), 200, 200),
        "agency": (UserFactory(role=Role.AGENCY_MEMBER, organisation=home), 404, 200),
        "other agency": (UserFactory(role=Role.AGENCY_ADMIN), 404, 404),
        "section": (UserFactory(role=Role.SECTION_OFFICER, organisation=task.section), 404, 200),
        "unit": (UserFactory(role=Role.UNIT_OFFICER, organisation=task.unit), 404, 404),
        "administrator": (UserFactory(role=Role.SYSTEM_ADMIN), 404, 404),
    }
    for who, (person, of_draft, of_told) in people.items():
        client = sign_in(person)
        assert client.get(f"/assessments/{draft.id}").status_code == of_draft, who
        assert client.get(f"/assessments/{told.id}").status_code == of_told, who
        assert client.get(f"/assessments/{told.id}/edit").status_code != 200, who


def test_an_agency_knows_nothing_of_an_unconfirmed_correction(session, sign_in):
    officer = UserFactory()
    first = confirmed(actor=officer, lost=20)
    second = submitted(first.engagement, officer, lost=1, reason="秘密的更正理由")
    client = sign_in(head_of(first.engagement.agency))
    pages = ("/assessments", f"/engagements/{first.engagement_id}/assessments", "/")
    for url in (*pages, f"/engagements/{first.engagement_id}", f"/assessments/{first.id}"):
        assert "秘密的更正理由" not in text_of(client.get(url)), url
    assert client.get(f"/assessments/{second.id}").status_code == 404


def test_the_agency_objects_and_another_decides(session, sign_in):
    officer, second = UserFactory(), UserFactory()
    found = confirmed(actor=officer, second=second, lost=20)
    head = sign_in(head_of(found.engagement.agency))
    url = f"/assessments/{found.id}/objection"
    assert head.get(url).status_code == 200
    assert head.post(url, data={"words": ""}).status_code == 422
    reply = head.post(url, data={"words": "报告并未迟交", "once": "o"})
    raised = db.session.scalars(select(Objection)).one()
    assert reply.location.endswith(f"/objections/{raised.id}")
    assert head.post(url, data={"words": "再说一次"}).status_code == 422
    for involved in (officer, second):
        assert sign_in(involved).get(f"/objections/{raised.id}/decision").status_code == 403
    third = sign_in(UserFactory(role=Role.LEADER))
    told = {"outcome": "adjusted", "words": "经核对成立"}
    decide = f"/objections/{raised.id}/decision"
    assert third.post(decide, data={"outcome": "", "words": ""}).status_code == 422
    assert third.post(decide, data=told).status_code == 302
    assert "经核对成立" in text_of(head.get(f"/objections/{raised.id}"))
    assert found.total == 80, "nobody enters points by deciding"
    home = text_of(sign_in(officer).get("/"))
    assert "待更正的考核" in home or "Assessments to correct" in home


def test_no_objection_after_the_window(session, sign_in):
    found = confirmed()
    head = head_of(found.engagement.agency)
    late = clock.start_of(found.objections_until + timedelta(days=1)) + timedelta(hours=9)
    with clock.frozen(late):
        client = sign_in(head)
        assert "objection" not in text_of(client.get(f"/assessments/{found.id}"))
        asked = client.get(f"/assessments/{found.id}/objection")
        assert (asked.status_code, "<textarea" in text_of(asked)) == (200, False)
        reply = client.post(f"/assessments/{found.id}/objection", data={"words": "迟了"})
    assert reply.status_code == 422


def test_pay_is_shown_only_where_it_is_switched_on(session, sign_in):
    officer = UserFactory()
    client = sign_in(officer)
    page = text_of(client.get("/assessment-rules/edit"))
    told = dict(re.findall(r'name="([a-z0-3_-]+)"[^>]*value="([^"]*)"', page))
    told |= dict(
        re.findall(r'<select[^>]*name="([a-z0-3_-]+)".*?selected value="(\w+)"', page, re.S)
    )
    told |= {"pays": "y", "reason": "合同约定"}
    assert client.post("/assessment-rules/edit", data=told).status_code == 302
    assert queries.rules_in_force().pay is None, "the section alone changes nothing"
    page = text_of(client.get("/assessment-rules"))
    assert "100% / 90% / 70% / 0%" in page
    asked = acts.waiting(proposing.RULES)
    assert client.post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 403
    assert client.post("/assessment-rules/edit", data=told).status_code == 422, "one at a time"
    boss = sign_in(UserFactory(role=Role.LEADER))
    assert "100% / 90% / 70% / 0%" in text_of(boss.get("/assessment-rules"))
    assert boss.post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 302
    assert queries.rules_in_force().made_by_id == officer.id
    client = sign_in(officer)
    found = confirmed(actor=officer, lost=15)
    assert found.pay_percent == 90
    assert "90%" in text_of(client.get(f"/assessments/{found.id}"))
    assert client.post("/assessment-rules/edit", data={**told, "reason": ""}).status_code == 422


def test_the_form_is_edited_as_its_next_version(session, sign_in):
    client = sign_in(UserFactory())
    form = queries.form_in_force()
    told = {"most_bonus": "3", "reason": "收紧加分"}
    for place, item in enumerate(form.items):
        told |= {
            f"items-{place}-part": item.part,
            f"items-{place}-name": item.name,
            f"items-{place}-points": str(item.points),
            f"items-{place}-standard": item.standard,
        }
    url = f"/assessment-forms/{form.id}/edit"
    assert client.get(url).status_code == 200
    assert client.post(url, data={**told, "items-0-points": "11"}).status_code == 422
    assert client.post(url, data=told).status_code == 302
    assert queries.form_in_force().version == 1, "the section alone changes nothing"
    asked = acts.waiting(proposing.FORM)
    assert client.post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 403
    boss = sign_in(UserFactory(role=Role.LEADER))
    assert form.items[0].name in text_of(boss.get("/assessment-rules"))
    assert boss.post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 302
    assert queries.form_in_force().version == 2
    assert client.get(f"/assessment-forms/{form.id}").status_code == 200
    assert client.get("/assessment-rules").status_code == 200


@pytest.fixture
def january(session):
    """The district in January: two agencies with jobs of the year before."""
    officer, good, poor = UserFactory(), AgencyFactory(), AgencyFactory()
    confirmed(rated(5, agency=good, actor=officer).engagement, officer, lost=3)
    confirmed(ended(agency=poor, actor=officer).engagement, officer, lost=50)
    year = clock.today().year
    with clock.frozen(after_year(year)):
        yield officer, good, poor, year


def test_a_list_from_draft_to_publication(january, session, sign_in):
    officer, good, poor, year = january
    client, leader = sign_in(officer), sign_in(UserFactory(role=Role.LEADER))
    drawn_ = client.post("/annual-assessments", data={"year": year, "once": "y"})
    url = drawn_.location
    key = int(url.rpartition("/")[2])
    page = text_of(client.get(url))
    assert "A级" in page
    assert "D级" in page
    assert not re.search(r"[>\s](优|良|中|差)[<\s]", page), "no grade of a project stands here"
    row = re.findall(r"/annual-assessments/rows/(\d+)/consequence", page)[-1]
    told = {"kind": "talk", "words": "首次，先行约谈"}
    change = f"/annual-assessments/rows/{row}/consequence"
    assert client.get(change).status_code == 200
    assert client.post(change, data={**told, "words": ""}).status_code == 422
    assert client.post(change, data=told).status_code == 302
    assert client.get(f"{url}/notice").status_code == 200
    assert client.post(f"{url}/notice", data={"once": "n"}).status_code == 302
    own = sign_in(head_of(poor))
    assert own.get(url).status_code == 404
    assert own.get(f"/annual-assessments/rows/{row}").status_code == 200
    with clock.frozen(clock.now() + timedelta(days=20)):
        leader = sign_in(UserFactory(role=Role.LEADER))
        assert leader.get(f"{url}/decision").status_code == 200
        wrong = {"decision": "approve", "words": ""}
        assert leader.post(f"{url}/decision", data=wrong).status_code == 422
        right = {"decision": "approve", "words": "局长办公会审议通过"}
        assert leader.post(f"{url}/decision", data=right).status_code == 302
        client = sign_in(officer)
        assert client.get(f"{url}/publication").status_code == 200
        assert client.post(f"{url}/publication", data={"document_no": ""}).status_code == 422
        number = {"document_no": "演财绩〔2027〕2号"}
        assert client.post(f"{url}/publication", data=number).status_code == 302
        unit = sign_in(UserFactory(role=Role.UNIT_OFFICER))
        shown = text_of(unit.get(f"/annual-assessments/{key}"))
        assert "首次，先行约谈" in shown
        assert "不排除" in shown or "excludes anybody" in shown
        panel = text_of(unit.get(f"/agencies/{poor.id}"))
        assert "演财绩〔2027〕2号" in panel


def test_the_workbook_holds_what_the_page_shows(january, session, sign_in):
    officer, good, _poor, year = january
    made = drawn(officer, year)
    client = sign_in(officer)
    reply = client.get(f"/annual-assessments/{made.id}/files/xlsx")
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    assert len(book.sheetnames) == 4
    table = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    first = table[2]
    assert first[1] == good.name
    assert first[7] == float(made.rows[0].score)
    assert first[8] == "A级"
    assert len(list(book.worksheets[1].iter_rows())) == 2 + 2


def test_a_rival_reads_the_list_but_no_job_and_no_fee_behind_it(january, session, sign_in):
    officer, good, poor, year = january
    made = published(officer, year=year)
    mine, other = made.rows if made.rows[0].agency_id == good.id else made.rows[::-1]
    ours, theirs = (row.inputs[0].assessment.engagement.code for row in (mine, other))
    expert = UserFactory(role=Role.EXPERT)
    for person, reads in ((head_of(good), {ours}), (expert, set()), (officer, {ours, theirs})):
        client = sign_in(person)
        pages = [text_of(client.get(f"/annual-assessments/rows/{row.id}")) for row in (mine, other)]
        assert {code for code in (ours, theirs) if code in "".join(pages)} == reads
        reply = client.get(f"/annual-assessments/{made.id}/files/xlsx")
        book = openpyxl.load_workbook(io.BytesIO(reply.data))
        cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert {ours, theirs} & cells == reads
        assert {good.name, poor.name} <= cells


def test_the_annex_prints_as_pdf(january, session, sign_in):
    officer, *_rest, year = january
    made = published(officer, year=year)
    reply = sign_in(officer).get(f"/annual-assessments/{made.id}/files/pdf")
    assert reply.status_code in {200, 503}, "503 names what PDFs lack on this machine"
    assert reply.status_code == 503 or reply.data.startswith(b"%PDF")
    assert sign_in(officer).get(f"/annual-assessments/{made.id}/files/exe").status_code == 404


def test_a_list_costs_the_same_however_long_it_is(january, session, sign_in, statements):
    officer, *_rest, year = january
    costs = []
    for _more in range(2):
        made = drawn(officer, year, "再算")
        client = sign_in(officer)
        client.get(f"/annual-assessments/{made.id}")
        with statements() as seen:
            client.get(f"/annual-assessments/{made.id}")
        costs.append(len(seen))
        with clock.frozen(after_year(year) - timedelta(days=40)):
            for _n in range(3):
                confirmed(ended(actor=officer).engagement, officer, lost=12)
    assert costs[0] == costs[1]


def test_lists_of_jobs_cost_the_same_however_many(session, sign_in, statements):
    officer = UserFactory()
    costs = []
    for _more in range(2):
        confirmed(actor=officer)
        ended(actor=officer)
        client = sign_in(officer)
        for url in ("/assessments", "/assessments?state=waiting"):
            client.get(url)
            with statements() as seen:
                client.get(url)
            costs.append(len(seen))
    assert costs[:2] == costs[2:]


def test_a_measure_from_proposal_to_appeal(session, sign_in):
    agency, officer = AgencyFactory(), UserFactory()
    client, leader = sign_in(officer), sign_in(UserFactory(role=Role.LEADER))
    today = clock.today()
    told = {
        "kind": "adverse_record",
        "words": "提交虚假佐证",
        "basis": "演财绩〔2026〕8号",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=364)).isoformat(),
        "points": "5",
        "engagement": "",
        "once": "p",
    }
    url = f"/agencies/{agency.id}/consequences"
    assert client.get(f"{url}/new").status_code == 200
    assert client.post(url, data={**told, "basis": ""}).status_code == 422
    assert client.post(url, data={**told, "once": "q"}).status_code == 302
    made = db.session.scalars(select(Consequence)).one()
    head = sign_in(head_of(agency))
    page = f"/consequences/{made.id}"
    assert head.get(page).status_code == 404, "a proposal is not the agency's to see"
    assert client.get(f"{page}/decision").status_code == 403
    assert leader.get(f"{page}/decision").status_code == 200
    decision = {"decision": "approve", "words": "同意"}
    assert leader.post(f"{page}/decision", data=decision).status_code == 302
    assert "提交虚假佐证" in text_of(head.get(page))
    assert sign_in(UserFactory(role=Role.AGENCY_ADMIN)).get(page).status_code == 404
    appeal = head.post(f"{page}/objection", data={"words": "佐证属实", "once": "r"})
    raised = appeal.location
    assert client.get(f"{raised}/decision").status_code == 403, "who proposed it decides no appeal"
    other = sign_in(UserFactory())
    told = {"outcome": "adjusted", "words": "经复核属实"}
    assert other.post(f"{raised}/decision", data=told).status_code == 302
    db.session.refresh(made)
    assert made.revoked_at is not None
    assert other.get("/consequences?state=in_force").status_code == 200
    assert other.get("/objections").status_code == 200


def test_a_refused_proposal_stays_inside(session, sign_in):
    agency = AgencyFactory()
    made = proposed(agency)
    leader = sign_in(UserFactory(role=Role.LEADER))
    told = {"decision": "refuse", "words": "证据不足"}
    assert leader.post(f"/consequences/{made.id}/decision", data=told).status_code == 302
    assert sign_in(head_of(agency)).get(f"/consequences/{made.id}").status_code == 404


def test_the_pages_say_what_waits(session, sign_in):
    officer, agency = UserFactory(), AgencyFactory()
    confirmed(ended(actor=officer, agency=agency).engagement, officer)
    submitted(ended(actor=officer).engagement, officer)
    ended(actor=officer)
    proposed(agency)
    for person in (UserFactory(), UserFactory(role=Role.LEADER), head_of(agency), officer):
        page = text_of(sign_in(person).get("/"))
        assert 'href="/assessments' in page or 'href="/consequences' in page, person.role


def test_a_measure_on_the_agencys_page_bars_nobody(session, sign_in):
    agency = AgencyFactory()
    imposed(agency)
    page = text_of(sign_in(UserFactory(role=Role.UNIT_OFFICER)).get(f"/agencies/{agency.id}"))
    assert "演财绩〔2026〕3号" in page
    assert "不排除" in page or "excludes anybody" in page


def test_every_version_stays_readable(session, sign_in):
    officer = UserFactory()
    first = confirmed(actor=officer, lost=20)
    second = confirmed(first.engagement, officer, lost=5, reason="异议成立")
    client = sign_in(head_of(first.engagement.agency))
    for one in (first, second):
        assert client.get(f"/assessments/{one.id}").status_code == 200
    page = text_of(client.get(f"/engagements/{first.engagement_id}/assessments"))
    assert "异议成立" in page
    assert db.session.query(Assessment).count() == 2


def test_a_noticed_row_opens_its_jobs(january, sign_in):
    officer, good, _poor, year = january
    made = noticed(officer, year=year)
    row = made.rows[0]
    client = sign_in(head_of(good))
    page = text_of(client.get(f"/annual-assessments/rows/{row.id}"))
    link = re.search(r"/assessments/\d+", page)[0]
    assert client.get(link).status_code == 200
    form = f"/annual-assessments/rows/{row.id}/objection"
    assert client.get(form).status_code == 200
    assert client.post(form, data={"words": "漏计项目", "once": "s"}).status_code == 302
