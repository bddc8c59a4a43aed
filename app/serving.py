"""The production server of one machine: gunicorn with threads, and the background work in it."""

import os
import socket
import struct
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import jobs
from app.db import db
from app.operations import counting
from app.queueing import queue


class Server(BaseApplication):
    """Gunicorn started from our own command, so that a second command line isn't needed."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.portal, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that the workers serve."""
        return self.portal


def limit_silence(server: Any, seconds: int) -> None:
    """Cut connections that stall for so long in a request or a reply.

    A laptop that loses its network in an upload says nothing any more, not even that it is gone,
    and would keep its thread for good. What the server listens with hands this on to each.
    """
    told = struct.pack("ll", seconds, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, told)


def serve(app: Flask, host: str, port: int, workers: int | None = None) -> None:
    """Serve until a signal ends it."""

    def after_fork(_server: object, _worker: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # connections don't survive a fork
        queue.forget_queue(app)
        if app.config["JOBS"]:
            jobs.start(app)

    if app.config["METRICS_TOKEN"]:
        counting.gather_in(Path(str(app.config["XINGPING_VAR"])))
    options = {
        "bind": f"{host}:{port}",
        "workers": workers or min(4, os.cpu_count() or 1),
        "threads": 8,
        "worker_class": "gthread",
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 - heartbeat files only
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5,
        "control_socket_disable": True,
        "forwarder_headers": "",  # no header says at which path a request came in
        "post_fork": after_fork,
        "when_ready": lambda server: limit_silence(server, int(app.config["SILENT_SECONDS"])),
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
    }
    Server(app, options).run()
