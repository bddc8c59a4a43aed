"""Background work goes on, whatever fails."""

from contextlib import nullcontext

from app import jobs
from app.queueing import labels


def fails():
    raise RuntimeError("on purpose")


def test_a_failing_job_rests_and_the_others_go_on(app):
    done = []
    broken = jobs.Job("broken", 0.5, fails, nullcontext, everywhere=True)
    other = jobs.Job("other", 0.5, lambda: done.append(1), nullcontext, everywhere=True)
    for now in (0.0, 0.5, 1.0):
        jobs.run_due(app, [broken, other], now)
    assert done == [1, 1, 1]
    assert broken.due == jobs.AFTER_FAILURE_SECONDS


def test_work_that_stops_begins_anew(app, monkeypatch):
    """An error outside the jobs (no folder for the lock) must not end the thread in silence."""
    begun = []

    def work(_app, _lane):
        begun.append(1)
        raise OSError("no folder" if len(begun) < 3 else "enough")

    def sleep(_seconds):
        if len(begun) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "_work", work)
    monkeypatch.setattr(jobs.time, "sleep", sleep)
    try:
        jobs._run(app, "jobs")
    except KeyboardInterrupt:
        assert len(begun) == 3


def test_every_turn_is_told_in_words(app):
    """What stands on the page of background work has a name that its reader knows."""
    turns = {job.name for lane in jobs.LANES.values() for job in lane(app) if not job.everywhere}
    assert turns == set(labels.PERIODIC)
