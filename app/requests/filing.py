"""What a unit handed over becomes working papers of class C, with the same bytes."""

from flask_babel import lazy_gettext as _

from app import audit
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict
from app.papers import index_numbers, services
from app.papers import queries as papers
from app.papers.files import NewPaper, StoredFile
from app.papers.models import IndexClass, WorkingPaper
from app.policy import Permission, require
from app.requests.models import ItemState, RequestFile, RequestItem


def file_as_papers(actor: User, item: RequestItem) -> list[WorkingPaper]:
    """The agency takes the files of a confirmed item over as papers of class C, each once."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_CONFIRM, item)
    left = [file for file in item.living_files if file.paper_id is None]
    if item.state is not ItemState.CONFIRMED or not left:
        raise Conflict(_("There is nothing here to be filed"))
    made = [_filed(actor, item, file) for file in left]
    told = {"list": item.request.number, "item": item.number, "title": item.title}
    numbers = [paper.index_no for paper in made]
    event = audit.Event.REQUEST_ITEM_FILED
    audit.record(actor, event, item.request, scope=item.engagement, **told, papers=numbers)
    return made


def _filed(actor: User, item: RequestItem, file: RequestFile) -> WorkingPaper:
    engagement = item.engagement
    stage = engagement.current_stage or engagement.stages[-1]
    number = index_numbers.next_of(IndexClass.C, papers.taken_numbers(engagement))
    new = NewPaper(number, item.title, stage, task=item.request.task)
    kept = StoredFile(
        file.file_name,
        file.media_type,
        file.size,
        file.sha256,
        file.store_key,
        is_unclassified=True,
    )
    paper = services.submit_paper(actor, engagement, new, kept)
    db.session.flush()
    file.paper_id = paper.id
    return paper
