"""The pages of process data; the modules of views beside this one add them."""

from flask import Blueprint

from app.engagements.models import Engagement
from app.fieldwork import labels
from app.fieldwork.queries import ProcessFacts, facts_of

bp = Blueprint("fieldwork", __name__)
bp.context_processor(lambda: {"activities": labels.ACTIVITIES})


@bp.app_template_global()
def process_facts(engagement: Engagement) -> ProcessFacts:
    """What was really done in an engagement, for pages of upper features."""
    return facts_of([engagement.id])[engagement.id]
