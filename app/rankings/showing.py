"""The page of one snapshot, with whatever form on it was sent wrong."""

from typing import Any

from flask import current_app, render_template, request

from app.intake import whole
from app.rankings import lists, queries
from app.rankings.forms import BundleForm, PublishForm
from app.rankings.labels import WORDS
from app.rankings.making import Needs
from app.rankings.models import RankingSnapshot
from app.rankings.reading import read, scale_of


def needs() -> Needs:
    """What the settings ask of a place."""
    asked = current_app.config
    return Needs(
        asked["RANKING_PRIOR_WEIGHT"],
        asked["RANKING_MIN_ENGAGEMENTS"],
        asked["RANKING_MIN_RELIABILITY"],
        asked["RANKING_BESIDE_DAYS"],
    )


def page(
    snapshot: RankingSnapshot,
    publishing: PublishForm | None = None,
    bundling: BundleForm | None = None,
) -> str:
    """The page of one snapshot: the rows of one state, so many at a time."""
    state = request.args.get("state", "")
    state = state if state in lists.STATES else "ranked"
    after, words = request.args.get("after", type=whole) or 0, request.args.get("q", "").strip()
    rows = lists.rows_page(snapshot, state, words=words, after=after)
    reading = read(snapshot)
    lines = reading.lines(rows.items)
    facts: dict[str, Any] = {"reading": reading, "snapshot": snapshot, "page": rows}
    facts |= {"lines": lines, "scale": scale_of(lines), "state": state, "q": words}
    facts |= {"plot": [(o.agency.name, o.score, o.low, o.high, o.mean) for o in lines if o.rank]}
    facts |= {"counts": lists.counts_of(snapshot), "people": queries.signers_of(snapshot)}
    facts |= {"unproven": lists.unproven_in(lines) if state == "ranked" else None}
    facts |= {"apart": lists.apart_of(snapshot, reading.summary.get("parts") or [])}
    facts |= {"form": publishing or PublishForm(), "bundle_form": bundling or BundleForm()}
    return render_template("rankings/show.html", **facts, **WORDS)
