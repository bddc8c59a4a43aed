"""Questions about who can't sign in yet. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from app import clock
from app.accounts import passwords
from app.accounts.models import UNIT_KINDS, Organisation, OrganisationKind, User
from app.accounts.queries import accounts_visible_to
from app.agencies.models import Agency, Evaluator
from app.db import db
from app.engagements.models import Engagement
from app.onboarding.models import ActivationCode, LedgerImport
from app.policy import Person, Role

SECTION = OrganisationKind.SECTION
NEWEST = 5
LOST_AFTER = timedelta(hours=6)  # its worker was killed too often: send it again
MOST_SHOWN = 100  # organisations on one page; the others are found by their name


def held() -> dict[str, int]:
    """How many of what each ledger brings in stand in the portal already, in one statement."""
    people = User.closed_at.is_(None)
    bodies = Organisation.closed_at.is_(None), Organisation.kind.in_([*UNIT_KINDS, SECTION])
    counted = {
        "organisations": select(func.count(Organisation.id)).where(*bodies),
        "agencies": select(func.count(Agency.id)),
        "evaluators": select(func.count(Evaluator.id)).where(Evaluator.left_at.is_(None)),
        "people": select(func.count(User.id)).where(people),
        "engagements": select(func.count(Engagement.id)),
    }
    columns = [one.scalar_subquery().label(name) for name, one in counted.items()]
    return dict(db.session.execute(select(*columns)).one()._mapping)


def awaiting_activation(user: Person) -> Select[User]:
    """The accounts that this person looks after and whose owners never set a password."""
    query = accounts_visible_to(user)
    return query.where(User.closed_at.is_(None), User.password_hash == passwords.NONE_YET)


def prints_slips(user: Person) -> bool:
    """Who looks after accounts prints their slips; the system administrator sees who waits."""
    return user.role is not Role.SYSTEM_ADMIN


def counts_by_organisation(user: Person, words: str = "") -> list[tuple[int, str, int]]:
    """Where people wait for their slips: organisation, name and how many, by name.

    MOST_SHOWN and one more, so that the page can say that there are others.
    """
    waiting = aliased(User, awaiting_activation(user).order_by(None).subquery())
    query = (
        select(Organisation.id, Organisation.name, func.count())
        .join(waiting, waiting.organisation_id == Organisation.id)
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name)
        .limit(MOST_SHOWN + 1)
    )
    if words:
        query = query.where(Organisation.name.icontains(words, autoescape=True))
    return [(key, name, count) for key, name, count in db.session.execute(query)]


def open_codes_of(user_ids: list[int]) -> Select[ActivationCode]:
    """The codes of these people that were neither used nor replaced."""
    return select(ActivationCode).where(
        ActivationCode.user_id.in_(user_ids),
        ActivationCode.used_at.is_(None),
        ActivationCode.cancelled_at.is_(None),
    )


def code_by_digest(digest: str) -> ActivationCode | None:
    """The slip with this digest, whatever became of it."""
    query = select(ActivationCode).where(ActivationCode.code_sha256 == digest)
    return db.session.scalar(query)


def imports_of(ledger: str) -> Sequence[LedgerImport]:
    """The newest large ledgers of a kind, with who sent them."""
    query = select(LedgerImport).where(LedgerImport.ledger == ledger)
    query = query.options(joinedload(LedgerImport.asked_by)).order_by(LedgerImport.id.desc())
    return db.session.scalars(query.limit(NEWEST)).all()


def under_way(ledger: str) -> LedgerImport | None:
    """The ledger of a kind that waits or is being taken in."""
    query = select(LedgerImport).where(LedgerImport.ledger == ledger)
    query = query.where(LedgerImport.done_at.is_(None), LedgerImport.failed_at.is_(None))
    query = query.where(LedgerImport.asked_at > clock.now() - LOST_AFTER)
    return db.session.scalar(query.limit(1))


def import_of(ledger: str, number: int) -> LedgerImport | None:
    """A large ledger of a kind by its number."""
    query = select(LedgerImport).where(LedgerImport.id == number, LedgerImport.ledger == ledger)
    return db.session.scalar(query)
