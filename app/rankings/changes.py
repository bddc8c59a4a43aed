"""The ledger of one agency between two rankings, out of what both were computed on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from app.engagements.models import Engagement
from app.rankings.inputs import key_of, unpacked
from app.rankings.model import FEWEST_REVIEWS
from app.rankings.models import RankingSnapshot
from app.rankings.moving import Move, Side, moves, rounded
from app.rankings.reading import Line, Reading
from app.reviews.models import Review, ReviewRound


@dataclass(frozen=True)
class Ledger:
    """Why a score moved: from which ranking, from what to what, line by line."""

    since: RankingSnapshot
    before: float
    after: float
    lines: list[Move]
    digits: int

    @property
    def change(self) -> float:
        """By how much the score moved, to the digits that are told."""
        return round(self.after - self.before, self.digits)


def before_of(snapshot: RankingSnapshot) -> RankingSnapshot | None:
    """The published ranking that came before this one by the same method, if its data are kept."""
    query = select(RankingSnapshot).where(
        RankingSnapshot.published_at < (snapshot.published_at or snapshot.computed_at),
        RankingSnapshot.method == snapshot.method,
        RankingSnapshot.workings.is_not(None),
        RankingSnapshot.id != snapshot.id,
    )
    newest = query.order_by(RankingSnapshot.published_at.desc(), RankingSnapshot.id.desc())
    return db.session.scalar(newest.limit(1))


def ledger_of(
    reading: Reading, since: RankingSnapshot, lines: tuple[Line, Line], *, digits: int
) -> Ledger | None:
    """The ledger of an agency with a figure in both rankings, told to so many digits.

    None where fewer than three persons stand behind either score.
    """
    old, new = lines
    if old.score is None or new.score is None or reading.snapshot.workings is None:
        return None
    if min(old.row.raters, new.row.raters) < FEWEST_REVIEWS:
        return None
    sides = [_side(each, new.agency_id) for each in (since, reading.snapshot)]
    before, after = (round(side.score, digits) for side in sides)
    found = rounded(moves(*sides), after - before, digits)
    return Ledger(since, before, after, found, digits)


def _side(snapshot: RankingSnapshot, agency_id: int) -> Side:
    told = json.loads(unpacked(snapshot.workings or b""))
    names = _names(snapshot, agency_id)
    terms = {names[key]: term for key, term in told["terms"].items() if key in names}
    return Side(told["overall"], told["shrinkage"], terms, _raters(snapshot, told, names))


def _names(snapshot: RankingSnapshot, agency_id: int) -> dict[str, Any]:
    """What the keys of one ranking stand for: a review, or an engagement as a whole."""
    query = (
        select(Review.id, Review.round_id, ReviewRound.engagement_id)
        .join(ReviewRound, Review.round_id == ReviewRound.id)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .where(Engagement.agency_id == agency_id)
    )
    found: dict[str, Any] = {}
    for review, _round, engagement in db.session.execute(query):
        found[key_of(snapshot.salt, "review", review)] = ("review", review)
        found[key_of(snapshot.salt, "engagement", engagement)] = ("engagement", engagement)
    return found


def _raters(
    snapshot: RankingSnapshot, told: Mapping[str, Any], names: Mapping[str, Any]
) -> dict[Any, frozenset[Any]]:
    """Who stands behind each of them."""
    if "raters" in told:
        return {names[key]: frozenset(own) for key, own in told["raters"].items() if key in names}
    ratings = json.loads(unpacked(snapshot.inputs or b""))["ratings"]
    return {
        names[each["key"]]: frozenset([each["rater"]]) for each in ratings if each["key"] in names
    }
