from decimal import Decimal

import pytest

from app.comparisons import labels
from app.comparisons.scoring import (
    BadScheme,
    Compared,
    Criterion,
    Kind,
    PriceRule,
    Stated,
    check,
    compare,
    letters,
    price_points,
    ranking_points,
)
from app.expert_reviews.totals import Rule

WAN = 10_000 * 100
PRICE, PLAN = Criterion("报价", 20, Kind.PRICE), Criterion("方案", 80, Kind.JUDGED)


@pytest.mark.parametrize(
    ("criteria", "why"),
    [
        ((), "count"),
        ((PRICE, PLAN, Criterion("团队", 5, Kind.JUDGED)), "whole"),
        ((PRICE, Criterion("方案", 0, Kind.JUDGED), PLAN), "points"),
        ((Criterion("方案", 100, Kind.JUDGED),), "kinds"),
        ((PRICE, Criterion("排名快照", 80, Kind.RANKING)), "kinds"),
        ((PRICE, Criterion("本地化服务", 10, Kind.JUDGED), Criterion("方案", 70, Kind.JUDGED)), "place"),
        ((PRICE, Criterion("已入库机构", 10, Kind.JUDGED), Criterion("方案", 70, Kind.JUDGED)), "list"),
        ((PRICE, Criterion("星级评价", 10, Kind.JUDGED), Criterion("方案", 70, Kind.JUDGED)), "stars"),
        ((PRICE, Criterion("获奖情况", 10, Kind.JUDGED), Criterion("方案", 70, Kind.JUDGED)), "record"),
        (
            (PRICE, Criterion("质量证据", 25, Kind.RANKING), Criterion("方案", 55, Kind.JUDGED)),
            "ranking",
        ),
    ],
)  # fmt: skip
def test_what_gives_no_points_is_refused_with_words(criteria, why):
    with pytest.raises(BadScheme) as caught:
        check(criteria, is_buyers_choice=True)
    assert caught.value.why == why
    assert str(labels.bad_scheme(caught.value))


def test_the_ranking_gives_points_only_where_the_buyer_chooses():
    criteria = (PRICE, Criterion("质量证据", 20, Kind.RANKING), Criterion("方案", 60, Kind.JUDGED))
    check(criteria, is_buyers_choice=True)
    with pytest.raises(BadScheme, match="statutory"):
        check(criteria, is_buyers_choice=False)


def test_points_of_a_price():
    prices = [6 * WAN, 8 * WAN, 10 * WAN]
    lowest = [price_points(PriceRule.LOWEST, prices, one, 30) for one in prices]
    assert lowest == [Decimal("30.00"), Decimal("22.50"), Decimal("18.00")]
    mean = [price_points(PriceRule.MEAN, prices, one, 30) for one in prices]
    assert mean == [Decimal("22.50"), Decimal("30.00"), Decimal("22.50")]
    assert price_points(PriceRule.MEAN, [1, 9999], 9999, 10) >= 0


def test_who_has_no_place_counts_as_the_mean():
    scores = {1: 500, 2: 300}
    assert ranking_points(scores, 1, 20) == 20
    assert ranking_points(scores, 2, 20) == 12
    assert ranking_points(scores, 9, 20) == 16
    assert ranking_points({}, 9, 20) == 0


def sheets(*rows):
    return [[Decimal(one) for one in row] for row in rows]


def test_totals_follow_from_the_rule_that_was_stated():
    rows = sheets(["10", "10"], ["40", "20"], ["41", "20"], ["42", "20"], ["50", "30"])
    for rule, judged in ((Rule.MEAN, "56.60"), (Rule.TRIMMED, "61.00")):
        stated = Stated((PRICE, PLAN), rule, PriceRule.LOWEST, {})
        (row,) = compare(stated, [Compared(1, 7, 5 * WAN, rows)])
        assert (str(row.judged), str(row.price), row.ranking) == (judged, "20.00", 0)
    assert row.means == [Decimal("36.60"), Decimal("20.00")]
    with pytest.raises(ValueError, match="too few"):
        compare(stated, [Compared(1, 7, 5 * WAN, rows[:4])])


def test_of_equal_totals_the_lower_price_stands_first():
    stated = Stated((PRICE, PLAN), Rule.MEAN, PriceRule.LOWEST, {})
    found = compare(
        stated,
        [
            Compared(1, 11, 10 * WAN, sheets(["70"])),
            Compared(2, 12, 5 * WAN, sheets(["60"])),
            Compared(3, 13, 5 * WAN, sheets(["60"])),
        ],
    )
    assert [row.bid_id for row in found] == [2, 3, 1]
    assert {row.total for row in found} == {Decimal("80.00")}


def test_letters_go_by_the_digests_alone():
    assert letters({5: "b", 3: "a"}) == {3: "A", 5: "B"}
    many = letters({n: f"{n:03d}" for n in range(28)})
    assert (many[25], many[26], many[27]) == ("Z", "AA", "AB")
