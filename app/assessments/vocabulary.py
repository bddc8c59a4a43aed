"""The words of the field that several modules here share: what may follow for an agency."""

from enum import StrEnum


class ConsequenceKind(StrEnum):
    """What may follow for an agency. None of them is a bar from statutory procurement."""

    PRIORITY = "priority"  # 优先选取
    NORMAL = "normal"  # 正常选取
    SKIPPED_ROUND = "skipped_round"  # 轮空一次
    TALK = "talk"  # 约谈
    RECTIFICATION = "rectification"  # 限期整改
    SUSPENSION = "suspension"  # 暂停委托
    REMOVAL = "removal"  # 清退出库
    CIRCULAR = "circular"  # 通报
    ADVERSE_RECORD = "adverse_record"  # 列入不良记录
    COMMENDATION = "commendation"  # 信用加分


# What a year's list may propose; the credit record is kept job by job, fact by fact.
OF_A_YEAR = tuple(
    kind
    for kind in ConsequenceKind
    if kind not in {ConsequenceKind.ADVERSE_RECORD, ConsequenceKind.COMMENDATION}
)
# How long each lasts where it follows from a year's list, in days; the first day counts.
USUAL_TERM = {
    ConsequenceKind.PRIORITY: 365,
    ConsequenceKind.NORMAL: 365,
    ConsequenceKind.SKIPPED_ROUND: 365,
    ConsequenceKind.TALK: 30,
    ConsequenceKind.RECTIFICATION: 30,
    ConsequenceKind.SUSPENSION: 365,
    ConsequenceKind.REMOVAL: 3 * 365,
    ConsequenceKind.CIRCULAR: 365,
}
