"""Whether requests are counted, and where several processes count together."""

import os
import shutil
from pathlib import Path

from flask import Flask, Response

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name


def init_app(app: Flask) -> None:
    """Count every request, where somebody may read the figures."""
    if not app.config["METRICS_TOKEN"]:
        return

    @app.after_request
    def count(response: Response) -> Response:
        from app.operations import metrics

        return metrics.count(response)


def gather_in(var: Path) -> None:
    """Let the processes that start from now on count into one folder, which begins empty."""
    folder = var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
