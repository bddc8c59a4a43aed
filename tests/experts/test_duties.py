"""What follows a drawn panel: the review with one click, attendance, fees by a document, marks."""

import html
import io
import re
from datetime import date

import openpyxl
import pytest

from app import clock
from app.accounts.models import Organisation
from app.db import transaction
from app.errors import Conflict, Invalid
from app.experts import duties, duty_queries, services
from app.experts.fees import fee, steps_of
from app.experts.models import Field, Rank
from app.experts.services import Told
from app.policy import Role
from app.web import fresh_token
from tests.expert_reviews import meeting
from tests.experts import test_panels
from tests.factories import UserFactory
from tests.papers.filing import crew_of, file_paper

STEPS = [[1, 100], [3, 80], [5, 60], [0, 50]]
STANDARD = {
    "document_no": "演示财〔2026〕1 号",
    "title": "演示评审劳务费标准",
    "starts_on": "2020-01-01",
    "senior": "1500",
    "associate": "1000",
    "other": "800",
    "steps": "1 100\n3 80\n5 60\n0 50",
}


@pytest.mark.parametrize(
    ("half_days", "fen"),
    [
        (0, 0),
        (1, 150_000),
        (2, 300_000),
        (3, 420_000),
        (6, 780_000),
        (10, 1_140_000),
        (20, 1_890_000),
    ],
)
def test_a_fee_falls_with_the_days(half_days, fen):
    assert fee(150_000, half_days, STEPS) == fen


def test_half_a_fen_is_rounded_up_and_steps_have_an_end():
    assert fee(1, 1, [[0, 50]]) == 1
    assert steps_of("1 100\n0 50") == [[1, 100], [0, 50]]
    for wrong in ("", "1 100", "3 80\n1 100\n0 50", "1 a\n0 50", "0 50\n1 100", "1 100 2\n0 50"):
        with pytest.raises(ValueError, match="day|line|literal"):
            steps_of(wrong)
    with pytest.raises(ValueError, match="last step"):
        fee(1, 1, [[1, 100]])


def test_from_attendance_to_a_fee_note_and_a_judgement(engagement, sign_in, session, audited):
    lead, _member, officer = crew_of(engagement)
    judges = meeting.experts(2)
    with transaction():
        told = Told([Field.BUDGET], "正高级会计师", "", [], Rank.SENIOR)
        services.enter_expert(officer, judges[0], told)
    review = meeting.called(officer, lead, engagement, judges)
    meeting.judge(judges[0], review)
    page, home = sign_in(officer), f"/expert-reviews/{review.id}"
    first, second = review.seats
    senior = first if first.expert_id == judges[0].id else second
    other = second if senior is first else first
    assert page.get(f"{home}/duties").status_code == 200
    with pytest.raises(Invalid), transaction():
        duties.mark_expert(officer, senior, duties.Mark(5, 5, 5, ""))
    there = {f"seat-{senior.id}": "3", f"seat-{other.id}": "0", "seat-99999": "4"}
    half = page.post(f"{home}/attendance", data=there | {f"seat-{senior.id}": "2.5"})
    assert (half.status_code, 'value="2.5"' in half.text) == (422, True), "no silent absence"
    assert page.post(f"{home}/attendance", data=there).status_code == 302
    once = {"once": fresh_token()}
    assert page.post(f"{home}/fee-notes", data=once).status_code == 422, "no standard yet"
    wrong = STANDARD | {"steps": "从高到低", "once": fresh_token()}
    assert page.post("/fee-standards", data=wrong).status_code == 422
    entered = page.post("/fee-standards", data=STANDARD | {"once": fresh_token()})
    assert entered.status_code == 302
    assert page.get("/fee-standards").status_code == 200
    assert page.post(f"{home}/fee-notes", data={"once": fresh_token()}).status_code == 302
    note = duty_queries.note_in_force(review.id)
    assert [(line["half_days"], line["fen"]) for line in note.lines] == [(3, 420_000)]
    assert page.post(f"{home}/attendance", data=there).status_code == 409
    mine = sign_in(judges[0]).get("/expert-fees").get_data(as_text=True)
    assert "4,200.00" in mine
    assert "演示财〔2026〕1 号" in mine
    assert "1,500.00" in mine
    assert page.get("/expert-fees").status_code == 403
    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/fee-notes/{note.id}/workbook").data))
    assert book.worksheets[0]["D3"].value == 4200
    mark = f"seat{senior.id}-"
    judged = {f"{mark}knowledge": 5, f"{mark}fairness": 4, f"{mark}diligence": 3}
    judged[f"{mark}once"] = fresh_token()
    url = f"/expert-seats/{senior.id}/marks"
    assert page.post(url, data=judged | {f"{mark}fairness": 6}).status_code == 422
    assert page.post(url, data=judged).status_code == 302
    assert duty_queries.means_of([senior.expert_id]) == {senior.expert_id: (4.0, 1)}
    shown = page.get(f"/experts/{senior.expert_id}").get_data(as_text=True)
    assert "5 / 4 / 3" in shown
    assert page.get("/experts").status_code == 200
    with pytest.raises(Conflict), transaction():
        duties.mark_expert(officer, senior, duties.Mark(1, 1, 1, ""))
    voided = page.post(f"/fee-notes/{note.id}/voiding", data={"reason": "半天数有误"})
    assert voided.status_code == 302
    assert duty_queries.note_in_force(review.id) is None
    for role in (Role.AGENCY_ADMIN, Role.EXPERT, Role.UNIT_OFFICER):
        assert sign_in(UserFactory(role=role)).get(f"{home}/duties").status_code == 404
    leader = sign_in(UserFactory(role=Role.LEADER))
    assert leader.get(f"{home}/duties").status_code == 200
    assert leader.post(url, data=judged).status_code == 403
    assert audited().count("fee_note.issued") == 1


def test_an_expert_sees_their_own_line_and_nobody_elses(engagement, sign_in, session, statements):
    lead, _member, officer = crew_of(engagement)
    judges = meeting.experts(3)
    judges[1].name = judges[0].name  # two people of one name, and a third
    session.commit()
    review = meeting.called(officer, lead, engagement, judges)
    there = {seat.id: 1 + 2 * judges.index(seat.expert) for seat in review.seats}
    with transaction():
        day = date(2020, 1, 1)
        new = duties.NewStandard(
            "演示财〔2026〕1 号", "演示标准", day, 150_000, 100_000, 80_000, STEPS
        )
        duties.enter_standard(officer, new)
        duties.note_attendance(officer, review, there)
        note = duties.issue_fee_note(officer, review)
    own = {judge.id: note.line_of(judge)["fen"] for judge in judges}
    assert own == {judges[0].id: 80_000, judges[1].id: 224_000, judges[2].id: 352_000}
    first, third = (sign_in(one).get("/expert-fees").get_data(as_text=True) for one in judges[::2])
    assert "800.00" in first
    assert "2,240.00" not in first + third
    assert "3,520.00" not in first
    assert "3,520.00" in third
    taken = sign_in(judges[2]).post("/personal-data/files/json").get_json()
    assert [row["fee"] for row in taken["expert_fees"]] == ["3,520.00 元"]
    assert taken["expert"] == [], "not entered in the pool"
    note.lines = [{k: v for k, v in line.items() if k != "expert_id"} for line in note.lines]
    assert [note.line_of(judge) is None for judge in judges] == [True, True, False]
    stranger = sign_in(UserFactory(role=Role.EXPERT))
    assert engagement.name not in stranger.get("/expert-fees").get_data(as_text=True)
    with transaction():
        duties.void_fee_note(officer, duty_queries.note_in_force(review.id), "半天数有误")
    assert "3,520.00" not in sign_in(judges[2]).get("/expert-fees").get_data(as_text=True)


def test_whoever_stands_to_a_party_is_not_invited_either(engagement, session):
    """What a draw leaves out, an invitation by hand doesn't bring in."""
    lead, _member, officer = crew_of(engagement)
    tied, colleague, free = meeting.experts(3)
    unit = session.get(Organisation, engagement.tasks[0].unit_id)
    with transaction():
        services.enter_expert(officer, tied, Told([Field.LAW], "律师", "", [engagement.agency_id]))
        services.enter_expert(officer, colleague, Told([Field.LAW], "律师", unit.name, []))
    version = file_paper(lead, engagement, "H-02", "送审稿").versions[0]
    for stranger in (tied, colleague):
        with pytest.raises(Invalid) as refusal:
            meeting.called(officer, lead, engagement, [stranger, free], version)
        assert refusal.value.field == "experts"
        assert stranger.name in str(refusal.value.message)
        assert free.name not in str(refusal.value.message)
    assert meeting.called(officer, lead, engagement, [free], version).seats


def test_a_drawn_panel_is_called_with_one_click(engagement, sign_in, session, monkeypatch):
    lead, _member, officer = crew_of(engagement)
    pool = [test_panels.enter(officer) for _n in range(3)]
    meeting.called(officer, lead, engagement, [pool[0].user])  # a paper that may be judged
    draw, secret = test_panels.freeze(officer, engagement)
    at = test_panels.later(2)
    monkeypatch.setattr(clock, "now", lambda: at)
    test_panels.hold(officer, draw, secret)
    page = sign_in(officer)
    shown = page.get(f"/panel-draws/{draw.id}").get_data(as_text=True)
    link = re.search(r'href="(/engagements/[^"]+/new\?expert=[^"]+)"', shown)[1]
    form = page.get(html.unescape(link)).get_data(as_text=True)
    ticked = re.findall(r'<input [^>]*checked[^>]*name="experts"[^>]*value="(\d+)"', form)
    assert len(draw.panel_ids) == 2
    assert sorted(map(int, ticked)) == sorted(draw.panel_ids)
