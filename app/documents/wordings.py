"""The usual words of each kind of document: the newest version, or the one that ships."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from app.db import db
from app.documents.models import DocumentKind, DocumentWording

SHIPPED = Path(__file__).parent.parent / "data" / "official_documents.json"


@dataclass(frozen=True)
class Wording:
    """The words of a kind and the version that they are."""

    kind: DocumentKind
    version: int
    series: str
    title: str
    body: str


@cache
def shipped() -> dict[DocumentKind, Wording]:
    """Version 0 of every kind."""
    told = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {kind: Wording(kind, 0, **told[kind.value]) for kind in DocumentKind}


def in_force(kind: DocumentKind) -> Wording:
    """The newest version of a kind."""
    row = db.session.scalar(
        select(DocumentWording)
        .where(DocumentWording.kind == kind)
        .order_by(DocumentWording.version.desc())
        .limit(1)
    )
    if row is None:
        return shipped()[kind]
    return Wording(kind, row.version, row.series, row.title, row.body)
