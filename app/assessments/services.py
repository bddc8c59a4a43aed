"""What people do with the assessment of a job. Each public function is one user action."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.assessments import facts, queries, telling
from app.assessments.grading import grade_of
from app.assessments.models import Assessment, AssessmentScore
from app.assessments.reckoning import digest_of, field_of, total_now
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Stale
from app.policy import Permission, require

LONGEST = 1000


@dataclass(frozen=True)
class Line:
    """What is entered for one line of the form: points (or none yet), words for a deduction."""

    points: Decimal | None
    words: str = ""


@dataclass(frozen=True)
class Filling:
    """The whole form as it is entered: lines by the id of their item, and the bonus."""

    lines: Mapping[int, Line]
    bonus: Decimal | None = None
    bonus_words: str = ""


def begin_assessment(actor: User, engagement: Engagement, reason: str = "") -> Assessment:
    """The performance section begins the assessment of a job that is over.

    Where one is confirmed already, this is a correction: the next version, with its reason and
    the points of the one before. Nothing of a confirmed one is ever changed.
    """
    lock(engagement)
    require(actor, Permission.ASSESSMENT_EDIT, engagement)
    before = queries.versions_of(engagement)
    if before and before[0].confirmed_at is None:
        raise Conflict(_("The assessment of this job was begun already"))
    if before and not reason.strip():
        raise Invalid(_("Say why the confirmed assessment is corrected"), field="words")
    made = _blank(actor, engagement, len(before) + 1, reason.strip())
    _take_over(made, before[0] if before else None)
    db.session.add(made)
    told = {"version": made.version, "reason": made.reason}
    audit.record(actor, audit.Event.ASSESSMENT_BEGUN, made, scope=None, **told)
    return made


def _blank(actor: User, engagement: Engagement, version: int, reason: str) -> Assessment:
    form = queries.form_in_force()
    return Assessment(
        engagement=engagement,
        version=version,
        form=form,
        rules=queries.rules_in_force(),
        reason=reason,
        begun_at=clock.now(),
        filled_by_id=actor.id,
        facts={},
        scores=[
            AssessmentScore(item=item, position=item.position, most=item.points, points=None)
            for item in form.items
        ],
    )


def _take_over(made: Assessment, before: Assessment | None) -> None:
    """A correction by the same form starts from the points that were given."""
    if before is None or before.form_id != made.form.id:
        return
    given = {score.item_id: score for score in before.scores}
    for score in made.scores:
        score.points, score.words = given[score.item.id].points, given[score.item.id].words
    made.bonus, made.bonus_words = before.bonus, before.bonus_words


def fill_assessment(actor: User, assessment: Assessment, new: Filling, revision: int) -> None:
    """Save points and words; whoever saves is who filled it in. A deduction needs its words."""
    lock(assessment)
    require(actor, Permission.ASSESSMENT_EDIT, assessment)
    _expect_draft(assessment)
    if assessment.revision != revision:
        raise Stale
    _check(assessment, new)
    changed = [_told(score, new.lines[score.item_id]) for score in assessment.scores]
    for score in assessment.scores:
        line = new.lines[score.item_id]
        score.points, score.words = line.points, line.words.strip()
    assessment.bonus, assessment.bonus_words = new.bonus, new.bonus_words.strip()
    assessment.filled_by_id, assessment.revision = actor.id, revision + 1
    assessment.return_words = ""
    told = [words for words in changed if words]
    audit.record(
        actor, audit.Event.ASSESSMENT_SAVED, assessment, scope=None, changed=told, items=len(told)
    )


def _told(score: AssessmentScore, line: Line) -> str:
    """One line that changed, before and after, for the log."""
    if (score.points, score.words) == (line.points, line.words.strip()):
        return ""
    return f"{score.item.name}: {score.points} -> {line.points}"


def _check(assessment: Assessment, new: Filling) -> None:
    if new.lines.keys() != {score.item_id for score in assessment.scores}:
        raise Stale
    for score in assessment.scores:
        _check_line(score, new.lines[score.item_id])
    bonus, most = new.bonus or Decimal(0), assessment.form.most_bonus
    if not bonus.is_finite() or abs(bonus) > most or bonus * 100 % 1:
        raise Invalid(
            _("At most %(most)s points up or down, two decimals", most=most), field="bonus"
        )
    if bonus and not new.bonus_words.strip():
        raise Invalid(_("Say what the points are added or deducted for"), field="bonus_words")


def _check_line(score: AssessmentScore, line: Line) -> None:
    if len(line.words) > LONGEST:
        raise Invalid(_("At most %(n)s characters", n=LONGEST), field=field_of(score, "words"))
    if line.points is None:
        return
    fits = line.points.is_finite() and 0 <= line.points <= score.most
    if not fits or line.points * 100 % 1:
        words = _("Points from 0 to %(most)s, two decimals at most", most=score.most)
        raise Invalid(words, field=field_of(score, "points"))
    if line.points < score.most and not line.words.strip():
        words = _("Say why points are deducted")
        raise Invalid(words, field=field_of(score, "words"))


def _expect_draft(assessment: Assessment) -> None:
    if assessment.submitted_at is not None:
        raise Conflict(_("This assessment was handed on or confirmed; it isn't edited now"))


def submit_assessment(actor: User, assessment: Assessment) -> None:
    """Hand a whole form on to the second person, who confirms it or sends it back."""
    lock(assessment)
    require(actor, Permission.ASSESSMENT_EDIT, assessment)
    _expect_draft(assessment)
    total = total_now(assessment)
    if total is None:
        raise Invalid(_("Every line of the form needs its points"))
    assessment.total, assessment.submitted_at = total, clock.now()
    telling.ask_confirmation(assessment)
    audit.record(
        actor, audit.Event.ASSESSMENT_SUBMITTED, assessment, scope=None, total=f"{total:.2f}"
    )


def return_assessment(actor: User, assessment: Assessment, reason: str) -> None:
    """The second person sends the form back to whoever filled it in, with the reason."""
    lock(assessment)
    require(actor, Permission.ASSESSMENT_CONFIRM, assessment)
    _expect_submitted(assessment)
    if not reason.strip():
        raise Invalid(_("Give the reason"), field="words")
    assessment.submitted_at, assessment.return_words = None, reason.strip()
    telling.send_back(assessment)
    audit.record(
        actor, audit.Event.ASSESSMENT_RETURNED, assessment, scope=None, reason=reason.strip()
    )


def confirm_assessment(actor: User, assessment: Assessment) -> None:
    """The second person confirms: facts, total, grade and pay are kept, and the agency is told.

    From here on the database refuses any change. A confirmed correction supersedes the one before.
    """
    lock(assessment)
    require(actor, Permission.ASSESSMENT_CONFIRM, assessment)
    _expect_submitted(assessment)
    before = queries.current_of(assessment.engagement)
    if before is not None:
        before.superseded_at = clock.now()
        db.session.flush()
    _close(actor, assessment)
    telling.tell_agency(assessment)
    audit.record(
        actor, audit.Event.ASSESSMENT_CONFIRMED, assessment, scope=None, **_facts_of(assessment)
    )


def _expect_submitted(assessment: Assessment) -> None:
    if not assessment.is_submitted:
        raise Conflict(_("This assessment doesn't wait for confirmation"))


def _close(actor: User, assessment: Assessment) -> None:
    total = total_now(assessment)
    if total is None:
        raise Invalid(_("Every line of the form needs its points"))
    rules = assessment.rules
    assessment.facts = facts.facts_of(assessment.engagement)
    assessment.total, assessment.grade = total, grade_of(total, rules.edges)
    assessment.pay_percent = rules.pay_percent(assessment.grade)
    assessment.objections_until = clock.add_working_days(clock.today(), rules.objection_days)
    assessment.confirmed_by_id, assessment.confirmed_at = actor.id, clock.now()
    db.session.flush()


def _facts_of(assessment: Assessment) -> dict[str, Any]:
    return {
        "digest": digest_of(assessment),
        "grade_label": assessment.rules.label(assessment.grade),
        "pay_percent": assessment.pay_percent,
        "total": f"{assessment.total:.2f}",
        "version": assessment.version,
    }
