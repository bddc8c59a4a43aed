"""The methods by number: which is taken and why, and that each comes out the same again."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from app.rankings.methods import compute, replayed
from app.rankings.public import public_result
from tests.rankings.worlds import PERIOD, RULES, inputs_of


@pytest.fixture(scope="module")
def inputs():
    return inputs_of()


@pytest.fixture(scope="module")
def outcome(inputs):
    return compute(inputs, RULES, PERIOD, former=True)


@pytest.fixture(scope="module")
def result(outcome):
    return json.loads(outcome.result)


def test_enough_data_are_fitted_by_the_mixed_model(outcome, result):
    assert outcome.method == "mixed/1"
    assert {row["state"] for row in result["rows"]} >= {"ranked", "unrated"}
    assert set(result["variances"]) >= {"agency", "residual"}


def test_the_clerks_formula_holds_for_every_agency_and_term(result):
    told = [row for row in result["rows"] if "score" in row]
    assert len(told) == 16
    for row in told:
        corrected = row["weighted"] - result["overall"]
        corrected -= row["severity"] + row["difficulty"] + row["kind"]
        factor = row["mass"] / (row["mass"] + result["shrinkage"])
        assert row["corrected"] == pytest.approx(corrected, abs=1e-9)
        assert row["factor"] == pytest.approx(factor, abs=1e-9)
        assert row["score"] == pytest.approx(result["overall"] + factor * corrected, abs=1e-9)


def test_ranks_have_intervals_and_a_place_needs_evidence(result):
    ranked = [row for row in result["rows"] if row["state"] == "ranked"]
    assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
    assert sum(row["top"] for row in ranked) == pytest.approx(5)
    for row in ranked:
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
        assert RULES.min_reliability <= row["reliability"] <= row["factor"]
        assert row["sets"][0] <= row["rank"] <= row["sets"][1]


def test_whoever_lacks_evidence_is_told_what_is_lacking(inputs):
    jobs = Counter(e.engagement for e in inputs.entries if e.agency == 3).most_common()

    def kept(entry):
        number = sum(e.agency == 2 and e.key < entry.key for e in inputs.entries)
        return {2: number < 2, 3: entry.engagement == jobs[0][0]}.get(entry.agency, True)

    few = replace(inputs, entries=tuple(filter(kept, inputs.entries)))
    strict = replace(RULES, min_reliability=0.97)
    told = json.loads(compute(few, strict, PERIOD, former=False).result)["rows"]
    why = {row["agency"]: row["why"] for row in told}
    assert (why[2], why[3], why[17]) == ("few-reviews", "few-engagements", "")
    assert "reliability" in why.values()
    for row in told:
        if row["why"] == "reliability":
            assert row["reliability"] < 0.97


def test_the_former_method_and_every_dimension_stand_beside(result):
    assert result["beside"]["method"] == "bayes/1"
    assert_dimensions_beside(result)


def test_in_another_order_and_again_it_is_the_same_to_the_last_digit(inputs, outcome):
    turned = replace(inputs, entries=inputs.entries[::-1])
    assert compute(turned, RULES, PERIOD, former=True) == outcome
    assert replayed(inputs, json.loads(outcome.parameters)) == outcome


def test_a_role_that_is_stricter_as_a_whole_moves_no_agency(inputs):
    mild = replace(inputs, entries=tuple(
        replace(e, stars={c: min(s, 4) for c, s in e.stars.items()} if e.party == "unit" else e.stars)
        for e in inputs.entries
    ))  # fmt: skip
    harsh = replace(mild, entries=tuple(
        replace(e, stars={c: s - 1 if s > 1 else s for c, s in e.stars.items()}
                if e.party == "unit" else e.stars) for e in mild.entries
    ))  # fmt: skip
    usable = [
        n for n, e in enumerate(mild.entries) if e.party != "unit" or min(e.stars.values()) > 1
    ]
    told = [
        json.loads(compute(replace(each, entries=tuple(each.entries[n] for n in usable)),
                           RULES, PERIOD, former=False).result)
        for each in (mild, harsh)
    ]  # fmt: skip
    before, after = (
        {row["agency"]: row["score"] for row in each["rows"] if "score" in row} for each in told
    )
    shifts = [after[key] - before[key] for key in before]
    assert max(shifts) - min(shifts) < 1e-8
    assert min(shifts) < -0.1, "the whole district is told lower, all by the same"


@pytest.mark.parametrize(
    ("keep", "why"),
    [
        (lambda e: e.agency < 8, "few-agencies"),
        (lambda e: e.engagement.endswith("0"), "few-engagements"),
    ],
)
def test_too_little_is_averaged_and_the_reason_is_kept(inputs, keep, why):
    few = replace(inputs, entries=tuple(filter(keep, inputs.entries)))
    made = compute(few, RULES, PERIOD, former=True)
    told = json.loads(made.parameters)
    assert (told["method"], told["why"], told["beside"]) == ("bayes/1", why, None)
    assert_dimensions_beside(json.loads(made.result))
    shown = public_result(json.loads(made.result))["rows"]
    assert all(row["dimensions"] for row in shown if "rank" in row)
    assert any("rank" in row for row in shown) == (why == "few-agencies")
    del told["by_dimension"]
    first = json.loads(replayed(few, told).result)
    assert "dimensions" not in first, "as the first rankings were computed"


def assert_dimensions_beside(result):
    assert set(result["dimensions"]) == {"communication", "efficiency", "quality", "satisfaction"}
    for told in result["dimensions"].values():
        ranks = sorted(row["rank"] for row in told["rows"].values())
        assert ranks == list(range(1, len(ranks) + 1))


def test_ratings_that_tell_nothing_apart_are_averaged(inputs):
    alike = replace(inputs, entries=tuple(
        replace(e, stars=dict.fromkeys(e.stars, 4)) for e in inputs.entries
    ))  # fmt: skip
    told = json.loads(compute(alike, RULES, PERIOD, former=True).parameters)
    assert (told["method"], told["why"]) == ("bayes/1", "zero-variance")


def test_agencies_that_nobody_joins_are_ranked_apart_and_named(inputs):
    far = inputs_of(seed=2)
    moved = tuple(
        replace(e, key=f"f{e.key[1:]}", agency=e.agency + 100, rater=f"f{e.rater[1:]}",
                engagement=f"f{e.engagement[1:]}")
        for e in far.entries
    )  # fmt: skip
    both = replace(inputs, entries=(*inputs.entries, *moved))
    told = json.loads(compute(both, RULES, PERIOD, former=False).result)
    assert [min(part) for part in told["parts"]] == [1, 101]
    for number in (0, 1):
        ranks = [r["rank"] for r in told["rows"] if r["state"] == "ranked" and r["part"] == number]
        assert ranks == list(range(1, len(ranks) + 1))
    part = {row["agency"]: row["part"] for row in told["rows"]}
    assert all(part[a] == part[b] for a, b in told["proven"])


def test_what_everybody_may_hold_is_rounded_and_hides_small_groups(result):
    shown = public_result(result)
    exact = {row["agency"]: row for row in result["rows"]}
    for row in shown["rows"]:
        own = exact[row["agency"]]
        if row["engagements"] < 2 or row["raters"] < 3:
            assert not {"score", "mean", "weighted", "corrected", "parties"} & row.keys()
        elif "score" in row:
            assert row["score"] == round(own["score"], 2)
            assert row["mean"] == round(own["mean"], 1)


def test_an_agency_of_which_an_appeal_changed_a_rating_is_told_coarsely(inputs, outcome):
    result = json.loads(outcome.result)
    own = next(row["agency"] for row in result["rows"] if "rank" in row)
    result["beside"]["rows"][str(own)] = [1, 4.3333]
    marked = tuple(replace(e, changed=e.agency == own) for e in inputs.entries)
    again = json.loads(compute(replace(inputs, entries=marked), RULES, PERIOD, former=True).result)
    again["beside"] = result["beside"]
    before, after = (
        {row["agency"]: row for row in public_result(each)["rows"]} for each in (result, again)
    )
    told = after[own]
    assert (told["changed"], "changed" in before[own]) == (True, False)
    assert told["score"] == before[own]["score"], "the exact figures are the same"
    assert all(2 * told[name] == int(2 * told[name]) for name in ("mean", "weighted"))
    assert (before[own]["beside"], told["beside"]) == ([1, 4.3], [1, 4.4])
    fine = [each["score"] for each in told["dimensions"].values()]
    assert all(round(5 * each, 6) == round(5 * each) for each in fine)
    assert not any("changed" in row for key, row in after.items() if key != own)


def test_an_unknown_method_is_refused(inputs, outcome):
    with pytest.raises(ValueError, match="doesn't know"):
        replayed(inputs, {**json.loads(outcome.parameters), "method": "mixed/9"})
