"""The organisations, people and agencies of the demonstration district, entered as people would."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from app import clock, credit_code
from app.accounts import founding, queries, services
from app.accounts.models import Organisation, OrganisationKind, User
from app.accounts.services import NewAccount
from app.agencies import services as agencies
from app.agencies.models import Agency, AgencyType, Evaluator
from app.agencies.services import NewAgency, NewEvaluator, Particulars
from app.db import db
from app.demo import names
from app.engagements.models import EngagementTemplate
from app.policy import Role

# The first two digits of a credit code (GB 32100-2015): who registers, and what is registered.
# An organ of state 11, an institution 12, a company or a partnership 91; a law firm is registered
# by the judicial office (31), an institute that nobody in office founded by civil affairs (52).
ORGAN, INSTITUTION, COMPANY = "11", "12", "91"
CODE_KINDS = {AgencyType.LAW: "31", AgencyType.UNIVERSITY: INSTITUTION, AgencyType.RESEARCH: "52"}


@dataclass
class Firm:
    """An agency with its people; skill runs from -1 to 1."""

    agency: Agency
    skill: float
    share: int
    admin: User
    leads: list[Evaluator] = field(default_factory=list)
    members: list[User] = field(default_factory=list)
    controller: User | None = None  # quality control, level 2 of the review


@dataclass
class District:
    """Whoever acts in the stories. People are found by their organisation's id."""

    rng: Random
    fresh_names: Iterator[str]
    security_admin: User
    performance: list[User] = field(default_factory=list)
    leader: User | None = None
    experts: list[User] = field(default_factory=list)
    sections: dict[str, Organisation] = field(default_factory=dict)
    departments: dict[str, Organisation] = field(default_factory=dict)
    units: list[Organisation] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    people: dict[int, list[User]] = field(default_factory=lambda: defaultdict(list))
    templates: dict[str, EngagementTemplate] = field(default_factory=dict)
    serial: int = 0

    @property
    def bureau(self) -> Organisation:
        """The finance bureau."""
        return self.security_admin.organisation

    def officer_of(self, organisation_id: int) -> User:
        """The first person of an organisation."""
        return self.people[organisation_id][0]

    def next_code(self, kind: str) -> str:
        """The next invented credit code, of a region that isn't."""
        self.serial += 1
        return credit_code.make(self.serial, kind=kind)

    def open_account(self, actor: User, home: Organisation, role: Role, login: str) -> User:
        """Open an account for somebody new."""
        last = clock.today() + timedelta(days=1200) if role is Role.INSPECTOR else None
        new = NewAccount(home, role, login, next(self.fresh_names), last)
        user, _password = services.open_account(actor, new)
        self.people[home.id].append(user)
        return user


def found(rng: Random) -> District:
    """Found the portal: the security administrator, who lets the bureau's own people in."""
    fresh = names.people(rng)
    founding.found(names.BUREAU, "anquan", next(fresh))
    admin = queries.user_by_login("anquan")
    if admin is None:
        raise LookupError("the portal was founded without its first account")
    district = District(rng, fresh, admin)
    roles = {
        "jixiao": Role.PERFORMANCE_OFFICER,
        "jixiao2": Role.PERFORMANCE_OFFICER,
        "jixiao3": Role.PERFORMANCE_OFFICER,
        "juzhang": Role.LEADER,
        "zhuanjia": Role.EXPERT,
        "zhuanjia2": Role.EXPERT,
        "zhuanjia3": Role.EXPERT,
        "dangan": Role.ARCHIVIST,
        "jiancha": Role.INSPECTOR,
        "xitong": Role.SYSTEM_ADMIN,
        "shenji": Role.AUDIT_ADMIN,
    }
    for login, role in roles.items():
        user = district.open_account(admin, district.bureau, role, login)
        if role is Role.PERFORMANCE_OFFICER:
            district.performance.append(user)
        if role is Role.EXPERT:
            district.experts.append(user)
        if role is Role.LEADER:
            district.leader = user
    return district


def settle(district: District) -> None:
    """Enter sections, departments, township finance offices and units, each with its officer."""
    for n, name in enumerate(names.SECTIONS, start=1):
        section = _entered(district, OrganisationKind.SECTION, f"{names.BUREAU}{name}")
        district.sections[name] = section
        district.open_account(_opener(district), section, Role.SECTION_OFFICER, f"keshi{n}")
    offices = _offices(district)
    _departments(district, offices)
    for n, town in enumerate(names.TOWNS, start=1):
        government = f"演示区{town}{'人民政府' if town.endswith('镇') else '办事处'}"
        unit = _unit(district, government, None, offices[n - 1], kind=ORGAN)
        district.open_account(_opener(district), unit, Role.UNIT_OFFICER, f"zhenjie{n}")


def _offices(district: District) -> Sequence[Organisation]:
    offices = []
    for n, town in enumerate(names.TOWNS, start=1):
        name = f"演示区{town}财政所"
        office = _entered(district, OrganisationKind.FINANCE_OFFICE, name)
        role = Role.FINANCE_OFFICE_OFFICER
        district.open_account(_opener(district), office, role, f"caizhengsuo{n}")
        offices.append(office)
    return offices


def _departments(district: District, offices: Sequence[Organisation]) -> None:
    """Each department with its officer and its units; some units lie in a town."""
    number = 0
    for n, (name, _section, unit_names) in enumerate(names.DEPARTMENTS, start=1):
        department = _entered(district, OrganisationKind.DEPARTMENT, f"演示区{name}")
        district.departments[name] = department
        role = Role.DEPARTMENT_OFFICER
        district.open_account(_opener(district), department, role, f"zhuguan{n}")
        for unit_name in unit_names:
            number += 1
            office = offices[number % len(offices)] if number % 3 == 0 else None
            unit = _unit(district, f"演示区{unit_name}", department, office)
            login = f"danwei{number}"
            district.open_account(_opener(district), unit, Role.UNIT_OFFICER, login)


def _entered(district: District, kind: OrganisationKind, name: str) -> Organisation:
    code = district.next_code(ORGAN) if kind is OrganisationKind.DEPARTMENT else None
    organisation = services.register_organisation(_opener(district), kind, name, code=code)
    db.session.flush()
    return organisation


def _unit(
    district: District,
    name: str,
    department: Organisation | None,
    office: Organisation | None,
    *,
    kind: str = INSTITUTION,
) -> Organisation:
    unit = services.register_organisation(
        _opener(district),
        OrganisationKind.UNIT,
        name,
        code=district.next_code(kind),
        department=department,
        finance_office=office,
    )
    db.session.flush()
    district.units.append(unit)
    return unit


def _opener(district: District) -> User:
    return district.performance[0]


def register_firms(district: District) -> None:
    """Enter the agencies, their people, and the lead evaluators that the section confirms."""
    for number, (name, kind, skill, share) in enumerate(names.AGENCIES, start=1):
        rng = district.rng
        particulars = Particulars(
            agency_type=kind,
            legal_representative=next(district.fresh_names),
            address=f"演示区{rng.choice(names.ROADS)}{rng.randint(1, 299)}号",
            phone=f"0990-{rng.randint(2000000, 8999999)}",
            established_on=date(rng.randint(2003, 2019), rng.randint(1, 12), rng.randint(1, 28)),
            platform_number=f"YS{rng.randint(10000, 99999)}" if rng.random() < 0.7 else "",
        )
        code = district.next_code(CODE_KINDS.get(kind, COMPANY))
        agency = agencies.register_agency(_opener(district), NewAgency(name, code, particulars))
        firm = _firm(district, number, agency, skill, share)
        district.firms.append(firm)


def _firm(district: District, number: int, agency: Agency, skill: float, share: int) -> Firm:
    opener, home = _opener(district), agency.organisation
    admin = district.open_account(opener, home, Role.AGENCY_ADMIN, f"jigou{number}")
    firm = Firm(agency, skill, share, admin)
    for n in range(1, 2 + (share > 4) + (share > 9)):
        login = f"zhuping{number}" + (f"-{n}" if n > 1 else "")
        user = district.open_account(opener, home, Role.LEAD_EVALUATOR, login)
        firm.leads.append(_evaluator(district, agency, user))
    for n in range(1, 2 + (share > 6)):
        login = f"chengyuan{number}" + (f"-{n}" if n > 1 else "")
        firm.members.append(district.open_account(admin, home, Role.AGENCY_MEMBER, login))
    login = f"zhikong{number}"
    firm.controller = district.open_account(admin, home, Role.AGENCY_MEMBER, login)
    return firm


def _evaluator(district: District, agency: Agency, user: User) -> Evaluator:
    rng = district.rng
    began = date(rng.randint(2004, 2015), 7, 1)
    new = NewEvaluator(
        name=user.name,
        qualification=rng.choice(names.QUALIFICATIONS),
        working_since=began,
        evaluating_since=date(began.year + rng.randint(1, 5), 3, 1),
        user=user,
    )
    evaluator = agencies.register_evaluator(_opener(district), agency, new)
    db.session.flush()
    agencies.confirm_evaluator(_opener(district), evaluator)
    return evaluator


def section_of(district: District, unit: Organisation) -> Organisation:
    """The business section that looks after a unit: its department's, or the towns' own."""
    for name, section, _units in names.DEPARTMENTS:
        department = district.departments[name]
        if department.id in {unit.id, unit.department_id}:
            return district.sections[section]
    return district.sections["综合科"]


def everybody() -> Sequence[User]:
    """Every account, the oldest first."""
    return db.session.scalars(select(User).order_by(User.id)).all()
