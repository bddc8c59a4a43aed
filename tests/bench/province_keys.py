"""Which records of a province stand in a route's address, for each kind of person."""

from sqlalchemy import text

from app.accounts.models import User
from app.db import db
from app.policy import Role

AGENCY_ROLES = {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER}
# What an address calls otherwise than its table.
TABLES = {
    "paper_id": "working_paper", "user_id": "user_account", "request_id": "document_request",
    "notice_id": "rectification_notice", "result_id": "result_use", "list_id": "annual_list",
    "invitation_id": "review_invitation", "snapshot_id": "ranking_snapshot",
    "template_id": "engagement_template", "form_id": "assessment_form",
}  # fmt: skip
OF_ENGAGEMENT = {
    "paper_id": "SELECT max(id) FROM working_paper WHERE engagement_id = :e",
    "stage_id": "SELECT max(id) FROM stage WHERE engagement_id = :e AND submitted_at IS NULL",
    "task_id": "SELECT min(id) FROM task WHERE engagement_id = :e",
    "unit_id": "SELECT min(unit_id) FROM task WHERE engagement_id = :e",
    "request_id": "SELECT max(id) FROM document_request WHERE engagement_id = :e",
    "notice_id": "SELECT max(id) FROM rectification_notice WHERE engagement_id = :e",
    "assessment_id": "SELECT max(id) FROM assessment WHERE engagement_id = :e",
    "alert_id": "SELECT max(id) FROM alert WHERE engagement_id = :e",
    "result_id": "SELECT max(id) FROM result_use WHERE engagement_id = :e",
    "agency_id": "SELECT agency_id FROM engagement WHERE id = :e",
    "evaluator_id": "SELECT lead_evaluator_id FROM engagement WHERE id = :e",
    "organisation_id": "SELECT min(unit_id) FROM task WHERE engagement_id = :e",
}
# An item is that of whatever the address begins with.
ITEMS = {
    "/request-items": "SELECT max(i.id) FROM request_item i JOIN document_request r"
    " ON r.id = i.request_id WHERE r.engagement_id = :e",
    "/rectification-items": "SELECT max(i.id) FROM rectification_item i JOIN rectification_notice n"
    " ON n.id = i.notice_id WHERE n.engagement_id = :e",
}
WORDS = {"number": 1, "position": 1, "year": 2026, "form": "csv", "kind": "csv", "name": "units"}


def engagements_of(user: User) -> dict[str, int]:
    """A running, an accepted and an archived engagement of this person; the last with a notice.

    Those of a district and of a province stand alike, so that the same is said of them.
    """
    own = "true"
    if user.role in AGENCY_ROLES:
        own = "e.agency_id = :home"
    elif user.role is Role.UNIT_OFFICER:
        own = "t.unit_id = :home"
    elif user.role is Role.SECTION_OFFICER:
        own = "t.section_id = :home"
    elif user.role in {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}:
        own = "t.unit_id IN (SELECT id FROM organisation WHERE :home IN (department_id, finance_office_id))"
    asked = (
        "SELECT max(e.id) FROM engagement e JOIN task t ON t.engagement_id = e.id"
        f" WHERE {own} AND e.accepted_at IS "
    )
    home = {"home": user.organisation_id}
    states = {
        "running": "NULL AND e.current_stage_position = 6",
        "accepted": "NOT NULL AND e.id % 4 = 1",
        "archived": "NOT NULL AND e.id % 4 = 0 AND e.closed_at IS NOT NULL",
    }
    found = {name: db.session.scalar(text(asked + state), home) for name, state in states.items()}
    return {name: key for name, key in found.items() if key} or {"none": 1}


def records_of(user: User, engagement: int) -> dict[str, object]:
    """What stands in addresses for this person, when they look at this engagement."""
    found: dict[str, object] = {**WORDS, "engagement_id": engagement}
    names = db.metadata.tables
    for name in _arguments():
        table = TABLES.get(name, name.removesuffix("_id"))
        if name in OF_ENGAGEMENT:
            found[name] = db.session.scalar(text(OF_ENGAGEMENT[name]), {"e": engagement})
        elif name.endswith("_id") and table in names and "id" in names[table].columns:
            found.setdefault(name, db.session.scalar(text(f"SELECT max(id) FROM {table}")))
    own = "SELECT max(id) FROM review_invitation WHERE round_id = :e AND organisation_id = :home"
    home = {"e": engagement, "home": user.organisation_id}
    found["invitation_id"] = db.session.scalar(text(own), home)
    return found


def _arguments() -> set[str]:
    from flask import current_app

    return {name for rule in current_app.url_map.iter_rules() for name in rule.arguments}


def address(rule, found: dict[str, object], engagement: int) -> str | None:
    """The route's address about these records; None where the province has no such record."""
    values = {name: found.get(name) for name in rule.arguments}
    for beginning, asked in ITEMS.items():
        if rule.rule.startswith(beginning):
            values["item_id"] = db.session.scalar(text(asked), {"e": engagement})
    if any(value is None for value in values.values()):
        return None
    built = rule.build(values, append_unknown=False)
    return built[1] if built else None
