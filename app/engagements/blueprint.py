"""The pages of engagements; the modules of views beside this one add them."""

from flask import Blueprint

from app import clock
from app.audit.wording import show_fact
from app.engagements import labels, progress

bp = Blueprint("engagements", __name__)
bp.record_once(lambda _state: show_fact("stage", lambda told: str(labels.stage_label(*told))))
bp.context_processor(lambda: {"labels": labels, "progress": progress, "today": clock.today()})
