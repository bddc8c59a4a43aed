"""Requests of changes for tests."""

from app import clock
from app.amendments import services
from app.db import transaction


def later(stage, days):
    return clock.add_working_days(max(stage.due_on, clock.today()), days)


def ask(lead, engagement, days=5, reason="被评价单位资料未齐"):
    stage = engagement.current_stage
    with transaction():
        return services.ask_extension(lead, stage, later(stage, days), reason)
