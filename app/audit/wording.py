"""The sentence of each event, made when it is shown, in the reader's language."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.audit.events import Event

NOTHING = "—"

# %(who)s is who acted; the event's facts go by their names. Groups as in `events.py`.
SENTENCES = {
    # access
    Event.ACCESS_REFUSED: _("%(who)s asked for what they may not have: %(permission)s"),
    # accounts
    Event.ACCOUNT_CLOSED: _("%(who)s closed the account"),
    Event.ACCOUNT_OPENED: _("%(who)s opened the account as %(role)s"),
    Event.ORGANISATION_REGISTERED: _("%(who)s registered the organisation (%(kind)s)"),
    Event.PASSWORD_CHANGED: _("%(who)s changed the password"),
    Event.PASSWORD_RESET: _("%(who)s reset the password"),
    Event.PORTAL_FOUNDED: _("The portal was founded with its first account"),
    Event.ROLE_GRANTED: _("%(who)s changed the role from %(before)s to %(role)s"),
    Event.SIGNED_IN: _("%(who)s signed in"),
    Event.SIGNED_OUT: _("%(who)s signed out"),
    Event.SIGN_IN_REFUSED: _("A sign-in was refused: %(reason)s"),
    # agencies
    Event.AGENCY_EDITED: _("%(who)s changed the agency's particulars: %(changed)s"),
    Event.AGENCY_REGISTERED: _("%(who)s registered the agency (%(type)s)"),
    Event.EVALUATOR_CONFIRMED: _("%(who)s confirmed the lead evaluator"),
    Event.EVALUATOR_LEFT: _("%(who)s noted that the lead evaluator has left"),
    Event.EVALUATOR_REGISTERED: _("%(who)s registered the lead evaluator"),
    # archiving
    Event.ARCHIVE_MADE: _("%(who)s made the archive package: %(files)s files, %(size)s bytes"),
    Event.RETENTION_CHANGED: _("%(who)s set how long papers are kept: %(after)s"),
    # audit
    Event.LOG_EXPORTED: _("%(who)s exported the audit log of %(size)s entries"),
    # engagements
    Event.ENGAGEMENT_ACCEPTED: _("%(who)s accepted the work (round %(round)s)"),
    Event.ENGAGEMENT_CLOSED: _("%(who)s closed the engagement; its papers are filed"),
    Event.ENGAGEMENT_OPENED: _("%(who)s opened the engagement %(code)s with %(tasks)s tasks"),
    Event.ENGAGEMENT_REFUSED: _("%(who)s finally refused the work (round %(round)s): %(reasons)s"),
    Event.ENGAGEMENT_RETURNED: _(
        "%(who)s refused acceptance (round %(round)s), rework until %(due_on)s: %(reasons)s"
    ),
    Event.ENGAGEMENT_TERMINATED: _("%(who)s terminated the engagement: %(reason)s"),
    Event.STAGE_APPROVED: _("%(who)s approved the stage %(stage)s"),
    Event.STAGE_PASSED: _("The stage %(stage)s ended"),
    Event.STAGE_RETURNED: _("%(who)s returned the stage %(stage)s: %(reason)s"),
    Event.STAGE_SUBMITTED: _("%(who)s submitted the stage %(stage)s"),
    Event.TEMPLATE_EDITED: _("%(who)s made version %(version)s of the template"),
    # guidance
    Event.NOTE_ANSWERED: _("%(who)s answered opinion %(note)s on %(index_no)s: %(words)s"),
    Event.NOTE_ISSUED: _(
        "%(who)s issued opinion %(note)s (%(note_kind)s) on %(index_no)s, version %(version)s:"
        " %(words)s"
    ),
    Event.NOTE_SETTLED: _("%(who)s settled opinion %(note)s on %(index_no)s"),
    # papers
    Event.LEVEL_REVIEWED: _(
        "%(who)s reviewed %(index_no)s, version %(number)s, at level %(level)s: %(outcome)s"
    ),
    Event.LEVEL_REVIEWERS_APPOINTED: _("%(who)s named the reviewers of the three levels"),
    Event.LEVEL_REVIEW_ANSWERED: _(
        "%(who)s answered level %(level)s on %(index_no)s, version %(number)s"
    ),
    Event.PAPER_DOWNLOADED: _("%(who)s downloaded %(index_no)s, version %(number)s"),
    Event.PAPER_PREVIEWED: _("%(who)s looked at %(index_no)s, version %(number)s"),
    Event.PAPER_SUBMITTED: _("%(who)s submitted %(index_no)s %(title)s: %(file)s"),
    Event.PAPER_WITHDRAWN: _("%(who)s withdrew %(index_no)s: %(reason)s"),
    Event.PASSPORT_PRINTED: _("%(who)s printed the passport of %(index_no)s, version %(number)s"),
    Event.REPORT_SUBMITTED: _(
        "%(who)s submitted the final report of round %(round)s (%(index_no)s, version %(number)s,"
        " %(seal)s)"
    ),
    Event.STORE_CHECKED: _(
        "%(checked)s files were read again: %(rotten)s changed, %(lost)s lost,"
        " %(strangers)s unknown"
    ),
    Event.UPLOAD_REFUSED: _("A file of %(who)s was refused: %(file)s (%(refusal)s)"),
    Event.VERSION_APPROVED: _("%(who)s approved %(index_no)s, version %(number)s"),
    Event.VERSION_READ: _("%(who)s read %(index_no)s, version %(number)s"),
    Event.VERSION_RETURNED: _("%(who)s returned %(index_no)s, version %(number)s: %(words)s"),
    Event.VERSION_SUBMITTED: _("%(who)s submitted version %(number)s of %(index_no)s: %(file)s"),
    # indicators
    Event.INDICATORS_APPROVED: _(
        "%(who)s approved version %(version)s of the indicators (%(task)s)"
    ),
    Event.INDICATORS_BEGUN: _("%(who)s began version %(version)s of the indicators (%(task)s)"),
    Event.INDICATORS_EXPORTED: _("%(who)s exported the indicators (%(task)s)"),
    Event.INDICATORS_RETURNED: _(
        "%(who)s returned version %(version)s of the indicators (%(task)s): %(reason)s"
    ),
    Event.INDICATORS_SAVED: _(
        "%(who)s saved version %(version)s of the indicators (%(task)s): %(changed)s"
    ),
    Event.INDICATORS_SUBMITTED: _(
        "%(who)s submitted version %(version)s of the indicators (%(task)s)"
    ),
    Event.RESULTS_EXPORTED: _("%(who)s exported %(rows)s result uses of %(budget_year)s"),
    Event.RESULT_DECIDED: _(
        "%(who)s noted the decision %(decision_no)s of %(decider)s on %(task)s"
        " (budget %(budget_year)s): %(cut_fen)s"
    ),
    Event.RESULT_PROPOSED: _(
        "%(who)s proposed a cut of %(cut_fen)s for %(task)s (budget %(budget_year)s, project"
        " grade %(grade)s)"
    ),
    Event.RESULT_VOIDED: _(
        "%(who)s voided the result use of %(task)s (budget %(budget_year)s): %(reason)s"
    ),
    Event.SCORES_SAVED: _("%(who)s saved scores (%(task)s): %(codes)s; total %(total)s"),
    # pages
    Event.BOARD_EXPORTED: _("%(who)s exported %(rows)s rows of the board"),
    # rankings
    Event.RANKING_COMPUTED: _("%(who)s computed the ranking %(code)s"),
    Event.RANKING_EXPORTED: _("%(who)s exported the ranking %(code)s as %(form)s"),
    Event.RANKING_PUBLISHED: _("%(who)s published the ranking %(code)s: %(reason)s"),
    # reviews
    Event.REVIEW_SUBMITTED: _("A party submitted its review; it stays sealed"),
    Event.ROUND_OPENED: _("Reviews opened for %(invitations)s parties, until %(closes_on)s"),
    Event.ROUND_UNSEALED: _("The reviews were opened"),
}

# How a fact is written, by its name; upper features add theirs with show_fact() when they join.
_shown: dict[str, Callable[[Any], str]] = {}


def show_fact(name: str, words: Callable[[Any], str]) -> None:
    """Say how facts of this name are written: a role by its title, an amount in yuan."""
    _shown[name] = words


def sentence(event: str, who: str, facts: Mapping[str, Any]) -> str:
    """Return what happened in words; an event that this release does not know goes by its name."""
    known = {one.label: words for one, words in SENTENCES.items()}
    if event not in known:
        return gettext("%(who)s: %(event)s", who=who, event=event)
    values = defaultdict(
        lambda: NOTHING, {name: _words(name, fact) for name, fact in facts.items()}
    )
    values["who"] = who
    return str(known[event]) % values


def actor_words(actor_id: int | None, role: str | None, names: Mapping[int, str]) -> str:
    """Return who acted: a name that the caller found, the portal, a visitor, or the number."""
    if actor_id is None:
        return gettext("A visitor")
    if actor_id == 0 and role == "portal":
        return gettext("The portal")
    return names.get(actor_id) or gettext("Account %(number)s", number=actor_id)


def _words(name: str, fact: Any) -> str:
    if fact is None:
        return NOTHING
    if name in _shown:
        return str(_shown[name](fact))
    if isinstance(fact, list):
        return gettext(", ").join(_words("", one) for one in fact)
    return str(fact)
