"""How documents are called on pages."""

from flask_babel import lazy_gettext as _

from app.documents.models import DocumentKind

KINDS = {
    DocumentKind.TASK: _("Task letter"),
    DocumentKind.CONSULTATION: _("Letter asking for opinions"),
    DocumentKind.RECTIFICATION: _("Notice of rectification"),
    DocumentKind.TALK: _("Summons to a talk"),
    DocumentKind.ACCEPTANCE: _("Acceptance certificate"),
    DocumentKind.ASSESSMENT: _("Assessment sheet"),
    DocumentKind.CIRCULAR: _("Circular"),
}
