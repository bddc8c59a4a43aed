"""How classes, states and seals are called on pages."""

from flask_babel import lazy_gettext as _

from app.papers.models import IndexClass, SealKind, VersionState

CLASSES = {
    IndexClass.A: _("General"),
    IndexClass.B: _("Plans"),
    IndexClass.C: _("Material received"),
    IndexClass.D: _("Site checks"),
    IndexClass.E: _("Interviews"),
    IndexClass.F: _("Questionnaires"),
    IndexClass.G: _("Indicator scores"),
    IndexClass.H: _("Reports"),
    IndexClass.I: _("Opinions"),
    IndexClass.J: _("Quality control"),
}
STATES = {
    VersionState.SUBMITTED: _("Waiting for review"),
    VersionState.READ: _("Read"),
    VersionState.RETURNED: _("Returned for changes"),
    VersionState.APPROVED: _("Approved"),
}
TONES = {
    VersionState.SUBMITTED: "blue",
    VersionState.READ: "amber",
    VersionState.RETURNED: "red",
    VersionState.APPROVED: "green",
}
SEALS = {
    SealKind.SCANNED: _("Seal on a scanned page"),
    SealKind.ELECTRONIC: _("Electronic seal (not verified)"),
}
