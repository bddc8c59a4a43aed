"""How states, stages and kinds of an engagement are called on pages."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from app.engagements.models import AcceptanceOutcome, Act, Allowance, IssuedBy, Party
from app.engagements.progress import EngagementState, Light, StageState
from app.errors import Words

ALLOWANCES = {
    Allowance.ALLOWED: _("May be entrusted"),
    Allowance.ASSISTANCE: _("Assistance only"),
    Allowance.FORBIDDEN: _("Must not be entrusted"),
}
ALLOWANCE_TONES = {
    Allowance.ALLOWED: "green",
    Allowance.ASSISTANCE: "amber",
    Allowance.FORBIDDEN: "red",
}
ISSUED_BY = {
    IssuedBy.CLIENT: _("In the commissioning party's name"),
    IssuedBy.AGENCY: _("In the agency's name"),
}
ACTS = {
    Act.SITE_VISIT: _("A site visit, before the fieldwork is handed in"),
    Act.CONSULTATION: _("A consultation with every evaluated unit, all its opinions answered"),
    Act.EXPERT_REVIEW: _("An expert review, all its opinions answered"),
}
PARTIES = {
    Party.UNIT: _("Budget unit"),
    Party.PERFORMANCE: _("Performance section"),
    Party.SECTION: _("Business section"),
}
OUTCOMES = {
    AcceptanceOutcome.ACCEPTED: _("Accepted"),
    AcceptanceOutcome.REWORK: _("Refused, to be reworked"),
    AcceptanceOutcome.REFUSED: _("Finally refused"),
}
OUTCOME_TONES = {
    AcceptanceOutcome.ACCEPTED: "green",
    AcceptanceOutcome.REWORK: "amber",
    AcceptanceOutcome.REFUSED: "red",
}
STATES = {
    EngagementState.OPEN: _("Running"),
    EngagementState.ACCEPTANCE: _("Awaiting acceptance"),
    EngagementState.ACCEPTED: _("Accepted"),
    EngagementState.REFUSED: _("Finally refused"),
    EngagementState.TERMINATED: _("Terminated"),
    EngagementState.CLOSED: _("Archived"),
}
STATE_TONES = {
    EngagementState.OPEN: "blue",
    EngagementState.ACCEPTANCE: "amber",
    EngagementState.ACCEPTED: "green",
    EngagementState.REFUSED: "red",
    EngagementState.TERMINATED: "red",
    EngagementState.CLOSED: "grey",
}
STAGE_STATES = {
    StageState.NOT_STARTED: _("Not started"),
    StageState.RUNNING: _("In progress"),
    StageState.SUBMITTED: _("Awaiting review"),
    StageState.RETURNED: _("Returned"),
    StageState.APPROVED: _("Approved"),
    StageState.SKIPPED: _("Not carried out"),
}
STAGE_TONES = {
    StageState.NOT_STARTED: "grey",
    StageState.RUNNING: "blue",
    StageState.SUBMITTED: "amber",
    StageState.RETURNED: "red",
    StageState.APPROVED: "green",
    StageState.SKIPPED: "grey",
}
LIGHTS = {
    Light.RED: _("Overdue"),
    Light.YELLOW: _("Due within three working days"),
    Light.GREEN: _("On time"),
    Light.NONE: _("No due day at present"),
}
# The shipped stages and templates are Chinese data; these are their names for other readers.
STAGES: dict[str, Words] = {
    "contract": _("Commission and contract"),
    "preparation": _("Preparation"),
    "plan": _("Work plan"),
    "fieldwork": _("Fieldwork"),
    "draft": _("First draft"),
    "consultation": _("Consultation"),
    "expert_review": _("Expert review"),
    "final_report": _("Final report"),
    "acceptance": _("Acceptance"),
    "rating": _("Buyer review"),
    "archive": _("Filing"),
}
TEMPLATES: dict[str, Words] = {
    "fiscal_evaluation": _("Fiscal evaluation"),
    "departmental_evaluation": _("Departmental evaluation"),
    "recheck": _("Re-check of self-evaluations (batch)"),
    "ex_ante": _("Ex-ante performance assessment"),
    "target_review": _("Performance target review"),
    "indicator_system": _("Indicator system"),
    "research": _("Research study"),
}
SERVICE_TYPES: dict[str, Words] = {
    "ex_ante_assessment": _("Ex-ante performance assessment"),
    "target_review": _("Performance target review"),
    "fiscal_evaluation": _("Fiscal evaluation"),
    "departmental_evaluation": _("Departmental evaluation"),
    "result_recheck": _("Re-check of evaluation results"),
    "indicator_system": _("Indicator and standard system"),
    "research_study": _("Research study"),
    "performance_monitoring": _("Performance monitoring"),
    "target_setting": _("Setting of performance targets"),
    "unit_self_evaluation": _("Unit self-evaluation"),
    "own_management": _("Evaluation of one's own performance management"),
}


def reads_chinese() -> bool:
    """Whether the reader takes data as it was entered; outside a request everybody does."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def stage_label(code: str, name: str) -> Words:
    """A stage's own name, or its English one for a reader of English."""
    return name if reads_chinese() else STAGES.get(code, name)


def template_label(code: str, name: str) -> Words:
    """A template's own name, or its English one for a reader of English."""
    return name if reads_chinese() else TEMPLATES.get(code, name)


def service_type_label(code: str, name: str) -> Words:
    """A service type's own name, or its English one for a reader of English."""
    return name if reads_chinese() else SERVICE_TYPES.get(code, name)


def party_label(value: str) -> Words:
    """How a rating party is called, by its stored value."""
    return PARTIES[Party(value)]
