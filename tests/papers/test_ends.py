"""What arrives while the work is being ended: it counts before, or it is refused after."""

from threading import Event, Thread

import pytest

from app.db import db, transaction
from app.engagements import services as engagements
from app.engagements.models import Engagement
from app.errors import Conflict, Forbidden, PortalError
from app.guidance import services as guidance
from app.guidance.models import NoteKind
from app.papers import services
from app.papers.files import NewPaper
from app.papers.models import WorkingPaper
from tests.factories import make_engagement
from tests.papers.filing import crew_of, file_paper, stored

pytestmark = pytest.mark.database("postgres")  # on SQLite one transaction writes at a time


@pytest.fixture
def filed(make_district):
    app = make_district()
    with app.app_context():
        engagement = make_engagement()
        lead, _member, officer = crew_of(engagement)
        paper = file_paper(lead, engagement)
        yield app, engagement, paper, lead, officer


def meanwhile(app, first, second):
    """`second` begins while `first` has acted and not yet committed; the error it ended with."""
    ended, acted = [], Event()

    def run():
        with app.app_context():
            acted.wait(20)
            try:
                with transaction():
                    second()
                ended.append(None)
            except PortalError as error:
                ended.append(error)
            finally:
                db.session.remove()

    thread = Thread(target=run)
    thread.start()
    with transaction():
        first()
        acted.set()
        thread.join(1)  # it waits for our row, or is through wrongly
    thread.join(20)
    return ended[0]


def test_a_paper_that_comes_while_the_work_is_terminated_is_refused(filed):
    app, engagement, _paper, lead, officer = filed
    key, writer = engagement.id, lead.id

    def add():
        found = db.session.get(Engagement, key)
        new = NewPaper("C-09", "演示", found.current_stage)
        services.submit_paper(db.session.get(type(lead), writer), found, new, stored(b"%PDF-1.4 z"))

    ended = meanwhile(app, lambda: engagements.terminate(officer, engagement, "演示"), add)
    assert isinstance(ended, Forbidden)


def test_a_version_that_comes_while_the_work_is_terminated_is_refused(filed):
    app, engagement, paper, lead, officer = filed
    key, writer = paper.id, lead.id

    def add():
        found = db.session.get(WorkingPaper, key)
        services.submit_version(db.session.get(type(lead), writer), found, 1, stored(b"%PDF-1.4 z"))

    ended = meanwhile(app, lambda: engagements.terminate(officer, engagement, "演示"), add)
    assert isinstance(ended, Forbidden)


def test_an_opinion_written_during_an_approval_holds_it_up(filed):
    app, _engagement, paper, _lead, officer = filed
    key, writer = paper.id, officer.id

    def approve():
        found = db.session.get(WorkingPaper, key)
        services.approve_version(db.session.get(type(officer), writer), found.versions[0])

    def object_to_it():
        new = guidance.NewNote(NoteKind.MUST_RESOLVE, "演示意见")
        guidance.issue_note(officer, paper.versions[0], new)

    assert isinstance(meanwhile(app, object_to_it, approve), Conflict)
