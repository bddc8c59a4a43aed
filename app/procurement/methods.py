"""By which method a need may be placed: what its amount allows, and on what that rests.

Pure. 询价 stands nowhere here: it is for goods of one standard, never for a service. The amounts
come from the bureau's own versions of the thresholds, each with its document number.
"""

from enum import StrEnum
from typing import Protocol


class Method(StrEnum):
    """How somebody is chosen."""

    DIRECT = "direct"  # 直接选取,须说明理由
    DRAW = "draw"  # 随机抽取(摇号)
    BIDDING = "bidding"  # 竞价,密封报价
    COMPARISON = "comparison"  # 综合比选,评审小组打分
    DRAW_BIDDING = "draw_bidding"  # 随机+竞价:先抽取,再竞价
    FRAMEWORK_DIRECT = "framework_direct"  # 框架协议第二阶段:直接选定
    FRAMEWORK_BIDDING = "framework_bidding"  # 框架协议第二阶段:二次竞价
    FRAMEWORK_TURN = "framework_turn"  # 框架协议第二阶段:顺序轮候
    OPEN_TENDER = "open_tender"  # 公开招标
    CONSULTATION = "consultation"  # 竞争性磋商
    SINGLE_SOURCE = "single_source"  # 单一来源


class Thresholds(Protocol):
    """What a version of the thresholds says."""

    @property
    def limit_fen(self) -> int: ...
    @property
    def tender_fen(self) -> int: ...
    @property
    def document_no(self) -> str: ...


OWN = (Method.DIRECT, Method.COMPARISON, Method.BIDDING, Method.DRAW, Method.DRAW_BIDDING)
# The second stage of an agreement whose members were found by a statutory procurement (令第110号).
FRAMEWORK = (Method.FRAMEWORK_DIRECT, Method.FRAMEWORK_BIDDING, Method.FRAMEWORK_TURN)
STATUTORY = (Method.OPEN_TENDER, Method.CONSULTATION, Method.SINGLE_SOURCE)
# By these, agencies hand in sealed bids; by these and the draw, they sign up.
SEALED = frozenset(
    {Method.BIDDING, Method.COMPARISON, Method.DRAW_BIDDING, Method.FRAMEWORK_BIDDING}
)
DRAWN = frozenset({Method.DRAW, Method.DRAW_BIDDING})
CALLED = SEALED | DRAWN
# What the buyer chooses, or the platform found; the lowest bid; what another rule finds.
CHOSEN = frozenset({Method.DIRECT, *STATUTORY})
LOWEST = SEALED - {Method.COMPARISON}
RULED = frozenset({Method.COMPARISON, Method.FRAMEWORK_DIRECT, Method.FRAMEWORK_TURN})
# The document each method of its own rests on; the amount rests on the thresholds.
RESTS_ON = {
    Method.OPEN_TENDER: "《中华人民共和国政府采购法》第二十六、二十七条",
    Method.CONSULTATION: "财库〔2014〕214号",
    Method.SINGLE_SOURCE: "《中华人民共和国政府采购法》第三十一条",
    **dict.fromkeys(FRAMEWORK, "《政府采购框架协议采购方式管理暂行办法》（财政部令第110号）"),
}


def is_statutory(amount_fen: int, rules: Thresholds) -> bool:
    """From the limit on (采购限额标准) the act holds: the province's platform runs it."""
    return amount_fen >= rules.limit_fen


def allowed(amount_fen: int, rules: Thresholds) -> tuple[Method, ...]:
    """The methods that an amount allows; the amount is that of all lots together.

    A framework agreement is itself the statutory procurement of many small jobs: its second stage
    is open below the amount of an open tender.
    """
    if not is_statutory(amount_fen, rules):
        return (*OWN, *FRAMEWORK)
    if amount_fen >= rules.tender_fen:
        return (Method.OPEN_TENDER, Method.SINGLE_SOURCE)
    return (*STATUTORY, *FRAMEWORK)


def basis_of(method: Method, rules: Thresholds) -> str:
    """The legal basis as it is printed: the thresholds' document, then the method's own."""
    own = RESTS_ON.get(method, "集中采购目录以外、采购限额标准以下，按本单位内控制度组织")
    return f"{rules.document_no}；{own}"


# What a need may not ask for, word by word (政府采购法实施条例第二十条; 财库〔2019〕38号).
UNFAIR: dict[str, tuple[str, ...]] = {
    "place": ("本地企业", "本地机构", "本区机构", "本市机构", "注册地在", "注册地须", "所在地须",
              "本地优先", "本地加分", "当地注册", "设有分公司", "设立分支机构"),
    "ownership": ("国有企业", "国有控股", "民营企业除外", "非民营", "外资除外", "所有制",
                  "内资企业"),
    "record": ("本区业绩", "本市业绩", "本省业绩", "特定行业业绩", "特定区域", "同行业业绩加分",
               "奖项加分", "获奖加分", "荣誉加分", "业绩加分"),
    "list": ("备选库", "名录库", "资格库", "入库机构", "库内机构", "须入库", "星级以上", "星以上"),
    "brand": ("指定品牌", "指定机构", "原服务机构"),
    "size": ("注册资本", "资产总额", "营业收入", "从业人员不少于", "利润"),
}  # fmt: skip


def unfair_in(*texts: str) -> list[tuple[str, str]]:
    """The discriminatory terms that stand in the texts: (kind, the words as written)."""
    whole = "\n".join("".join(text.split()) for text in texts)
    return [(kind, term) for kind, terms in UNFAIR.items() for term in terms if term in whole]


def weight_of(z: float | None) -> int:
    """The weight in a draw: 100 × (1 + z), kept between 50 and 200; without enough evidence 100.

    z is how many standard deviations a score lies above the mean of the ranked.
    """
    return 100 if z is None else round(100 * min(max(1 + z, 0.5), 2.0))
