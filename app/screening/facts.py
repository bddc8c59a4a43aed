"""Stars against what the portal knows of the work. Rules, not statistics. Pure."""

from dataclasses import dataclass
from enum import StrEnum

LOW, BEST = 2, 5
POOR = frozenset({"fair", "poor"})  # 中, 差
TOO_LATE = 5  # working days


class Oddity(StrEnum):
    """What doesn't go together."""

    BEST_THOUGH_LATE = "best_though_late"
    LOW_THOUGH_IN_TIME = "low_though_in_time"
    LOW_AFTER_POOR = "low_after_poor"


@dataclass(frozen=True)
class Work:
    """One review beside the facts of its engagement.

    efficiency and lowest: stars for service efficiency, and the lowest of all; days_late: working
    days by which the final report was late (nought: in time; None: there is none); returns: how
    often a stage was returned; grade: the project's own, where the rater is the evaluated unit.
    """

    efficiency: int | None
    lowest: int | None
    days_late: int | None
    returns: int
    grade: str | None


def oddities(work: Work) -> list[Oddity]:
    """What a person should look at; often there is a good reason.

    Five stars for efficiency though the report came a week late; one or two though it was in time
    and nothing was returned; an evaluated unit that gives one or two after its project was 中, 差.
    """
    found, late = [], work.days_late
    if work.efficiency == BEST and late is not None and late >= TOO_LATE:
        found.append(Oddity.BEST_THOUGH_LATE)
    in_time = late is not None and late <= 0 and not work.returns
    if work.efficiency is not None and work.efficiency <= LOW and in_time:
        found.append(Oddity.LOW_THOUGH_IN_TIME)
    if work.grade in POOR and work.lowest is not None and work.lowest <= LOW:
        found.append(Oddity.LOW_AFTER_POOR)
    return found
