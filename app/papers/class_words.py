"""The class of a working paper told by the words that evaluators name files and folders with."""

from app.papers.models import IndexClass

# Asked in this order: what is said more exactly stands before what holds it.
WORDS: tuple[tuple[IndexClass, tuple[str, ...]], ...] = (
    (IndexClass.J, ("三级复核", "复核记录", "质控", "质量控制")),
    (IndexClass.I, ("征求意见函", "采纳", "反馈意见", "评审意见", "论证意见", "纪要")),
    (IndexClass.F, ("问卷", "抽样")),
    (IndexClass.E, ("访谈", "座谈")),
    (IndexClass.D, ("现场", "盘点", "照片", "影像", "踏勘")),
    (IndexClass.B, ("方案", "指标体系", "评分标准")),
    (IndexClass.G, ("评分", "指标底稿")),
    (IndexClass.H, ("报告", "征求意见稿", "送审稿")),
    (IndexClass.C, ("资料", "佐证", "台账", "批复", "制度", "凭证", "账表")),
    (IndexClass.A, ("合同", "任务书", "承诺书", "声明", "名单", "工作计划", "工作总结")),
)


def class_in(*names: str) -> IndexClass | None:
    """The class that the first of the names with a telling word means; nothing where none has."""
    for name in names:
        for letter, words in WORDS:
            if any(word in name for word in words):
                return letter
    return None
