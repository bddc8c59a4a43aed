"""The ranking by stars beside a year's list: as evidence, deciding nothing. Reads only."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import assessments
from app.accounts.models import User
from app.papers.joining import once
from app.policy import Permission, can
from app.rankings import queries


def join() -> None:
    """Join the year's list once, however many portals this process makes."""
    once(assessments.evidence, standing)


def standing(agency_ids: Sequence[int], user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The newest published ranking for the agencies of a list, for those who may read it."""
    snapshot = queries.newest_published()
    if snapshot is None or not can(user, Permission.RANKING_READ, snapshot):
        return None
    rows = [row for row in queries.rows_of(snapshot) if row.agency_id in set(agency_ids)]
    return "pages/standing.html", {"snapshot": snapshot, "rows": rows}
