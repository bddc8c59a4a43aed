"""Questions about organisations and people. Nothing here changes anything."""

from collections.abc import Collection

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organisation, OrganisationKind, User
from app.db import db
from app.policy import AGENCY_ROLES, OUTSIDE_ROLES, Permission, Person, Role, can


def user_by_login(login: str) -> User | None:
    """The account with this sign-in name, closed or not."""
    return db.session.scalar(select(User).where(User.login == login.strip().lower()))


def organisations(*kinds: OrganisationKind) -> Select[Organisation]:
    """Organisations of these kinds that are still active, by name."""
    query = select(Organisation).where(Organisation.closed_at.is_(None))
    if kinds:
        query = query.where(Organisation.kind.in_(kinds))
    return query.order_by(Organisation.kind, Organisation.name)


def organisation_names(*kinds: OrganisationKind) -> list[tuple[int, str]]:
    """Number and name of each of them, for a list to choose from: a province has thousands."""
    plain = organisations(*kinds).with_only_columns(Organisation.id, Organisation.name)
    return [(key, name) for key, name in db.session.execute(plain)]


def with_parents(query: Select[Organisation]) -> Select[Organisation]:
    """Read with each organisation those above it: as many statements for a hundred as for one."""
    return query.options(
        joinedload(Organisation.department), joinedload(Organisation.finance_office)
    )


def bureau() -> Organisation | None:
    """The finance bureau itself."""
    return db.session.scalar(
        select(Organisation).where(Organisation.kind == OrganisationKind.BUREAU).limit(1)
    )


def accounts_visible_to(user: Person) -> Select[User]:
    """Exactly the accounts that this person may list: own people, or those they look after."""
    query = select(User).order_by(User.organisation_id, User.id)
    if not can(user, Permission.ACCOUNT_LIST, None):
        return query.where(User.id < 0)
    if user.role in AGENCY_ROLES:
        return query.where(User.organisation_id == user.organisation_id)
    if user.role is Role.PERFORMANCE_OFFICER:
        return query.where(User.role.in_(OUTSIDE_ROLES))
    return query


def people_of(organisation_id: int, roles: Collection[Role] = tuple(Role)) -> Select[User]:
    """The active people of one organisation in these roles."""
    return (
        select(User)
        .where(User.organisation_id == organisation_id, User.closed_at.is_(None))
        .where(User.role.in_(roles))
        .order_by(User.id)
    )


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Display names by id, for the time line: the log itself keeps ids only."""
    if not user_ids:
        return {}
    rows = db.session.execute(
        select(User.id, User.name, Organisation.name)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(User.id.in_(user_ids))
    )
    return {key: f"{organisation} · {name}" for key, name, organisation in rows}


def containing(query: Select[Organisation], words: str) -> Select[Organisation]:
    """Those of a list of organisations whose name or credit code contains the words."""
    words = words.strip()
    name, code = Organisation.name, Organisation.credit_code
    return query.where(
        or_(name.icontains(words, autoescape=True), code.icontains(words, autoescape=True))
    )


def people_containing(query: Select[User], words: str) -> Select[User]:
    """Those of a list of accounts whose name, sign-in name or organisation contains the words."""
    words = words.strip()
    columns = (User.name, User.login, Organisation.name)
    return query.join(Organisation, User.organisation_id == Organisation.id).where(
        or_(*(column.icontains(words, autoescape=True) for column in columns))
    )


def kind_counts() -> dict[OrganisationKind, int]:
    """How many organisations of each kind are still active."""
    counted = select(Organisation.kind, func.count()).where(Organisation.closed_at.is_(None))
    return dict(db.session.execute(counted.group_by(Organisation.kind)).all())


def looked_after_by(organisation_id: int) -> Select[Organisation]:
    """The units below a supervising department or a township finance office."""
    above = (Organisation.department_id, Organisation.finance_office_id)
    return organisations().where(or_(*(column == organisation_id for column in above)))
