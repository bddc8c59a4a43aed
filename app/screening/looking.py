"""From the opened reviews to signs: each screen over the whole district."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from app import clock
from app.engagements.models import Party
from app.screening import bursts, disagreement, facts, queries
from app.screening.facts import Oddity, Work
from app.screening.models import Screen

FEWEST_REVIEWS = 100  # below these, what is expected of a rater is a guess
GROWTH = 1.5  # a sign that was settled is raised again when its evidence has grown so much


@dataclass
class Told:
    """One opened review that counts."""

    review: int
    rater: int | None
    party: Party
    place: int
    engagement: int
    agency: int
    at: datetime
    stars: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> int:
        """The mean of its stars as whole stars, halves up."""
        return int(fmean(self.stars.values()) + 0.5)


@dataclass(frozen=True)
class Sign:
    """What a screen found: about whom or what, how much evidence, and its figures."""

    screen: Screen
    evidence: int
    figures: Mapping[str, Any]
    agency_id: int | None = None
    rater_id: int | None = None
    engagement_id: int | None = None

    @property
    def subject(self) -> dict[str, int | None]:
        """About whom or what it is."""
        return {
            "agency_id": self.agency_id,
            "rater_id": self.rater_id,
            "engagement_id": self.engagement_id,
        }


def reviews_counted() -> list[Told]:
    """Every opened review that counts, the oldest first."""
    found: dict[int, Told] = {}
    for row in queries.scores_counted():
        told = found.get(row.review)
        if told is None:
            who = (row.review, row.rater, row.party, row.place)
            told = found[row.review] = Told(*who, row.engagement, row.agency, row.at)
        told.stars[row.code] = row.stars
    return list(found.values())


def signs() -> list[Sign]:
    """Everything that the screens find now."""
    reviews = reviews_counted()
    found = [*_against_facts(reviews), *_disagreeing(reviews)]
    if len(reviews) >= FEWEST_REVIEWS:
        found += _expected(reviews)
    return found


def _expected(reviews: Sequence[Told]) -> Iterator[Sign]:
    """What needs the model of expected stars: straight-lining, misfit, rings, bursts."""
    import numpy as np

    from app.screening import misfit, rasch, rings, straight
    from app.screening.ratings import Ratings

    agencies, agency = np.unique([each.agency for each in reviews], return_inverse=True)
    raters, rater = np.unique([each.rater or -each.place for each in reviews], return_inverse=True)
    stars = np.array([each.whole for each in reviews], dtype=np.intp)
    model = rasch.fit(Ratings(agency, rater, stars))

    def person(code: int) -> int | None:
        return int(raters[code]) if raters[code] > 0 else None

    for line in straight.screen(model):
        told = {"ratings": line.ratings, "same": line.same, "chance": line.chance}
        yield Sign(Screen.STRAIGHT, line.ratings, told, rater_id=person(line.rater))
    for odd in misfit.screen(model):
        told = {"ratings": odd.ratings, "statistic": round(odd.statistic, 2)}
        yield Sign(Screen.MISFIT, odd.ratings, told, rater_id=person(odd.rater))
    for ring in rings.screen(model):
        told = {"praisers": ring.praisers, "statistic": round(ring.statistic, 2)}
        people = sorted(key for each in ring.raters if (key := person(each)))
        figures = {**told, "raters": people}
        yield Sign(Screen.RING, ring.praisers, figures, agency_id=int(agencies[ring.agency]))
    since = clock.now() - timedelta(days=bursts.DAYS)
    new = np.array([each.at >= since for each in reviews])
    at = np.array([each.at.timestamp() for each in reviews])
    for burst in bursts.screen(agency[new], at[new], model.residuals[new]):
        told = {"ratings": burst.ratings, "shift": round(burst.shift, 2), "chance": burst.chance}
        yield Sign(Screen.BURST, burst.ratings, told, agency_id=int(agencies[burst.agency]))


def _disagreeing(reviews: Sequence[Told]) -> Iterator[Sign]:
    """The evaluated units against the two sections, job by job."""
    jobs: dict[tuple[int, int], dict[bool, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in reviews:
        mean = fmean(each.stars.values())
        jobs[each.agency, each.engagement][each.party is Party.UNIT].append(mean)
    found: dict[int, list[float]] = defaultdict(list)
    for (agency, _job), kinds in jobs.items():
        if kinds[True] and kinds[False]:
            found[agency].append(fmean(kinds[True]) - fmean(kinds[False]))
    for one in disagreement.screen(found):
        difference = round(one.difference, 2)
        told = {"engagements": one.engagements, "difference": difference, "chance": one.chance}
        yield Sign(Screen.DISAGREEMENT, one.engagements, told, agency_id=one.agency)


def _against_facts(reviews: Sequence[Told]) -> Iterator[Sign]:
    """Each review beside the facts of its engagement."""
    reports, grades = queries.final_reports(), queries.grades()
    for each in reviews:
        grade = grades.get((each.engagement, each.place)) if each.party is Party.UNIT else None
        late, returns = _lateness(reports.get(each.engagement))
        lowest = min(each.stars.values())
        work = Work(each.stars.get("efficiency"), lowest, late, returns, grade)
        for odd in facts.oddities(work):
            poor = odd is Oddity.LOW_AFTER_POOR
            yield Sign(
                Screen.LOW_AFTER_POOR if poor else Screen.FACTS,
                1,
                {"oddity": str(odd), "party": str(each.party), "days_late": late, "grade": grade},
                agency_id=each.agency,
                rater_id=each.rater,
                engagement_id=each.engagement,
            )


def _lateness(report: tuple[Any, Any, int] | None) -> tuple[int | None, int]:
    """Working days by which the report was late, below nought if early; and how many returns."""
    if report is None or report[1] is None:
        return None, report[2] if report else 0
    due, handed_in, returns = report
    return clock.working_days_between(due, clock.day_of(handed_in)), returns
