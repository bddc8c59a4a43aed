"""Points of a comparison (综合比选): what may be asked for, and how the totals are made. Pure.

Three kinds of criteria: what the members judge (plan, team, …), the price by a formula that is
said beforehand, and the evidence of past quality from one published ranking. 100 points in all.
Amounts are whole fen, points are exact hundredths.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.expert_reviews.totals import CENT, Rule, means, total
from app.procurement.methods import unfair_in

WHOLE = 100
MOST_CRITERIA = 12
MOST_RANKING = 20  # points at most for the evidence of the ranking
STARS = Decimal(5)


class Kind(StrEnum):
    """What gives the points of a criterion."""

    JUDGED = "judged"  # 评审成员打分
    PRICE = "price"  # 报价,按公式
    RANKING = "ranking"  # 星级排名快照,按公式


class PriceRule(StrEnum):
    """How the points of a price follow from all valid prices."""

    LOWEST = "lowest"  # 最低有效报价为基准价: 基准价 ÷ 报价 × 分值
    MEAN = "mean"  # 平均报价为基准价: 每偏离1%扣1%分值


@dataclass(frozen=True)
class Criterion:
    """One line of the notice."""

    name: str
    points: int
    kind: Kind


class BadScheme(ValueError):
    """Criteria that can't stand in a notice; `why` is a word, `told` what it is about."""

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(why)
        self.why, self.told = why, told


# What gives nobody points, however it is called (财库〔2019〕38号, 条例第二十条).
UNFAIR_POINTS: Mapping[str, tuple[str, ...]] = {
    "place": ("本地", "当地", "属地", "驻地", "注册地", "所在地"),
    "list": ("入库", "在库", "名录", "备选", "登记备案", "注册登记"),
    "stars": ("星级", "星数", "点评", "排名", "榜"),
    "record": ("获奖", "奖项", "荣誉"),
    "size": ("成立年限", "注册资金", "人数规模"),
}


def check(criteria: Sequence[Criterion], *, is_buyers_choice: bool) -> None:
    """BadScheme where the criteria don't add up, or give points for what gives none.

    The ranking gives points only where the law lets the buyer choose, and 20 at most.
    """
    if not criteria or len(criteria) > MOST_CRITERIA:
        raise BadScheme("count")
    for one in criteria:
        if not one.name.strip() or one.points <= 0:
            raise BadScheme("points", one.name)
        _check_fair(one)
    if sum(one.points for one in criteria) != WHOLE:
        raise BadScheme("whole", str(sum(one.points for one in criteria)))
    kinds = [one.kind for one in criteria]
    if kinds.count(Kind.PRICE) != 1 or kinds.count(Kind.RANKING) > 1 or Kind.JUDGED not in kinds:
        raise BadScheme("kinds")
    evidence = sum(one.points for one in criteria if one.kind is Kind.RANKING)
    if evidence and not is_buyers_choice:
        raise BadScheme("statutory")
    if evidence > MOST_RANKING:
        raise BadScheme("ranking")


def _check_fair(one: Criterion) -> None:
    if one.kind is Kind.RANKING:
        return
    plain = "".join(one.name.split())
    found = unfair_in(plain)
    for kind, terms in UNFAIR_POINTS.items():
        found += [(kind, term) for term in terms if term in plain]
    if found:
        raise BadScheme(found[0][0], found[0][1])


def price_points(rule: PriceRule, prices: Collection[int], price: int, points: int) -> Decimal:
    """The points of a price among all valid prices, rounded half up to hundredths.

    LOWEST: lowest ÷ price × points (财库〔2014〕214号第二十四条). MEAN: one hundredth of the points
    less for each per cent away from the mean of the valid prices, never below nought.
    """
    if rule is PriceRule.LOWEST:
        return (Decimal(points) * min(prices) / price).quantize(CENT, ROUND_HALF_UP)
    base = Decimal(sum(prices)) / len(prices)
    away = abs(Decimal(price) - base) / base
    return (Decimal(points) * max(1 - away, Decimal(0))).quantize(CENT, ROUND_HALF_UP)


def ranking_points(scores: Mapping[int, int], agency_id: int, points: int) -> Decimal:
    """The points of an agency's score (hundredths of a star) in the snapshot: score ÷ 5 × points.

    Whoever has no place for want of evidence counts as the mean of the placed ones, so that a
    newcomer neither gains nor loses by it.
    """
    if not scores:
        return Decimal(0)
    middle = Decimal(sum(scores.values())) / len(scores)
    score = Decimal(scores[agency_id]) if agency_id in scores else middle
    return (Decimal(points) * score / 100 / STARS).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Compared:
    """One bid as it is compared: who, its price, and each member's points by criterion."""

    bid_id: int
    agency_id: int
    price_fen: int
    sheets: Sequence[Sequence[Decimal]]


@dataclass(frozen=True)
class Row:
    """What a bid came to; `means` are the members' means, by judged criterion."""

    bid_id: int
    agency_id: int
    price_fen: int
    judged: Decimal
    means: Sequence[Decimal]
    price: Decimal
    ranking: Decimal

    @property
    def total(self) -> Decimal:
        """All points together."""
        return self.judged + self.price + self.ranking


@dataclass(frozen=True)
class Stated:
    """What the notice says: criteria, rules, and the snapshot's scores in hundredths of a star."""

    criteria: Sequence[Criterion]
    rule: Rule
    price_rule: PriceRule
    scores: Mapping[int, int]

    def points_of(self, kind: Kind) -> int:
        """The points of all criteria of a kind."""
        return sum(one.points for one in self.criteria if one.kind is kind)


def compare(stated: Stated, bids: Sequence[Compared]) -> list[Row]:
    """Every bid with its points, the best on top.

    Of equal totals the lower price stands first, then the better judged, then the earlier bid
    (财库〔2014〕214号第二十五条 by its sense). ValueError without a sheet, or with too few of
    them for the rule.
    """
    prices = [bid.price_fen for bid in bids]
    rows = [
        Row(
            bid_id=bid.bid_id,
            agency_id=bid.agency_id,
            price_fen=bid.price_fen,
            judged=total(stated.rule, [sum(sheet, Decimal(0)) for sheet in bid.sheets]),
            means=means(bid.sheets),
            price=price_points(
                stated.price_rule, prices, bid.price_fen, stated.points_of(Kind.PRICE)
            ),
            ranking=ranking_points(stated.scores, bid.agency_id, stated.points_of(Kind.RANKING)),
        )
        for bid in bids
    ]
    return sorted(rows, key=lambda row: (-row.total, row.price_fen, -row.judged, row.bid_id))


def letters(digests: Mapping[int, str]) -> dict[int, str]:
    """A letter for each bid in the order of the digests of their envelopes.

    That order says nothing of names or of who came first, and whoever knows the digests finds the
    same letters.
    """
    found = {}
    for at, key in enumerate(sorted(digests, key=lambda key: digests[key])):
        name = ""
        while at >= 0:
            at, rest = divmod(at, 26)
            name, at = chr(65 + rest) + name, at - 1
        found[key] = name
    return found
