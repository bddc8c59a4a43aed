"""What consultations say of a stage and on an engagement's page; how they take a letter."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app import engagements
from app.accounts.models import User
from app.attachments import Keeper
from app.attachments.joining import join_keeper
from app.audit.wording import show_fact
from app.consultations import labels, queries, services
from app.consultations.models import Consultation, ConsultationFile, Verdict
from app.engagements import Tab
from app.engagements.models import Act, Engagement, Stage
from app.errors import Words
from app.papers.joining import once
from app.papers.models import IndexClass
from app.policy import Permission

STAGE = "consultation"


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.submission_gates, unanswered)
    once(engagements.tabs, tab)
    join_keeper(KEEPER)
    show_fact("verdict", lambda word: str(labels.VERDICTS[Verdict(word)]))


def unanswered(stage: Stage) -> Words | None:
    """The stage isn't handed in while a consultation is open, or a unit was not asked at all.

    The latter only where the template asks for it.
    """
    if stage.code != STAGE:
        return None
    states = queries.states_of(stage.engagement)
    waiting = [name for _unit, name, closed in states if not closed]
    if waiting:
        told = gettext(", ").join(waiting)
        return _("Consultations that are not closed: %(units)s", units=told)
    asked = {unit for unit, _name, _closed in states}
    if Act.CONSULTATION not in stage.engagement.template.required_acts:
        return None
    missing = {task.unit.name for task in stage.engagement.tasks if task.unit} - {
        task.unit.name for task in stage.engagement.tasks if task.unit and task.unit_id in asked
    }
    if not missing:
        return None
    return _("Not yet consulted: %(units)s", units=gettext(", ").join(sorted(missing)))


def tab(engagement: Engagement, user: User) -> Tab | None:
    """What is open, beside the address; nothing where no unit is evaluated."""
    if not engagement.unit_ids:
        return None
    count, late = queries.open_in(engagement, user)
    url = f"/engagements/{engagement.id}/consultations"
    return Tab(_("Consultation"), url, count, "bad" if late else "")


def of_engagement(query: Select[Any], engagement_id: int) -> Select[Any]:
    """The letters of one engagement's consultations."""
    joined = query.join(Consultation, ConsultationFile.consultation_id == Consultation.id)
    return joined.where(Consultation.engagement_id == engagement_id)


def about(file: ConsultationFile) -> str:
    """The consultation and its unit."""
    return f"征求意见{file.consultation.number} {file.consultation.unit.name} 反馈函"


KEEPER = Keeper(
    kind="consultation",
    record=Consultation,
    file=ConsultationFile,
    read=Permission.CONSULTATION_READ,
    send=Permission.CONSULTATION_RESPOND,
    taking=lambda _file: services.add_letter,
    address=lambda key: f"/consultations/{key}",
    of_engagement=of_engagement,
    record_of=lambda file: file.consultation,
    about=about,
    folder="征求意见",
    index_class=IndexClass.I,
    loads=(joinedload(ConsultationFile.consultation).joinedload(Consultation.unit),),
)
