"""The portal's one object store, opened by its address in the settings, behind the register."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app

from app.blobs.register import DatabaseRegister
from config import BadSetting
from storage import StoreOptions, open_store
from storage.sealed import SealedStore

if TYPE_CHECKING:
    from storage.s3_locked import LockedStore

# What keeps copies or texts of a content (previews, extracts) hears of it when nobody may read it
# any more; called with its SHA-256, in the transaction of that.
on_withheld: list[Callable[[str], None]] = []


def init_app(app: Flask) -> None:
    """Open the store; a server that is away is told at the first use, not at the start."""
    try:
        app.extensions["object_store"] = open_at(app, str(app.config["STORAGE_URL"]))
    except ValueError as error:
        raise BadSetting(f"STORAGE_URL (and STORAGE_LOCK): {error}") from error


def open_at(app: Flask, url: str, **changes: Any) -> SealedStore:
    """A store of this portal at an address; `changes` differ from the settings."""
    config: Mapping[str, Any] = {**app.config, **changes}
    locks, seals = bool(config["STORAGE_LOCK"]), config["STORAGE_ENCRYPT"]
    inner = open_store(url, _options(url, config))
    register = DatabaseRegister(app, Path(str(config["STORAGE_KEY_FILE"])))
    return SealedStore(inner, register, seals=locks if seals is None else bool(seals))


def _options(url: str, config: Mapping[str, Any]) -> StoreOptions:
    var, is_own = Path(str(config["XINGPING_VAR"])), url == config["STORAGE_URL"]
    return StoreOptions(
        spool_folder=None if url.startswith("file:") else var / "spool",
        locks=bool(config["STORAGE_LOCK"]),
        near_folder=var / "near",
        near_bytes=int(config["NEAR_COPY_BYTES"]) if is_own else 0,
    )


def object_store() -> SealedStore:
    """The store of the running portal."""
    return current_app.extensions["object_store"]


def locked_store() -> "LockedStore | None":
    """The bucket behind the register, where the settings say that it locks."""
    if not current_app.config["STORAGE_LOCK"]:
        return None
    return cast("LockedStore", object_store().inner)


def spool_folder() -> Path:
    """Where uploads are received; on the local store's own disk, so that they are linked."""
    folder = Path(str(current_app.config["XINGPING_VAR"])) / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
