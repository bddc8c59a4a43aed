"""What process data say of a stage and on an engagement's page; how visits take photographs."""

from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app import engagements
from app.accounts.models import User
from app.attachments import Keeper, Take, exif
from app.attachments.joining import join_keeper
from app.attachments.sending import head_of
from app.audit.wording import show_fact
from app.engagements import Tab
from app.engagements.models import Act, Engagement, Stage
from app.errors import Words
from app.fieldwork import labels, queries, services
from app.fieldwork.models import SiteVisit, VisitPhoto
from app.papers.files import StoredFile
from app.papers.joining import once
from app.papers.models import IndexClass
from app.policy import Permission, can

STAGE = "fieldwork"


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.submission_gates, unvisited)
    once(engagements.tabs, tab)
    join_keeper(KEEPER)
    show_fact("entry", lambda name: str(labels.ENTRIES.get(name, name)))


def unvisited(stage: Stage) -> Words | None:
    """Where the template asks for it, the fieldwork isn't handed in without a visit on record."""
    if stage.code != STAGE or Act.SITE_VISIT not in stage.engagement.template.required_acts:
        return None
    if queries.has_visit(stage.engagement):
        return None
    return _("No site visit is on record: enter date, place, people and photographs of one")


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of entries, for those who read the papers; amber while a visit is missing."""
    if not can(user, Permission.FIELDWORK_READ, engagement):
        return None
    facts = queries.facts_of([engagement.id])[engagement.id]
    stage = engagement.current_stage
    lacks = stage is not None and unvisited(stage) is not None
    label = gettext("Work on site")
    return Tab(
        label,
        f"/engagements/{engagement.id}/fieldwork",
        facts.visits + facts.interviews,
        "warn" if lacks else "",
    )


def taking(file: StoredFile) -> Take:
    """A photograph is taken with what its camera wrote into it."""
    return partial(services.add_photo, facts=exif.read(head_of(file)))


def of_engagement(query: Select[Any], engagement_id: int) -> Select[Any]:
    """The photographs of one engagement's visits."""
    return query.join(VisitPhoto.visit).where(SiteVisit.engagement_id == engagement_id)


def about(photo: VisitPhoto) -> str:
    """Day and place of the visit."""
    return f"现场核查 {photo.visit.visited_on} {photo.visit.place}"


KEEPER = Keeper(
    kind="site_visit",
    record=SiteVisit,
    file=VisitPhoto,
    read=Permission.FIELDWORK_READ,
    send=Permission.FIELDWORK_RECORD,
    taking=taking,
    address=lambda key: f"/site-visits/{key}",
    of_engagement=of_engagement,
    record_of=lambda file: file.visit,
    about=about,
    folder="现场照片",
    index_class=IndexClass.D,
    loads=(joinedload(VisitPhoto.visit),),
)
