"""The portal's one object store, opened by its address in the settings."""

from pathlib import Path

from flask import Flask, current_app

from storage import ObjectStore, StoreOptions, open_store


def init_app(app: Flask) -> None:
    """Open the store; a server that is away is told at the first use, not at the start."""
    url = str(app.config["STORAGE_URL"])
    spools = None if url.startswith("file:") else Path(str(app.config["XINGPING_VAR"])) / "spool"
    app.extensions["object_store"] = open_store(url, StoreOptions(spool_folder=spools))


def object_store() -> ObjectStore:
    """The store of the running portal."""
    return current_app.extensions["object_store"]


def spool_folder() -> Path:
    """Where uploads are received; on the local store's own disk, so that they are linked."""
    folder = Path(str(current_app.config["XINGPING_VAR"])) / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
