"""How warnings, their states and their rules are called on pages."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.alerts.models import Alert, AlertKind, AlertState
from app.display import yuan
from app.engagements.labels import stage_label
from app.errors import Words

KINDS: dict[AlertKind, Words] = {
    AlertKind.OVERDUE: _("Stage overdue"),
    AlertKind.LIKELY_LATE: _("Likely to be late"),
    AlertKind.PAPERS_MISSING: _("Required papers missing"),
    AlertKind.SILENT: _("No activity for long"),
    AlertKind.SCORE_MOVED: _("Score changed after guidance, without reason"),
    AlertKind.FEE_LOW: _("Fee far below the days of work"),
    AlertKind.PERSON_BUSY: _("One person on too many engagements"),
    AlertKind.LATE_PAPERS: _("Papers added late in bulk"),
    AlertKind.HOURS_LAPSED: _("Lead evaluator's hours of training lapsed"),
}
MEANINGS: dict[AlertKind, Words] = {
    AlertKind.OVERDUE: _("The stage that the work is at is past its due day."),
    AlertKind.LIKELY_LATE: _(
        "Compared with this district's own past stages of the same kind that lasted at least as"
        " long: so many of them took longer than the days allotted here."
    ),
    AlertKind.PAPERS_MISSING: _(
        "The due day is near, and papers that the stage asks for aren't there."
    ),
    AlertKind.SILENT: _("Nothing was written in the log about the engagement."),
    AlertKind.SCORE_MOVED: _(
        "After an opinion a score was changed, while neither the explanation, the reason for the"
        " deduction nor the evidence was. 财监〔2021〕4号 art. 3 allows no interference."
    ),
    AlertKind.FEE_LOW: _(
        "The fee is a small part of what the days of work are worth: the days on record, or the"
        " median of finished engagements of the same kind."
    ),
    AlertKind.PERSON_BUSY: _("The same lead evaluator has more engagements at a time than set."),
    AlertKind.LATE_PAPERS: _("Many papers came within few days after their stage was approved."),
    AlertKind.HOURS_LAPSED: _(
        "Hours of training of the lead evaluator ran out, and fewer than set are valid still. This"
        " is an information: hours kept here are no condition for any work, and whoever never had"
        " hours here is not named."
    ),
}
STATES: dict[AlertState, Words] = {
    AlertState.OPEN: _("To be dealt with"),
    AlertState.TAKEN: _("Being dealt with"),
    AlertState.ENDED: _("Dealt with"),
}
TONES = {AlertState.OPEN: "red", AlertState.TAKEN: "amber", AlertState.ENDED: "green"}
SHOWN: dict[str, Words] = {
    "waiting": _("Not dealt with"),
    "mine": _("Mine to deal with"),
    "overdue": _("Past their day"),
    "escalated": _("Told to the leaders"),
    "ended": _("Dealt with"),
    "all": _("All"),
}
SENTENCES: dict[AlertKind, Words] = {
    AlertKind.OVERDUE: _("%(stage)s was due on %(due)s"),
    AlertKind.LIKELY_LATE: _(
        "%(stage)s, due on %(due)s: %(percent)s %% of %(cases)s past stages took longer than the"
        " %(allotted)s working days allotted (eight in ten took %(low)s to %(high)s)"
    ),
    AlertKind.PAPERS_MISSING: _("%(stage)s lacks papers (%(count)s): %(papers)s"),
    AlertKind.SILENT: _("Nothing since %(since)s, for %(days)s working days or more"),
    AlertKind.SCORE_MOVED: _("%(code)s: %(old)s became %(new)s after the opinion of %(note)s"),
    AlertKind.FEE_LOW: _(
        "The fee of %(fee_fen)s is %(percent)s %% of %(worth_fen)s for %(days)s person-days"
    ),
    AlertKind.PERSON_BUSY: _("%(person)s leads %(count)s engagements at a time (at most %(most)s)"),
    AlertKind.LATE_PAPERS: _("%(count)s papers came late within %(days)s days from %(since)s"),
    AlertKind.HOURS_LAPSED: _(
        "%(person)s has %(hours)s valid hours of training since %(since)s, fewer than %(least)s"
        " (for information; no condition for any work)"
    ),
}
DAYS = ("due", "since", "note")


def told(kind: AlertKind, facts: dict[str, Any]) -> str:
    """What a rule found, in words; a fact that an old version didn't tell is a dash."""
    values = {name: _fact(name, fact) for name, fact in facts.items()}
    try:
        return str(SENTENCES[kind]) % values
    except KeyError:
        return str(KINDS[kind])


def _fact(name: str, fact: Any) -> str:
    if name == "stage":
        return str(stage_label(*fact))
    if name in DAYS:
        return f"{date.fromisoformat(fact):%Y-%m-%d}"
    if name.endswith("_fen"):
        return yuan(fact)
    return gettext(", ").join(map(str, fact)) if isinstance(fact, list) else str(fact)


def sentence(alert: Alert) -> str:
    """What a warning says."""
    return told(alert.kind, alert.facts)
