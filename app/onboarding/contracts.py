"""The ledger of contracts: running and finished engagements come in, a row a project."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock
from app.accounts.models import UNIT_KINDS, OrganisationKind, User
from app.agencies.models import Agency, Evaluator
from app.audit import Event
from app.db import db
from app.engagements import labels, moves, naming, opening, queries
from app.engagements.models import Engagement, EngagementTemplate, IssuedBy, Stage
from app.errors import Invalid
from app.onboarding.taking import Taker, by_name, chosen
from app.tabular import Line, Table

# What a lower service calls the field that it refuses, and where it stands in the ledger.
SAME_FOR_ALL = ("name", "template", "agency", "lead_evaluator", "client", "fee", "signed_on")


class Contracts(Taker):
    """Rows with one contract number are the tasks of one engagement; its first row tells of it."""

    first_column = "number"

    def __init__(self, actor: User, table: Table) -> None:
        super().__init__(actor, table)
        found = db.session.scalars(queries.templates_in_force())
        self.templates = {one.name: one for one in found}
        self.agencies = {one.name: one for one in db.session.scalars(select(Agency))}
        leads = select(Evaluator).options(joinedload(Evaluator.agency))
        self.leads: dict[tuple[int, str], list[Evaluator]] = defaultdict(list)
        for one in db.session.scalars(leads.where(Evaluator.left_at.is_(None))):
            self.leads[one.agency_id, one.name].append(one)
        self.sections = by_name(OrganisationKind.SECTION)
        self.units = by_name(*UNIT_KINDS)
        self.entered: dict[str, Engagement] = {}
        self.clients = self.units | self.sections | by_name(OrganisationKind.BUREAU)

    def take_all(self) -> None:
        """Contract by contract; what is wrong with a task is told at the task's own row."""
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in self.table.lines:
            groups[line.values["number"]].append(line)
        for lines in groups.values():
            faults = len(self.faults)
            tasks = [task for line in lines for task in self.tasks_of(line, lines[0])]
            if len(self.faults) == faults and (twins := naming.twin_of(tasks)):
                self.refuse(lines[twins[1] - 1], "project", opening.same_name(*twins))
            if len(self.faults) == faults:
                with self.told(lines[0]):
                    self.enter(lines[0].values, tasks)
            self.went_on(len(lines))

    def tasks_of(self, line: Line, first: Line) -> list[opening.NewTask]:
        """The task of a row, or none where something is wrong with it."""
        row = line.values
        try:
            for column in SAME_FOR_ALL:
                if row[column] != first.values[column]:
                    words = _("This differs from the first row with the same contract number")
                    raise Invalid(words, field=column)
            section = named(self.sections, row["section"], "section")
            unit = named(self.units, row["unit"], "unit") if row["unit"] else None
            return [opening.NewTask(row["project"], fen(row["amount"]), section, unit)]
        except Invalid as error:
            self.refuse(line, error.field, error.message)
            return []

    def enter(self, row: Mapping[str, Any], tasks: Sequence[opening.NewTask]) -> None:
        """Enter one contract and bring it to where the work stands."""
        template = self.template_of(row["template"])
        agency: Agency = named(self.agencies, row["agency"], "agency")
        issued_by = IssuedBy.AGENCY
        if row["issued_by"]:
            issued_by = chosen(labels.ISSUED_BY, row["issued_by"], "issued_by")
        new = opening.NewEngagement(
            name=row["name"],
            template=template,
            agency=agency,
            lead_evaluator=self.lead_of(agency, row["lead_evaluator"]),
            client=named(self.clients, row["client"], "client"),
            issued_by=issued_by,
            fee_fen=fen(row["fee"]),
            signed_on=row["signed_on"],
            starts_on=row["starts_on"] or row["signed_on"],
            ends_on=row["ends_on"],
            tasks=tasks,
        )
        check_place(template, row["stage"], new.signed_on, row["finished_on"])
        engagement = opening.enter_engagement(self.actor, new)
        bring_forward(engagement, row["stage"], row["finished_on"])
        self.record(engagement, row)
        self.entered[row["number"]] = engagement

    def record(self, engagement: Engagement, row: Mapping[str, Any]) -> None:
        """Tell the log under which number the bureau had it, and where the work stood."""
        place, last = engagement.current_stage, row["finished_on"]
        told = {"number": row["number"], "finished_on": last.isoformat() if last else None}
        told["stage"] = moves.named(place) if place else None
        event = Event.ENGAGEMENT_TAKEN_OVER
        audit.record(self.actor, event, engagement, scope=engagement, **told)

    def template_of(self, name: str) -> EngagementTemplate:
        """The template in force of this name; whoever wrote another is told which there are."""
        if name in self.templates:
            return self.templates[name]
        known = gettext(", ").join(self.templates)
        raise Invalid(_("This is none of: %(known)s", known=known), field="template")

    def lead_of(self, agency: Agency, name: str) -> Evaluator:
        """The one lead evaluator of this name in the agency."""
        found = self.leads.get((agency.id, name), [])
        if len(found) == 1:
            return found[0]
        words = _("This agency has no lead evaluator of this name")
        if found:
            words = _("This agency has two lead evaluators of this name; open it on its page")
        raise Invalid(words, field="lead_evaluator")


def named(known: Mapping[str, Any], name: str, column: str) -> Any:
    """The record that a cell names."""
    if name in known:
        return known[name]
    raise Invalid(_("Nothing of this name is entered here"), field=column)


def fen(yuan: Decimal) -> int:
    """An amount in fen."""
    return int((yuan * 100).to_integral_value())


def check_place(
    template: EngagementTemplate, stage: str | None, signed_on: date, finished_on: date | None
) -> None:
    """The stage is one of the template's; what is finished ended after its contract, by today."""
    if stage and stage not in {one.name for one in template.stages}:
        known = gettext(", ").join(one.name for one in template.stages)
        raise Invalid(_("This is none of: %(known)s", known=known), field="stage")
    if finished_on and not signed_on <= finished_on <= clock.today():
        words = _("Work is accepted after its contract was signed, and not in the future")
        raise Invalid(words, field="finished_on")


def bring_forward(engagement: Engagement, stage: str | None, finished_on: date | None) -> None:
    """Stages before the present one are over; of a finished engagement all are, and it is closed.

    No buyer rates what ended before the portal: it opens no round and counts in no ranking.
    """
    if finished_on is not None:
        at = clock.start_of(finished_on)
        pass_stages(engagement.stages, at)
        engagement.current_stage_position = engagement.stages[-1].position
        engagement.accepted_at = engagement.closed_at = at
    elif stage:
        place = next(n for n, one in enumerate(engagement.stages) if one.name == stage)
        pass_stages(engagement.stages[:place], clock.now())
        engagement.stages[place].started_at = clock.now()
        engagement.current_stage_position = engagement.stages[place].position


def pass_stages(stages: Sequence[Stage], at: datetime) -> None:
    """These stages were passed before the portal knew of them."""
    for stage in stages:
        stage.started_at = stage.submitted_at = stage.approved_at = at
