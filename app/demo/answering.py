"""What follows a rating: replies, appeals, one-time links, stars for units, signs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from app import clock
from app.appeals import services as appeals
from app.cooperation import queries as cooperation
from app.cooperation.models import Aspect
from app.cooperation.services import rate_unit
from app.db import db, transaction
from app.engagements.models import Party
from app.identity import acts
from app.reviews import queries, weighing
from app.reviews.models import Review, RulingKind
from app.reviews.rating import NewReview
from app.reviews.services import rewrite_review
from app.screening import looking
from app.screening import services as screening
from app.screening.models import Flag, FlagState
from app.sheets import services as sheets
from app.sheets.queries import link_of

if TYPE_CHECKING:
    from app.demo.district import District
    from app.demo.story import Story
    from app.reviews.models import ReviewInvitation

WINDOW, DECISION, AGAIN, RATED = 7, 10, 5, 180  # days, as the portal ships them
BY_LINK, REPLIES, APPEALS, COOPERATES = 0.08, 0.12, 0.12, 0.7
REPLY = "感谢各方点评。所提问题已逐条列入整改清单，后续项目将提前与单位核对资料口径。"
GROUNDS = (
    "报告按合同约定时间提交，有平台收件时间为证；评语所称逾期系补充资料迟交所致，请予复核。",
    "评语所指数据差异已在征求意见环节说明并附佐证材料，请对照意见采纳情况表复核。",
    "两次退回均因被评价单位补充新资料，并非初稿质量问题，请结合退回意见复核。",
)
DECISIONS = {
    None: "经查阅底稿和收件记录，点评所述情况属实，予以维持。",
    RulingKind.RETURNED: "点评所述时间与平台记录不符，请点评人结合记录再核。",
    RulingKind.VOIDED: "点评内容针对其他项目，与本项目无关，予以作废。",
}
SECOND_LOOK = "经核对平台收件记录，报告系按时提交，服务及时性予以更正。"
WEIGHTS_REASON = "经科务会研究，预算单位侧重服务体验，适当下调其对报告质量的权重。"
EXPLAINED = "已核对收件记录：资料由单位迟交，报告顺延经科室同意，点评属实。"


def by_link(story: Story, invitation: ReviewInvitation, new: NewReview) -> bool:
    """A unit that seldom signs in rates with a one-time link; False where this one does not."""
    chance = _chance(story, invitation.id)
    if invitation.party is not Party.UNIT or chance.random() > BY_LINK:
        return False
    officer = story.district.officer_of(invitation.organisation_id)
    token = sheets.issue_link(story.plan.handler, invitation, officer.name, days=30)
    link = link_of(token)
    if link is None:
        raise LookupError("a key that was just made has its record")
    sheets.use_link(sheets.holder_of(link, officer.name), link, new)
    return True


def answer(story: Story) -> Iterator[datetime]:
    """The agency rates the units, sometimes replies, and appeals where a star was low."""
    chance = _chance(story, 0)
    found = queries.round_of(story.engagement)
    if found is None or found.unsealed_at is None:
        return
    yield story.later(1)
    for unit in cooperation.units_of(story.engagement):
        place = cooperation.place_of(story.engagement, unit.id, window=RATED)
        if place is not None and chance.random() < COOPERATES:
            rate_unit(story.lead_user, place, _stars(chance))
    if chance.random() < REPLIES:
        appeals.reply(story.lead_user, found, REPLY, window=WINDOW)
    low = [each for each in queries.reviews_of(found) if min(_given(each), default=5) <= 2]
    if low and chance.random() < 4 * APPEALS:
        yield from _appeal(story, low[0], chance)


def _appeal(story: Story, low: Review, chance: Random) -> Iterator[datetime]:
    """An appeal against a low review, its decision by the leader, and a second look."""
    words = [low.words] if low.words else []
    grounds = chance.choice(GROUNDS)
    filed = appeals.file_appeal(
        story.lead_user, low.round, grounds, words, window=WINDOW, decision=DECISION
    )
    leader = story.district.leader
    yield story.later(chance.randint(3, 6))
    kind = chance.choice((None, None, RulingKind.RETURNED, RulingKind.VOIDED))
    if leader is None:
        return
    verdicts = {low.id: kind} if kind else {}
    appeals.decide_appeal(leader, filed, verdicts, DECISIONS[kind], days=AGAIN)
    if kind is RulingKind.RETURNED and low.author is not None:
        yield story.later(2)
        better = {key: star and min(5, star + 1) for key, star in low.stars.items()}
        rewrite_review(low.author, low, NewReview(better, SECOND_LOOK, low.fact))


def _given(review: Review) -> list[int]:
    return [star for star in review.stars.values() if star is not None]


def _stars(chance: Random) -> dict[Aspect, int | None]:
    return {aspect: chance.choice((2, 3, 4, 4, 4, 5)) for aspect in Aspect}


def _chance(story: Story, more: int) -> Random:
    """Luck of its own, so that nothing else in the district falls out differently."""
    return Random(f"{story.plan.signed_on} {story.engagement.code} {more}")  # noqa: S311 - invented data


def weigh(district: District) -> Iterator[datetime]:
    """The performance section changes the weights once, half a year ago."""
    day = clock.add_working_days(clock.today() - timedelta(days=180), 0)
    yield clock.start_of(day) + timedelta(hours=10)
    now = queries.version_on(clock.today())
    cells = {(cell.party, cell.dimension_id): cell.weight for cell in now.cells}
    quality = next(each.id for each in queries.dimensions() if each.code == "quality")
    cells[Party.UNIT, quality] = 20
    parties = {each.party: each.weight for each in now.parties}
    new = weighing.NewWeights(parties, cells, clock.today(), WEIGHTS_REASON)
    asked = weighing.propose_weights(district.performance[0], new)
    if district.leader is not None:
        acts.confirm_act(district.leader, asked)


def look(district: District) -> None:
    """The screens look at what there is; the leader has explained some of what they raised."""
    signs = looking.signs()
    with transaction():
        screening.raise_flags(signs)
    flags = db.session.query(Flag).order_by(Flag.id).limit(6).all()
    with transaction():
        for flag in flags[::3]:
            if district.leader is not None:
                screening.remark(district.leader, flag, FlagState.EXPLAINED, EXPLAINED)
