"""How classes, states and seals are called on pages."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.display import bracketed
from app.media import MediaType
from app.papers.models import IndexClass, PaperVersion, SealKind, VersionState
from app.papers.review_models import ReviewOutcome

CLASSES = {
    IndexClass.A: _("General"),
    IndexClass.B: _("Plans"),
    IndexClass.C: _("Material received"),
    IndexClass.D: _("Site checks"),
    IndexClass.E: _("Interviews"),
    IndexClass.F: _("Questionnaires"),
    IndexClass.G: _("Indicator scores"),
    IndexClass.H: _("Reports"),
    IndexClass.I: _("Comments received"),
    IndexClass.J: _("Quality control"),
}
STATES = {
    VersionState.SUBMITTED: _("Waiting for review"),
    VersionState.READ: _("Noted as read"),
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
NUMERALS = {1: _("I"), 2: _("II"), 3: _("III")}  # of the levels of review
LEVELS = {
    1: _("Level 1: lead evaluator or project manager"),
    2: _("Level 2: quality control"),
    3: _("Level 3: technical head"),
}
REVIEW_OUTCOMES = {
    ReviewOutcome.PASSED: _("Passed at this level"),
    ReviewOutcome.RETURNED: _("A new version is needed"),
}
# Why a file was not taken, by the word in the log.
REFUSALS = {
    "foreign_type": _("type not accepted"),
    "name_mismatch": _("name and content disagree"),
    "bad_name": _("unusable file name"),
    "empty": _("empty file"),
    "zip_bomb": _("archive that swells beyond measure"),
    "broken_archive": _("damaged archive"),
    "cut_short": _("arrived incomplete"),
    "too_large": _("over the size limit"),
    "malware": _("malware found"),
    "over_quota": _("over the engagement's limit"),
    "scanner_limit": _("over the virus scanner's limit"),
    "scanner_away": _("virus scanner out of reach"),
    "store_away": _("file store out of reach"),
    "must_not_be_here": _("a file that must not be here"),
    "other": _("not taken; the message in the inbox says why"),
}


def type_name(mime: str) -> str:
    """How a type is called, with the name that machines have for it."""
    label = next((media.label for media in MediaType if media.mime == mime), mime)
    return bracketed(label, mime)


def version_words(version: PaperVersion) -> str:
    """A version as lists to choose from name it: index number, title, which version."""
    paper = version.paper
    return f"{paper.index_no} {paper.title} {gettext('version %(n)s', n=version.number)}"
