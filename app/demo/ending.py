"""How engagements end: final report, acceptance, the buyers' stars, archive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app import clock
from app.demo import answering, levels, opinions, rating, words
from app.engagements import acceptance, services
from app.engagements.acceptance import Finding
from app.engagements.models import Party
from app.papers import queries
from app.papers.models import SealKind
from app.papers.pdf_reading import look
from app.papers.reports import NewReport, submit_report
from app.reviews import queries as reviews
from app.reviews.services import submit_review, unseal_due
from app.store import object_store

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.demo.story import Story
    from app.reviews.models import ReviewInvitation


def finish_report(story: Story) -> Iterator[datetime]:
    """The agency's three levels review the report and what it rests on; then it is handed in."""
    yield from levels.review_all(story)
    yield story.moment()
    hand_in_report(story)


def hand_in_report(story: Story) -> None:
    """The lead evaluator hands in the newest version of the report, whose PDF names them."""
    version = queries.current_version_of(story.final_report)
    with object_store().open(version.store_key) as file:
        facts = look(io.BytesIO(b"".join(file)), story.lead.name)
    seal = story.plan.rng.choice([SealKind.SCANNED, SealKind.SCANNED, SealKind.ELECTRONIC])
    new = NewReport(version, story.lead, seal, facts, name_is_ticked=False)
    submit_report(story.lead_user, story.engagement, new)


def decide(story: Story) -> Iterator[datetime]:
    """Acceptance, after one rework where there was reason for it, or a final refusal."""
    fate = story.plan.fate
    if fate == "terminated":
        return
    yield story.later(story.plan.rng.choice((2, 3, 4, 6)))
    if fate in {"rework", "refused"}:
        yield from rework(story)
        yield story.later(3)
    actor, findings = story.client_user, _findings(story, unmet=fate == "refused")
    if fate == "refused":
        reasons = story.plan.rng.choice(words.REFUSALS)
        acceptance.refuse_finally(actor, story.engagement, findings, reasons=reasons)
    else:
        acceptance.accept(actor, story.engagement, findings)


def rework(story: Story) -> Iterator[datetime]:
    """The commissioning party refuses once; the report is done again and handed in anew."""
    rng, engagement = story.plan.rng, story.engagement
    acceptance.refuse_for_rework(
        story.client_user,
        engagement,
        _findings(story, unmet=True),
        reasons=rng.choice(words.REWORK),
        due_on=clock.add_working_days(clock.today(), 10),
    )
    yield story.later(rng.randint(4, 11))
    stage = engagement.current_stage
    if stage is None:
        raise LookupError("a rework is done at its stage")
    opinions.new_version(story, story.final_report)
    yield from finish_report(story)
    services.submit_stage(story.lead_user, stage)
    yield story.later(1)
    services.approve_stage(story.plan.handler, stage)


def _findings(story: Story, *, unmet: bool) -> list[Finding]:
    """What was found item by item; where something is not met, it is one of them."""
    items = story.engagement.acceptance_items
    bad = story.plan.rng.choice(items).id if unmet else None
    remark = story.plan.rng.choice(words.UNMET)
    return [Finding(i.id, i.id != bad, remark if i.id == bad else "") for i in items]


def rate(story: Story) -> Iterator[datetime]:
    """Each buyer rates within the window, or stays silent; the portal unseals."""
    found = reviews.round_of(story.engagement)
    if found is None:
        raise LookupError("work that is over has its round")
    rng, plan = story.plan.rng, story.plan
    level = rating.quality(rng, plan.firm.skill, plan.fate)
    begun = clock.today()
    answers = [
        (rng.randint(1, 12), n, invitation)
        for n, invitation in enumerate(found.invitations)
        if rng.random() > rating.SILENT
    ]
    for days, _n, invitation in sorted(answers, key=lambda answer: answer[:2]):
        yield story.moment(clock.add_working_days(begun, days))
        _rate(story, invitation, level)
    if found.unsealed_at is None:
        yield clock.start_of(found.closes_on + timedelta(1)) + timedelta(minutes=5)
        unseal_due()
        yield clock.now() + timedelta(hours=9)


def _rate(story: Story, invitation: ReviewInvitation, level: float) -> None:
    codes = {dimension.id: dimension.code for dimension in reviews.dimensions()}
    new = rating.review(story.plan.rng, level, invitation.party, codes)
    if not answering.by_link(story, invitation, new):
        submit_review(_rater(story, invitation), invitation, new)


def _rater(story: Story, invitation: ReviewInvitation) -> User:
    if invitation.party is Party.PERFORMANCE:
        return story.plan.handler
    return story.district.officer_of(invitation.organisation_id)


def archive(story: Story) -> Iterator[datetime]:
    """The papers are put in order and the engagement is closed."""
    yield story.later(story.plan.rng.randint(6, 19))
    services.close_engagement(story.plan.handler, story.engagement)
