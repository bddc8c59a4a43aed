"""Somebody who holds every ranking, file, ledger and round tries to solve for one person's stars.

He knows which engagement came between two rankings, the weights, λ, everybody's number of ratings,
and of every round the sum of its three parties' stars, for an agency is told the round's means.
Each public figure is a sum of stars within the half of its last digit. By linear programming he
asks between which stars the new rating of one party can lie; he has solved for it where no two
stars of a rating are left.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from app.rankings.grouping import grouped
from app.rankings.inputs import Entry, Inputs
from app.rankings.methods import compute
from app.rankings.moving import Side, moves, rounded
from app.rankings.public import public_result
from app.rankings.veiling import Change, Round, counting
from tests.rankings.worlds import DIMENSIONS, PARTIES, PERIOD, RULES, inputs_of

SHARE = dict(zip(PARTIES, (0.4, 0.3, 0.3), strict=True))
WIDTH = 1.0  # stars that must stay possible


def job(agency, number, stars):
    """A round of three parties; stars by party, all dimensions alike but the first."""
    return tuple(
        Entry(
            key=f"{agency:08x}{number:016x}{place:08x}",
            agency=agency,
            engagement=f"{agency:08x}{number:024x}",
            rater=f"{party[0]}{agency:08x}{number if party == 'unit' else 0:08x}",
            organisation=f"o{agency:08x}{number:08x}{place}",
            party=party,
            service="evaluation",
            days=0,
            stars=dict(zip(DIMENSIONS, own, strict=True)),
        )
        for place, (party, own) in enumerate(zip(PARTIES, stars, strict=True))
    )


def drawn(chance):
    """Three ratings of four dimensions, not all alike: nobody hides among five times five."""
    return [[chance.randint(2, 5) for _ in DIMENSIONS] for _ in PARTIES]


def public_of(inputs):
    outcome = compute(inputs, RULES, PERIOD, former=True)
    return outcome, public_result(json.loads(outcome.result))


def row_of(shown, agency):
    return next(row for row in shown["rows"] if row["agency"] == agency)


class Attack:
    """Linear constraints on the composite stars of all ratings of one agency."""

    def __init__(self, entries):
        self.keys = [entry.key for entry in entries]
        self.entries = {entry.key: entry for entry in entries}
        self.upper, self.bounds = [], []

    def know(self, weights, value, slack):
        """Σ weights·star lies within slack of a value."""
        line = np.array([weights.get(key, 0.0) for key in self.keys])
        self.upper += [line, -line]
        self.bounds += [value + slack, slack - value]

    def with_unknown(self, entry):
        """The same knowledge with one more rating, of which nothing is known."""
        more = Attack([*self.entries.values(), entry])
        more.upper = [np.append(line, 0.0) for line in self.upper]
        more.bounds = list(self.bounds)
        return more

    def range(self, key):
        """Between which stars this one rating can lie."""
        cost = np.array([float(each == key) for each in self.keys])
        ends = [
            linprog(sign * cost, np.array(self.upper), np.array(self.bounds), bounds=(1, 5))
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends), "the truth itself fits"
        return ends[0].fun, -ends[1].fun


def star_of(entry):
    return RULES.star_of(entry.party, entry.stars)


def know_rounds(attack):
    """The means of each round, which its agency reads: the sum of three persons' stars."""
    for round_ in {entry.engagement for entry in attack.entries.values()}:
        own = [e for e in attack.entries.values() if e.engagement == round_]
        attack.know(dict.fromkeys((e.key for e in own), 1.0), sum(map(star_of, own)), 0.015)


def know_row(attack, row, shown, counted):
    """One ranking's public row. Where severity is in a figure, what it takes off isn't known."""
    if "mean" not in row:
        return
    weights = {key: SHARE[attack.entries[key].party] for key in counted}
    plain = dict.fromkeys(counted, 1 / len(counted))
    half = 0.25 if row.get("changed") else 0.05
    if "weighted" in row:
        attack.know(plain, row["mean"], half)
        mass = sum(weights.values())
        attack.know({k: w / mass for k, w in weights.items()}, row["weighted"], half)
        return
    masses = {}
    for key, weight in weights.items():
        job_ = attack.entries[key].engagement
        masses[job_] = masses.get(job_, 0) + weight
    jobs = len(masses)
    by_job = {k: w / jobs / masses[attack.entries[k].engagement] for k, w in weights.items()}
    attack.know(by_job, row["mean"], half)
    factor = jobs / (jobs + shown["shrinkage"])
    mean = shown["overall"] + (row["score"] - shown["overall"]) / factor
    rough = 0.1 if row.get("changed") else 0.05
    attack.know(by_job, mean, (rough + 0.05 * (1 - factor)) / factor + 0.02)


def know_parties(attack, row, counted):
    for party, mean in row.get("parties", {}).items():
        own = [key for key in counted if attack.entries[key].party == party]
        attack.know(dict.fromkeys(own, 1 / len(own)), mean, 0.25)


def small(agencies=6):
    """A district too small for the model."""
    chance = Random(7)
    entries = [
        e for a in range(2, agencies + 1) for n in range(3) for e in job(a, n, drawn(chance))
    ]
    return Inputs(tuple(range(1, agencies + 1)), tuple(entries))


def large():
    whole = inputs_of()
    return replace(whole, entries=tuple(e for e in whole.entries if e.agency != 1))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("district", [small, large], ids=["averaged", "modelled"])
def test_successive_rankings_leave_every_new_rating_open(district, seed):
    chance, others = Random(seed), district()
    rounds = [job(1, number, drawn(chance)) for number in range(4)]
    attack = Attack([entry for round_ in rounds for entry in round_])
    know_rounds(attack)
    methods = set()
    for count in range(1, len(rounds) + 1):
        own = tuple(entry for round_ in rounds[:count] for entry in round_)
        outcome, shown = public_of(replace(others, entries=(*others.entries, *own)))
        methods.add(outcome.method)
        row, counted = row_of(shown, 1), [entry.key for entry in own]
        know_row(attack, row, shown, counted)
        know_parties(attack, row, counted)
        for entry in rounds[count - 1]:
            low, high = attack.range(entry.key)
            assert low <= star_of(entry) + 1e-6
            assert high >= star_of(entry) - 1e-6
            assert high - low >= WIDTH, (count, entry.party, low, high)
    assert methods == {"bayes/1" if district is small else "mixed/1"}


START = datetime(2026, 3, 2, tzinfo=UTC)


def appealed(rounds, new, at):
    """What a ranking counts at so many days, once the first rating of round 2 changed on day 2.5.

    Each round opens on the day of its number; new is the rating written in its place, or None
    where it was voided.
    """
    old, change = rounds[2][0], Change(START + timedelta(days=2.5), rounds[2][0].rater)
    held = [
        Round(n, 1, START + timedelta(days=n), 3, (change,) if n == 2 and at > 2.5 else ())
        for n in range(len(rounds))
        if n <= at
    ]
    now = [e for e in (*rounds[2][1:], new) if e] if at > 2.5 else rounds[2]
    found = []
    for number in sorted(counting(held)):
        own = now if number == 2 else rounds[number]
        found += [replace(e, changed=at > 2.5) for e in own]
    assert not (at > 2.5 and old.key in {entry.key for entry in found})
    return found


def rewritten(rounds, chance):
    stars = {code: chance.randint(2, 5) for code in DIMENSIONS}
    return replace(rounds[2][0], key="f" * 32, stars=stars)


def told_who(rounds, new):
    """An attacker who moreover guessed from the words who gave what in the appealed round."""
    attack = Attack([e for each in rounds for e in each])
    know_rounds(attack)
    for entry in rounds[2]:
        attack.know({entry.key: 1.0}, star_of(entry), 1e-6)
    return attack.with_unknown(new)


def solved(rounds, new, others):
    """What is left of the changed rating's stars after five rankings."""
    attack = told_who(rounds, new) if new else Attack([e for each in rounds for e in each])
    if not new:
        know_rounds(attack)
    target, steps = new or rounds[2][0], []
    for at in (2, 2.7, 3, 4, 5):
        own = appealed(rounds, new, at)
        shown = public_of(replace(others, entries=(*others.entries, *own)))[1]
        row, counted = row_of(shown, 1), [entry.key for entry in own]
        know_row(attack, row, shown, counted)
        know_parties(attack, row, counted)
        steps.append({entry.key: entry.rater for entry in own})
    for old, now in pairwise(steps):
        for moved in (now.keys() - old.keys(), old.keys() - now.keys()):
            assert not moved or len({(old | now)[key] for key in moved}) >= 3
    low, high = attack.range(target.key)
    assert low - 1e-6 <= star_of(target) <= high + 1e-6
    return high - low


MODELLED = pytest.param(large, 2, id="modelled", marks=pytest.mark.nightly)


@pytest.mark.parametrize("voided", [False, True], ids=["returned", "voided"])
@pytest.mark.parametrize(("district", "seeds"), [pytest.param(small, 12, id="averaged"), MODELLED])
def test_a_rating_changed_on_appeal_stays_open_however_many_rankings_follow(
    district, seeds, voided
):
    others = district()
    for seed in range(seeds):
        chance = Random(seed)
        rounds = [job(1, number, drawn(chance)) for number in range(6)]
        new = None if voided else rewritten(rounds, chance)
        assert solved(rounds, new, others) >= WIDTH, seed


def test_without_the_wait_an_appealed_rating_would_be_solved_for():
    """The same attack on two rankings of fine figures that differ by the changed rating alone."""
    others, left = small(), []
    for seed in range(6):
        chance = Random(seed)
        first, last = job(1, 0, drawn(chance)), job(1, 1, drawn(chance))
        new = rewritten([(), (), last], chance)
        attack = told_who([first, (), last], new)
        for own in ((*first, *last), (*first, new, *last[1:])):
            shown = public_of(replace(others, entries=(*others.entries, *own)))[1]
            know_row(attack, row_of(shown, 1), shown, [entry.key for entry in own])
        low, high = attack.range(new.key)
        left.append(high - low)
    assert min(left) < WIDTH / 2


def test_exact_figures_would_have_told_them():
    """The attack is a real one: with all digits of two means it finds the party apart."""
    rounds = [job(1, number, drawn(Random(3))) for number in range(3)]
    attack = Attack([entry for round_ in rounds for entry in round_])
    for round_ in rounds:
        attack.know(dict.fromkeys((e.key for e in round_), 1.0), sum(map(star_of, round_)), 1e-9)
    for count in (2, 3):
        own = [entry for round_ in rounds[:count] for entry in round_]
        weights = {entry.key: SHARE[entry.party] / count for entry in own}
        attack.know(weights, sum(weights[e.key] * star_of(e) for e in own), 1e-9)
    low, high = attack.range(rounds[2][0].key)
    assert high - low < 0.001


@pytest.mark.parametrize("seed", range(2))
def test_the_ledger_of_what_came_leaves_every_new_rating_open(seed):
    """The averaged district's ledger, whose terms are stars alone: its lines are sums of stars."""
    chance, others = Random(seed), small()
    rounds = [job(1, number, drawn(chance)) for number in range(4)]
    attack = Attack([entry for round_ in rounds for entry in round_])
    know_rounds(attack)
    sides = []
    for count in (3, 4):
        own = tuple(entry for round_ in rounds[:count] for entry in round_)
        inputs = replace(others, entries=(*others.entries, *own))
        told = json.loads(compute(inputs, RULES, PERIOD, former=False).workings)
        mine = {e.engagement for e in own}
        terms = {key: term for key, term in told["terms"].items() if key in mine}
        raters = {key: frozenset(each) for key, each in told["raters"].items()}
        sides.append(Side(told["overall"], told["shrinkage"], terms, raters))
    before, after = sides
    lines = rounded(moves(before, after), round(after.score, 1) - round(before.score, 1), 1)
    [came] = [line for line in lines if line.kind == "came"]
    share = 1 / (4 + after.shrinkage)
    weights = {entry.key: share * SHARE[entry.party] for entry in rounds[3]}
    attack.know(weights, came.stars + share * after.overall, 0.15)  # the remainder may be taken up
    for entry in rounds[3]:
        low, high = attack.range(entry.key)
        assert high - low >= WIDTH


def test_what_came_from_two_persons_has_no_line_of_its_own():
    first, second = job(1, 1, [[4] * 4] * 3), job(1, 2, [[2] * 4] * 3)
    terms = {e.key: [1.0, 4.0, 0.0, 0.0, 0.0] for e in first}
    new = {e.key: [1.0, 2.0, 0.0, 0.0, 0.0] for e in second[:2]}
    raters = {e.key: frozenset([e.rater]) for e in (*first, *second)}
    before = Side(4.0, 3.0, terms, raters)
    after = Side(3.9, 3.0, terms | new, raters)
    lines = moves(before, after)
    assert {line.kind for line in lines} == {"overall", "ratings"}
    assert sum(line.stars for line in lines) == pytest.approx(after.score - before.score, abs=1e-12)


def test_a_changed_engagement_has_no_line_of_its_own():
    """The averaged district's terms are engagements: one whose stars moved is one person's doing."""
    terms = {key: [1.0, 4.0, 0.0, 0.0, 0.0] for key in "abc"}
    moved = terms | {"c": [1.0, 4.8, 0.0, 0.0, 0.0]}
    raters = {key: frozenset(f"{key}{n}" for n in range(3)) for key in "abc"}
    lines = moves(Side(4.0, 3.0, terms, raters), Side(4.1, 3.0, moved, raters))
    assert [(line.kind, line.ratings) for line in lines] == [("overall", 0), ("ratings", 1)]
    every = {key: [1.0, 4.2, 0.0, 0.0, 0.0] for key in "abc"}
    lines = moves(Side(4.0, 3.0, terms, raters), Side(4.1, 3.0, every, raters))
    assert "stars" in {line.kind for line in lines}, "new weights move them all"


def test_a_single_engagement_shows_neither_mean_nor_score():
    """Its exact mean beside the means of its round would tell the party of another weight."""
    for district in (small(), large()):
        own = job(1, 0, drawn(Random(1)))
        _outcome, shown = public_of(replace(district, entries=(*district.entries, *own)))
        row = row_of(shown, 1)
        assert not {"score", "mean", "weighted", "corrected", "parties", "factor"} & row.keys()
        assert all(2 * row[end] == int(2 * row[end]) for end in ("low", "high"))


def test_nobody_outside_reads_more_than_the_public_row():
    """Of the exact result nothing but rounded figures, counts and places is told."""
    outcome, shown = public_of(large())
    exact = json.loads(outcome.result)
    known = {row["agency"]: row for row in exact["rows"]}
    for row in shown["rows"]:
        for name in ("severity", "difficulty", "kind", "error"):
            assert name not in row
        for name, told in row.items():
            own = known[row["agency"]].get(name)
            if isinstance(told, float) and isinstance(own, float):
                assert round(told, 2) == told
    assert set(grouped(large().entries, RULES)) == {
        r["agency"] for r in shown["rows"] if r["reviews"]
    }
