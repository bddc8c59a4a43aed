"""A new master key: every file's key comes under it while files are written, read and destroyed."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.blobs import master
from app.blobs.master import MasterKeys, NoMasterKey
from app.blobs.models import FileKey
from app.custody import rewrapping
from app.db import db, transaction
from app.errors import Unavailable
from app.identity import acts
from app.policy import Role
from app.store import object_store
from tests.conftest import make_settings
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept


@pytest.fixture
def sealing(make_district):
    portal = make_district(STORAGE_ENCRYPT=True)
    with portal.app_context():
        yield portal


def read(version):
    return b"".join(object_store().open(version.store_key))


def wrapped_by():
    return set(db.session.scalars(select(FileKey.master).where(FileKey.wrapped != "")))


def change_key():
    people = [UserFactory(role=role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]
    with transaction():
        asked = acts.ask_act(people[0], rewrapping.KIND, "演示：备份介质遗失")
    with transaction():
        acts.confirm_act(people[1], asked)
    return asked.outcome


def test_files_open_before_meanwhile_and_after(sealing):
    engagement = make_engagement()
    lead, *_others = crew_of(engagement)
    words = [b"%PDF-1.4 one", b"%PDF-1.4 two", b"%PDF-1.4 three", b"%PDF-1.4 four"]

    def kept(number):
        name = f"演示{number}.pdf"
        paper = file_kept(lead, engagement, f"A-{number}", "演示底稿", words[number], name)
        return paper.versions[-1]

    files = [kept(0), kept(1)]
    assert [read(each) for each in files] == words[:2]
    (first,) = wrapped_by()
    db.session.rollback()
    # another process of the same portal, which has read the file of keys before
    var, url = Path(sealing.config["XINGPING_VAR"]), sealing.config["DATABASE_URL"]
    beside = create_app(make_settings(var, url, STORAGE_ENCRYPT=True))
    with beside.app_context():
        assert b"".join(object_store().open(files[0].store_key)) == words[0]
    second = change_key()
    files.append(kept(2))
    assert wrapped_by() == {first, second}
    with transaction():
        gone = db.session.get(FileKey, files[1].sha256)
        gone.wrapped, gone.destroyed_at = "", gone.made_at
    assert rewrapping.wrap_again() == 1
    assert wrapped_by() == {second}
    assert rewrapping.wrap_again() == 0
    assert [read(files[0]), read(files[2])] == [words[0], words[2]]
    assert db.session.get(FileKey, files[1].sha256).wrapped == ""
    db.session.rollback()
    with beside.app_context():
        assert b"".join(object_store().open(files[2].store_key)) == words[2]
        db.session.remove()
        db.engine.dispose()
    # the old key opens nothing any more, and a lost file of keys is never made anew
    path = Path(sealing.config["STORAGE_KEY_FILE"])
    old, _new = path.read_text().split()
    path.write_text(old)
    with pytest.raises(NoMasterKey):
        read(files[0])
    path.unlink()
    for attempt in (lambda: read(files[0]), lambda: kept(3)):
        with pytest.raises((NoMasterKey, Unavailable)):
            attempt()
    assert not path.exists()


def test_a_new_key_is_on_the_disk_before_anything_is_sealed_with_it(tmp_path, monkeypatch):
    """A power cut after the commit must not bring back the file of keys without the new one."""
    flushed, plain = [], os.fsync
    path = tmp_path / "keys" / "storage.key"

    def watch(number):
        if stat.S_ISDIR(os.fstat(number).st_mode):
            flushed.append(path.read_text().split())
        plain(number)

    monkeypatch.setattr(os, "fsync", watch)
    MasterKeys.read_or_make(path)
    assert flushed == [path.read_text().split()]
    master.add_key(path)
    assert flushed[1:] == [path.read_text().split()]
