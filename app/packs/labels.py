"""How groups, rules, standings and sheets of a decision pack are called."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.decisions.labels import LEFT_OUT
from app.display import local_time
from app.errors import Words
from app.procurement.choice_labels import STANDINGS as STANDINGS

STATES: Mapping[str, Words] = {
    "awarded": _("Awarded"),
    "cancelled": _("Called off"),
    "undecided": _("Not decided yet"),
}
GROUPS: Mapping[str, Words] = {
    "best": _("In the best set"),
    "behind": _("Proven to be behind"),
    "unranked": _("Without a rank"),
    "in": _("Considered"),
    "left_out": _("Excluded"),
}
RULES: Mapping[str, Words] = {
    **LEFT_OUT,
    "stepped_back": _("stepped back"),
    "award_fell": _("its award was withdrawn"),
    "void_bid": _("its bid is void"),
    "over_budget": _("its price is over the budget"),
    "low_rejected": _("its low price was rejected"),
    "no_bid": _("handed in no bid by the end"),
    "not_invited": _("was not among the first ones drawn"),
}
REFUSED: Mapping[str, Words] = {
    "bid_refused.noted": _("its bid"),
    "offer_refused.noted": _("its offer"),
}
SHEETS: Mapping[str, Words] = {
    "lots": _("Lots and results"),
    "considered": _("Considered and left out"),
    "draws": _("Draws"),
    "objections": _("Objections"),
    "refused": _("Turned away"),
}


def sheets() -> Mapping[str, Sequence[str]]:
    """The heads of each sheet."""
    told = {"lots": _lots(), "considered": _considered(), "draws": _draws()}
    return told | {"objections": _ends(), "refused": _refused()}


def _lots() -> Sequence[str]:
    return [
        gettext("Lot"), gettext("Name"), gettext("Budget (yuan)"), gettext("Days"),
        gettext("State"), gettext("Considered"), gettext("Excluded"), gettext("Awarded to"),
        gettext("Price (yuan)"), gettext("Why"), gettext("Beside the best set"),
        gettext("Ranking"), gettext("Reason outside the best set"), gettext("Decided by"),
        gettext("Approved by"), gettext("Stands publicly until"),
        gettext("Number of the contract"), gettext("Address of the result"),
    ]  # fmt: skip


def _considered() -> Sequence[str]:
    return [
        gettext("Lot"), gettext("Agency"), gettext("Unified social credit code"),
        gettext("Group"), gettext("Left out by"), gettext("Rank"), gettext("Rank, best"),
        gettext("Rank, worst"), gettext("Fair score"), gettext("Score, low"),
        gettext("Score, high"), gettext("Under way"), gettext("In the field"), gettext("Weight"),
        gettext("Order drawn"), gettext("Price (yuan)"), "SHA-256", gettext("Conflicts"),
    ]  # fmt: skip


def _draws() -> Sequence[str]:
    return [
        gettext("Lot"), gettext("Draw"), gettext("Attempt"), gettext("Beacon"),
        gettext("Digest of the list"), gettext("Commitment"), gettext("Ranking"),
        gettext("Void, and why"), gettext("File"), gettext("On the list"),
    ]  # fmt: skip


def _ends() -> Sequence[str]:
    return [
        gettext("Lot"), gettext("Agency"), gettext("Filed at"), gettext("Objection"),
        gettext("Answer due"), gettext("Answer"), gettext("Complaint"), gettext("Decision"),
    ]  # fmt: skip


def _refused() -> Sequence[str]:
    return [
        gettext("Lot"), gettext("Agency"), gettext("What was refused"),
        gettext("With which words"), gettext("At"),
    ]  # fmt: skip


def moment(told: str | None) -> str:
    """A moment of the pack's JSON as it is printed: Shanghai's time."""
    return local_time(datetime.fromisoformat(told)) if told else ""
