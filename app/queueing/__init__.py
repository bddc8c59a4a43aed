"""Work that is done later: a row written with the change, a queue that hands it to a worker."""

from app.queueing.queue import enqueue
from app.queueing.works import Work, can_do, works

__all__ = ["Work", "can_do", "enqueue", "works"]
