"""What document requests say on the page of an engagement, and how their items take files."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app import clock, engagements
from app.accounts.models import User
from app.attachments import Keeper
from app.attachments.joining import join_keeper
from app.engagements import Tab
from app.engagements.models import Engagement
from app.papers.joining import once
from app.papers.models import IndexClass
from app.policy import Permission
from app.requests import queries, services
from app.requests.models import DocumentRequest, RequestFile, RequestItem


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.tabs, tab)
    join_keeper(KEEPER)


def tab(engagement: Engagement, user: User) -> Tab | None:
    """How much is owed, beside the address of the lists; nothing where no unit is evaluated."""
    if not engagement.unit_ids:
        return None
    owed, first_due = queries.owed_in(engagement, user)
    late = first_due is not None and first_due < clock.today()
    url = f"/engagements/{engagement.id}/document-requests"
    return Tab(_("Document requests"), url, owed, "bad" if late else "")


def of_engagement(query: Select[Any], engagement_id: int) -> Select[Any]:
    """The files that units handed over in one engagement."""
    joined = query.join(RequestFile.item).join(RequestItem.request)
    return joined.where(DocumentRequest.engagement_id == engagement_id)


def about(file: RequestFile) -> str:
    """List, item and what was asked for."""
    item = file.item
    return f"资料清单{item.request.number} 第{item.number}项 {item.title}"


KEEPER = Keeper(
    kind="request_item",
    record=RequestItem,
    file=RequestFile,
    read=Permission.DOCUMENT_REQUEST_READ,
    send=Permission.DOCUMENT_REQUEST_SUPPLY,
    taking=lambda _file: services.supply_file,
    address=lambda key: f"/request-items/{key}",
    of_engagement=of_engagement,
    record_of=lambda file: file.item,
    about=about,
    folder="资料清单",
    index_class=IndexClass.C,
    loads=(joinedload(RequestFile.item),),
)
