"""What the rules find: pure, by hand-made records."""

from datetime import date, timedelta

import pytest

from app import clock
from app.alerts import loads, patterns
from app.alerts.durations import first_doubt, outlook, quantile
from app.alerts.patterns import JobRecord, PaperRecord, ScoreRecord, StageRecord

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 6, 1)


def after(days):
    return clock.add_working_days(MONDAY, days)


def stage(key=1, due=10, ended=None, **more):
    told = {"engagement_id": key, "code": "plan", "name": "方案", "started_on": MONDAY}
    told |= {"due_on": after(due), "ended_on": None if ended is None else after(ended)}
    return StageRecord(id=key, is_approved=ended is not None, **{**told, **more})


def job(key=1, opened=MONDAY, ended=None, **more):
    told = {"kind": "fiscal", "fee_fen": 8_000_000, "lead_id": 1, "lead": "演示"}
    return JobRecord(key, opened_on=opened, ended_on=ended, **{**told, **more})


@pytest.mark.parametrize(
    ("share", "value"), [(0.1, 1), (0.2, 1), (0.21, 2), (0.5, 3), (0.9, 9), (1, 9)]
)
def test_a_quantile_is_a_value_that_was_seen(share, value):
    assert quantile([1, 2, 3, 4, 9], share) == value


def test_a_quantile_of_nothing_is_none():
    with pytest.raises(ValueError, match="quantile"):
        quantile([], 0.5)


def test_the_past_is_asked_about_stages_that_lasted_as_long():
    past = [3, 4, 5, 12, 14, 16, 18, 20]
    new, old = outlook(past, 0, 10), outlook(past, 6, 10)
    assert (new.cases, new.chance) == (8, 5 / 8)
    assert (old.cases, old.low, old.high, old.chance) == (5, 12, 20, 1.0)
    assert outlook(past, 21, 30) is None


def test_doubt_begins_on_the_first_day_with_enough_of_the_past():
    past = [3, 4, 5, 12, 14, 16, 18, 20]
    assert first_doubt(past, 10, 0.9, 5) == 6  # from then on only the long ones are left
    assert first_doubt(past, 10, 0.6, 5) == 0
    assert first_doubt(past, 10, 0.9, 6) is None  # five cases are too few
    assert first_doubt(past, 25, 0.5, 3) is None


def test_a_stage_is_overdue_from_its_day_on_until_it_ends():
    (found,) = patterns.overdue([stage(ended=20)], 2)
    assert (found.began_on, found.ended_on) == (after(12), after(20))
    assert list(patterns.overdue([stage(ended=11)], 2)) == []
    (open_one,) = patterns.overdue([stage()], 2)
    assert open_one.holds_on(TODAY)


def test_a_forecast_knows_only_what_had_ended_before_and_says_whether_it_came_true():
    past = [stage(n, due=10, ended=15, started_on=MONDAY) for n in range(1, 9)]
    began = after(30)
    late = stage(20, started_on=began, due=40, ended=50)
    early = stage(21, started_on=after(5), due=15, ended=30)  # nothing had ended by then
    found = {
        each.engagement_id: each
        for each in patterns.likely_late([*past, late, early], 70, 8, TODAY)
    }
    assert set(found) == {20}
    told = found[20]
    assert told.began_on == began
    assert told.came_true is True
    assert (
        told.facts | {"percent": 100, "cases": 8, "allotted": 10, "low": 15, "high": 15}
        == told.facts
    )


def test_a_forecast_that_did_not_come_true_says_so():
    past = [stage(n, due=10, ended=15) for n in range(1, 9)]
    quick = stage(20, started_on=after(30), due=40, ended=36)
    (found,) = patterns.likely_late([*past, quick], 70, 8, TODAY)
    assert found.came_true is False
    assert not found.holds_on(after(37))


def test_papers_are_missing_when_the_day_is_near_until_they_come():
    asked = ({"class": "B", "title": "工作方案"}, {"class": "C", "title": "收资台账"})
    there = PaperRecord("B", "工作方案(终稿)", MONDAY, None)
    late = PaperRecord("C", "收资台账", after(9), None)
    (found,) = patterns.papers_missing([stage(required=asked)], {1: [there, late]}, 3)
    assert found.facts["papers"] == ["收资台账"]
    assert (found.began_on, found.ended_on) == (after(7), after(9))
    gone = PaperRecord("B", "工作方案", MONDAY, after(1))
    (found,) = patterns.papers_missing([stage(required=asked[:1])], {1: [gone]}, 3)
    assert found.ended_on is None


def test_silence_is_a_gap_between_two_entries_or_until_today():
    acts = {1: [after(1), after(30)]}
    first, second = patterns.silent([job()], acts, 15, TODAY)
    assert (first.began_on, first.ended_on) == (after(16), after(30))
    assert (second.began_on, second.ended_on) == (after(45), None)
    assert list(patterns.silent([job(ended=after(40))], acts, 15, TODAY)) == [
        patterns.Finding(1, f"silent:1:{after(1)}", after(16), after(30), first.facts)
    ]


def test_a_score_counts_only_within_days_after_an_opinion():
    score = ScoreRecord(1, 77, after(10), "C11", "5.00/5.00", "5.00/3.00")
    (found,) = patterns.scores_moved([score], {1: [after(5), after(20)]}, 5)
    assert found.facts["note"] == after(5).isoformat()
    assert list(patterns.scores_moved([score], {1: [after(4)]}, 5)) == []
    assert list(patterns.scores_moved([score], {1: [after(11)]}, 5)) == []
    assert list(patterns.scores_moved([score], {2: [after(5)]}, 5)) == []


def test_a_fee_is_low_against_days_on_record_or_those_of_finished_work():
    own = job(fee_fen=300_000, days=10)
    (found,) = loads.fees_low([own], 80_000, 50, 3)
    assert found.facts["percent"] == 38
    assert list(loads.fees_low([job(fee_fen=500_000, days=10)], 80_000, 50, 3)) == []
    past = [job(n, ended=after(5), days=d) for n, d in ((2, 10), (3, 30), (4, 40))]
    new = job(9, opened=after(6), fee_fen=1_000_000)
    assert [f.engagement_id for f in loads.fees_low([*past, new], 80_000, 50, 3)] == [9]
    assert list(loads.fees_low([*past, new], 80_000, 50, 4)) == []


def test_one_person_on_too_many_until_one_of_them_ends():
    jobs = [job(1, ended=after(20)), job(2), job(3, opened=after(5)), job(4, lead_id=2)]
    (found,) = loads.people_busy(jobs, 2)
    assert (found.engagement_id, found.began_on, found.ended_on) == (3, after(5), after(20))
    assert found.facts["count"] == 3
    assert list(loads.people_busy(jobs, 3)) == []


def test_late_papers_in_bulk_are_one_finding_a_burst():
    burst = [after(n) for n in (1, 2, 2, 3, 3, 40)]
    (found,) = loads.late_in_bulk({1: burst}, 5, 3)
    assert (found.began_on, found.facts["count"]) == (after(3), 5)
    assert list(loads.late_in_bulk({1: burst}, 6, 3)) == []
    twice = [*burst, *(after(40) + timedelta(days=0) for _n in range(4))]
    assert len(list(loads.late_in_bulk({1: twice}, 5, 3))) == 2


def test_hours_lapse_when_some_ran_out_and_too_few_are_left():
    long_ago, long_on = MONDAY - timedelta(days=300), MONDAY + timedelta(days=600)
    spans = [loads.Hours(20, long_ago, after(9)), loads.Hours(10, long_ago, after(29))]
    spans.append(loads.Hours(30, after(50), long_on))
    first = after(9) + timedelta(days=1)
    found, ahead = loads.hours_lapsed([job()], {1: spans}, 24)
    assert (found.began_on, found.ended_on) == (first, after(50))
    assert (ahead.began_on, ahead.ended_on) == (long_on + timedelta(days=1), None)
    assert found.facts == {
        "person": job().lead, "hours": 10, "least": 24, "since": first.isoformat()
    }  # fmt: skip
    (later,) = loads.hours_lapsed([job(opened=after(20), ended=after(30))], {1: spans}, 24)
    assert (later.began_on, later.ended_on) == (after(20), after(30))
    none, _ahead = loads.hours_lapsed([job()], {1: spans}, 10)
    assert none.facts["hours"] == 0
    few = [loads.Hours(4, long_ago, long_on)]
    still = list(loads.hours_lapsed([job(ended=after(200))], {1: few}, 24))
    assert still == [], "few hours that never ran out are no lapse"
    assert list(loads.hours_lapsed([job()], {}, 24)) == []
