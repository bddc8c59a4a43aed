"""The sentence of each kind of message; the facts are put in when it is shown."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.notifications.kinds import Kind

SENTENCES: dict[Kind, Words] = {
    Kind.ENGAGEMENT_ACCEPTED: _("Accepted: %(engagement)s"),
    Kind.ENGAGEMENT_OPENED: _("New engagement: %(engagement)s"),
    Kind.ENGAGEMENT_REFUSED: _("Finally refused at acceptance: %(engagement)s"),
    Kind.ENGAGEMENT_TERMINATED: _("Terminated: %(engagement)s"),
    Kind.EVALUATOR_CONFIRMED: _("Lead evaluator confirmed: %(evaluator)s"),
    Kind.LEVEL_REVIEW_ASKED: _("Please review %(paper)s at level %(level)s (%(engagement)s)"),
    Kind.LEVEL_REVIEW_RETURNED: _(
        "Level %(level)s asks for a new version of %(paper)s (%(engagement)s)"
    ),
    Kind.INDICATORS_APPROVED: _("Indicator system approved (%(engagement)s)"),
    Kind.INDICATORS_RETURNED: _("Indicator system returned (%(engagement)s)"),
    Kind.INDICATORS_SUBMITTED: _("Indicator system submitted (%(engagement)s)"),
    Kind.NOTE_ISSUED: _("New opinion on %(subject)s (%(engagement)s)"),
    Kind.NOTE_REPLIED: _("Reply to the opinion on %(subject)s (%(engagement)s)"),
    Kind.NOTE_SETTLED: _("The opinion on %(subject)s is settled (%(engagement)s)"),
    Kind.PAPER_SUBMITTED: _("New version of working paper %(paper)s (%(engagement)s)"),
    Kind.RANKING_PUBLISHED: _("Ranking published: %(ranking)s"),
    Kind.REPORT_SUBMITTED: _("The final report was submitted: %(engagement)s"),
    Kind.REVIEW_INVITED: _("Please rate %(engagement)s until %(closes)s"),
    Kind.REVIEWS_OPENED: _("The ratings of %(engagement)s are open now"),
    Kind.REWORK_ASKED: _("Rework until %(due)s: %(engagement)s"),
    Kind.STAGE_APPROVED: _("Stage %(stage)s approved (%(engagement)s)"),
    Kind.STAGE_RETURNED: _("Stage %(stage)s returned (%(engagement)s)"),
    Kind.STAGE_SUBMITTED: _("Stage %(stage)s submitted (%(engagement)s)"),
    Kind.STORE_ALARM: _("The file store is not as it should be: %(count)s files"),
    Kind.VERSION_APPROVED: _("Working paper %(paper)s approved (%(engagement)s)"),
    Kind.VERSION_RETURNED: _("Working paper %(paper)s returned (%(engagement)s)"),
}
BY_LABEL = {kind.label: kind for kind in Kind}


def sentence(kind: str, facts: Mapping[str, str]) -> str:
    """What the message says, in the reader's language."""
    return str(SENTENCES[BY_LABEL[kind]]) % dict(facts)
