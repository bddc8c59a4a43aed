"""What opinions say about papers and stages: what they hold up, and what pages show of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import engagements, papers
from app.accounts.models import User
from app.audit.wording import show_fact
from app.engagements import Tab
from app.engagements.models import Engagement, Stage
from app.errors import Words
from app.guidance import labels, queries, stage_queries
from app.guidance.forms import NoteForm, ReplyForm
from app.guidance.models import NoteKind
from app.papers.joining import once
from app.papers.models import PaperVersion, WorkingPaper
from app.policy import Permission, can
from app.web import fresh_token


def join() -> None:
    """Join the lists of papers and engagements once, however many portals this process makes."""
    once(papers.approval_gates, unresolved_on_paper)
    once(papers.panels, paper_panel)
    once(engagements.gates, unresolved_in_stage)
    once(engagements.panels, engagement_panel)
    once(engagements.tabs, tab)
    show_fact("note_kind", lambda kind: str(labels.KINDS[NoteKind(kind)]))


def unresolved_on_paper(version: PaperVersion) -> Words | None:
    """A paper isn't approved while an opinion on it must still be resolved."""
    numbers = queries.unresolved_on(version.paper)
    return to_settle(numbers) if numbers else None


def to_settle(numbers: Sequence[int]) -> Words:
    """The opinions that hold a paper's approval up."""
    listed = gettext(", ").join(f"#{number}" for number in numbers)
    return _("To be settled before the approval: opinion %(notes)s", notes=listed)


def unresolved_in_stage(stage: Stage) -> Words | None:
    """A stage isn't approved while an opinion on one of its papers must still be resolved."""
    if numbers := stage_queries.unresolved_of(stage):
        listed = gettext(", ").join(f"#{number}" for number in numbers)
        return _("Opinions on this stage that must be resolved first: %(notes)s", notes=listed)
    found = queries.unresolved_in(stage)
    if not found:
        return None
    return _(
        "Opinions that must be resolved first are open on: %(papers)s",
        papers=gettext(", ").join(found),
    )


def paper_panel(paper: WorkingPaper, user: User) -> tuple[str, Mapping[str, Any]]:
    """The thread of opinions beside a paper, with what this person may do there."""
    notes = queries.notes_of(paper)
    living = paper.withdrawn_at is None
    holding = [note.number for note in notes if note.holds_up]
    silent = sum(note.settled_at is None and not note.replies for note in notes)
    may_reply = can(user, Permission.NOTE_REPLY, paper)
    waits = [(gettext("Opinions to answer: %(count)s", count=silent), "#notes")]
    return "guidance/paper_panel.html", {
        "paper": paper,
        "notes": notes,
        "unsettled": sum(note.settled_at is None for note in notes),
        "may_issue": living and can(user, Permission.NOTE_ISSUE, paper),
        "may_reply": may_reply,
        "next": waits if silent and may_reply else [],
        "settleable": {note.id for note in notes if can(user, Permission.NOTE_SETTLE, note)},
        "held": [to_settle(holding)] if holding else [],
        "form": NoteForm.for_version(paper.current_version),
        "reply_form": ReplyForm(formdata=None, data={"once": fresh_token()}),
        "labels": labels,
    }


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of an engagement's guidance, for those who read its papers."""
    if not can(user, Permission.PAPER_READ, engagement):
        return None
    waits = stage_queries.open_count(engagement)
    url = f"/engagements/{engagement.id}/guidance"
    return Tab(gettext("Guidance"), url, waits, "warn" if waits else "")


def engagement_panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The newest open opinions on the page of an engagement, for those who read its papers."""
    if not can(user, Permission.PAPER_READ, engagement):
        return None
    counts = queries.note_counts([engagement.id])[engagement.id]
    return "guidance/engagement_panel.html", {
        "engagement": engagement,
        "notes": queries.recent_notes_of(engagement),
        "counts": counts,
        "next": next_things(engagement, user, counts),
        "labels": labels,
    }


def next_things(
    engagement: Engagement, user: User, counts: queries.NoteCounts
) -> list[tuple[str, str]]:
    """The agency answers opinions; the performance section settles those that were answered."""
    url, answered = f"/engagements/{engagement.id}/guidance", counts.unsettled - counts.unanswered
    if counts.unanswered and can(user, Permission.NOTE_REPLY, engagement):
        return [(gettext("Opinions to answer: %(count)s", count=counts.unanswered), url)]
    if answered and can(user, Permission.PAPER_DECIDE, engagement):
        return [(gettext("Answered opinions to settle: %(count)s", count=answered), url)]
    return []
