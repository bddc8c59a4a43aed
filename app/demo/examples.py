"""The case library: one accepted plan that two people released, and one that waits for a second."""

from app.db import db, transaction
from app.demo.district import District
from app.exchange import cases, inspecting
from app.exchange.cases import NewCase
from app.papers.models import PaperVersion, VersionState, WorkingPaper

CASES = (
    (
        "B-01",
        "评价工作方案范例：指标、样本和进度对应清楚（演示）",
        "方案写明评价对象、指标来源、抽样办法和分工，可作编制时的参照。（演示）",
    ),
    (
        "H-02",
        "正式报告范例：问题写明事实、标准、影响和原因（演示）",
        "报告结论均标注底稿索引号，建议对应到责任单位和时限。（演示）",
    ),
)


def publish(district: District) -> None:
    """The section proposes both and releases them; the leader has read the first only."""
    desk, leader = district.performance[0], district.leader
    found = [(_accepted(index_no), NewCase(*words)) for index_no, *words in CASES]
    ready = [(version, new, inspecting.words_of(version)) for version, new in found if version]
    with transaction():
        made = [cases.propose_case(desk, *each) for each in ready]
        for case, (_version, _new, read) in zip(made, ready, strict=True):
            cases.release_case(desk, case, read)
        if made and leader:
            cases.release_case(leader, made[0], ready[0][2])


def _accepted(index_no: str) -> PaperVersion | None:
    """The newest accepted paper of this index number."""
    query = db.select(PaperVersion).join(WorkingPaper, PaperVersion.paper_id == WorkingPaper.id)
    query = query.where(WorkingPaper.index_no == index_no)
    query = query.where(PaperVersion.state == VersionState.APPROVED).order_by(
        PaperVersion.id.desc()
    )
    return db.session.scalars(query.limit(1)).first()
