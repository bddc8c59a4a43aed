"""The events of the log: each names itself and the facts that must come with it."""

from enum import Enum


class Event(Enum):
    """One line an event: NAME = ("thing.happened", {"fact", …}). Groups by thing, sorted.

    Every event needs its sentence in `wording.py`. An event is never taken out of use by
    removing it: old entries still name it.
    """

    # access
    ACCESS_REFUSED = ("access.refused", {"endpoint", "permission"})

    # accounts
    ACCOUNT_CLOSED = ("account.closed", ())
    ACCOUNT_OPENED = ("account.opened", {"role"})
    ORGANISATION_REGISTERED = ("organisation.registered", {"kind"})
    PASSWORD_CHANGED = ("password.changed", ())
    PASSWORD_RESET = ("password.reset", ())
    ROLE_GRANTED = ("role.granted", {"before", "role"})
    SIGNED_IN = ("sign_in.done", ())
    SIGNED_OUT = ("sign_in.ended", ())
    SIGN_IN_REFUSED = ("sign_in.refused", {"reason"})

    # agencies
    AGENCY_EDITED = ("agency.edited", {"after", "before", "changed"})
    AGENCY_REGISTERED = ("agency.registered", {"type"})
    EVALUATOR_CONFIRMED = ("evaluator.confirmed", ())
    EVALUATOR_LEFT = ("evaluator.left", ())
    EVALUATOR_REGISTERED = ("evaluator.registered", ())

    # audit
    LOG_EXPORTED = ("log.exported", {"size"})

    # rankings
    RANKING_COMPUTED = ("ranking.computed", {"code", "data_digest", "result_digest"})
    RANKING_EXPORTED = ("ranking.exported", {"code", "form"})
    RANKING_PUBLISHED = ("ranking.published", {"code", "reason", "result_digest"})

    # reviews: no star, no word and no name of a rater ever stands in the log
    REVIEW_SUBMITTED = ("review.submitted", {"commitment"})
    ROUND_OPENED = ("round.opened", {"closes_on", "invitations"})
    ROUND_UNSEALED = ("round.unsealed", ())

    def __init__(self, label: str, facts: set[str]) -> None:
        self.label = label
        self.facts = frozenset(facts)
