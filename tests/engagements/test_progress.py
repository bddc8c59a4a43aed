from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing

import pytest

from app.engagements.progress import (
    EngagementState,
    Light,
    StageState,
    light,
    marks,
    stage_light,
    state_of,
    state_of_engagement,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FRIDAY = date(2026, 3, 13)


def stage(position=1, **changes):
    told = {
        "position": position,
        "name": "阶段",
        "due_on": FRIDAY,
        "started_at": None,
        "submitted_at": None,
        "approved_at": None,
        "returned_count": 0,
    }
    return Thing(**{**told, **changes})


@pytest.mark.parametrize(
    ("today", "tone"),
    [
        (date(2026, 3, 9), Light.GREEN),  # Monday: four working days left
        (date(2026, 3, 10), Light.YELLOW),
        (FRIDAY, Light.YELLOW),
        (date(2026, 3, 14), Light.RED),  # the day is over, though offices are closed
        (date(2026, 3, 16), Light.RED),
    ],
)
def test_light(today, tone):
    assert light(FRIDAY, today) is tone


def test_holidays_do_not_count():
    assert light(date(2026, 10, 9), date(2026, 9, 29)) is Light.YELLOW


def test_only_the_current_stage_has_a_light():
    assert stage_light(stage(2), 1, FRIDAY) is Light.NONE
    assert stage_light(stage(1, approved_at=NOW), 1, FRIDAY) is Light.NONE
    assert stage_light(stage(1), 1, FRIDAY) is Light.YELLOW


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, StageState.NOT_STARTED),
        ({"started_at": NOW}, StageState.RUNNING),
        ({"started_at": NOW, "returned_count": 1}, StageState.RETURNED),
        ({"started_at": NOW, "returned_count": 1, "submitted_at": NOW}, StageState.SUBMITTED),
        ({"started_at": NOW, "submitted_at": NOW, "approved_at": NOW}, StageState.APPROVED),
    ],
)
def test_state_of_a_stage(changes, state):
    assert state_of(stage(**changes), 1) is state


def test_a_stage_that_was_left_out():
    assert state_of(stage(1, started_at=NOW), 5) is StageState.SKIPPED


def test_marks_of_the_strip():
    stages = [stage(1, approved_at=NOW), stage(2), stage(3)]
    names = ["一", "二", "三"]
    assert marks(stages, 2, names, FRIDAY) == [("一", "done"), ("二", "now"), ("三", "ahead")]
    assert marks(stages, 2, names, date(2026, 3, 16))[1] == ("二", "late")


def test_state_of_an_engagement():
    ends = dict.fromkeys(("accepted_at", "refused_at", "terminated_at", "closed_at"))
    assert state_of_engagement(Thing(**ends)) is EngagementState.OPEN
    assert state_of_engagement(Thing(**ends), "acceptance") is EngagementState.ACCEPTANCE
    for name, state in (
        ("accepted_at", EngagementState.ACCEPTED),
        ("refused_at", EngagementState.REFUSED),
        ("terminated_at", EngagementState.TERMINATED),
    ):
        assert state_of_engagement(Thing(**{**ends, name: NOW})) is state
        closed = {**ends, name: NOW, "closed_at": NOW}
        assert state_of_engagement(Thing(**closed)) is EngagementState.CLOSED
