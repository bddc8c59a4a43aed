"""What waits of buyers' reviews, appeals against them and signs in them, for the workbench."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.appeals import queries as appeals
from app.appeals.models import Appeal
from app.pages.waiting import Todo, count_of
from app.policy import ROLES_OF_PARTY, Role
from app.reviews import queries as reviews
from app.reviews.models import Review, ReviewInvitation
from app.screening import queries as screening
from app.screening.models import Flag, FlagState

RATING = frozenset().union(*ROLES_OF_PARTY.values())


def reviews_to_write(user: User) -> Todo:
    """Finished engagements that wait for the rating of this person's organisation."""
    query = reviews.invitations_of(user).where(reviews.is_awaited())
    count = count_of(query.with_only_columns(ReviewInvitation.id))
    return Todo(_("Reviews to write"), count, "reviews.index", {})


def reviews_returned(user: User) -> Todo:
    """This person's own reviews that an appeal returned."""
    query = reviews.reviews_returned().where(Review.author_id == user.id)
    count = count_of(query.with_only_columns(Review.id))
    return Todo(_("Returned after an appeal"), count, "reviews.index", {}, "warn")


def appeals_to_decide(user: User) -> Todo:
    """Appeals against ratings in which this person didn't rate."""
    query = appeals.appeals_to_decide(user).with_only_columns(Appeal.id)
    return Todo(_("Appeals against ratings"), count_of(query), "appeals.index", {}, "warn")


def signs_to_look_at(_user: User) -> Todo:
    """Signs in the stars at which nobody has looked."""
    query = screening.flags(FlagState.OPEN).with_only_columns(Flag.id)
    return Todo(_("Signs in the stars"), count_of(query), "screening.index", {})


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    asked: list[Callable[[User], Todo]] = []
    if user.role in RATING:
        asked += [reviews_to_write, reviews_returned]
    if user.role in {Role.PERFORMANCE_OFFICER, Role.LEADER}:
        asked += [appeals_to_decide, signs_to_look_at]
    return asked
