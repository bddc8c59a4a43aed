"""What rectification says on the page of an engagement, and how its items take files."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app import engagements
from app.accounts.models import User
from app.attachments import Keeper
from app.attachments.joining import join_keeper
from app.audit.wording import show_fact
from app.display import yuan
from app.engagements import Tab
from app.engagements.models import Engagement
from app.papers.joining import once
from app.papers.models import IndexClass
from app.policy import Permission, can
from app.rectifications import queries, services
from app.rectifications.models import RectificationFile, RectificationItem, RectificationNotice


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.tabs, tab)
    join_keeper(KEEPER)
    show_fact("amount_fen", yuan)


def tab(engagement: Engagement, user: User) -> Tab | None:
    """What is not yet put right, red until closed; before acceptance there is nothing."""
    if engagement.accepted_at is None or not engagement.unit_ids:
        return None
    count, left = queries.open_in(engagement, user)
    if not count and not can(user, Permission.RECTIFICATION_ISSUE, engagement):
        return None
    url = f"/engagements/{engagement.id}/rectifications"
    return Tab(_("Rectification"), url, left, "bad" if left else "")


def of_engagement(query: Select[Any], engagement_id: int) -> Select[Any]:
    """The evidence of one engagement's notices."""
    joined = query.join(RectificationFile.item).join(RectificationItem.notice)
    return joined.where(RectificationNotice.engagement_id == engagement_id)


def about(file: RectificationFile) -> str:
    """Notice and finding."""
    return f"整改通知{file.item.notice.number} 第{file.item.number}项 整改佐证"


KEEPER = Keeper(
    kind="rectification_item",
    record=RectificationItem,
    file=RectificationFile,
    read=Permission.RECTIFICATION_READ,
    send=Permission.RECTIFICATION_REPORT,
    taking=lambda _file: services.add_evidence,
    address=lambda key: f"/rectification-items/{key}",
    of_engagement=of_engagement,
    record_of=lambda file: file.item,
    about=about,
    folder="整改佐证",
    index_class=IndexClass.I,
    loads=(joinedload(RectificationFile.item),),
)
