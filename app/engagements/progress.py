"""How far an engagement is, and how it stands with its days: pure, from dates alone."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app import clock

SOON = 3  # working days: from here on the light is yellow


class Light(StrEnum):
    """The traffic light of a due day (红黄绿); the values are the tones of the page's macro."""

    RED = "red"
    YELLOW = "amber"
    GREEN = "green"
    NONE = "idle"


class StageState(StrEnum):
    """Where a stage stands, as people here call it."""

    NOT_STARTED = "not_started"  # 未开始
    RUNNING = "running"  # 进行中
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 已退回
    APPROVED = "approved"  # 已通过
    SKIPPED = "skipped"  # 未进行: the work ended before


class EngagementState(StrEnum):
    """Where an engagement stands."""

    OPEN = "open"  # 进行中
    ACCEPTANCE = "acceptance"  # 待验收
    ACCEPTED = "accepted"  # 已验收
    REFUSED = "refused"  # 验收不通过
    TERMINATED = "terminated"  # 已终止
    CLOSED = "closed"  # 已归档


class Dated(Protocol):
    """What a stage tells of its course."""

    @property
    def position(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def returned_count(self) -> int: ...


class Ended(Protocol):
    """What an engagement tells of its end."""

    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def refused_at(self) -> datetime | None: ...
    @property
    def terminated_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def light(due_on: date, today: date) -> Light:
    """Red once the due day is over, yellow with three working days or fewer left, else green."""
    if today > due_on:
        return Light.RED
    left = clock.working_days_between(today, due_on)
    return Light.YELLOW if left <= SOON else Light.GREEN


def state_of(stage: Dated, current: int) -> StageState:
    """Where a stage stands while the work is at the stage numbered `current`."""
    if stage.approved_at is not None:
        return StageState.APPROVED
    if stage.position < current:
        return StageState.SKIPPED
    if stage.submitted_at is not None:
        return StageState.SUBMITTED
    if stage.started_at is None:
        return StageState.NOT_STARTED
    return StageState.RETURNED if stage.returned_count else StageState.RUNNING


def stage_light(stage: Dated, current: int, today: date) -> Light:
    """The light of the stage that the work is at; other stages have none."""
    if stage.position != current or stage.approved_at is not None:
        return Light.NONE
    return light(stage.due_on, today)


def state_of_engagement(engagement: Ended, stage_code: str = "") -> EngagementState:
    """Where an engagement stands; `stage_code` is that of its current stage."""
    ends = (
        (engagement.closed_at, EngagementState.CLOSED),
        (engagement.terminated_at, EngagementState.TERMINATED),
        (engagement.refused_at, EngagementState.REFUSED),
        (engagement.accepted_at, EngagementState.ACCEPTED),
    )
    for at, state in ends:
        if at is not None:
            return state
    return EngagementState.ACCEPTANCE if stage_code == "acceptance" else EngagementState.OPEN


def marks(
    stages: Sequence[Dated], current: int, names: Sequence[str], today: date
) -> list[tuple[str, str]]:
    """The strip of stages: a name and one of done, now, late, ahead for each."""
    return [(name, _mark(stage, current, today)) for stage, name in zip(stages, names, strict=True)]


def _mark(stage: Dated, current: int, today: date) -> str:
    if stage.approved_at is not None:
        return "done"
    if stage.position != current:
        return "ahead"
    return "late" if today > stage.due_on else "now"
