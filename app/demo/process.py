"""The process itself: material, visits, views of units, experts, rectification, as it went."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from app import clock
from app.attachments import exif
from app.consultations import queries as drafts
from app.consultations import services as consultations
from app.consultations.models import Consultation, Verdict
from app.consultations.services import Answer, NewConsultation, NewOpinion
from app.demo import papers
from app.demo import process_words as words
from app.engagements.models import Stage, Task
from app.expert_reviews import services as experts
from app.expert_reviews.services import NewReview, Sheet
from app.expert_reviews.totals import Rule
from app.fieldwork import services as fieldwork
from app.fieldwork.entries import NewDays, NewInterview, NewQuestionnaire, NewVisit
from app.fieldwork.models import Activity, SiteVisit
from app.papers.files import StoredFile
from app.rectifications import services as rectifications
from app.rectifications.models import RectificationItem
from app.rectifications.services import NewFinding, NewNotice
from app.requests import library
from app.requests import services as requests
from app.requests.models import Phase, RequestItem
from app.requests.services import NewItem, NewRequest

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.demo.story import Story


def along(story: Story, stage: Stage) -> Iterator[datetime]:
    """What belongs to a stage beside its papers, before it is handed in."""
    if stage.code == "preparation":
        yield from ask_for_material(story)
    elif stage.code == "fieldwork":
        yield from work_on_site(story)
    elif stage.code == "consultation":
        yield from consult(story)
    elif stage.code == "expert_review":
        yield from hear_experts(story)


def dice(story: Story) -> Random:
    """Chances of its own, so that nothing else of the district falls otherwise than before."""
    return Random(f"process {story.plan.name} {clock.now()}")  # noqa: S311 - invented data


def at(story: Story, days: int = 0) -> datetime:
    """A moment in office hours so many working days on; without days some minutes from now."""
    if not days:
        return clock.now() + timedelta(minutes=dice(story).randint(2, 25))
    day = clock.add_working_days(clock.today(), days)
    return clock.start_of(day) + timedelta(minutes=9 * 60 + dice(story).randint(0, 450))


def unit_task(story: Story) -> Task | None:
    """The first task that has a unit."""
    return next((task for task in story.engagement.tasks if task.unit is not None), None)


def sample(story: Story, title: str, index_class: str = "A") -> StoredFile:
    """A file as people keep it; its bytes are those of one sample of its kind."""
    head = papers.Head("", "", title, "", story.lead.name, clock.today(), 1, dice(story))
    return story.shelf.keep(head, index_class, sample=True)


def is_told(story: Story) -> bool:
    """Whether so much is told of this engagement: of those that lately began."""
    return not story.plan.is_old and unit_task(story) is not None


def ask_for_material(story: Story) -> Iterator[datetime]:
    """A list goes to the unit; it supplies item by item, sometimes late, sometimes the wrong."""
    task = unit_task(story)
    if task is None or not is_told(story) or dice(story).random() < 0.6:
        return
    usual = library.usual(story.engagement.service_type.code, Phase.SURVEY)[:3]
    items = [NewItem(one.title, one.description, one.working_days) for one in usual]
    yield at(story)
    new = NewRequest(task, Phase.SURVEY, words.TO_UNIT, items)
    asked = requests.draw_up_request(story.lead_user, story.engagement, new)
    requests.send_request(story.lead_user, asked)
    officer = story.district.officer_of(task.unit_id or 0)
    for number, item in enumerate(asked.items):
        yield at(story, dice(story).choice((1, 1, 2, 3)))
        if number == 2 and item.due_on and clock.today() > item.due_on:
            requests.remind_unit(story.lead_user, asked)
        yield from hand_over(story, officer, item)


def hand_over(story: Story, officer: User, item: RequestItem) -> Iterator[datetime]:
    """One item comes in and is looked at."""
    rng = dice(story)
    if rng.random() < 0.1:
        requests.declare_not_applicable(officer, item, words.NOT_APPLICABLE)
        return
    requests.supply_file(officer, item, sample(story, item.title))
    yield at(story)
    if rng.random() < 0.15:
        requests.return_item(story.lead_user, item, rng.choice(words.MATERIAL_RETURNS), 3)
        yield at(story, 2)
        requests.supply_file(officer, item, sample(story, f"{item.title}（补充）", "C"))
        yield at(story)
    requests.confirm_item(story.lead_user, item)


def work_on_site(story: Story) -> Iterator[datetime]:
    """A visit at least; of what lately began also talks, questionnaires and days."""
    rng, today = dice(story), clock.today()
    lead, engagement = story.lead_user, story.engagement
    yield at(story)
    place, findings = rng.choice(words.PLACES), rng.choice(words.FINDINGS)
    people = f"{story.lead.name}、{story.plan.firm.members[0].name}"
    told = NewVisit(today, place, people, words.HOSTS, findings, unit_task(story))
    visit = fieldwork.record_entry(lead, engagement, told)
    if not is_told(story):
        return
    if isinstance(visit, SiteVisit):
        photograph(story, visit)
    fieldwork.record_entry(lead, engagement, interview(story, today))
    sent = rng.randrange(80, 240, 10)
    back = sent - rng.randint(3, 20)
    told_round = NewQuestionnaire(today, words.AUDIENCE, sent, back, back - rng.randint(0, 5))
    fieldwork.record_entry(lead, engagement, told_round)
    for member in story.plan.firm.members[:2]:
        fieldwork.record_entry(member, engagement, days(story, member, today))


def interview(story: Story, today: date) -> NewInterview:
    """A talk with who runs the project."""
    topic, said = dice(story).choice(words.INTERVIEWS)
    return NewInterview(today, words.INTERVIEWED, story.lead.name, topic, said)


def days(story: Story, member: User, today: date) -> NewDays:
    """A week that a member spent on site."""
    first = max(story.engagement.signed_on, today - timedelta(days=6))
    half_days = min(dice(story).randint(6, 10), 2 * ((today - first).days + 1))
    return NewDays(member, first, today, half_days, Activity.FIELDWORK)


def photograph(story: Story, visit: SiteVisit) -> None:
    """Two pictures as a camera makes them."""
    for number in (1, 2):
        at = f"{visit.visited_on:%Y:%m:%d} {8 + number:02d}:1{number}:20"
        data = picture(at, dice(story).randint(0, 255))
        file = papers.keep(f"现场照片{number}.jpg", data)
        fieldwork.add_photo(story.lead_user, visit, file, exif.read(data))


def picture(taken_at: str, shade: int) -> bytes:
    """A small picture with the camera's time and an invented place."""
    from PIL import Image

    image, tags, out = Image.new("RGB", (320, 200), (shade, 120, 90)), Image.Exif(), io.BytesIO()
    tags.get_ifd(0x8769)[0x9003] = taken_at
    north, east = (28, 1, 12 + shade % 40), (120, 2, 6 + shade % 50)
    tags.get_ifd(0x8825).update({1: "N", 2: north, 3: "E", 4: east})
    image.save(out, "JPEG", exif=tags)
    return out.getvalue()


def consult(story: Story) -> Iterator[datetime]:
    """The draft goes to the unit; its opinions are answered one by one."""
    task = unit_task(story)
    found = drafts.drafts_of(story.engagement)
    if task is None or task.unit is None or not found or story.plan.is_over:
        return
    rng = dice(story)
    due = clock.add_working_days(clock.today(), 5)
    new = NewConsultation(task.unit, found[0], due, words.CONSULTATION)
    asked = consultations.send_consultation(story.lead_user, story.engagement, new)
    yield at(story, rng.choice((2, 3, 4, 5)))
    told = rng.sample(words.OPINIONS, rng.choice((1, 2, 3)))
    opinions = [NewOpinion(body, place) for place, body, _v, _reason in told]
    consultations.respond(story.district.officer_of(task.unit.id), asked, opinions)
    yield at(story, 1)
    answer(story, asked, [(Verdict(verdict), reason) for _p, _b, verdict, reason in told])


def answer(story: Story, asked: Consultation, answers: Sequence[tuple[Verdict, str]]) -> None:
    """Every opinion has its answer, and the consultation is closed."""
    for opinion, (verdict, reason) in zip(asked.opinions, answers, strict=True):
        consultations.answer_opinion(story.lead_user, opinion, Answer(verdict, reason))
    consultations.close_consultation(story.lead_user, asked)


def hear_experts(story: Story) -> Iterator[datetime]:
    """Experts meet about the report, each with a sheet of their own."""
    found = drafts.drafts_of(story.engagement)
    if not found or story.plan.is_over or not story.district.experts:
        return
    rng, criteria = dice(story), words.CRITERIA
    held = clock.add_working_days(clock.today(), 1)
    invited = story.district.experts
    new = NewReview(found[0], held, "财政局三楼会议室", Rule.MEAN, criteria, invited)
    review = experts.call_review(story.plan.handler, story.engagement, new)
    yield at(story, 1)
    for seat in review.seats:
        experts.state_grounds(seat.expert, seat, ())
        points = [max(0, most - rng.randint(1, most // 5)) for _name, most in criteria]
        said = [rng.choice(words.EXPERT_OPINIONS)]
        experts.submit_sheet(seat.expert, seat, Sheet(list(map(Decimal, points)), said))
    yield at(story)
    experts.conclude_review(story.plan.handler, review, words.MINUTES)
    yield at(story, 1)
    for opinion in review.opinions:
        experts.answer_opinion(story.lead_user, opinion, rng.choice(words.CHANGES))


def rectify(story: Story) -> Iterator[datetime]:
    """After acceptance the section asks the unit to put things right."""
    task, rng = unit_task(story), dice(story)
    accepted = story.engagement.accepted_at is not None
    if not accepted or task is None or task.unit is None or rng.random() < 0.8:
        return
    yield at(story, rng.randint(3, 9))
    told = rng.sample(words.TO_RECTIFY, rng.choice((2, 3)))
    findings = [NewFinding(*one, amount_fen=rng.randint(0, 80) * 1_000_000) for one in told]
    number = f"演财绩〔{clock.today().year}〕{rng.randint(10, 99)}号"
    new = NewNotice(task.unit, findings, number, words.NOTICE)
    notice = rectifications.issue_notice(story.plan.handler, story.engagement, new)
    officer = story.district.officer_of(task.unit.id)
    for item in notice.items:
        yield at(story, rng.choice((3, 4, 6)))
        yield from put_right(story, officer, item)


def put_right(story: Story, officer: User, item: RectificationItem) -> Iterator[datetime]:
    """The unit reports on a finding; most reports do."""
    rng = dice(story)
    rectifications.add_evidence(officer, item, sample(story, f"整改凭证{item.number}"))
    rectifications.report_item(officer, item, rng.choice(words.MEASURES))
    yield at(story, rng.choice((1, 2)))
    if rng.random() < 0.2:
        words_back = rng.choice(words.REPORT_RETURNS)
        rectifications.return_item(story.plan.handler, item, words_back, 5)
        yield at(story, 4)
        rectifications.report_item(officer, item, rng.choice(words.MEASURES))
        yield at(story, 1)
    rectifications.confirm_item(story.plan.handler, item)
