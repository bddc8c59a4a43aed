"""What stands behind one agency's score: its history, its engagements. Changes nothing."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.engagements.models import Engagement
from app.errors import Words
from app.rankings.grouping import grouped
from app.rankings.inputs import Inputs, key_of, unpacked
from app.rankings.methods import rules_of
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.reading import Line, read
from app.reviews.labels import dimension_label
from app.reviews.queries import all_dimensions

MOST = 12


@dataclass(frozen=True)
class Point:
    """One agency in one published ranking."""

    snapshot: RankingSnapshot
    line: Line
    digits: int


@dataclass(frozen=True)
class Job:
    """One engagement behind a score: its reviews, what each party gave, and the plain mean."""

    engagement: Engagement
    reviews: int
    parties: dict[str, float]
    mean: float


def history_of(agency_id: int) -> list[Point]:
    """An agency in the last published rankings that showed a figure of it, the oldest first."""
    query = (
        select(RankingRow, RankingSnapshot)
        .join(RankingSnapshot, RankingRow.snapshot_id == RankingSnapshot.id)
        .options(joinedload(RankingRow.agency, innerjoin=True))
        .where(RankingRow.agency_id == agency_id, RankingSnapshot.published_at.is_not(None))
        .order_by(RankingSnapshot.as_of.desc(), RankingSnapshot.id.desc())
        .limit(MOST)
    )
    found = db.session.execute(query).all()
    points = []
    for row, snapshot in found[::-1]:
        reading = read(snapshot)
        points.append(Point(snapshot, reading.lines([row])[0], reading.digits))
    return [point for point in points if point.line.score is not None]


def dimension_names() -> dict[str, Words]:
    """What the dimensions are called, in order, the retired ones too."""
    return {each.code: dimension_label(each) for each in db.session.scalars(all_dimensions())}


def jobs_behind(snapshot: RankingSnapshot, agency_id: int) -> Sequence[Job]:
    """The engagements behind one agency's score, for those who see all; none of old snapshots."""
    if snapshot.inputs is None:
        return []
    inputs = Inputs.from_text(unpacked(snapshot.inputs))
    group = grouped(inputs.entries, rules_of(json.loads(snapshot.parameters))).get(agency_id)
    stars: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for entry, star in group.ratings if group else ():
        stars[entry.engagement][entry.party].append(star)
    query = select(Engagement).where(Engagement.agency_id == agency_id).order_by(Engagement.id)
    found = []
    for engagement in db.session.scalars(query):
        if own := stars.get(key_of(snapshot.salt, "engagement", engagement.id)):
            means = {party: sum(given) / len(given) for party, given in own.items()}
            every = [star for given in own.values() for star in given]
            found.append(Job(engagement, len(every), means, sum(every) / len(every)))
    return found
