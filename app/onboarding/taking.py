"""Row by row of a ledger through the ordinary services; what they refuse is told by its cell."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_locale, gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import credit_code
from app.accounts import labels as account_labels
from app.accounts import services as accounts
from app.accounts.forms import LOGIN
from app.accounts.models import Organisation, OrganisationKind, User
from app.accounts.services import ROLES_OF_KIND, NewAccount
from app.agencies import labels as agency_labels
from app.agencies import services as agencies
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import falls_short
from app.clock import today
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, Words
from app.tabular import MOST_TOLD, CellFault, Line, Table

NOT_YOURS = _("You may not open accounts of this role")
TELL_EVERY = 100  # rows
AT_A_TIME = 200  # rows that are held together
Tell = Callable[[int, int, int], None]  # rows checked, of how many, cells that are wrong


def nobody_listens(_checked: int, _rows: int, _wrong: int) -> None:
    """Nobody waits for the rows."""


class Taker:
    """Takes the rows of one ledger for one person; `faults` holds what can't be taken."""

    first_column = "name"

    def __init__(self, actor: User, table: Table) -> None:
        self.actor, self.table = actor, table
        self.faults: list[CellFault] = []
        self.taken = self.checked = 0
        self.tell: Tell = nobody_listens

    def take_all(self) -> None:
        """Take every row; one that is refused doesn't hide what is wrong with the others."""
        lines = iter(self.table.lines)
        while some := list(islice(lines, AT_A_TIME)):
            self.prepare(some)
            for line in some:
                with self.told(line):
                    self.take(line.values)
                self.went_on()
            db.session.flush()

    def prepare(self, lines: Sequence[Line]) -> None:
        """Ask what the next rows have to be compared with."""

    def went_on(self, rows: int = 1) -> None:
        """These rows are checked; now and then somebody hears of it."""
        before, self.checked = self.checked, self.checked + rows
        if self.checked // TELL_EVERY > before // TELL_EVERY:
            self.tell(self.checked, len(self.table.lines), len(self.faults))

    def take(self, _row: Mapping[str, Any]) -> None:
        """Take one row."""
        raise NotImplementedError  # each ledger says how: no table is of this class alone

    @contextmanager
    def told(self, line: Line) -> Iterator[None]:
        """Turn a refusal into a fault of the row's cell."""
        try:
            yield
        except Forbidden:
            self.refuse(line, "role", NOT_YOURS)
        except (Invalid, Conflict) as error:
            self.refuse(line, getattr(error, "field", "") or self.first_column, error.message)
        else:
            self.taken += 1

    def refuse(self, line: Line, column: str, words: Words) -> None:
        """Say what is wrong with a row; after so many nobody needs to hear of more."""
        if len(self.faults) < MOST_TOLD:
            self.faults.append(self.table.fault(line, column, words))


def chosen(words: Mapping[Any, Words], told: str, column: str) -> Any:
    """What a cell means that holds one of the portal's own words, in any language it speaks.

    The workbook may have been filled in by somebody who reads the portal in another language.
    """
    for language in (str(get_locale()), *current_app.config["LANGUAGES"]):
        with force_locale(language):
            for key, label in words.items():
                if told.casefold() in {str(label).casefold(), str(key)}:
                    return key
    known = gettext(", ").join(str(label) for label in words.values())
    raise Invalid(_("This is none of: %(known)s", known=known), field=column)


def by_name(*kinds: OrganisationKind) -> dict[str, Organisation]:
    """The organisations of these kinds that are still active, by name."""
    query = select(Organisation).where(Organisation.closed_at.is_(None))
    found = db.session.scalars(query.where(Organisation.kind.in_(kinds)))
    return {one.name: one for one in found}


class Bodies(Taker):
    """Business sections, departments, township offices, then units, whatever their order."""

    ORDER = (
        OrganisationKind.SECTION,
        OrganisationKind.DEPARTMENT,
        OrganisationKind.FINANCE_OFFICE,
        OrganisationKind.UNIT,
    )

    def __init__(self, actor: User, table: Table) -> None:
        super().__init__(actor, table)
        self.known = {kind: by_name(kind) for kind in self.ORDER}
        self.codes = codes_taken()

    def take_all(self) -> None:
        """Those above come first, so that a unit may stand before its department."""
        kinds: dict[OrganisationKind, list[tuple[Line, OrganisationKind]]] = defaultdict(list)
        words = {kind: account_labels.KINDS[kind] for kind in self.ORDER}
        for line in self.table.lines:
            try:
                kind = chosen(words, line.values["kind"], "kind")
                kinds[kind].append((line, kind))
            except Invalid as error:
                self.refuse(line, "kind", error.message)
                self.went_on()
        for kind in self.ORDER:
            for line, _kind in kinds[kind]:
                with self.told(line):
                    self.enter(line.values, kind)
                self.went_on()

    def enter(self, row: Mapping[str, Any], kind: OrganisationKind) -> None:
        """Register one body."""
        name = row["name"]
        if name in self.known[kind]:
            raise Conflict(_("This name is taken already"))
        code = spare_code(self.codes, row["credit_code"])
        above = {
            "department": self.above(row, "department", OrganisationKind.DEPARTMENT),
            "finance_office": self.above(row, "finance_office", OrganisationKind.FINANCE_OFFICE),
        }
        made = accounts.register_organisation(self.actor, kind, name, code=code, **above)
        self.known[kind][name] = made

    def above(
        self, row: Mapping[str, Any], column: str, kind: OrganisationKind
    ) -> Organisation | None:
        """The body above that a cell names."""
        if not row[column]:
            return None
        if found := self.known[kind].get(row[column]):
            return found
        raise Invalid(_("No organisation of this kind has this name"), field=column)


def codes_taken() -> set[str]:
    """Every credit code that an organisation has."""
    query = select(Organisation.credit_code).where(Organisation.credit_code.is_not(None))
    return {code for code in db.session.scalars(query) if code}


def spare_code(taken: set[str], told: str | None) -> str | None:
    """A credit code that is a true one and nobody else's; it is taken from now on."""
    if not told:
        return None
    code = credit_code.normalise(told)
    if problem := credit_code.check(code):
        raise Invalid(problem.words, field="credit_code")
    if code in taken:
        raise Invalid(_("Another organisation has this code"), field="credit_code")
    taken.add(code)
    return code


class People(Taker):
    """Accounts that wait for their slips."""

    def __init__(self, actor: User, table: Table) -> None:
        super().__init__(actor, table)
        self.logins: set[str] = set()
        self.homes: dict[str, list[Organisation]] = defaultdict(list)
        query = select(Organisation).where(Organisation.closed_at.is_(None))
        for one in db.session.scalars(query):
            self.homes[one.name].append(one)
        self.evaluators: dict[tuple[int, str], list[int]] = defaultdict(list)
        columns = select(Evaluator.agency_id, Evaluator.name, Evaluator.id)
        alone = columns.where(Evaluator.user_id.is_(None), Evaluator.left_at.is_(None))
        for agency_id, name, key in db.session.execute(alone):
            self.evaluators[agency_id, name].append(key)

    def prepare(self, lines: Sequence[Line]) -> None:
        """Which of the next sign-in names are taken, by those of the rows before them too."""
        asked = {line.values["login"].lower() for line in lines}
        self.logins = set(db.session.scalars(select(User.login).where(User.login.in_(asked))))

    def take(self, row: Mapping[str, Any]) -> None:
        """Open one account."""
        role = chosen(account_labels.ROLES, row["role"], "role")
        homes = self.homes.get(row["organisation"])
        if not homes:
            raise Invalid(_("No organisation has this name"), field="organisation")
        home = next((one for one in homes if role in ROLES_OF_KIND[one.kind]), None)
        if home is None:
            words = _("This role doesn't exist in an organisation of this kind")
            raise Invalid(words, field="role")
        login = row["login"].lower()
        if not LOGIN.match(login) or len(login) < 3:
            raise Invalid(_("Latin letters, digits, dot, dash only"), field="login")
        if login in self.logins:
            raise Invalid(_("This sign-in name is taken"), field="login")
        self.logins.add(login)
        new = NewAccount(home, role, login, row["name"], row["access_ends_on"])
        self.link(accounts.open_account_without_password(self.actor, new))

    def link(self, user: User) -> None:
        """The account is that of the one evaluator of its name at the agency, who has none yet."""
        keys = self.evaluators.pop((user.organisation_id, user.name), [])
        if len(keys) == 1 and (found := db.session.get(Evaluator, keys[0])) is not None:
            agencies.link_account(self.actor, found, user)


class Agencies(Taker):
    """Agencies of the directory."""

    def __init__(self, actor: User, table: Table) -> None:
        super().__init__(actor, table)
        self.names = set(by_name(OrganisationKind.AGENCY))
        self.codes = codes_taken()

    def take(self, row: Mapping[str, Any]) -> None:
        """Register one agency."""
        if row["name"] in self.names:
            raise Conflict(_("This name is taken already"))
        kind = chosen(agency_labels.TYPES, row["agency_type"], "agency_type")
        code = spare_code(self.codes, row["credit_code"]) or ""
        told = agencies.Particulars(
            agency_type=kind,
            legal_representative=row["legal_representative"],
            address=row["address"] or "",
            phone=row["phone"] or "",
            established_on=row["established_on"],
            platform_number=row["platform_number"] or "",
        )
        agencies.register_agency(self.actor, agencies.NewAgency(row["name"], code, told))
        self.names.add(row["name"])


class Evaluators(Taker):
    """Practitioners; whoever has title and years is confirmed as lead evaluator by the ledger."""

    def __init__(self, actor: User, table: Table) -> None:
        super().__init__(actor, table)
        found = db.session.scalars(select(Agency).join(Agency.organisation))
        self.agencies = {one.name: one for one in found}
        query = select(Evaluator.agency_id, Evaluator.name).where(Evaluator.left_at.is_(None))
        self.known = {(agency, name) for agency, name in db.session.execute(query)}

    def take(self, row: Mapping[str, Any]) -> None:
        """Register one practitioner."""
        agency = self.agencies.get(row["agency"])
        if agency is None:
            raise Invalid(_("No agency has this name"), field="agency")
        if (agency.id, row["name"]) in self.known:
            raise Conflict(_("This person is entered for this agency already"))
        new = agencies.NewEvaluator(
            name=row["name"],
            qualification=row["qualification"] or "",
            working_since=row["working_since"],
            evaluating_since=row["evaluating_since"],
        )
        made = agencies.register_evaluator(self.actor, agency, new)
        self.known.add((agency.id, row["name"]))
        if falls_short(made, today()) is None:
            agencies.confirm_evaluator(self.actor, made)
