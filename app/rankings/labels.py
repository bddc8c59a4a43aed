"""How the parts of a ranking are called on pages and in files."""

from flask_babel import lazy_gettext as _

from app.errors import Words

SOURCES: dict[str, Words] = {
    "estimated": _("estimated from the ratings of this snapshot"),
    "few-data": _("set beforehand, since there are too few agencies or engagements to estimate it"),
    "no-difference": _("set beforehand, since the ratings show no difference between agencies"),
}
BANDS: dict[str, Words] = {
    "A": _("the whole interval lies above the mean of all engagements"),
    "B": _("neither above nor below the mean of all engagements is proven"),
    "C": _("the whole interval lies below the mean of all engagements"),
}
# The columns of the files: head, what it means.
COLUMNS: dict[str, tuple[Words, Words]] = {
    "band": (_("Band"), _("A, B or C by the score's interval; see the method")),
    "rank": (_("Rank"), _("place by fair score; empty where the evidence is too thin")),
    "rank_low": (_("Rank, best"), _("lower end of the rank's 90-percent interval")),
    "rank_high": (_("Rank, worst"), _("upper end of the rank's 90-percent interval")),
    "agency": (_("Agency"), _("name in the register")),
    "credit_code": (_("Unified social credit code"), _("18 characters, GB 32100-2015")),
    "state": (_("State"), _("ranked, too little evidence, or not rated")),
    "score": (_("Fair score"), _("stars from 1 to 5, drawn towards the mean of all by evidence")),
    "score_low": (_("Score, low"), _("lower end of the score's 90-percent interval, stars")),
    "score_high": (_("Score, high"), _("upper end of the score's 90-percent interval, stars")),
    "raw_mean": (_("Raw mean"), _("plain mean of the engagements' scores, stars")),
    "reliability": (_("Reliability"), _("n / (n + λ), from 0 to 1")),
    "engagements": (_("Engagements"), _("rated engagements in the period")),
    "reviews": (_("Reviews"), _("reviews behind them")),
    "performance_mean": (
        _("Performance section"),
        _("mean of this party's stars, to the nearest half"),
    ),
    "section_mean": (_("Business section"), _("mean of this party's stars, to the nearest half")),
    "unit_mean": (_("Budget unit"), _("mean of this party's stars, to the nearest half")),
    "top": (_("Chance of the first five"), _("share of the draws in which it is among them")),
}
RANKED, DOUBTFUL, UNRATED = _("Ranked"), _("Too little evidence"), _("Not rated")


def state_of(rank: int | None, engagements: int) -> Words:
    """What a row's state is called."""
    if rank is not None:
        return RANKED
    return DOUBTFUL if engagements else UNRATED
