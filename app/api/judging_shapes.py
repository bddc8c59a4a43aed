"""Ratings, rankings, the register and notices, as other systems read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from flask_babel import lazy_gettext as _

from app.agencies import models as agencies
from app.agencies.models import AgencyType
from app.api.shaping import Told
from app.api.work_shapes import Body
from app.engagements.models import Party
from app.exchange.models import Post, PostKind
from app.rankings.models import RankingSnapshot
from app.rankings.reading import Line
from app.reviews import models as reviews
from app.reviews import summary


@dataclass(frozen=True)
class Round:
    """The rating of a finished engagement; before it is unsealed nobody reads any of it."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    engagement_id: Annotated[int, Told(_("The engagement that it belongs to"))]
    opened_at: Annotated[datetime, Told(_("When the parties were invited"))]
    closes_on: Annotated[date, Told(_("Its last day"))]
    unsealed_at: Annotated[datetime | None, Told(_("When the ratings were opened"))]

    @classmethod
    def of(cls, one: reviews.ReviewRound) -> "Round":
        """From the record; the policy was asked before."""
        return cls(one.id, one.engagement_id, one.opened_at, one.closes_on, one.unsealed_at)


@dataclass(frozen=True)
class Mean:
    """The mean of one dimension."""

    dimension: Annotated[str, Told(_("The dimension's code"))]
    stars: Annotated[float | None, Told(_("The mean to one decimal; null: fewer than three"))]


@dataclass(frozen=True)
class Summary:
    """What an agency may know too: means of at least three, words without their writers."""

    reviews: Annotated[int, Told(_("How many parties rated"))]
    means: Annotated[list[Mean], Told(_("The means by dimension, those of the opening"))]
    words: Annotated[list[str], Told(_("What was written, in an order that tells nothing"))]

    @classmethod
    def of(cls, told: summary.Summary, codes: Mapping[int, str]) -> "Summary":
        """From what the reviews say that this reader may know."""
        means = [Mean(codes[key], mean) for key, mean in sorted(told.means.items())]
        return cls(told.reviews, means, [*told.words, *told.later])


@dataclass(frozen=True)
class Stars:
    """The stars of one dimension."""

    dimension: Annotated[str, Told(_("The dimension's code"))]
    stars: Annotated[int | None, Told(_("One to five; null: not applicable"))]


@dataclass(frozen=True)
class Review:
    """One party's rating, for those who read every rating once they are opened."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    party: Annotated[Party, Told(_("The kind of buyer"))]
    organisation: Annotated[Body, Told(_("Whose rating it is"))]
    version: Annotated[int, Told(_("Its number; a later one came after an appeal"))]
    submitted_at: Annotated[datetime, Told(_("When it was handed in"))]
    stars: Annotated[list[Stars], Told(_("The stars by dimension"))]
    words: Annotated[str, Told(_("What was written"))]
    fact: Annotated[str, Told(_("The paper or stage that one star speaks of"))]
    is_voided: Annotated[bool, Told(_("Whether an appeal took it out of every mean"))]
    is_superseded: Annotated[bool, Told(_("Whether a further version has taken its place"))]

    @classmethod
    def of(cls, one: reviews.Review, codes: Mapping[int, str]) -> "Review":
        """From the record; the policy was asked before."""
        return cls(
            id=one.id, party=one.invitation.party,
            organisation=Body.of(one.invitation.organisation), version=one.version,
            submitted_at=one.submitted_at,
            stars=[Stars(codes[key], given) for key, given in sorted(one.stars.items())],
            words=one.words, fact=one.fact, is_voided=one.is_voided,
            is_superseded=one.is_superseded,
        )  # fmt: skip


@dataclass(frozen=True)
class Rating:
    """As much of an engagement's rating as the reader may know."""

    round: Annotated[Round, Told(_("The round"))]
    summary: Annotated[Summary | None, Told(_("The means; null while sealed or of fewer than 3"))]
    reviews: Annotated[list[Review] | None, Told(_("Every rating; null where it isn't yours"))]


@dataclass(frozen=True)
class Ranking:
    """A dated ranking with its method and digests."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    code: Annotated[str, Told(_("Its number on pages and documents"))]
    title: Annotated[str, Told(_("Its title"))]
    since: Annotated[date | None, Told(_("The first day whose ratings count"))]
    as_of: Annotated[date, Told(_("The last day whose ratings count"))]
    method: Annotated[str, Told(_("The method and its version"))]
    computed_at: Annotated[datetime, Told(_("When it was computed"))]
    published_at: Annotated[datetime | None, Told(_("When it was published; null: a draft"))]
    reason: Annotated[str, Told(_("The reason given at publication"))]
    data_digest: Annotated[str, Told(_("SHA-256 of the data that it was computed on"))]
    result_digest: Annotated[str, Told(_("SHA-256 of the exact result"))]

    @classmethod
    def of(cls, one: RankingSnapshot) -> "Ranking":
        """From the record; the policy was asked before."""
        return cls(
            one.id, one.code, one.title, one.since, one.as_of, one.method, one.computed_at,
            one.published_at, one.reason, one.data_digest, one.result_digest,
        )  # fmt: skip


@dataclass(frozen=True)
class RankingRow:
    """One agency in a ranking, with the figures that everybody may know."""

    position: Annotated[int, Told(_("Its place in the list"))]
    agency: Annotated[Body, Told(_("Which agency it is"))]
    rank: Annotated[int | None, Told(_("Its rank; null: too small a sample, or not rated"))]
    rank_low: Annotated[int | None, Told(_("The best rank that the evidence allows"))]
    rank_high: Annotated[int | None, Told(_("The worst rank that the evidence allows"))]
    band: Annotated[str | None, Told(_("A, B or C against the overall mean"))]
    score: Annotated[float | None, Told(_("The fair score in stars"))]
    low: Annotated[float | None, Told(_("Lower end of its interval"))]
    high: Annotated[float | None, Told(_("Upper end of its interval"))]
    mean: Annotated[float | None, Told(_("The plain mean of the stars"))]
    reliability: Annotated[float | None, Told(_("How much the evidence resolves, 0 to 1"))]
    engagements: Annotated[int, Told(_("Rated engagements"))]
    reviews: Annotated[int, Told(_("Ratings"))]

    @classmethod
    def of(cls, line: Line) -> "RankingRow":
        """From the row as everybody may read it."""
        return cls(
            position=line.row.position, agency=Body.of(line.agency.organisation), rank=line.rank,
            rank_low=line.rank_low, rank_high=line.rank_high, band=line.band, score=line.score,
            low=line.low, high=line.high, mean=line.mean, reliability=line.reliability,
            engagements=line.row.engagements, reviews=line.row.reviews,
        )  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """An agency of the directory; standing in it is no condition for bidding."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    name: Annotated[str, Told(_("Its name"))]
    credit_code: Annotated[str | None, Told(_("Its unified social credit code"))]
    agency_type: Annotated[AgencyType, Told(_("What kind of agency it is"))]
    legal_representative: Annotated[str, Told(_("Its legal representative"))]
    platform_number: Annotated[str, Told(_("Its number in the Ministry's credit platform"))]
    registered_at: Annotated[datetime, Told(_("When it was registered here"))]
    closed_at: Annotated[datetime | None, Told(_("When it left the directory"))]
    lead_evaluators: Annotated[int, Told(_("Its confirmed lead evaluators"))]

    @classmethod
    def of(cls, one: agencies.Agency, lead_evaluators: int) -> "Agency":
        """From the record; the policy was asked before."""
        return cls(
            one.id, one.name, one.organisation.credit_code, one.agency_type,
            one.legal_representative, one.platform_number, one.registered_at,
            one.organisation.closed_at, lead_evaluators,
        )  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """A notice of the bureau, or a rule in its library."""

    id: Annotated[int, Told(_("The portal's number of it"))]
    kind: Annotated[PostKind, Told(_("Notice or policy"))]
    title: Annotated[str, Told(_("Its title"))]
    body: Annotated[str, Told(_("Its text, plain"))]
    document_no: Annotated[str, Told(_("The number of its document"))]
    in_force_on: Annotated[date | None, Told(_("From which day it is in force"))]
    posted_at: Annotated[datetime, Told(_("When it was posted"))]
    edited_at: Annotated[datetime | None, Told(_("When it was last edited"))]

    @classmethod
    def of(cls, one: Post) -> "Notice":
        """From the record; the policy was asked before."""
        return cls(
            one.id, one.kind, one.title, one.body, one.document_no, one.in_force_on,
            one.posted_at, one.edited_at,
        )  # fmt: skip
