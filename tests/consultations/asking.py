"""Drafts before units for tests."""

from app import clock
from app.consultations import services
from app.consultations.models import Verdict
from app.consultations.services import Answer, NewConsultation, NewOpinion
from app.db import transaction
from tests.papers.filing import file_paper

TWO = (NewOpinion("第三部分数据与决算不一致", "第12页"), NewOpinion("建议补充成效说明"))


def draft(lead, engagement, index_no="H-01"):
    """The newest version of a report's draft."""
    return file_paper(lead, engagement, index_no, "报告初稿").versions[0]


def sent(lead, engagement, version=None, **changes):
    version = version or draft(lead, engagement)
    day = clock.add_working_days(clock.today(), 10)
    told = {"unit": engagement.tasks[0].unit, "version": version, "due_on": day, **changes}
    with transaction():
        return services.send_consultation(lead, engagement, NewConsultation(**told))


def respond(person, consultation, opinions=TWO):
    with transaction():
        services.respond(person, consultation, opinions)


def answer(person, opinion, verdict=Verdict.ADOPTED, reason="已核实并修改", changed=()):
    with transaction():
        services.answer_opinion(person, opinion, Answer(verdict, reason, changed))
