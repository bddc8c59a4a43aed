"""How an empty portal gets its first account, since nobody is there yet to open one."""

import secrets

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts import passwords, queries
from app.accounts.models import Organisation, OrganisationKind, User
from app.db import db
from app.errors import Conflict
from app.policy import Role


def found(bureau_name: str, login: str, name: str) -> str:
    """Enter the bureau and its security administrator; return the random first password, once.

    Only an empty portal can be founded: afterwards accounts are opened by those who may.
    """
    if db.session.scalar(select(User.id).limit(1)) is not None:
        raise Conflict(_("The portal has accounts already: they are opened in the portal"))
    bureau = queries.bureau() or Organisation(
        kind=OrganisationKind.BUREAU, name=bureau_name, registered_at=clock.now()
    )
    password = passwords.make_one()
    user = User(
        login=login.strip().lower(),
        name=name.strip(),
        role=Role.SECURITY_ADMIN,
        organisation=bureau,
        password_hash=passwords.hash_of(password),
        password_set_at=clock.now(),
        must_change_password=True,
        session_stamp=secrets.token_hex(8),
        opened_at=clock.now(),
    )
    db.session.add_all([bureau, user])
    audit.record(audit.PORTAL, audit.Event.PORTAL_FOUNDED, user)
    return password
