"""How forms, grades, facts and measures are called on pages and in the log."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import clock
from app.assessments.annual_models import AnnualList
from app.assessments.credit_models import Consequence
from app.assessments.grading import AgencyGrade
from app.assessments.models import Assessment, Part, Weighting
from app.assessments.objection_models import Outcome
from app.assessments.vocabulary import ConsequenceKind
from app.errors import Words

State = tuple[Words, str]

PARTS = {Part.PLAN: _("The plan"), Part.RESULT: _("Work result")}
WEIGHTINGS = {
    Weighting.FEE: _("By the contract's fee"),
    Weighting.AMOUNT: _("By the evaluated funds"),
    Weighting.EQUAL: _("Every job alike"),
}
GRADE_TONES = {
    AgencyGrade.A: "green",
    AgencyGrade.B: "blue",
    AgencyGrade.C: "amber",
    AgencyGrade.D: "red",
}
KINDS = {
    ConsequenceKind.PRIORITY: _("Preferred selection"),
    ConsequenceKind.NORMAL: _("Normal selection"),
    ConsequenceKind.SKIPPED_ROUND: _("Skipped for one round"),
    ConsequenceKind.TALK: _("Admonition talk"),
    ConsequenceKind.RECTIFICATION: _("Rectification in a set time"),
    ConsequenceKind.SUSPENSION: _("Suspended from commissions"),
    ConsequenceKind.REMOVAL: _("Removed from the directory"),
    ConsequenceKind.CIRCULAR: _("Circulated"),
    ConsequenceKind.ADVERSE_RECORD: _("Adverse record"),
    ConsequenceKind.COMMENDATION: _("Credit for good work"),
}
KIND_TONES = {
    ConsequenceKind.PRIORITY: "green",
    ConsequenceKind.NORMAL: "grey",
    ConsequenceKind.COMMENDATION: "green",
    ConsequenceKind.TALK: "amber",
    ConsequenceKind.RECTIFICATION: "amber",
    ConsequenceKind.SKIPPED_ROUND: "amber",
}
NOT_A_GATE = _(
    "For the bureau's own management of evaluation work. No grade and no measure excludes anybody"
    " from government procurement by statute, or is a condition for taking part in it."
)
OUTCOMES = {Outcome.UPHELD: _("Upheld"), Outcome.ADJUSTED: _("Adjusted")}
FACTS = {
    "team": _("People who sent in papers: %(people)s"),
    "indicators": _("Indicator systems: versions %(versions)s, times returned %(returned)s"),
    "plan": _("First two stages, times returned: %(returned)s"),
    "returns": _(
        "Returned: papers %(papers)s, stages %(stages)s; refused acceptances: %(refusals)s"
    ),
    "opinions": _("opinions: %(issued)s, to be resolved: %(must)s, open: %(open)s"),
    "answers": _("opinions answered: %(answered)s of %(issued)s, replies: %(replies)s"),
    "coverage": _("%(covered)s of %(rows)s indicators borne out by papers"),
    "late_papers": _("%(late)s of %(versions)s papers sent in after their stage had closed"),
    "on_time": _("%(on_time)s of %(stages)s stages handed in on time"),
    "overdue_days": _("%(days)s working days overdue in all, %(most)s at most in one stage"),
    "credit": _("Adverse records of this engagement: %(entries)s"),
}
FACT_NAMES = {
    "team": _("People at work"),
    "indicators": _("Rounds of the indicators"),
    "plan": _("Rounds of the plan"),
    "returns": _("Rounds of return"),
    "opinions": _("Opinions"),
    "answers": _("Answers"),
    "coverage": _("Coverage by papers"),
    "late_papers": _("Papers sent in late"),
    "on_time": _("Stages on time"),
    "overdue_days": _("Days overdue"),
    "credit": _("Adverse records"),
}
# Where the rows behind a fact are.
FACT_PAGES = {
    "team": "papers.listing",
    "indicators": "indicators.index",
    "returns": "papers.listing",
    "opinions": "papers.listing",
    "answers": "papers.listing",
    "coverage": "indicators.coverage_map",
    "late_papers": "papers.listing",
}


def fact_words(key: str, numbers: Mapping[str, int]) -> str:
    """A fact as a person reads it."""
    return str(FACTS[key]) % numbers


def points_text(value: Decimal | None) -> str:
    """Points with both decimals, as lists and prints show them."""
    return "—" if value is None else f"{value:.2f}"


def signed(value: Decimal) -> str:
    """Points of the credit with their sign; nought is nought."""
    return f"{value:+.2f}" if value else "0"


def state_of_assessment(found: Assessment) -> State:
    """Where an assessment stands, in words, and its tone."""
    if found.superseded_at is not None:
        return _("Superseded"), "grey"
    if found.confirmed_at is not None:
        return _("Confirmed"), "green"
    if found.submitted_at is not None:
        return _("Awaiting confirmation"), "amber"
    return (_("Sent back"), "red") if found.return_words else (_("Being filled in"), "blue")


def state_of_list(found: AnnualList) -> State:
    """Where a year's list stands, in words, and its tone."""
    if found.superseded_at is not None:
        return _("Superseded"), "grey"
    if found.published_at is not None:
        return _("Published"), "green"
    if found.approved_at is not None:
        return _("Approved, to be published"), "amber"
    if found.returned_at is not None:
        return _("Sent back"), "red"
    if found.objections_until is None:
        return _("Draft"), "blue"
    is_open = clock.today() <= found.objections_until
    return (_("Open to objections"), "amber") if is_open else (_("Awaiting the leader"), "amber")


def state_of_consequence(found: Consequence) -> State:
    """Where a measure stands today, in words, and its tone."""
    today = clock.today()
    if found.refused_at is not None:
        return _("Refused"), "grey"
    if found.imposed_at is None:
        return _("Awaiting the leader"), "amber"
    if found.revoked_at is not None:
        return _("Revoked"), "grey"
    if found.ends_on < today:
        return _("Ended"), "grey"
    return (_("In force today"), "blue") if found.starts_on <= today else (_("Not begun"), "amber")


def kind_of_fact(value: Any) -> str:
    """A measure's name in the log's sentences."""
    return str(KINDS.get(value, value))


def outcome_of_fact(value: Any) -> str:
    """An outcome in the log's sentences."""
    return str(OUTCOMES.get(value, value))


def weights_text(found: AnnualList) -> str:
    """The formula of a year in one sentence."""
    rules = found.rules
    return gettext(
        "score = assessment × %(assessment)s%% + stars × 20 × %(stars)s%% ± credit"
        " (at most %(credit)s points)",
        assessment=rules.weight_assessment,
        stars=rules.weight_stars,
        credit=f"{rules.most_credit.normalize():f}",
    )
