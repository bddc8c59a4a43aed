"""Assessments, lists and measures by the services, committed."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from app import clock
from app.assessments import annual, consequences, services
from app.assessments.services import Filling, Line
from app.assessments.vocabulary import ConsequenceKind
from app.db import transaction
from app.policy import Role
from tests.factories import UserFactory
from tests.reviews.rounds import ended


def after_year(year):
    """A morning of the January after a year: its list may be noticed."""
    return datetime(year + 1, 1, 11, 9, tzinfo=clock.SHANGHAI)


def filling(assessment, lost=0, bonus=None, **changes):
    """The form with all points but so many, lost at the report's quality."""
    lines = {s.item_id: Line(s.most) for s in assessment.scores}
    heaviest = max(assessment.scores, key=lambda score: score.most)
    lost = Decimal(str(lost))
    if lost:
        lines[heaviest.item_id] = Line(heaviest.most - min(lost, heaviest.most), "论据不足")
    rest = lost - heaviest.most
    for score in assessment.scores:
        if rest > 0 and score is not heaviest:
            lines[score.item_id] = Line(score.most - min(rest, score.most), "不符合要求")
            rest -= score.most
    told = Decimal(str(bonus)) if bonus is not None else None
    return Filling(lines, told, changes.get("bonus_words", "紧急任务" if bonus else ""))


def begun(engagement=None, actor=None, reason=""):
    """An assessment that is being filled in, of a job that is over."""
    actor = actor or UserFactory()
    engagement = engagement or ended(actor=actor).engagement
    with transaction():
        return services.begin_assessment(actor, engagement, reason)


def filled(actor, assessment, lost=0, **more):
    with transaction():
        new = filling(assessment, lost, **more)
        services.fill_assessment(actor, assessment, new, assessment.revision)
    return assessment


def submitted(engagement=None, actor=None, lost=0, reason="", **more):
    actor = actor or UserFactory()
    found = filled(actor, begun(engagement, actor, reason), lost, **more)
    with transaction():
        services.submit_assessment(actor, found)
    return found


def confirmed(engagement=None, actor=None, lost=0, reason="", second=None, **more):
    """An assessment that two people made, so many points below a hundred."""
    found = submitted(engagement, actor, lost, reason, **more)
    with transaction():
        services.confirm_assessment(second or UserFactory(), found)
    return found


def drawn(actor=None, year=None, reason=""):
    with transaction():
        return annual.draw_list(actor or UserFactory(), year or clock.today().year, reason)


def noticed(actor=None, **more):
    actor = actor or UserFactory()
    made = drawn(actor, **more)
    with transaction():
        annual.give_notice(actor, made, "其余项目未到考核时间")
    return made


def approved(actor=None, leader=None, **more):
    """A list that a leader approved after the window."""
    made = noticed(actor, **more)
    after = clock.start_of(made.objections_until + timedelta(days=1)) + timedelta(hours=10)
    with clock.frozen(after), transaction():
        annual.approve_list(leader or UserFactory(role=Role.LEADER), made, "同意")
    return made


def published(actor=None, number="演财绩〔2027〕1号", **more):
    actor = actor or UserFactory()
    made = approved(actor, **more)
    with transaction():
        annual.publish_list(actor, made, number)
    return made


def measure(kind=ConsequenceKind.TALK, **changes):
    today = clock.today()
    told = {
        "kind": kind,
        "words": "两次未按期提交",
        "basis": "演财绩〔2026〕3号",
        "starts_on": today,
        "ends_on": today + timedelta(days=29),
    }
    return consequences.NewConsequence(**{**told, **changes})


def proposed(agency, actor=None, **changes):
    with transaction():
        return consequences.propose(actor or UserFactory(), agency, measure(**changes))


def imposed(agency, leader=None, actor=None, **changes):
    made = proposed(agency, actor, **changes)
    with transaction():
        consequences.impose(leader or UserFactory(role=Role.LEADER), made, "同意")
    return made


def head_of(agency):
    """Who speaks for an agency."""
    return UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)


def day(words):
    return date.fromisoformat(words)
