"""The rows of a snapshot as lists: by state, by name, so many at a time. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Organisation
from app.agencies.models import Agency
from app.db import db
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.places import Place, unproven
from app.rankings.reading import Line
from app.web import here

SIZE = 50
STATES: dict[str, ColumnElement[bool]] = {
    "ranked": RankingRow.rank.is_not(None),
    "insufficient": and_(RankingRow.rank.is_(None), RankingRow.reviews > 0),
    "unrated": and_(RankingRow.rank.is_(None), RankingRow.reviews == 0),
}


@dataclass(frozen=True)
class RowsPage:
    """One page of rows, with the addresses of the pages beside it."""

    items: Sequence[RankingRow]
    next_url: str | None
    previous_url: str | None


def rows_page(
    snapshot: RankingSnapshot, state: str, *, words: str = "", after: int = 0, size: int = SIZE
) -> RowsPage:
    """The rows of a state after a position, in their order; with words, whose name holds them."""
    query = (
        select(RankingRow)
        .join(RankingRow.agency)
        .join(Agency.organisation)
        .options(contains_eager(RankingRow.agency).contains_eager(Agency.organisation))
        .where(RankingRow.snapshot_id == snapshot.id, STATES[state])
    )
    if words:
        query = query.where(Organisation.name.contains(words, autoescape=True))
    found = db.session.scalars(
        query.where(RankingRow.position > after).order_by(RankingRow.position).limit(size + 1)
    ).all()
    rows = found[:size]
    return RowsPage(
        rows,
        here(after=rows[-1].position) if len(found) > size else None,
        here(after=_before(query, after, size)) if after else None,
    )


def _before(query: Select[RankingRow], after: int, size: int) -> int | None:
    """The position after which the page before begins; None for the first."""
    earlier = query.where(RankingRow.position <= after).order_by(RankingRow.position.desc())
    columns = earlier.with_only_columns(RankingRow.position).offset(size).limit(1)
    return db.session.scalar(columns)


def counts_of(snapshot: RankingSnapshot) -> dict[str, int]:
    """How many rows there are of each state, in one statement."""
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in STATES.values()
    ]
    found = db.session.execute(select(*sums).where(RankingRow.snapshot_id == snapshot.id)).one()
    return dict(zip(STATES, map(int, found), strict=True))


def line_row(snapshot: RankingSnapshot, agency_id: int) -> RankingRow | None:
    """One agency's row."""
    query = select(RankingRow).where(
        RankingRow.snapshot_id == snapshot.id, RankingRow.agency_id == agency_id
    )
    return db.session.scalar(query.options(joinedload(RankingRow.agency, innerjoin=True)))


def names_ranked(snapshot: RankingSnapshot) -> list[tuple[int, str]]:
    """The ranked agencies by place, to choose from."""
    query = (
        select(RankingRow.agency_id, Organisation.name)
        .join(Organisation, Organisation.id == RankingRow.agency_id)
        .where(RankingRow.snapshot_id == snapshot.id, STATES["ranked"])
        .order_by(RankingRow.position)
    )
    return [(key, name) for key, name in db.session.execute(query)]


def unproven_in(lines: Sequence[Line]) -> tuple[int, int, int] | None:
    """Which places of the first part can't be told from the best: (g, from, to), or None."""
    places = [
        Place(line.agency_id, line.rank, line.rank_low, line.rank_high, line.top or 0.0, line.band)
        for line in lines
        if line.rank and not line.row.part
    ]
    return unproven(places) if places and places[0].rank == 1 else None


def apart_of(snapshot: RankingSnapshot, parts: Sequence[Sequence[int]]) -> list[list[str]]:
    """The names of the agencies of every part but the first: nobody joins them to the rest."""
    keys = [key for part in parts[1:] for key in part]
    if not keys:
        return []
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    names = {key: str(name) for key, name in db.session.execute(query)}
    return [[names[key] for key in part] for part in parts[1:]]
