"""How methods, refusals and states of procurement are called on pages."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.display import wan, yuan
from app.errors import Words
from app.procurement.methods import Method, Thresholds
from app.procurement.rule_models import ProcurementRules

METHODS: dict[Method, Words] = {
    Method.DIRECT: _("Direct choice"),
    Method.DRAW: _("Random draw"),
    Method.BIDDING: _("Bidding with sealed bids"),
    Method.COMPARISON: _("Comparison by a panel"),
    Method.DRAW_BIDDING: _("Draw, then bidding"),
    Method.FRAMEWORK_DIRECT: _("Framework agreement: direct choice"),
    Method.FRAMEWORK_BIDDING: _("Framework agreement: second bidding"),
    Method.FRAMEWORK_TURN: _("Framework agreement: in turn"),
    Method.OPEN_TENDER: _("Open tender (on the province's platform)"),
    Method.CONSULTATION: _("Competitive consultation (on the province's platform)"),
    Method.SINGLE_SOURCE: _("Sole source (on the province's platform)"),
}
UNFAIR: dict[str, Words] = {
    "place": _("where an agency sits"),
    "ownership": _("who owns an agency"),
    "record": _("a record or prizes of one region or trade"),
    "list": _("a register or stars as a condition"),
    "brand": _("one agency by name"),
    "size": _("the size of an agency"),
}
GROUNDS: dict[str, Words] = {
    "employed": _("Employed there within three years"),
    "board": _("Director or supervisor there within three years"),
    "control": _("Controlling shareholder or in actual control within three years"),
    "kin": _("Spouse or close kin of somebody in charge there"),
    "other": _("Another relation that may touch fairness"),
}
TEXTS: dict[str, Words] = {
    "milestones": _("Milestones"),
    "payment": _("Payment, and how it depends on the assessment"),
    "archiving": _("Who files the working papers, and until when"),
    "confidentiality": _("Confidentiality"),
    "liability": _("Liability for breach"),
}


def too_few(count: int, fewest: int) -> Words:
    """Why nothing can be drawn, and what is left to do."""
    return _(
        "Only %(n)s signed up, %(fewest)s are needed: extend the time, or call the need off",
        n=count,
        fewest=fewest,
    )


def late(days: int) -> str:
    """Whether a last day was kept, and by how many days it wasn't."""
    return gettext("days late: %(n)s", n=days) if days else gettext("in time")


def figures_of(rules: ProcurementRules) -> Words:
    """What is compared with the official text: every figure of a version."""
    return _(
        "In force from %(day)s: procurement limit %(limit)s, open tender from %(tender)s, public"
        " notice %(notice)s and answer %(answer)s working days, %(fewest)s at least for a draw.",
        day=rules.effective_on,
        limit=wan(rules.limit_fen),
        tender=wan(rules.tender_fen),
        notice=rules.publicity_days,
        answer=rules.answer_days,
        fewest=rules.fewest_offers,
    )


def unfair(kind: str, words: str) -> Words:
    """Why a wording is refused."""
    return _(
        "“%(words)s” asks about %(what)s, which treats bidders unequally"
        " (Regulation on the Procurement Act, article 20; 财库〔2019〕38号)",
        words=words,
        what=UNFAIR[kind],
    )


def misfit(amount_fen: int, rules: Thresholds) -> Words:
    """Why a method is refused."""
    return _(
        "This method doesn't fit %(amount)s: by %(document)s the procurement act holds from"
        " %(limit)s on, and an open tender from %(tender)s on",
        amount=yuan(amount_fen),
        document=rules.document_no,
        limit=yuan(rules.limit_fen),
        tender=yuan(rules.tender_fen),
    )
