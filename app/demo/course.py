"""The course of a contract: its task letter, its money, more time where it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from app import clock
from app.amendments import services as amendments
from app.demo import process
from app.documents import filling, layout, queries, wordings
from app.documents import services as documents
from app.documents.models import DocumentKind
from app.documents.services import NewDocument
from app.payments import queries as money
from app.payments import services as payments
from app.payments.services import NewInstalment, NewInvoice

if TYPE_CHECKING:
    from app.demo.story import Story
    from app.engagements.models import Stage

ASKS, LETTERS, REFUSED = 0.2, 0.5, 0.15
REASONS = (
    "被评价单位涉及多个下属站所，资料需逐级汇总，现场核查点位较多，申请顺延。",
    "受连续降雨影响，部分工程点位暂无法进场核查，申请顺延现场评价时间。",
    "问卷回收率未达到方案要求，需补充发放，申请顺延。",
)
SHARES = ((30, "合同签订后支付首付款"), (70, "验收通过并提交归档资料后付清"))


def along(story: Story, stage: Stage) -> Iterator[datetime]:
    """The task letter and the instalments at the start; sometimes more time for the field work."""
    rng = process.dice(story)
    if stage.code == "preparation":
        yield process.at(story)
        if rng.random() < LETTERS:
            issue(story, DocumentKind.TASK)
        fee = story.engagement.fee_fen
        rows = [NewInstalment(words, fee * share // 100) for share, words in SHARES]
        payments.add_instalments(story.plan.handler, story.engagement, rows, 30)
    elif stage.code == "fieldwork" and rng.random() < ASKS:
        yield process.at(story)
        until = clock.add_working_days(max(stage.due_on, clock.today()), rng.randint(3, 8))
        asked = amendments.ask_extension(story.lead_user, stage, until, rng.choice(REASONS))
        yield process.at(story, 1)
        if rng.random() < REFUSED:
            words = "资料已基本到位，请加派人员按期完成。"
            amendments.refuse(story.client_user, asked, words)
        else:
            amendments.approve(story.client_user, asked, "同意，请抓紧推进。")


def settle(story: Story) -> Iterator[datetime]:
    """After acceptance: the certificate, the invoices of each instalment and their payment."""
    plan = money.plan_of(story.engagement)
    if plan is None or story.engagement.accepted_at is None:
        return
    rng = process.dice(story)
    yield process.at(story)
    issue(story, DocumentKind.ACCEPTANCE)
    for part in plan.instalments:
        yield process.at(story, rng.randint(1, 3))
        code, today = f"2633{story.engagement.id:06d}{part.number:02d}", clock.today()
        new = NewInvoice(code, part.amount_fen, today, today)
        invoice = payments.hand_in_invoice(story.lead_user, part, new)
        yield process.at(story, rng.randint(5, 24))
        voucher, actor = f"授权支付{rng.randint(1000, 9999)}", story.plan.handler
        today = clock.today()
        payments.record_payment(actor, invoice, part.amount_fen, paid_on=today, voucher=voucher)


def issue(story: Story, kind: DocumentKind) -> None:
    """Issue the document of a kind as the page offers it."""
    officer, engagement = story.plan.handler, story.engagement
    source = next(s for s in filling.sources_of(engagement, officer) if s.kind is kind)
    words, today = wordings.in_force(kind), clock.today()
    values = filling.values_of(engagement, source)
    new = NewDocument(
        source,
        words.series,
        queries.next_number(words.series, today.year),
        layout.filled(words.title, values)[:200],
        layout.filled(words.body, values),
        today,
        issuer=story.district.bureau.name,
    )
    documents.issue_document(officer, engagement, new)
