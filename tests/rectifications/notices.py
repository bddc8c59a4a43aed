"""Notices of rectification for tests."""

from app import clock
from app.db import db, transaction
from app.rectifications import services
from app.rectifications.services import NewFinding, NewNotice
from tests.papers.filing import stored

TWO = (NewFinding("资金闲置", "收回结余资金", 12_345_600), NewFinding("台账不全", working_days=3))


def accepted(engagement):
    engagement.accepted_at = clock.now()
    db.session.commit()
    return engagement


def issued(officer, engagement, findings=TWO, unit=None):
    accepted(engagement)
    with transaction():
        new = NewNotice(
            unit or engagement.tasks[0].unit, findings, "演财绩〔2026〕1号", "请按期整改"
        )
        return services.issue_notice(officer, engagement, new)


def report(person, item, words="已收回并上缴国库"):
    with transaction():
        services.add_evidence(person, item, stored(words.encode(), "凭证.pdf"))
    with transaction():
        services.report_item(person, item, words)


def confirm(officer, item):
    with transaction():
        services.confirm_item(officer, item)
