"""What a person does about work that was given up."""

from functools import partial
from typing import Any

from app import audit, clock
from app.db import after_commit
from app.policy import Permission, require
from app.queueing.models import QueuedJob
from app.queueing.queue import hand_in


def retry_job(actor: Any, job: QueuedJob) -> None:
    """The system administrator has work tried again that was given up; it begins to count anew."""
    require(actor, Permission.SYSTEM_RETRY, None)
    if job.failed_at is None:
        return  # somebody was quicker
    job.failed_at, job.tries, job.due_at = None, 0, clock.now()
    job.delivered_at = clock.now()
    after_commit(partial(hand_in, job.id))
    audit.record(actor, audit.Event.JOB_RETRIED, job, job=job.name)
