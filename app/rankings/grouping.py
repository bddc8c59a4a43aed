"""The ratings that count, by agency, and what may be told of so many. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rankings.inputs import Entry
from app.rankings.model import FEWEST_REVIEWS, Rules
from app.rankings.veiling import coarse

FEWEST_JOBS = 2  # for a figure: one engagement's mean beside its round would tell single stars


@dataclass(frozen=True)
class Group:
    """The ratings that count of one agency, and what they are made of."""

    ratings: Sequence[tuple[Entry, float]]

    @property
    def counts(self) -> dict[str, int]:
        """How many engagements, reviews, persons and evaluated units stand behind a score."""
        entries = [entry for entry, _star in self.ratings]
        return {
            "engagements": len({entry.engagement for entry in entries}),
            "reviews": len(entries),
            "raters": len({entry.rater for entry in entries}),
            "units": len({each.organisation for each in entries if each.party == "unit"}),
        }

    @property
    def is_told(self) -> bool:
        """Whether its ratings enter the model: with fewer than three none does."""
        return len(self.ratings) >= FEWEST_REVIEWS

    @property
    def has_figures(self) -> bool:
        """Whether a figure of it tells nobody's stars: two engagements, three persons."""
        counts = self.counts
        enough = counts["raters"] >= FEWEST_REVIEWS and counts["engagements"] >= FEWEST_JOBS
        return enough and self.is_told

    @property
    def is_changed(self) -> bool:
        """Whether an appeal changed a rating of this agency: then its means are coarse."""
        return any(entry.changed for entry, _star in self.ratings)


def grouped(entries: Iterable[Entry], rules: Rules, dimension: str = "") -> dict[int, Group]:
    """The ratings that count by agency, each with its figure: all dimensions weighed, or one."""
    found: dict[int, list[tuple[Entry, float]]] = defaultdict(list)
    for entry in entries:
        star = _star_of(entry, rules, dimension)
        if star is not None:
            found[entry.agency].append((entry, star))
    return {agency: Group(own) for agency, own in sorted(found.items())}


def _star_of(entry: Entry, rules: Rules, dimension: str) -> float | None:
    if not dimension:
        return rules.star_of(entry.party, entry.stars)
    asked = rules.party_weights.get(entry.party, 0) and dimension not in entry.apart
    return entry.stars.get(dimension) if asked else None


def parties_of(group: Group) -> dict[str, float]:
    """The means of the parties to half a star, only where each has three ratings or more."""
    stars: dict[str, list[float]] = defaultdict(list)
    for entry, star in group.ratings:
        stars[entry.party].append(star)
    if not group.has_figures or any(len(own) < FEWEST_REVIEWS for own in stars.values()):
        return {}
    return {party: coarse(sum(own) / len(own)) for party, own in sorted(stars.items())}
