"""How the bureau looks at papers: read, passed, or sent back with opinions that are answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from app.demo import words
from app.guidance import services as guidance
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.papers import queries, services
from app.papers.models import PaperVersion, VersionState, WorkingPaper

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.demo.story import Story

# Share of papers that the section opens one by one: in its first year, and since it is used to it.
LOOKED_AT = {True: 0.25, False: 0.95}


def look_at(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    """The section looks at a paper: most are passed, weak agencies get more of them back."""
    rng, chance = story.plan.rng, story.plan.rng.random()
    if chance > LOOKED_AT[story.plan.is_over]:
        return
    if chance < 0.06 - 0.05 * story.plan.firm.skill and paper.index_class in words.NOTES:
        yield from send_back(story, paper)
    elif chance < 0.1:
        yield from suggest(story, paper)
    yield story.moment()
    version = queries.current_version_of(paper)
    if rng.random() < 0.25:
        services.read_version(story.plan.handler, version)
    elif version.state is not VersionState.APPROVED:
        services.approve_version(story.plan.handler, version)


def send_back(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    """An opinion that must be resolved, the paper returned, an answer and a new version."""
    rng, handler = story.plan.rng, story.plan.handler
    kind, place, body, answer = rng.choice(words.NOTES[paper.index_class])
    yield story.later(rng.choice((0, 1, 1)))
    reason = words.SCORE_REASON if kind is NoteKind.SCORE else ""
    version = queries.current_version_of(paper)
    note = guidance.issue_note(handler, version, NewNote(kind, body, place, reason))
    services.return_version(handler, version, rng.choice(words.RETURNS))
    yield story.later(rng.choice((1, 1, 2, 3)))
    guidance.reply_to_note(story.lead_user, note, answer)
    new_version(story, paper)
    yield story.later(rng.choice((0, 1)))
    guidance.settle_note(handler, note)


def suggest(story: Story, paper: WorkingPaper) -> Iterator[datetime]:
    """A suggestion, of the section in charge or the performance section; often answered."""
    rng = story.plan.rng
    kind, place, body, answer = rng.choice(words.NOTES[paper.index_class])
    author: User = story.plan.handler
    if rng.random() < 0.4:
        author = story.district.officer_of(story.plan.tasks[0].section.id)
    yield story.moment()
    told = NewNote(NoteKind.SUGGESTION if kind is NoteKind.SCORE else kind, body, place)
    note = guidance.issue_note(author, queries.current_version_of(paper), told)
    yield story.later(rng.choice((1, 1, 2)))
    guidance.reply_to_note(story.lead_user, note, answer)
    if kind is not NoteKind.SUGGESTION or rng.random() < 0.7:
        yield story.later(rng.choice((0, 1)))
        guidance.settle_note(author, note)


def new_version(story: Story, paper: WorkingPaper) -> PaperVersion:
    """The agency answers with a new file under the same number."""
    file = story.file(paper.title, paper.index_no, paper.current_version + 1)
    preparer = story.preparer(paper.index_class)
    return services.submit_version(preparer, paper, paper.current_version, file)
