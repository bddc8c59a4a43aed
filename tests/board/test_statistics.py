"""Statistics say what the rows say, to each person of what they see, at a constant cost."""

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from app import clock
from app.db import db
from app.pages import statistics
from app.pages.counting import Narrowing, at_stage, jobs_of
from app.pages.statistics import Job, StageFact, TaskFact
from app.policy import Role
from tests.factories import UserFactory, make_engagement

NOW = clock.now()


def stage(due=10, handed=None, approved=None, *, returns=0, is_over=False):
    began = NOW - timedelta(days=60)
    day = clock.add_working_days(clock.day_of(began), due)

    def at(days):
        return (
            None
            if days is None
            else clock.start_of(clock.add_working_days(clock.day_of(began), days))
        )

    return StageFact("plan", "方案", began, day, at(handed), at(approved), returns, is_over)


def test_punctuality_counts_what_came_and_what_is_past_its_day():
    stages = [stage(10, 10), stage(10, 11, 12), stage(10), stage(10, is_over=True), stage(99)]
    assert statistics.punctuality(stages) == (1, 3)


def test_behind_a_stage_stand_the_jobs_that_have_it_with_it_alone():
    plan, report = stage(), replace(stage(), code="report")
    jobs = [Job(n, "W", "甲", (7, "机构"), 2026, 0, None, stages) for n, stages in (
        (1, [plan, report]), (2, [plan])
    )]  # fmt: skip
    (kept,) = at_stage(jobs, "report")
    assert (kept.id, kept.stages) == (1, [report])


def test_a_line_adds_up_and_tells_stars_of_three_reviews_only():
    first = Job(1, "W1", "甲", (7, "机构"), 2026, 1, "a", [stage(10, 9, 12, returns=2)])
    first.answers, first.stars = [1, 3, None], [4.0, 5.0]
    second = Job(2, "W2", "乙", (7, "机构"), 2026, 0, None, [stage(10, 8, 8)])
    (line,) = statistics.lines([first, second], "agency")
    assert (line.jobs, line.returns, line.days, line.notes, line.answer_days) == (2, 3, 8, 3, 1)
    assert (line.on_time, line.stars, line.reviews, line.grades) == (1.0, None, 2, {"a": 1})
    second.stars = [3.0]
    assert statistics.lines([first, second], "agency")[0].stars == 4.0


def test_work_for_two_units_counts_in_each_with_its_own_cut():
    job = Job(1, "W1", "甲", (7, "机构"), 2026, 0)
    job.tasks = [TaskFact((1, "甲校"), (5, "教科"), 100), TaskFact((2, "乙校"), (5, "教科"), 900)]
    cuts = {line.name: line.cut_fen for line in statistics.lines([job], "unit")}
    assert cuts == {"甲校": 100, "乙校": 900}
    (section,) = statistics.lines([job], "section")
    assert (section.jobs, section.cut_fen) == (1, 1000)


@pytest.fixture
def leader(session):
    return UserFactory(role=Role.LEADER)


def test_the_page_counts_what_there_is(session, leader, sign_in, audited):
    engagement = make_engagement()
    client = sign_in(leader)
    for by in (*statistics.BY, "nonsense"):
        assert (
            engagement.agency.name in client.get(f"/statistics?by={by}").get_data(as_text=True)
            or by != "agency"
        )
    rows = client.get(f"/statistics/rows?agency={engagement.agency_id}&page=0").get_data(
        as_text=True
    )
    assert engagement.code in rows
    assert engagement.code not in client.get("/statistics/rows?year=2001").get_data(as_text=True)
    stage = engagement.current_stage
    stage.approved_at = clock.now()
    session.commit()
    assert f"stage={stage.code}" in client.get("/statistics").get_data(as_text=True)
    behind = client.get(f"/statistics/rows?stage={stage.code}").get_data(as_text=True)
    assert engagement.code in behind
    assert engagement.code not in client.get("/statistics/rows?stage=x").get_data(as_text=True)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/statistics/workbook").data))
    assert book.worksheets[2].max_row == 3
    for sheet in book.worksheets:
        title = sheet.cell(1, 1).value
        assert title.startswith("绩效评价统计 · 按机构 · 全部年度 · 统计时间 "), (
            "passed on, it says what it is"
        )
    rows = (sheet.iter_rows(min_row=2, values_only=True) for sheet in book.worksheets)
    groups, _stages, behind = rows
    heads, row = next(behind), next(behind)
    assert len(heads) == len(set(heads)) == len(row)
    assert row[:3] == (engagement.code, engagement.name, engagement.agency.name)
    assert next(groups)[:2] == ("名称", "委托项目")
    assert book.worksheets[2].cell(3, len(row)).number_format == "#,##0.00"
    assert audited()[-1] == "statistics.exported"


def test_a_section_counts_its_own_and_sees_no_marks(session, sign_in):
    engagement, _other = make_engagement(), make_engagement()
    section = UserFactory(role=Role.SECTION_OFFICER, organisation=engagement.tasks[0].section)
    (job,) = jobs_of(section, Narrowing())
    assert (job.id, job.stars, job.grade) == (engagement.id, [], None)
    assert sign_in(section).get("/statistics").status_code == 200
    for role in (Role.AGENCY_ADMIN, Role.UNIT_OFFICER, Role.AUDIT_ADMIN):
        assert sign_in(UserFactory(role=role)).get("/statistics").status_code == 403


def test_the_number_of_statements_does_not_grow(session, leader, statements):
    make_engagement()
    with statements() as few:
        jobs_of(leader, Narrowing())
    for _n in range(5):
        make_engagement()
    db.session.expire_all()
    with statements() as many:
        assert len(jobs_of(leader, Narrowing())) == 6
    assert len(few) == len(many) <= 7
