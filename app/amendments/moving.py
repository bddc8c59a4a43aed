"""How due days move, each move kept beside the day that stood before."""

from datetime import date

from app import clock
from app.amendments.models import Amendment, DueMove
from app.engagements.models import Stage


def extend(amendment: Amendment) -> None:
    """Move the stage to the day that was asked, and the ones after it by as many working days."""
    stage, until = amendment.stage, amendment.ends_on
    if stage is None or until is None:
        return
    days = clock.working_days_between(stage.due_on, until)
    _move(amendment, stage, days, until)
    for later in amendment.engagement.stages:
        if later.position > stage.position and later.approved_at is None:
            _move(amendment, later, days)


def put_off(amendment: Amendment, days: int) -> None:
    """Move every stage that isn't over by so many working days."""
    engagement = amendment.engagement
    for stage in engagement.stages:
        if stage.position >= engagement.current_stage_position and stage.approved_at is None:
            _move(amendment, stage, days)


def _move(amendment: Amendment, stage: Stage, days: int, until: date | None = None) -> None:
    new = until or clock.add_working_days(stage.due_on, days)
    if new > stage.due_on:
        amendment.moves.append(DueMove(stage_id=stage.id, due_before=stage.due_on, due_on=new))
        stage.due_on = new
