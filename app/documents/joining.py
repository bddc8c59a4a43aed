"""What documents say on the page of an engagement."""

from flask_babel import lazy_gettext as _

from app import engagements
from app.accounts.models import User
from app.audit.wording import show_fact
from app.documents import labels, queries
from app.documents.models import DocumentKind
from app.engagements import Tab
from app.engagements.models import Engagement
from app.papers.joining import once
from app.policy import Permission, can
from app.seal_service import FAILURES


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.tabs, tab)
    show_fact("failure", lambda kind: str(FAILURES.get(kind, kind)))
    show_fact("document_kind", lambda word: str(labels.KINDS[DocumentKind(word)]))


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of the documents, for those who issue them or have one to read."""
    may = can(user, Permission.OFFICIAL_DOCUMENT_ISSUE, engagement)
    if not may and not queries.documents_of(engagement, user):
        return None
    return Tab(_("Documents out"), f"/engagements/{engagement.id}/documents")
