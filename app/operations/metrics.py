"""What Prometheus reads: requests as they are answered, and how the portal stands just then.

Imported late: the library decides at its import whether processes count into one folder.
"""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta

from flask import Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.audit.models import AuditEvent, AuditLeaf
from app.audit.sealing import overdue
from app.db import db
from app.operations import counting
from app.queueing import queries

OWN = CollectorRegistry()
REQUESTS = Counter(
    "xingping_requests", "Requests answered", ("endpoint", "method", "status"), registry=OWN
)
SECONDS = Histogram(
    "xingping_request_seconds",
    "Time until the answer",
    ("endpoint",),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=OWN,
)


def count(response: Response) -> Response:
    """Count a request by its endpoint, never by its address."""
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, request.method, response.status_code).inc()
    if (began := g.get("request_began")) is not None:
        SECONDS.labels(endpoint).observe(time.perf_counter() - began)
    return response


class Standing(Collector):
    """Figures asked of the database when somebody reads the page."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure with its meaning."""
        counts, sealed = queries.counts(), _sealed()
        told = {
            "log_entries": ("Entries of the audit log", sealed + _unsealed()),
            "log_sealed": ("Entries that a seal took in", sealed),
            "log_overdue": (
                "Entries that wait for their seal for over a minute",
                len(overdue(clock.now() - timedelta(minutes=1))),
            ),
            "accounts_open": ("Accounts that are open", _open_accounts()),
            "queue_waiting": ("Queued work that waits", counts.waiting),
            "queue_working": ("Queued work in hand", counts.working),
            "queue_failed": ("Queued work that was given up", counts.failed),
            "jobs_failing": (
                "Periodic jobs whose last turn failed",
                sum(run.failures > 0 for run in queries.periodic_runs()),
            ),
            "disk_free_bytes": (
                "Room in the var folder",
                shutil.disk_usage(str(current_app.config["XINGPING_VAR"])).free,
            ),
        }
        for name, (meaning, value) in told.items():
            yield GaugeMetricFamily(f"xingping_{name}", meaning, value=value)


def _sealed() -> int:
    """The size of the sealed tree, by its index: a long log is not counted at each reading."""
    return int(db.session.scalar(select(func.coalesce(func.max(AuditLeaf.seq) + 1, 0))) or 0)


def _unsealed() -> int:
    newest = select(func.coalesce(func.max(AuditLeaf.event_id), 0)).scalar_subquery()
    return int(
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.id > newest)) or 0
    )


def _open_accounts() -> int:
    query = select(func.count(User.id)).where(User.closed_at.is_(None))
    return int(db.session.scalar(query) or 0)


def page() -> bytes:
    """Everything, in Prometheus' text form."""
    standing = CollectorRegistry()
    standing.register(Standing())
    counted = OWN
    if os.environ.get(counting.FOLDER):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call] # it has no types
    return generate_latest(counted) + generate_latest(standing)
