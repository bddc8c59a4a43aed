"""How kinds of opinions are called on pages."""

from flask_babel import lazy_gettext as _

from app.guidance.models import NoteKind

KINDS = {
    NoteKind.MUST_RESOLVE: _("Must be resolved"),
    NoteKind.SUGGESTION: _("Suggestion"),
    NoteKind.SCORE: _("Touches a score"),
}
TONES = {NoteKind.MUST_RESOLVE: "amber", NoteKind.SUGGESTION: "grey", NoteKind.SCORE: "red"}
REPLY_TONES = {NoteKind.MUST_RESOLVE: "blue", NoteKind.SUGGESTION: "blue", NoteKind.SCORE: "red"}
