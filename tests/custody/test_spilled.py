"""A spill in a bucket that can't delete: without its key the file is noise."""

from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.blobs import destroying
from app.custody import holdings, locking
from app.custody.models import RetentionLock
from app.db import db, transaction
from app.policy import Role
from app.reading import cache
from app.spills import services
from app.spills.models import Spill, SpillKind
from app.store import locked_store, object_store
from storage import Withheld
from storage.cipher import is_sealed
from tests.custody.conftest import make_archived
from tests.factories import UserFactory

pytestmark = pytest.mark.database("sqlite")  # the store is what is tried; rows are few


def test_a_line_that_a_power_cut_left_half_hides_no_other(session):
    path = destroying.destroyed_list()
    before = path.read_bytes() if path.exists() else b""
    try:
        destroying.list_as_destroyed("a" * 64)
        with path.open("ab") as file:
            file.write(b'{"sha256": "' + b"b" * 40)
        destroying.list_as_destroyed("c" * 64)
        with path.open("ab") as file:
            file.write(bytes(3))
        assert {"a" * 64, "c" * 64} <= destroying.listed_as_destroyed()
        assert not any("b" * 40 in one for one in destroying.listed_as_destroyed())
    finally:
        path.write_bytes(before)


def test_a_locked_file_is_destroyed_by_its_key_alone(vault):
    _engagement, officer, [version] = make_archived(vault, "C-01")
    locking.apply_locks()
    told = services.Report(version.sha256, SpillKind.CLASSIFIED, "标有密级")
    near = Path(vault.config["XINGPING_VAR"]) / "near"
    assert version.sha256 in {copy.name for copy in near.rglob("*")}
    with transaction():
        spill = services.report_spill(officer, version, told)
    assert version.sha256 not in {copy.name for copy in near.rglob("*")}, "nor is a copy left"
    [folder] = near.iterdir()
    elsewhere = [folder / version.sha256, cache.place(version.sha256)]  # as on another machine
    for _turn in range(2):
        for path in elsewhere:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"%PDF")
        with transaction():
            assert destroying.forget_withheld() == 1
        assert not any(path.exists() for path in elsewhere)
    with transaction():
        services.destroy_spill(
            UserFactory(role=Role.LEADER), db.session.get(Spill, spill.id), "确认",
            backups_kept=timedelta(days=30),
        )  # fmt: skip
    with pytest.raises(Withheld):
        object_store().open(version.store_key)
    lock = db.session.query(RetentionLock).one()
    left = locked_store().read(version.store_key, lock.version)
    assert is_sealed(left)
    assert b"%PDF" not in left
    found = holdings.check_all(object_store())
    assert found.ok, "what is destroyed is neither lost nor a stranger"
    assert locked_store().lock_of(version.store_key, lock.version).until > clock.now()
    holdings.record_check(found, is_full=True)
    assert locked_store().exists(version.store_key), "it goes when its time has passed"
