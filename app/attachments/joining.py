"""What attachments tell the papers below: how they take files, and how many bytes they keep."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from app import papers
from app.attachments import Keeper, keepers, waiting
from app.engagements.models import Engagement
from app.papers import Taker
from app.papers.joining import once


def join() -> None:
    """Join the lists of the papers once, however many portals this process makes."""
    once(papers.further_bytes, sums_of)


def join_keeper(keeper: Keeper) -> None:
    """An upper feature says how its records take files."""
    keepers[keeper.kind] = keeper
    papers.takers[keeper.kind] = Taker(waiting.prepared, waiting.address_of)


def sums_of(engagement: Engagement) -> Sequence[Select[Any]]:
    """How many bytes each kind keeps of an engagement; a voided file's are still there."""
    return [
        one.of_engagement(select(func.sum(one.file.size)), engagement.id)
        for one in keepers.values()
    ]
