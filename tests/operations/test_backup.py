"""Backups that are brought back on an empty machine, and every way in which they may be bad."""

import contextlib
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import CliRunner
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.errors import Conflict
from app.operations import commands
from app.operations.backup import back_up, forget_old
from app.operations.repository import Repository
from app.operations.restore import restore
from app.papers.models import PaperVersion
from app.search import indexing
from app.search import queries as searching
from app.store import object_store
from storage import Damaged, key_of
from tests import servers
from tests.conftest import make_settings
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept

KEY = bytes(range(32))
WORDS = b"%PDF-1.4 first", b"%PDF-1.4 second"


def lived_in(district):
    """A district with an engagement and two papers in its store."""
    with district.app_context():
        engagement = make_engagement()
        lead, *_others = crew_of(engagement)
        for number, words in enumerate(WORDS, 1):
            file_kept(lead, engagement, f"A-{number}", "演示底稿", words, f"演示{number}.pdf")
        with transaction():
            indexing.catch_up()
    return district


def repository_in(folder, key=None):
    return Repository(folder / "backups", folder / "scratch", key)


def tableless(request, folder):
    """The settings of a portal on PostgreSQL whose database has no table yet."""
    server = request.getfixturevalue("postgres_server")
    url = servers.new_database(server)
    request.addfinalizer(lambda: servers.drop_database(url))
    return make_settings(folder / "new", url)


@pytest.fixture
def another(make_district):
    """A portal whose database nobody has used."""
    return make_district()


def backed_up(district, repository):
    with lived_in(district).app_context():
        return back_up(repository)


@pytest.mark.owner
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "sealed"])
def test_everything_comes_back_and_is_verified(district, another, tmp_path, key):
    repository = repository_in(tmp_path, key)
    made = backed_up(district, repository)
    with another.app_context():
        found = restore(repository, made.stamp)
        assert found.wrong == []
        assert (found.rows, found.files) == (made.rows, 2)
        assert found.log_size > 0
        kept = [version.store_key for version in db.session.scalars(select(PaperVersion))]
        got = {b"".join(object_store().open(key)) for key in kept}
        assert got == set(WORDS)
        assert len(searching.found_by(UserFactory(), "演示底稿")) == 2  # also by SQLite's own index
        db.session.rollback()
        with transaction():
            UserFactory()  # the next number is free
        with pytest.raises(sqlalchemy.exc.DBAPIError), transaction():
            db.session.execute(sqlalchemy.text("DELETE FROM audit_event"))  # the guards stand


@pytest.mark.database("sqlite")
def test_a_sealed_backup_shows_no_word_of_it(district, tmp_path):
    backed_up(district, repository_in(tmp_path, KEY))
    files = [path for path in (tmp_path / "backups").rglob("*") if path.is_file()]
    assert files
    assert not any(word in path.read_bytes() for path in files for word in WORDS)


@pytest.mark.database("sqlite")
def test_a_district_of_one_machine_goes_on_under_postgresql(request, district, tmp_path):
    repository = repository_in(tmp_path)
    made = backed_up(district, repository)
    app = create_app(tableless(request, tmp_path))
    with app.app_context():
        assert restore(repository, made.stamp).wrong == []
        with transaction():
            UserFactory()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.database("sqlite")
def test_the_second_backup_copies_only_what_is_new(district, tmp_path):
    repository = repository_in(tmp_path)
    first = backed_up(district, repository)
    with district.app_context():
        second = back_up(repository)
    assert (first.copied, second.copied, second.files) == (2, 0, 2)


@pytest.mark.database("sqlite")
def test_a_portal_that_is_in_use_isnt_overwritten(district, tmp_path):
    repository = repository_in(tmp_path)
    made = backed_up(district, repository)
    with district.app_context(), pytest.raises(Conflict):
        restore(repository, made.stamp)


def changed(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def blob(folder, digest):
    return folder / "backups" / "blobs" / digest[:2] / digest


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("dump", None),
        ("rows", None),
        ("file_list", None),
        ("manifest", None),
        ("a file", None),
        ("a file", KEY),
        ("a file gone", None),
        *(pytest.param(part, KEY, marks=pytest.mark.nightly) for part in ("dump", "manifest")),
    ],
)
def test_a_changed_backup_is_found(district, another, tmp_path, part, key):
    repository = repository_in(tmp_path, key)
    stamp = backed_up(district, repository).stamp
    told = repository.manifest(stamp)
    digest = key_of_words().rpartition("/")[2]
    if part == "manifest":
        place = tmp_path / "backups" / "backups" / stamp / "manifest.json"
        place.write_text(
            place.read_text().replace("rows", "rowz").replace("user_account", "user_accounz")
        )
    elif part == "rows":
        place = blob(tmp_path, told["dump"]["sha256"])
        rows = gzip.decompress(place.read_bytes()).replace(b'"login"', b'"nigol"')
        place.chmod(0o600)
        place.write_bytes(gzip.compress(rows))
    elif part == "a file gone":
        blob(tmp_path, digest).unlink()
    else:
        changed(blob(tmp_path, digest if part == "a file" else told[part]["sha256"]))
    # told at once, which the command says, or found by the verification
    told_at_once = contextlib.suppress(Damaged, OSError, EOFError, ValueError)
    with another.app_context(), told_at_once:
        assert restore(repository, stamp).wrong


def key_of_words():
    from hashlib import sha256

    return key_of(sha256(WORDS[0]).hexdigest())


@pytest.mark.database("sqlite")
def test_another_key_opens_nothing(district, tmp_path):
    made = backed_up(district, repository_in(tmp_path, KEY))
    with pytest.raises(Damaged):
        repository_in(tmp_path, bytes(32)).manifest(made.stamp)


@pytest.mark.database("sqlite")
def test_a_key_that_opens_nothing_of_the_backup_is_told_before_a_row_is_loaded(
    district, another, tmp_path
):
    """Beside it the personal data would come back as noise, and nobody would hear of it."""
    made = backed_up(district, repository_in(tmp_path, KEY))
    with another.app_context():
        path = Path(another.config["AUDIT_KEY_FILE"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"another")
        with pytest.raises(Conflict, match="move it aside"):
            restore(repository_in(tmp_path, KEY), made.stamp)
        assert path.read_bytes() == b"another"
        assert db.session.scalar(select(func.count(User.id))) == 0
        path.unlink()
        assert restore(repository_in(tmp_path, KEY), made.stamp).wrong == []


@pytest.mark.database("sqlite")
def test_old_backups_go_and_their_files_with_them(district, tmp_path):
    repository = repository_in(tmp_path)
    backed_up(district, repository)
    with district.app_context():
        with transaction():
            UserFactory()
        newest = back_up(repository)
        gone, files = forget_old(repository, keep=1)
    assert (gone, repository.stamps()) == (1, [newest.stamp])
    assert files  # the older dump; the papers are still named


@pytest.mark.owner
def test_writes_go_on_meanwhile_and_the_copy_is_of_one_moment(district, another, tmp_path):
    repository = repository_in(tmp_path)
    lived_in(district)
    stop, written = threading.Event(), []

    def write():
        with district.app_context():
            while not stop.is_set():
                with transaction():
                    UserFactory()
                written.append(1)
                db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not written:
            time.sleep(0.01)
        with district.app_context():
            made = back_up(repository)
    finally:
        stop.set()
        writer.join()
    with another.app_context():
        found = restore(repository, made.stamp)
        assert found.wrong == []
        assert 0 < db.session.scalar(select(func.count(User.id))) <= len(written) + 10


KILLED = """
import os, signal, sys
from pathlib import Path
from app import create_app
from app.operations import backup
from app.operations.repository import Repository
from tests.conftest import make_settings
var, url, folder, step = sys.argv[1:]
app = create_app(make_settings(Path(var), url))
def die(*_a, **_k): os.kill(os.getpid(), signal.SIGKILL)
if step == "file": backup._file = die
if step == "manifest": Repository.finish = die
with app.app_context():
    backup.back_up(Repository(Path(folder) / "backups", Path(folder) / "scratch"))
"""


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("step", ["file", pytest.param("manifest", marks=pytest.mark.nightly)])
def test_a_killed_backup_is_none_and_the_next_one_is_whole(district, another, tmp_path, step):
    lived_in(district)
    var, url = district.config["XINGPING_VAR"], district.config["SQLALCHEMY_DATABASE_URI"]
    told = [sys.executable, "-c", KILLED, str(var), url, str(tmp_path), step]
    root = Path(__file__).parent.parent.parent
    killed = subprocess.run(
        told, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    repository = repository_in(tmp_path)
    assert repository.stamps() == []
    with district.app_context():
        made = back_up(repository)
        forget_old(repository, keep=1)  # takes what was left half-way
    assert not list((tmp_path / "backups").glob(".part-*"))
    with another.app_context():
        assert restore(repository, made.stamp).wrong == []


@pytest.mark.database("sqlite")
def test_the_commands_say_what_they_did(district, another, tmp_path):
    lived_in(district)
    key = tmp_path / "key"
    key.write_text(KEY.hex())
    runner, folder = CliRunner(), str(tmp_path / "kept")
    with_key = [folder, "--key-file", str(key)]
    made = runner.invoke(commands.backup_command, with_key, obj=lambda: district)
    assert made.exit_code == 0, made.output
    listed = runner.invoke(commands.backups_command, with_key, obj=lambda: district)
    assert "rows" in listed.output
    back = runner.invoke(commands.restore_command, [*with_key, "--json"], obj=lambda: another)
    assert back.exit_code == 0, back.output
    assert json.loads(back.output)["ok"] is True
    with district.app_context():
        told = db.session.scalars(select(AuditEvent.event).where(AuditEvent.event == "backup.made"))
        assert len(list(told)) == 1
    bad = runner.invoke(commands.restore_command, [str(tmp_path / "none")], obj=lambda: another)
    assert bad.exit_code == 1
    assert "no whole backup" in bad.output
