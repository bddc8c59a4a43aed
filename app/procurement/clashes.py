"""Who may not sign up for a lot, or be awarded it: prohibitions that nobody overrides."""

from app import clock
from app.conflicts import labels
from app.conflicts.queries import findings, findings_between
from app.conflicts.rules import Case
from app.errors import Invalid
from app.procurement.models import Lot


def case_of(lot: Lot) -> Case:
    """What the lot is about: its client, evaluated units and projects, today."""
    units = frozenset(task.unit_id for task in lot.tasks if task.unit_id is not None)
    projects = frozenset(task.project for task in lot.tasks)
    return Case(clock.today(), units, lot.need.client_id, projects)


def refuse_conflict(lot: Lot, agency_id: int) -> None:
    """Whoever served, owns or is owned by the parties stays out; nor two under one head or holding.

    Of two agencies under one head or holding, the one that signed up first stands.
    """
    found = [one for one in findings(case_of(lot), [agency_id]).get(agency_id, ()) if one.is_barred]
    others = {one.agency_id for one in lot.offers if one.withdrawn_at is None}
    if others - {agency_id}:
        between = findings_between({*others, agency_id}, clock.today()).get(agency_id, ())
        found += [one for one in between if one.is_barred_together]
    if found:
        raise Invalid(labels.refusal_of(found[0]), field="evaluator")
