"""A workbook of the register on its way in: through the ordinary services, whole or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock, credit_code
from app.accounts.models import Organisation, User
from app.agencies import labels, related
from app.agencies import services as agencies
from app.agencies.models import Agency, AgencyType, Evaluator
from app.agencies.qualification import Problem, falls_short
from app.agencies.related_models import Associate, Branch
from app.agencies.services import NewAgency, NewEvaluator, Particulars
from app.db import db
from app.errors import Conflict, Invalid
from app.onboarding.taking import chosen
from app.policy import Permission, require
from app.tabular import CellFault, FaultyTable, Line, Table, read_sheet
from app.upkeep import ministry, queries

# Which cell of a lead evaluator's row is told of, where it isn't the title.
CELLS = {
    Problem.TOO_FEW_YEARS: "working_since",
    Problem.TOO_FEW_EVALUATING: "evaluating_since",
}
Named = TypeVar("Named")
MOST_ROWS = 5000
NOT_NAMED = _("No agency of this credit code stands in the register or in the first sheet")
SEVERAL = _("Several of this name stand at the agency; correct them on its pages")


def import_register(actor: User, workbook: bytes) -> tuple[int, int]:
    """Take a workbook in and return its rows and how many changed anything.

    What is there already and says the same is left alone; nobody is ended by being left out.
    FaultyTable names every cell of every sheet that can't be taken; then nothing is.
    """
    require(actor, Permission.AGENCY_REGISTER, None)
    taker = Taker(actor)
    for name, columns in ministry.SHEETS.items():
        table, faults = read_sheet(workbook, name, columns, MOST_ROWS)
        taker.faults += faults
        taker.tables[name] = table
    taker.take_all()
    if taker.faults:
        raise FaultyTable(sorted(taker.faults, key=_place))
    rows = sum(len(table.lines) for table in taker.tables.values())
    if not rows:
        raise Invalid(_("The workbook has no rows below its heads"))
    db.session.flush()
    event = audit.Event.REGISTER_IMPORTED
    audit.record(actor, event, "register", rows=rows, changes=taker.changes)
    return rows, taker.changes


class Taker:
    """Takes the sheets one after the other; `faults` holds what can't be taken."""

    def __init__(self, actor: User) -> None:
        self.actor, self.changes = actor, 0
        self.tables: dict[str, Table] = {}
        self.faults: list[CellFault] = []
        self.agencies = self._known()
        self.heads: dict[str, Line] = {}
        self.listed: set[str] = set()  # the agencies of the first sheet
        self.meant: set[object] = set()  # entries for which there was a row

    @staticmethod
    def _known() -> dict[str, Agency]:
        query = select(Agency).join(Agency.organisation).where(Organisation.closed_at.is_(None))
        found = db.session.scalars(query)
        return {one.organisation.credit_code or "": one for one in found}

    def take_all(self) -> None:
        """Agencies first, since everything else names one."""
        self.heads = {_code(line): line for line in self.tables[ministry.HEAD].lines}
        self.listed = {_code(line) for line in self.tables[ministry.AGENCY].lines}
        steps = {
            ministry.AGENCY: self.take_agency,
            ministry.HEAD: self.take_head,
            ministry.BRANCHES: self.take_branch,
            ministry.LEADS: self.take_lead,
            ministry.OTHERS: self.take_person,
            ministry.ASSOCIATES: self.take_associate,
        }
        for name, take in steps.items():
            for line in self.tables[name].lines:
                with self._told(self.tables[name], line):
                    take(_code(line), line.values)

    @contextmanager
    def _told(self, table: Table, line: Line) -> Iterator[None]:
        try:
            yield
        except (Invalid, Conflict) as error:
            column = getattr(error, "field", "") or "code"
            if column == "legal_representative" and _code(line) in self.heads:
                table, line, column = self.tables[ministry.HEAD], self.heads[_code(line)], "name"
            self.faults.append(table.fault(line, column, error.message))

    def take_agency(self, code: str, row: Mapping[str, Any]) -> None:
        """Enter an agency, or correct its particulars; a name is no key and is not changed here."""
        agency = self.agencies.get(code)
        if agency is None and (wrong := credit_code.check(code)):
            raise Invalid(wrong.words, field="code")
        told = self._particulars(code, row)
        if agency is None:
            new = NewAgency(row["name"], code, told)
            self.agencies[code] = agencies.register_agency(self.actor, new)
            self.changes += 1
            return
        if agency.name != row["name"]:
            raise Invalid(_("Another name is registered under this credit code"), field="name")
        self.changes += any(getattr(agency, key) != value for key, value in vars(told).items())
        agencies.edit_agency(self.actor, agency, told)

    def take_head(self, code: str, row: Mapping[str, Any]) -> None:
        """Correct the legal representative of an agency that the first sheet leaves out."""
        if code in self.listed:
            return
        agency = self.agency_of(code)
        if agency.legal_representative == row["name"]:
            return
        told = replace(Particulars.of(agency), legal_representative=row["name"])
        agencies.edit_agency(self.actor, agency, told)
        self.changes += 1

    def _particulars(self, code: str, row: Mapping[str, Any]) -> Particulars:
        known = self.agencies.get(code)
        named = self.heads[code].values["name"] if code in self.heads else ""
        head = named or (known.legal_representative if known else "")
        if not head:
            raise Invalid(_("The sheet of legal representatives doesn't name this agency"))
        return Particulars(
            agency_type=_kind(row["agency_type"]),
            legal_representative=head,
            address=row["address"] or "",
            phone=row["phone"] or "",
            established_on=row["established_on"],
            platform_number=row["platform_number"] or "",
        )

    def agency_of(self, code: str) -> Agency:
        """The agency that a row names."""
        if code not in self.agencies:
            raise Invalid(NOT_NAMED, field="code")
        return self.agencies[code]

    def meant_by(
        self, named: Sequence[Named], what: Callable[[Named], object], told: object
    ) -> tuple[list[Named], bool]:
        """Which entry of its name a row means (or none), and whether it stands as the row says.

        First one that stands so, then the only one that no row before meant; which of several
        is not guessed.
        """
        free = [one for one in named if one not in self.meant]
        same = [one for one in [*free, *named] if what(one) == told]
        if not same and len(free) > 1:
            raise Invalid(SEVERAL, field="name")
        meant = (same or free)[:1]
        self.meant.update(meant)
        return meant, bool(same)

    def take_branch(self, code: str, row: Mapping[str, Any]) -> None:
        """Enter a branch; one that says something else now takes the place of the one before."""
        agency = self.agency_of(code)
        new = related.NewBranch(row["name"], row["credit_code"] or "", row["address"] or "")
        told = (credit_code.normalise(new.credit_code), new.address)
        named = [one for one in related.branches_of(agency.id) if one.name == new.name]
        before, same = self.meant_by(named, _site_of, told)
        if same:
            return
        for one in before:
            related.end_branch(self.actor, agency, one)
        self.meant.add(related.enter_branch(self.actor, agency, new))
        self.changes += 1

    def take_associate(self, code: str, row: Mapping[str, Any]) -> None:
        """Enter an associated expert, in the same way."""
        agency = self.agency_of(code)
        new = related.NewAssociate(row["name"], row["title"] or "", row["employer"] or "")
        named = [one for one in related.associates_of(agency.id) if one.name == new.name]
        told = (new.title, new.employer)
        before, same = self.meant_by(named, _post_of, told)
        if same:
            return
        for one in before:
            related.end_associate(self.actor, agency, one)
        self.meant.add(related.enter_associate(self.actor, agency, new))
        self.changes += 1

    def take_person(self, code: str, row: Mapping[str, Any]) -> Evaluator:
        """Enter a practitioner, or correct what is entered of them."""
        agency = self.agency_of(code)
        told = (row["qualification"] or "", row["working_since"], row["evaluating_since"])
        named = queries.practitioners_named(agency.id, row["name"])
        found, same = self.meant_by(named, _titles_of, told)
        new = NewEvaluator(row["name"], *told, remark=found[0].remark if found else "")
        self.changes += not same
        if found:
            agencies.correct_evaluator(self.actor, found[0], new)
            return found[0]
        made = agencies.register_evaluator(self.actor, agency, new)
        self.meant.add(made)
        return made

    def take_lead(self, code: str, row: Mapping[str, Any]) -> None:
        """A lead evaluator is confirmed with the workbook; one who falls short is refused."""
        person = self.take_person(code, row)
        db.session.flush()
        if person.confirmed_at is None:
            if problem := falls_short(person, clock.today()):
                raise Invalid(problem.words, field=CELLS.get(problem, "qualification"))
            agencies.confirm_evaluator(self.actor, person)


def _place(fault: CellFault) -> tuple[int, int]:
    """Sheet after sheet, row after row, as whoever corrects the workbook goes through it."""
    sheet, _letter = fault.column.rsplit(" ", 1)
    return list(ministry.SHEETS).index(sheet), fault.row


def _site_of(branch: Branch) -> tuple[str, str]:
    return branch.credit_code, branch.address


def _post_of(associate: Associate) -> tuple[str, str]:
    return associate.title, associate.employer


def _titles_of(person: Evaluator) -> tuple[str, date, date | None]:
    return person.qualification, person.working_since, person.evaluating_since


def _kind(told: str) -> AgencyType:
    """The platform's sheets are Chinese, whatever language the reader of the portal chose."""
    with force_locale("zh_Hans_CN"):
        return AgencyType(chosen(labels.TYPES, told, "agency_type"))


def _code(line: Line) -> str:
    return credit_code.normalise(line.values["code"])
