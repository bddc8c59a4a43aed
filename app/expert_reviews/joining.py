"""What expert reviews say of a stage, and on the page of an engagement."""

from flask_babel import lazy_gettext as _

from app import engagements
from app.accounts.models import User
from app.audit.wording import show_fact
from app.engagements import Tab
from app.engagements.models import Act, Engagement, Stage
from app.errors import Words
from app.expert_reviews import labels, queries
from app.expert_reviews.models import Ground
from app.expert_reviews.totals import Rule
from app.papers.joining import once
from app.policy import Permission, can

STAGE = "expert_review"


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.submission_gates, unanswered)
    once(engagements.tabs, tab)
    show_fact("total_rule", lambda word: str(labels.RULES[Rule(word)]))
    show_fact("grounds", grounds_in_words)


def grounds_in_words(found: list[str]) -> str:
    """What an expert stated."""
    told = [str(labels.GROUNDS[Ground(one)]) for one in found]
    return "；".join(told) or str(_("none of the five grounds"))


def unanswered(stage: Stage) -> Words | None:
    """The stage isn't handed in while a review runs or an opinion has no answer.

    Nor without any review, where the template asks for one.
    """
    if stage.code != STAGE:
        return None
    facts = queries.facts_of([stage.engagement_id])[stage.engagement_id]
    if facts.held > facts.concluded:
        return _("An expert review is not concluded yet")
    if facts.unanswered:
        return _("Opinions of experts without an answer: %(n)s", n=facts.unanswered)
    wanted = Act.EXPERT_REVIEW in stage.engagement.template.required_acts
    return _("No expert review has been held") if wanted and not facts.held else None


def tab(engagement: Engagement, user: User) -> Tab | None:
    """What is open, beside the address, for those who read the papers."""
    if not can(user, Permission.PAPER_READ, engagement):
        return None
    facts = queries.facts_of([engagement.id])[engagement.id]
    count = facts.unanswered + facts.held - facts.concluded
    url = f"/engagements/{engagement.id}/expert-reviews"
    return Tab(_("Expert review"), url, count, "warn" if facts.unanswered else "")
