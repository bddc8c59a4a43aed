"""Expert reviews for tests."""

from datetime import date
from decimal import Decimal

from app.db import transaction
from app.expert_reviews import services
from app.expert_reviews.services import NewReview, Sheet
from app.expert_reviews.totals import Rule
from app.policy import Role
from tests.factories import UserFactory
from tests.papers.filing import file_paper

CRITERIA = (("结构", 40), ("依据", 60))


def experts(count=2):
    return [UserFactory(role=Role.EXPERT) for _n in range(count)]


def called(officer, lead, engagement, people, version=None, **changes):
    version = version or file_paper(lead, engagement, "H-02", "送审稿").versions[0]
    told = {
        "version": version,
        "held_on": date(2026, 9, 1),
        "place": "三楼会议室",
        "rule": Rule.MEAN,
        "criteria": CRITERIA,
        "experts": people,
        **changes,
    }
    with transaction():
        return services.call_review(officer, engagement, NewReview(**told))


def seat_of(review, expert):
    return next(seat for seat in review.seats if seat.expert_id == expert.id)


def judge(expert, review, points=("35", "50"), opinions=(("第5页", "补充抽样说明"),), grounds=()):
    with transaction():
        services.state_grounds(expert, seat_of(review, expert), grounds)
    if not grounds:
        with transaction():
            sheet = Sheet([Decimal(one) for one in points], opinions)
            services.submit_sheet(expert, seat_of(review, expert), sheet)


def concluded(officer, review):
    with transaction():
        services.conclude_review(officer, review, "与会专家一致同意修改后通过。")
    return review
