import io

import openpyxl
import pytest

from app.fieldwork.models import Interview, PersonDays, Questionnaire, SiteVisit
from app.policy import Role
from app.web import fresh_token
from tests.factories import UserFactory
from tests.fieldwork.entering import DAY, enter, photo
from tests.requests.making import officer_of_unit
from tests.reviews.rounds import ended

FORMS = {
    "site-visits": (SiteVisit, {"visited_on": "2026-04-01", "place": "某街道", "people": "王"}),
    "interviews": (
        Interview,
        {"held_on": "2026-04-01", "person": "负责人", "topic": "进度", "people": "王"},
    ),
    "questionnaires": (
        Questionnaire,
        {"held_on": "2026-04-01", "audience": "居民", "sent": 9, "returned": 8, "valid": 7},
    ),
    "person-days": (
        PersonDays,
        {"began_on": "2026-04-01", "ended_on": "2026-04-02", "days": "1.5", "activity": "plan"},
    ),
}


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize("path", FORMS)
def test_each_entry_has_its_form_its_error_and_its_void(sign_in, session, lead, engagement, path):
    model, told = FORMS[path]
    client, url = sign_in(lead), f"/engagements/{engagement.id}/{path}"
    assert client.get(f"{url}/new").status_code == 200
    told = {**told, "once": fresh_token()} | ({"member": lead.id} if "days" in told else {})
    first = next(iter(told))
    assert client.post(url, data={**told, first: ""}).status_code == 422
    assert client.post(url, data=told).status_code == 302
    assert client.post(url, data=told).status_code == 422  # the same form once more
    (entry,) = session.query(model).all()
    void = f"/{path}/{entry.id}/void"
    assert client.get(void).status_code == 200
    assert client.post(void, data={"reason": ""}).status_code == 422
    assert client.post(void, data={"reason": "重复"}).status_code == 302
    page = client.get(f"/engagements/{engagement.id}/fieldwork").get_data(as_text=True)
    assert "重复" in page


def test_photographs_show_what_the_camera_said(sign_in, member, engagement):
    visit, client = enter(member, engagement), sign_in(member)
    url = f"/site-visits/{visit.id}"
    files = [(io.BytesIO(photo(colour=n * 90)), f"现场{n}.jpg") for n in range(2)]
    files.append((io.BytesIO(photo(taken="2026:03:09 08:00:00", place=None, colour=250)), "后.jpg"))
    told = {"files": files, "unclassified": "y", "once": fresh_token()}
    assert client.post(f"{url}/photos", data=told).status_code == 302
    page = client.get(url).get_data(as_text=True)
    assert page.count("28.01000, 120.50000") == 2
    assert "2026-03-09 08:00:00" in page
    assert page.count('class="tag amber"') == 1  # taken on another day than was told
    shown = client.get(f"{url}/photos/{visit.photos[0].id}")
    assert (shown.mimetype, shown.data) == ("image/jpeg", photo(colour=0))
    assert client.get(f"{url}/photos/{visit.photos[0].id}/file").status_code == 200


def test_of_several_photographs_all_are_taken_or_none(sign_in, member, engagement):
    visit = enter(member, engagement)
    files = [(io.BytesIO(photo()), "a.jpg"), (io.BytesIO(b"MZ program"), "b.jpg")]
    told = {"files": files, "unclassified": "y", "once": fresh_token()}
    reply = sign_in(member).post(f"/site-visits/{visit.id}/photos", data=told)
    assert reply.status_code == 422
    assert visit.photos == []


def test_a_workbook_is_taken_whole_or_not_at_all(sign_in, session, lead, member, engagement):
    heads = ("人员", "开始日期", "人日", "工作内容", "项目序号")
    good = (member.name, "2026-04-01", 1, "现场评价", 1)
    bad = ("无此人", "2026-04-01", 1, None, None)
    far = (lead.name, "2026-04-01", 2.5, "钓鱼", 7)
    client, url = sign_in(lead), f"/engagements/{engagement.id}/person-days/import"
    assert client.get(url).status_code == 200
    for rows, cell in (((good, bad), (3, "A")), ((far,), (2, "D")), ((good, good[:1]), (3, "B"))):
        told = {"file": (workbook(heads, *rows), "工时.xlsx"), "once": fresh_token()}
        reply = client.post(url, data=told)
        text = reply.get_data(as_text=True)
        assert reply.status_code == 422
        assert f">{cell[0]}</td>" in text
        assert f">{cell[1]}</td>" in text
    assert session.query(PersonDays).count() == 0
    told = {"file": (workbook(heads, good), "工时.xlsx"), "once": fresh_token()}
    assert client.post(url, data=told).status_code == 302
    (entry,) = session.query(PersonDays).all()
    assert (entry.member, entry.half_days, entry.task.number) == (member, 2, 1)


def test_what_can_be_filled_in_can_be_taken_in(sign_in, session, lead, engagement, monkeypatch):
    """The workbook that is offered, with its example, is one that is accepted."""
    client = sign_in(lead)
    for path in ("site-visits", "interviews", "questionnaires"):
        blank = client.get(f"/{path}/workbook").data
        told = {"file": (io.BytesIO(blank), "a.xlsx"), "once": fresh_token()}
        reply = client.post(f"/engagements/{engagement.id}/{path}/import", data=told)
        assert reply.status_code == 302, path
    assert client.get("/person-days/workbook").status_code == 200


def test_rows_that_repeat_one_another_keep_nothing(sign_in, session, lead, member, engagement):
    heads, row = ("人员", "开始日期", "人日"), (member.name, "2026-04-01", 1)
    told = {"file": (workbook(heads, row, row), "工时.xlsx"), "once": fresh_token()}
    reply = sign_in(lead).post(f"/engagements/{engagement.id}/person-days/import", data=told)
    assert reply.status_code == 422
    assert session.query(PersonDays).count() == 0


def test_units_and_strangers_read_none_of_it(sign_in, member, engagement):
    visit = enter(member, engagement)
    for person in (officer_of_unit(engagement), UserFactory(role=Role.LEAD_EVALUATOR)):
        client = sign_in(person)
        assert client.get(f"/engagements/{engagement.id}/fieldwork").status_code == 404
        assert client.get(f"/site-visits/{visit.id}").status_code == 404


def test_the_page_costs_the_same_however_many_entries(sign_in, member, engagement, statements):
    client, url = sign_in(member), f"/engagements/{engagement.id}/fieldwork"

    def cost():
        member.login  # noqa: B018 - the reader is known, whatever was committed before
        with statements() as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    enter(member, engagement)
    few = cost()
    for _n in range(12):
        enter(member, engagement)
    assert cost() == few


def test_what_was_done_stands_beside_the_stars(sign_in, session):
    over = ended()
    url = f"/reviews/{over.invitation('unit').id}"
    client, figures = sign_in(over.officers["unit"]), 'class="figures"'
    assert figures not in client.get(url).get_data(as_text=True)
    session.add(
        Questionnaire(
            engagement=over.engagement,
            recorded_by_id=over.officers["performance"].id,
            recorded_at=over.engagement.opened_at,
            held_on=DAY,
            audience="居民",
            sent=40,
            returned=37,
            valid=36,
        )
    )
    session.commit()
    page = client.get(url).get_data(as_text=True)
    assert figures in page
    assert "37" in page
