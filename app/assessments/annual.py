"""What happens to a year's list: drawn up, noticed, decided by a leader, published."""

import hashlib
import json
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.assessments import annual_queries, consequences, queries, telling
from app.assessments.annual_models import AnnualInput, AnnualList, AnnualRow
from app.assessments.annual_queries import Inputs
from app.assessments.grading import YearScore
from app.assessments.models import AssessmentRules
from app.assessments.vocabulary import OF_A_YEAR, ConsequenceKind
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.reviews.queries import version_on

FIRST_YEAR = 2000
FIRST_NOTICE = 12, 1  # month and day: a list of a running year is a trial


def draw_list(actor: User, year: int, reason: str = "") -> AnnualList:
    """The performance section draws up a year's list from confirmed assessments, stars and credit.

    A second one for the same year is its next version and says why; the one before stays readable.
    """
    require(actor, Permission.ANNUAL_LIST_DRAW, None)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Invalid(_("Enter a year that has begun"), field="year")
    before = annual_queries.newest_of(year)
    _expect_drawable(before, reason)
    made = _drawn(actor, year, before)
    made.reason = reason.strip()
    made.rows = _rows(annual_queries.inputs_of(made, made.rules), made.rules)
    if not made.rows:
        raise Conflict(_("No job that ended in this year has a confirmed assessment"))
    _supersede_draft(before)
    db.session.add(made)
    _record(actor, audit.Event.ANNUAL_LIST_DRAWN, made, rows=len(made.rows), reason=made.reason)
    return made


def _drawn(actor: User, year: int, before: AnnualList | None) -> AnnualList:
    """A further version after a notice counts no reviews opened since: two lists compared would
    tell a single person's stars."""
    now = clock.now()
    told = before is not None and before.noticed_at is not None
    return AnnualList(
        year=year,
        version=before.version + 1 if before else 1,
        rules=queries.rules_in_force(),
        weights_number=version_on(clock.today()).number,
        stars_until=before.stars_until if before and told else now,
        drawn_at=now,
        drawn_by_id=actor.id,
        unassessed=annual_queries.unassessed_in(year),
    )


def _expect_drawable(before: AnnualList | None, reason: str) -> None:
    if before is None:
        return
    if not reason.strip():
        raise Invalid(_("Say why the list of this year is drawn up anew"), field="reason")
    lock(before)
    if before.approved_at is not None and before.published_at is None:
        raise Conflict(_("This year's list is approved; publish it first"))
    if any(one.is_undecided for one in annual_queries.objections_to(before).values()):
        raise Conflict(_("Decide the objections to the present version first"))


def _supersede_draft(before: AnnualList | None) -> None:
    """A version that was never published ends here; a published one holds until the next is."""
    if before is not None and before.published_at is None:
        before.superseded_at = clock.now()


def _rows(found: list[Inputs], rules: AssessmentRules) -> list[AnnualRow]:
    """The rows, the best first; equal scores stand in the order of the register."""
    scored = [(each, annual_queries.score_of(each, rules)) for each in found]
    scored.sort(key=lambda pair: (-pair[1].score, pair[0].agency_id))
    return [
        AnnualRow(
            agency_id=each.agency_id,
            position=place,
            jobs=score.jobs,
            assessment=score.assessment,
            ratings=each.ratings,
            stars=each.stars.stars if each.stars else None,
            credit=score.credit,
            score=score.score,
            grade=score.grade,
            **_usual(score, rules),
            inputs=_inputs(each),
        )
        for place, (each, score) in enumerate(scored, 1)
    ]


def _usual(score: YearScore, rules: AssessmentRules) -> dict[str, Any]:
    """What the grade usually brings; with too few jobs nothing by itself, for better or worse."""
    if score.jobs < rules.least_jobs:
        words = f"考核项目不足{rules.least_jobs}个，不因等次适用其他措施"
        return {"consequence": ConsequenceKind.NORMAL, "consequence_words": words}
    return {"consequence": ConsequenceKind(rules.consequences[score.grade])}


def _inputs(each: Inputs) -> list[AnnualInput]:
    jobs = [AnnualInput(assessment_id=a.id, weight=w, points=a.total) for a, w in each.jobs]
    return jobs + [
        AnnualInput(consequence_id=one.id, weight=0, points=one.points) for one in each.credit
    ]


def propose_consequence(actor: User, row: AnnualRow, kind: ConsequenceKind, words: str) -> None:
    """Before the notice the section may propose another consequence than the usual, with words."""
    require(actor, Permission.ANNUAL_LIST_DRAW, row)
    lock(row.annual_list)
    if row.annual_list.noticed_at is not None or row.annual_list.superseded_at is not None:
        raise Conflict(_("The agencies have been given notice; draw the list up anew"))
    if kind not in OF_A_YEAR:
        raise Invalid(_("This can't follow from a grade"), field="kind")
    if not words.strip():
        raise Invalid(_("Give the reason"), field="words")
    before, row.consequence, row.consequence_words = row.consequence, kind, words.strip()
    audit.record(
        actor,
        audit.Event.ANNUAL_ROW_PROPOSED,
        row,
        agency=row.agency.name,
        before=before,
        consequence_kind=kind,
        reason=row.consequence_words,
    )


def give_notice(actor: User, annual_list: AnnualList, words: str = "") -> None:
    """Tell every agency its own row; for some working days each may object. The rows are frozen.

    Jobs of the year that nobody assessed need a word of explanation.
    """
    require(actor, Permission.ANNUAL_LIST_DRAW, annual_list)
    lock(annual_list)
    if annual_list.noticed_at is not None or annual_list.superseded_at is not None:
        raise Conflict(_("The agencies were given notice of this list, or a newer one exists"))
    if clock.today() < date(annual_list.year, *FIRST_NOTICE):
        raise Conflict(_("Notice of a year's list is given from its December on"))
    if annual_list.unassessed and not words.strip():
        raise Invalid(_("Say why jobs of the year are without an assessment"), field="words")
    days = annual_list.rules.objection_days
    annual_list.notice_words = words.strip()
    annual_list.objections_until = clock.add_working_days(clock.today(), days)
    annual_list.noticed_at = clock.now()
    telling.give_notice(annual_list)
    telling.ask_leader(annual_list)
    until = annual_list.objections_until
    _record(actor, audit.Event.ANNUAL_LIST_NOTICED, annual_list, until=until)


def approve_list(actor: User, annual_list: AnnualList, words: str) -> None:
    """A leader approves after the window, once every objection is decided."""
    require(actor, Permission.ANNUAL_LIST_DECIDE, annual_list)
    lock(annual_list)
    _expect_noticed(annual_list)
    if annual_list.objections_until is None or clock.today() <= annual_list.objections_until:
        raise Conflict(_("The agencies may still object"))
    if annual_queries.objections_in_the_way(annual_list):
        raise Conflict(_("An objection is undecided, or asks for the list to be drawn up anew"))
    if not words.strip():
        raise Invalid(_("Give the reason"), field="words")
    annual_list.approved_at, annual_list.approved_by_id = clock.now(), actor.id
    annual_list.decision_words = words.strip()
    told = {"words": annual_list.decision_words}
    _record(actor, audit.Event.ANNUAL_LIST_APPROVED, annual_list, **told)


def return_list(actor: User, annual_list: AnnualList, reason: str) -> None:
    """A leader sends the list back; the section draws up the next version."""
    require(actor, Permission.ANNUAL_LIST_DECIDE, annual_list)
    lock(annual_list)
    _expect_noticed(annual_list)
    if not reason.strip():
        raise Invalid(_("Give the reason"), field="words")
    annual_list.returned_at, annual_list.decision_words = clock.now(), reason.strip()
    told = {"reason": annual_list.decision_words}
    _record(actor, audit.Event.ANNUAL_LIST_RETURNED, annual_list, **told)


def _expect_noticed(annual_list: AnnualList) -> None:
    ended = (annual_list.superseded_at, annual_list.approved_at, annual_list.returned_at)
    if annual_list.noticed_at is None or any(at is not None for at in ended):
        raise Conflict(_("This list doesn't wait for a decision"))


def publish_list(actor: User, annual_list: AnnualList, document_no: str) -> None:
    """The section publishes what the leader approved, under the number of the circular (通报).

    The consequences begin today; those of an earlier list of the year end. Then it is frozen.
    """
    require(actor, Permission.ANNUAL_LIST_PUBLISH, annual_list)
    lock(annual_list)
    if annual_list.approved_at is None or annual_list.published_at is not None:
        raise Conflict(_("Only an approved list is published, and once"))
    if not document_no.strip():
        raise Invalid(_("Enter the number of the circular"), field="document_no")
    before = annual_queries.published_of(annual_list.year)
    if before is not None:
        before.superseded_at = clock.now()
        consequences.revoke_of_list(before)
    annual_list.document_no, annual_list.published_by_id = document_no.strip(), actor.id
    annual_list.published_at = clock.now()
    consequences.impose_of_list(annual_list)
    telling.tell_published(annual_list)
    told = {"document_no": annual_list.document_no}
    _record(actor, audit.Event.ANNUAL_LIST_PUBLISHED, annual_list, **told)


def record_export(actor: User, annual_list: AnnualList, form: str) -> None:
    """Somebody takes the list away as a file."""
    require(actor, Permission.ANNUAL_LIST_READ, annual_list)
    _record(actor, audit.Event.ANNUAL_LIST_EXPORTED, annual_list, form=form)


def digest_of(annual_list: AnnualList) -> str:
    """SHA-256 over the rows as they are kept: the log holds it, and the print shows it."""
    rows = [
        [
            row.agency_id,
            row.jobs,
            str(row.assessment),
            str(row.stars),
            str(row.credit),
            str(row.score),
            str(row.grade),
            str(row.consequence),
        ]
        for row in annual_list.rows
    ]
    body = {"rows": rows, "version": annual_list.version, "year": annual_list.year}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


WITH_DIGEST = {audit.Event.ANNUAL_LIST_DRAWN, audit.Event.ANNUAL_LIST_PUBLISHED}


def _record(actor: User, event: audit.Event, subject: AnnualList, **facts: object) -> None:
    """In no scope; whoever holds a print can compare its digest with the log's."""
    told: dict[str, object] = {"year": subject.year, "version": subject.version}
    db.session.flush()
    if event in WITH_DIGEST:
        told["digest"] = digest_of(subject)
    audit.record(actor, event, subject, scope=None, **told, **facts)
