"""What the lists of the forms offer to this person."""

from flask_babel import gettext as _
from sqlalchemy import Select

from app.accounts import labels, queries, services
from app.accounts.forms import AccountForm, GrantForm, OrganisationForm
from app.accounts.lookup_fields import Roll
from app.accounts.models import Organisation, OrganisationKind, User
from app.accounts.services import ROLES_OF_KIND
from app.db import db
from app.errors import Invalid
from app.policy import AGENCY_ROLES, OUTSIDE_ROLES, Role

NOTHING = ("", "—")
# Agencies are entered with their particulars in the directory; there is one bureau.
KINDS = [kind for kind in OrganisationKind if kind not in {"agency", "bureau"}]
Pairs = list[tuple[str, str]]


def named(*kinds: OrganisationKind) -> Pairs:
    """Organisations of these kinds for a list."""
    return [(str(key), name) for key, name in queries.organisation_names(*kinds)]


def roles(allowed: frozenset[Role]) -> Pairs:
    """Roles for a list, in the order of their definition."""
    return [(role.value, str(labels.ROLES[role])) for role in Role if role in allowed]


def roles_to_give(user: User) -> frozenset[Role]:
    """The roles that this person may give to somebody."""
    if user.role is Role.AGENCY_ADMIN:
        return AGENCY_ROLES
    return OUTSIDE_ROLES if user.role is Role.PERFORMANCE_OFFICER else frozenset(Role)


def organisation_form() -> OrganisationForm:
    """The form of a new organisation."""
    form = OrganisationForm()
    form.kind.choices = [(kind.value, str(labels.KINDS[kind])) for kind in KINDS]
    form.department.offer(Roll(queries.organisations(OrganisationKind.DEPARTMENT)), "—")
    form.finance_office.offer(Roll(queries.organisations(OrganisationKind.FINANCE_OFFICE)), "—")
    return form


def account_form(user: User) -> AccountForm:
    """The form of a new account: an agency opens its own people's only."""
    form = AccountForm()
    roll = Roll(homes(user))
    form.organisation.offer(roll, _("Choose"))
    if user.role is Role.AGENCY_ADMIN:
        form.organisation.choices = [(str(one.key), one.name) for one in roll.known]
    elif roll.is_short:
        form.organisation.choices = homes_by_kind()
    form.role.choices = [("", _("Choose")), *roles(roles_to_give(user))]
    return form


def homes(user: User) -> Select[Organisation]:
    """Where this person may open accounts: an agency's administrator at home, others anywhere."""
    query = queries.organisations()
    own = Organisation.id == user.organisation_id
    return query.where(own) if user.role is Role.AGENCY_ADMIN else query


def homes_by_kind() -> dict[str, Pairs] | Pairs:
    """Every organisation, grouped by kind."""
    groups: dict[str, Pairs] = {str(_("Choose")): [NOTHING]}
    for kind in OrganisationKind:
        if found := named(kind):
            groups[str(labels.KINDS[kind])] = found
    return groups


def grant_form(user: User) -> GrantForm:
    """The form of a change of role; only roles that exist where the person works."""
    form = GrantForm(role=user.role.value, access_ends_on=user.access_ends_on)
    form.role.choices = roles(ROLES_OF_KIND[user.organisation.kind])
    return form


def organisation_of(key: int | None) -> Organisation | None:
    """The organisation that was chosen."""
    return db.session.get(Organisation, key) if key is not None else None


def register(actor: User, form: OrganisationForm) -> Organisation:
    """Register what the form says."""
    return services.register_organisation(
        actor,
        OrganisationKind(form.kind.data),
        form.name.data,
        code=form.credit_code.data,
        department=organisation_of(form.department.data),
        finance_office=organisation_of(form.finance_office.data),
    )


def new_account(form: AccountForm) -> services.NewAccount:
    """The account that the form asks for."""
    home = organisation_of(form.organisation.data)
    if home is None:
        raise Invalid(_("Choose the organisation"))
    role, last = Role(form.role.data), form.access_ends_on.data
    return services.NewAccount(home, role, form.login.data, form.name.data, last)
