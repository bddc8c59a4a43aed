"""Documents that go out, for tests."""

from app import clock
from app.db import transaction
from app.documents import filling, layout, queries, services, wordings
from app.documents.models import DocumentKind
from app.documents.services import NewDocument


def drawn(officer, engagement, kind=DocumentKind.TASK, **changes):
    """A document as the page offers it."""
    source = next(s for s in filling.sources_of(engagement, officer) if s.kind is kind)
    words, today = wordings.in_force(kind), clock.today()
    values = filling.values_of(engagement, source)
    told = {
        "series": words.series,
        "number": queries.next_number(words.series, today.year),
        "title": layout.filled(words.title, values),
        "body": layout.filled(words.body, values),
        "dated_on": today,
        "issuer": "演示区财政局",
    }
    return NewDocument(source, **{**told, **changes})


def issued(officer, engagement, kind=DocumentKind.TASK, **changes):
    with transaction():
        new = drawn(officer, engagement, kind, **changes)
        return services.issue_document(officer, engagement, new)
