"""The pages of engagements; the modules of views beside this one add them."""

from typing import Any

from flask import Blueprint
from flask_login import current_user

from app import clock, engagements
from app.audit.wording import show_fact
from app.engagements import Tab, labels, progress
from app.engagements.models import Act, Engagement

bp = Blueprint("engagements", __name__)
bp.record_once(lambda _state: show_fact("stage", lambda told: str(labels.stage_label(*told))))
bp.context_processor(lambda: {"labels": labels, "progress": progress, "today": clock.today()})


@bp.app_template_global("engagement_tabs")
def tabs_of(engagement: Engagement) -> list[Tab]:
    """The pages about an engagement that the reader may open."""
    user: Any = current_user
    return [tab for made in engagements.tabs if (tab := made(engagement, user))]


@bp.app_template_filter("act_label")
def act_label(act: str) -> str:
    """What a template asks for, in words."""
    return str(labels.ACTS[Act(act)])
