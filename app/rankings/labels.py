"""How the parts of a ranking are called on pages and in files."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engagements.labels import PARTIES
from app.errors import Words
from app.rankings.reading import Reading

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
    "reliability": (
        _("Reliability"),
        _("share of the differences between agencies that the evidence resolves, from 0 to 1"),
    ),
    "factor": (_("Own weight"), _("n / (n + λ): how far the agency's own stars count")),
    "engagements": (_("Engagements"), _("rated engagements in the period")),
    "reviews": (_("Reviews"), _("reviews behind them")),
    "raters": (_("Persons"), _("different persons who rated")),
    "units": (_("Units"), _("different evaluated units that rated")),
    "performance_mean": (
        _("Performance section"),
        _("mean of this party's stars, to the nearest half"),
    ),
    "section_mean": (_("Business section"), _("mean of this party's stars, to the nearest half")),
    "unit_mean": (_("Budget unit"), _("mean of this party's stars, to the nearest half")),
    "top": (_("Chance of the first five"), _("share of the draws in which it is among them")),
    "set_low": (
        _("Proven rank, best"),
        _("lower end of the 95-percent confidence set of the rank (Mogstad et al. 2024)"),
    ),
    "set_high": (_("Proven rank, worst"), _("upper end of the confidence set")),
    "on_time": (_("Handed in on time"), _("share of due stages that were handed in by their day")),
    "returns": (_("Returns per engagement"), _("stages returned, per engagement")),
    "jobs": (_("Contracts"), _("all engagements of the agency behind the two figures before")),
    "running": (_("Under way"), _("engagements that the agency is busy with")),
    "grade": (_("Annual grade"), _("of the last published list of the quality assessment")),
    "grade_year": (_("Year of the grade"), _("the year of that list")),
    "why": (_("What it lacks"), _("why there is no rank")),
}
STATE_WORDS: dict[str, Words] = {
    "ranked": _("Ranked"),
    "insufficient": _("Too little evidence"),
    "unrated": _("Not rated"),
}
LACKS: dict[str, Words] = {
    "few-reviews": _("fewer than three reviews"),
    "few-engagements": _("too few rated engagements or persons"),
    "reliability": _("reliability too low"),
    "unlinked": _("no chain of common raters joins it to others"),
}
WHY_METHOD: dict[str, Words] = {
    "": _("The mixed model: severity of raters and difficulty of engagements are taken off"),
    "few-agencies": _("The average stands in: fewer than 8 agencies are rated"),
    "few-engagements": _("The average stands in: fewer than 20 engagements are rated"),
    "zero-variance": _("The average stands in: the ratings don't tell the agencies apart"),
}
SEVERITY: dict[str, Words] = {
    "ample": _("taken off in full: the raters have rated often enough"),
    "dealt unevenly": _("taken off in full: stricter raters met some agencies more than others"),
    "evenly dealt": _("taken off in part: few ratings a rater, and evenly dealt"),
}
MOVES: dict[str, Words] = {
    "overall": _("The mean of all agencies moved"),
    "came": _("New ratings"),
    "gone": _("Ratings that no longer count"),
    "ratings": _("New, old and no longer counted ratings together"),
    "weighed": _("Ratings grew older and share their weight with others"),
    "stars": _("Weights of the dimensions changed, or a rating was corrected"),
    "severity": _("Severity of the raters estimated anew"),
    "difficulty": _("Difficulty of the engagements estimated anew"),
    "kind": _("Usual stars of roles and service types estimated anew"),
}


METHODS: dict[str, Words] = {"bayes": _("Bayesian average"), "mixed": _("Mixed model")}


def method_words(method: str) -> str:
    """A method by its name and version; files keep its code, which tells programs."""
    name, _slash, version = method.partition("/")
    if name not in METHODS:
        return method
    return f"{METHODS[name]} {gettext('version %(n)s', n=version)}"


def reasons_of(reading: Reading) -> Words:
    """Why this method was taken."""
    return WHY_METHOD[reading.why if not reading.is_mixed else ""]


WORDS: dict[str, Any] = {
    "bands": BANDS,
    "sources": SOURCES,
    "parties": PARTIES,
    "states": STATE_WORDS,
    "lacks": LACKS,
    "severities": SEVERITY,
    "move_words": MOVES,
    "reasons_of": reasons_of,
}
