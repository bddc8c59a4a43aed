from dataclasses import dataclass
from typing import Annotated

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.agencies import queries as agencies
from app.agencies.models import Agency
from app.api import judging_shapes as shapes
from app.api.declaring import reads
from app.api.models import Scope
from app.api.paging import Paging, page
from app.api.shaping import Listing, Told
from app.db import db
from app.engagements.models import Engagement
from app.errors import Missing
from app.exchange import queries as exchange
from app.exchange.models import Post, PostKind
from app.policy import Permission, can
from app.rankings import queries as rankings
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.reading import read
from app.reviews import queries as reviews
from app.reviews.models import ReviewRound
from app.web import actor, gate, load

NOTICES = (PostKind.NOTICE, PostKind.POLICY)


@dataclass(frozen=True)
class NoticesAsked(Paging):
    """Which notices are asked for."""

    kind: Annotated[PostKind | None, Told(_("Notice or policy"))] = None


@reads(
    "/reviews",
    Listing[shapes.Round],
    words=_("The ratings that you may list: an agency its own once they are opened"),
    scope=Scope.REVIEWS,
    asks=Paging,
)
def list_rounds(asked: Paging) -> Listing[shapes.Round]:
    gate(Permission.REVIEW_LIST)
    rows, more = page(reviews.rounds_visible_to(actor()), ReviewRound.id, asked)
    return Listing([shapes.Round.of(one) for one in rows], more)


@reads(
    "/engagements/<int:engagement_id>/review",
    shapes.Rating,
    words=_("As much of an engagement's rating as you may know"),
    scope=Scope.REVIEWS,
)
def get_rating(engagement_id: int) -> shapes.Rating:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    found, user = reviews.round_of(engagement), actor()
    if found is None:
        raise Missing
    codes = {one.id: one.code for one in db.session.scalars(reviews.all_dimensions())}
    told = reviews.summary_of(user, found)
    every = reviews.reviews_of(found) if can(user, Permission.REVIEW_READ, found) else None
    return shapes.Rating(
        shapes.Round.of(found),
        shapes.Summary.of(told, codes) if told else None,
        None if every is None else [shapes.Review.of(one, codes) for one in every],
    )


@reads(
    "/rankings",
    Listing[shapes.Ranking],
    words=_("The rankings that you may read: the published ones, overseers all"),
    scope=Scope.RANKINGS,
    asks=Paging,
)
def list_rankings(asked: Paging) -> Listing[shapes.Ranking]:
    gate(Permission.RANKING_LIST)
    rows, more = page(rankings.snapshots_visible_to(actor()), RankingSnapshot.id, asked)
    return Listing([shapes.Ranking.of(one) for one in rows], more)


@reads(
    "/rankings/<int:snapshot_id>",
    shapes.Ranking,
    words=_("One ranking: its period, method and digests"),
    scope=Scope.RANKINGS,
)
def get_ranking(snapshot_id: int) -> shapes.Ranking:
    return shapes.Ranking.of(load(RankingSnapshot, snapshot_id, Permission.RANKING_READ))


@reads(
    "/rankings/<int:snapshot_id>/rows",
    Listing[shapes.RankingRow],
    words=_("The agencies of a ranking in their order"),
    scope=Scope.RANKINGS,
    asks=Paging,
)
def list_rows(snapshot_id: int, asked: Paging) -> Listing[shapes.RankingRow]:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    named = joinedload(RankingRow.agency, innerjoin=True)
    query = select(RankingRow).where(RankingRow.snapshot_id == snapshot.id).options(named)
    rows, more = page(query, RankingRow.position, asked)
    return Listing([shapes.RankingRow.of(line) for line in read(snapshot).lines(rows)], more)


@reads(
    "/agencies",
    Listing[shapes.Agency],
    words=_("The directory of agencies, as far as you may read it"),
    scope=Scope.REGISTER,
    asks=Paging,
)
def list_agencies(asked: Paging) -> Listing[shapes.Agency]:
    gate(Permission.AGENCY_LIST)
    rows, more = page(agencies.agencies_visible_to(actor()), Agency.id, asked)
    counts = agencies.evaluator_counts([one.id for one in rows])
    return Listing([shapes.Agency.of(one, counts.get(one.id, 0)) for one in rows], more)


@reads(
    "/agencies/<int:agency_id>",
    shapes.Agency,
    words=_("One agency of the directory"),
    scope=Scope.REGISTER,
)
def get_agency(agency_id: int) -> shapes.Agency:
    found = load(Agency, agency_id, Permission.AGENCY_READ)
    return shapes.Agency.of(found, agencies.evaluator_counts([found.id]).get(found.id, 0))


@reads(
    "/notices",
    Listing[shapes.Notice],
    words=_("Notices of the bureau and rules in its library"),
    scope=Scope.NOTICES,
    asks=NoticesAsked,
)
def list_notices(asked: NoticesAsked) -> Listing[shapes.Notice]:
    gate(Permission.POST_LIST)
    kinds = NOTICES if asked.kind is None else tuple({asked.kind} & set(NOTICES))
    query = exchange.posts_visible_to(actor()).where(Post.kind.in_(kinds))
    rows, more = page(query, Post.id, asked)
    return Listing([shapes.Notice.of(one) for one in rows], more)


@reads("/notices/<int:post_id>", shapes.Notice, words=_("One notice"), scope=Scope.NOTICES)
def get_notice(post_id: int) -> shapes.Notice:
    found = load(Post, post_id, Permission.POST_READ)
    if found.kind not in NOTICES:
        raise Missing
    return shapes.Notice.of(found)
