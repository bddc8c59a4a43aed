"""What a document is filled with from the records of an engagement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from app.accounts.models import Organisation, User
from app.assessments.credit_models import Consequence
from app.assessments.queries import current_of
from app.assessments.vocabulary import ConsequenceKind
from app.clock import day_of
from app.consultations.queries import consultations_of
from app.db import db
from app.display import local_date
from app.documents.layout import day_in_words
from app.documents.models import DocumentKind
from app.engagements.models import AcceptanceOutcome, Engagement
from app.rectifications.queries import notices_of

OUTCOMES = {
    AcceptanceOutcome.ACCEPTED: "经验收，符合合同约定，同意通过验收。",
    AcceptanceOutcome.REWORK: "经验收，部分事项不符合合同约定，请于{day}前完成返工后重新申请验收。",
    AcceptanceOutcome.REFUSED: "经验收，不符合合同约定，验收不予通过。",
}


@dataclass(frozen=True)
class Source:
    """A record that a document can be drawn up from: to whom it goes, and its own values."""

    kind: DocumentKind
    number: int  # of the record among those of its kind; 0 where there is but one
    addressee: Organisation
    values: dict[str, str] = field(default_factory=dict)


def sources_of(engagement: Engagement, user: User) -> list[Source]:
    """Everything about an engagement that a document can be drawn up from now."""
    agency = engagement.agency.organisation
    return [
        Source(DocumentKind.TASK, 0, agency),
        *_consultations(engagement, user),
        *_rectifications(engagement, user),
        *_acceptance(engagement),
        *_assessment(engagement),
        *_consequences(engagement, DocumentKind.TALK, ConsequenceKind.TALK),
        *_consequences(engagement, DocumentKind.CIRCULAR, ConsequenceKind.CIRCULAR),
    ]


def values_of(engagement: Engagement, source: Source) -> dict[str, str]:
    """What is put into the places of the usual words."""
    rows = [
        f"{task.number}|{_flat(task.project)}|{task.unit.name if task.unit else '—'}"
        f"|{amount(task.amount_fen)}"
        for task in engagement.tasks
    ]
    common = {
        "项目": engagement.name,
        "合同编号": engagement.code,
        "机构": engagement.agency.name,
        "委托方": engagement.client.name,
        "主评人": engagement.lead_evaluator.name,
        "合同金额": amount(engagement.fee_fen),
        "开始日期": day_in_words(engagement.starts_on),
        "结束日期": day_in_words(engagement.ends_on),
        "单位": source.addressee.name,
        "任务表": "\n".join(rows),
    }
    return common | source.values


def amount(fen: int) -> str:
    """An amount in yuan, without the unit: the words and heads of tables have it."""
    return f"{Decimal(fen) / 100:,.2f}"


def _flat(words: str) -> str:
    """Words for a cell: without line breaks and the sign between cells."""
    return " ".join(words.replace("|", "／").split())


def _consultations(engagement: Engagement, user: User) -> list[Source]:
    return [
        Source(
            DocumentKind.CONSULTATION,
            one.number,
            one.unit,
            {
                "截止日期": day_in_words(one.due_on),
                "附件": f"{_flat(one.version.paper.title)}（征求意见稿）",
            },
        )
        for one in consultations_of(engagement, user)
    ]


def _rectifications(engagement: Engagement, user: User) -> list[Source]:
    found = []
    for notice in notices_of(engagement, user):
        rows = [
            f"{item.number}|{_flat(item.finding)}|{_flat(item.demand) or '按规定整改'}"
            f"|{amount(item.amount_fen)}|{local_date(item.due_on)}"
            for item in notice.items
        ]
        told = {"问题表": "\n".join(rows)}
        found.append(Source(DocumentKind.RECTIFICATION, notice.number, notice.unit, told))
    return found


def _acceptance(engagement: Engagement) -> list[Source]:
    if not engagement.decisions:
        return []
    last = engagement.decisions[-1]
    rows = [
        f"{one.item.number}|{_flat(one.item.words)}|{'符合' if one.is_met else '不符合'}"
        f"|{_flat(one.remark) or '—'}"
        for one in last.findings
    ]
    day = day_in_words(last.rework_due_on) if last.rework_due_on else ""
    told = {
        "验收日期": day_in_words(day_of(last.decided_at)),
        "验收轮次": str(last.round),
        "验收表": "\n".join(rows),
        "验收意见": OUTCOMES[last.outcome].replace("{day}", day) + _flat(last.reasons),
    }
    agency = engagement.agency.organisation
    return [Source(DocumentKind.ACCEPTANCE, last.round, agency, told)]


def _assessment(engagement: Engagement) -> list[Source]:
    found = current_of(engagement)
    if found is None:
        return []
    rows = [
        f"{score.position}|{_flat(score.item.name)}|{score.most:f}|{score.points:f}"
        f"|{_flat(score.words) or '—'}"
        for score in found.scores
    ]
    told = {
        "得分表": "\n".join(rows),
        "考核得分": f"{found.total:f}",
        "考核等级": found.rules.label(found.grade),
        "异议截止": day_in_words(found.objections_until) if found.objections_until else "规定期限",
    }
    agency = engagement.agency.organisation
    return [Source(DocumentKind.ASSESSMENT, found.version, agency, told)]


def _consequences(
    engagement: Engagement, kind: DocumentKind, follows: ConsequenceKind
) -> list[Source]:
    query = select(Consequence).where(
        Consequence.engagement_id == engagement.id,
        Consequence.kind == follows,
        Consequence.imposed_at.is_not(None),
        Consequence.revoked_at.is_(None),
    )
    found: Sequence[Consequence] = db.session.scalars(query.order_by(Consequence.id)).all()
    agency = engagement.agency.organisation
    return [
        Source(kind, number, agency, {"事由": _flat(one.words), "依据": _flat(one.basis)})
        for number, one in enumerate(found, start=1)
    ]
