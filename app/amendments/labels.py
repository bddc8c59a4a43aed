"""How changes in the course of an engagement are called on pages."""

from flask_babel import lazy_gettext as _

from app.amendments.models import AmendmentKind, AmendmentState

KINDS = {
    AmendmentKind.EXTENSION: _("Extension of time"),
    AmendmentKind.LEAD: _("Change of lead evaluator"),
    AmendmentKind.SUPPLEMENT: _("Supplementary agreement"),
    AmendmentKind.SUSPENSION: _("Suspension of work"),
    AmendmentKind.CORRECTION: _("Correction of a wrong entry"),
    AmendmentKind.SUCCESSION: _("Contract that follows"),
}
STATES = {
    AmendmentState.ASKED: _("To be decided"),
    AmendmentState.APPROVED: _("Agreed"),
    AmendmentState.REFUSED: _("Not agreed"),
    AmendmentState.IN_FORCE: _("In force"),
    AmendmentState.ENDED: _("Work went on"),
}
TONES = {
    AmendmentState.ASKED: "amber",
    AmendmentState.APPROVED: "green",
    AmendmentState.REFUSED: "red",
    AmendmentState.IN_FORCE: "blue",
    AmendmentState.ENDED: "idle",
}
# What may be put right where it was entered wrongly; the rest changes by an act of its own.
FIELDS = {
    "name": _("Name of the engagement"),
    "signed_on": _("Contract signed on"),
    "starts_on": _("Work starts on"),
    "ends_on": _("Work ends on"),
}
