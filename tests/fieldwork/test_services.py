from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import clock
from app.attachments import exif
from app.attachments.exif import PhotoFacts
from app.db import db, transaction
from app.engagements import templates
from app.engagements.models import Act
from app.engagements.queries import template_in_force
from app.errors import Conflict, Forbidden, Invalid
from app.fieldwork import joining, queries, services
from app.fieldwork.models import SiteVisit
from tests.factories import UserFactory, make_engagement
from tests.fieldwork.entering import DAY, INTERVIEW, ROUND, VISIT, days, enter, photo
from tests.papers.filing import stage_with, stored


def test_what_was_done_is_entered_once_and_counted(lead, member, engagement, audited, statements):
    for new in (VISIT, INTERVIEW, ROUND, days(member, last=DAY + timedelta(2), half_days=5)):
        enter(member, engagement, new)
    enter(lead, engagement, days(lead))
    keys = [engagement.id, make_engagement().id]
    with statements() as seen:
        told = queries.facts_of(keys)
    assert len(seen) == 1
    facts = told[keys[0]]
    assert (facts.visits, facts.interviews, facts.sent, facts.returned, facts.valid) == (
        (1, 1, 200, 186, 180)
    )
    assert (facts.days, facts.members) == (Decimal("3.5"), 2)
    assert facts.return_rate == 0.93
    assert told[keys[1]] == queries.ProcessFacts()
    assert audited().count("fieldwork.recorded") == 5
    assert queries.days_by_member(engagement) == [
        (member.name, Decimal("2.5")),
        (lead.name, Decimal(1)),
    ]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (replace(VISIT, visited_on=date(2026, 3, 1)), "visited_on"),  # before the contract
        (replace(VISIT, visited_on=date(2098, 3, 1)), "visited_on"),  # a day to come
        (replace(VISIT, place=" "), "place"),
        (replace(VISIT, people=""), "people"),
        (replace(INTERVIEW, topic=""), "topic"),
        (replace(ROUND, sent=0), "sent"),
        (replace(ROUND, returned=201), "returned"),
        (replace(ROUND, valid=187), "valid"),
    ],
)
def test_nonsense_is_refused_at_its_field(member, engagement, new, field):
    with pytest.raises(Invalid) as refusal:
        enter(member, engagement, new)
    assert refusal.value.field == field


def test_days_fit_into_their_period_and_are_entered_once(member, engagement):
    for new in (days(member, half_days=3), days(member, last=DAY - timedelta(1))):
        with pytest.raises(Invalid):
            enter(member, engagement, new)
    with pytest.raises(Invalid):
        enter(member, engagement, days(UserFactory()))
    enter(member, engagement, days(member, last=DAY + timedelta(4), half_days=8))
    with pytest.raises(Invalid):
        enter(member, engagement, days(member, DAY + timedelta(4), DAY + timedelta(6)))
    enter(member, engagement, days(member, DAY + timedelta(5), DAY + timedelta(6)))


def test_a_task_of_another_engagement_is_none(member, engagement):
    foreign = make_engagement().tasks[0]
    with pytest.raises(Invalid):
        enter(member, engagement, replace(VISIT, task=foreign))


def test_only_the_agency_enters_while_work_goes_on(officer, member, engagement):
    with pytest.raises(Forbidden):
        enter(officer, engagement)
    engagement.terminated_at = clock.now()
    db.session.commit()
    with pytest.raises(Forbidden):
        enter(member, engagement)


def test_a_wrong_entry_is_voided_by_the_lead_and_stays(lead, member, engagement, audited):
    visit = enter(member, engagement)
    with pytest.raises(Forbidden):
        services.void_entry(member, visit, "日期错误")
    with pytest.raises(Invalid):
        services.void_entry(lead, visit, " ")
    with transaction():
        services.void_entry(lead, visit, "日期错误")
    with pytest.raises(Conflict):
        services.void_entry(lead, visit, "再次")
    assert queries.facts_of([engagement.id])[engagement.id].visits == 0
    assert [one.void_reason for one in queries.entries_of(SiteVisit, engagement)] == ["日期错误"]
    assert audited()[-1] == "fieldwork.voided"


def test_fieldwork_waits_for_a_visit_where_the_template_asks_for_it(member, lead, engagement):
    stage = stage_with(engagement, "fieldwork")
    assert engagement.template.required_acts == [Act.SITE_VISIT]
    assert joining.unvisited(stage) is not None
    assert joining.unvisited(stage_with(engagement, "plan")) is None
    visit = enter(member, engagement)
    assert joining.unvisited(stage) is None
    with transaction():
        services.void_entry(lead, visit, "日期错误")
    assert joining.unvisited(stage) is not None


def test_the_gate_can_be_switched_off_for_new_engagements(session, officer):
    template = template_in_force("fiscal_evaluation")
    told = templates.TemplateChanges(
        name=template.name,
        stages=[
            templates.StagePlan(stage.name, stage.working_days, code=stage.code)
            for stage in template.stages
        ],
        scoring_frame=[(line["name"], line["points"]) for line in template.scoring_frame],
        acceptance_items=template.acceptance_items,
        rating_parties=["unit", "performance", "section"],
    )
    with transaction():
        templates.edit_template(officer, template, told)
    free = make_engagement()
    assert free.template.required_acts == []
    assert joining.unvisited(stage_with(free, "fieldwork")) is None


def test_other_templates_do_not_ask_for_a_visit(session):
    assert make_engagement("research").template.required_acts == []


def test_a_photograph_is_a_picture_and_is_there_once(member, engagement):
    visit = enter(member, engagement)
    picture = stored(b"jpg", "现场.jpg", media_type="image/jpeg")
    with pytest.raises(Invalid):
        services.add_photo(member, visit, stored(), PhotoFacts())
    with transaction():
        made = services.add_photo(member, visit, picture, PhotoFacts("2026-04-01 10:11:12", 1, 2))
    with pytest.raises(Conflict):
        services.add_photo(member, visit, picture, PhotoFacts())
    assert made.place == "0.00000, 0.00000"
    assert queries.facts_of([engagement.id])[engagement.id].photos == 1


# What the camera wrote


def test_time_and_place_are_read():
    facts = exif.read(photo())
    assert facts == PhotoFacts("2026-04-01 10:11:12", 28_010_000, 120_500_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        photo(taken="", place=None),
        photo(taken="not a time", place=((91, 0, 0), (200, 0, 0))),
        photo()[:40],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_a_strange_picture_says_nothing(data):
    assert exif.read(data) == PhotoFacts()
