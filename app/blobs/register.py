"""The register that the store asks at every opening: is it withheld, and what is its key?"""

import os
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.blobs.master import MasterKeys, NoMasterKey
from app.blobs.models import FileKey, WithheldFile
from app.db import db, transaction
from storage.cipher import KEY_BYTES
from storage.sealed import Standing

CLEAR = Standing()


class DatabaseRegister:
    """Asks the database on a line of its own.

    So what was reported a moment ago holds at once, whenever the asker began to read; and a file
    that is streamed after its request has ended is asked for as well.
    """

    def __init__(self, app: Flask, master_file: Path) -> None:
        self._app = app
        self._master_file = master_file
        self._master: tuple[int, MasterKeys] | None = None  # with the file's time

    def standing(self, sha256: str) -> Standing:
        """Whether the content is withheld now, and its key if it has one."""
        with self._app.app_context():
            row = db.session.execute(
                select(FileKey.master, FileKey.wrapped, WithheldFile.since)
                .select_from(select(db.literal(sha256).label("sha256")).subquery("asked"))
                .outerjoin(FileKey, FileKey.sha256 == sha256)
                .outerjoin(
                    WithheldFile,
                    (WithheldFile.sha256 == sha256) & WithheldFile.lifted_at.is_(None),
                )
            ).one()
        master, wrapped, since = row
        if since is not None:
            return Standing(is_withheld=True)
        if not wrapped:
            return CLEAR
        return Standing(key=self._known_master().unwrap(master, wrapped, sha256))

    def new_key(self, sha256: str) -> bytes:
        """Draw a key and keep it; of two who draw for the same content, the first one's counts."""
        key, master = os.urandom(KEY_BYTES), self._first_master().newest
        row = FileKey(
            sha256=sha256,
            master=master.name,
            wrapped=master.wrap(key, sha256),
            made_at=clock.now(),
        )
        with self._app.app_context():
            try:
                with transaction():
                    db.session.add(row)
            except IntegrityError:
                key = b""
        found = self.standing(sha256).key or key
        if not found:
            raise NoMasterKey(f"the key of {sha256} was destroyed")
        return found

    def _known_master(self) -> MasterKeys:
        """The keys of the file, read anew when it changes: a key may come while people work."""
        try:
            changed = self._master_file.stat().st_mtime_ns
        except OSError as error:
            raise NoMasterKey(f"the master key can't be read: {self._master_file}") from error
        if self._master is None or self._master[0] != changed:
            self._master = changed, MasterKeys.read(self._master_file)
        return self._master[1]

    def _first_master(self) -> MasterKeys:
        """A master key is made only while no file has a key: a lost one must not be replaced."""
        if self._master is None and not self._master_file.exists():
            with self._app.app_context():
                is_used = db.session.scalar(select(FileKey.sha256).limit(1)) is not None
            read = MasterKeys.read if is_used else MasterKeys.read_or_make
            read(self._master_file)
        return self._known_master()
