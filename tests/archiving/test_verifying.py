"""The check of a package by whoever receives it: a good one, and every way to tamper with it."""

import hashlib
import json
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app import clock, create_app
from app.audit.proofs import consistency
from app.cli import main
from app.db import db
from app.verification import CHECKPOINT, CONSISTENCY, EVENTS, KEY, MANIFEST, SUMS, verify_archive
from tests.archiving.finished import (
    ANNEX,
    PHOTO,
    PLAN,
    REPLY,
    download,
    make_finished,
    packed,
    parts_of,
    with_manifest,
)
from tests.audit.log import seal
from tests.conftest import make_settings
from tests.factories import make_engagement


class Kept:
    """A package, and what somebody kept outside while its log grew."""

    def __init__(self, app, folder):
        with clock.frozen(clock.now() - timedelta(days=2)):
            engagement, officer, _papers = make_finished()
            seal()
            self.two_days_old = newest_checkpoint()
        make_engagement()
        seal()
        self.of_this_morning = newest_checkpoint()
        make_engagement()
        seal()
        self.path = download(app, officer, engagement, folder / "package.zip")
        self.head = parts_of(self.path)[CHECKPOINT].decode()
        make_engagement()
        seal()
        self.newer = newest_checkpoint()
        old, size, new = (size_of(one) for one in (self.of_this_morning, self.head, self.newer))
        self.proof = json.dumps(consistency(old, size).to_json())
        self.newer_proof = json.dumps(consistency(size, new).to_json())


def newest_checkpoint():
    run = CliRunner().invoke(main, ["audit", "checkpoint"])
    assert run.exit_code == 0, run.output
    return run.output


def size_of(note):
    return int(note.splitlines()[1])


@pytest.fixture(scope="module")
def kept(maker, tmp_path_factory):
    """One package a database: who checks it needs none."""
    url, folder = maker.copy(), tmp_path_factory.mktemp("package")
    app = create_app(make_settings(folder / "var", url))
    with app.app_context():
        yield Kept(app, folder)
        db.session.remove()
        db.engine.dispose()
    maker.drop(url)


@pytest.fixture
def archive(kept):
    return kept.path


def checked(archive, *texts, folder):
    """The command's exit code with these anchors."""
    words = ["verify", str(archive)]
    for number, text in enumerate(texts):
        path = folder / f"anchor{number}"
        path.write_text(text)
        words += ["--anchor", str(path)]
    return CliRunner().invoke(main, words).exit_code


def test_a_good_package_verifies_with_and_without_a_key(archive, tmp_path):
    found = verify_archive(archive)
    assert found.wrong == []
    assert (found.checked["papers"], found.told["keys"]) == (4, "the package's own")
    key = tmp_path / "log.pub"
    key.write_bytes(parts_of(archive)[KEY])
    anchor = tmp_path / "anchor.txt"
    anchor.write_bytes(parts_of(archive)[CHECKPOINT])
    run = CliRunner().invoke(
        main, ["verify", str(archive), "--key", str(key), "--anchor", str(anchor)]
    )
    assert (run.exit_code, run.output.startswith("Whole")) == (0, True)
    assert json.loads(CliRunner().invoke(main, ["verify", str(archive), "--json"]).output)["ok"]


def swapped_event(parts):
    """An event's text changed, its proof left."""
    lines = (
        parts[EVENTS].replace(b"\\u4f20\\u9519", b"x").replace("传错了".encode(), "没有错".encode())
    )
    assert lines != parts[EVENTS]
    return {**parts, EVENTS: lines}


def without_event(parts):
    lines = parts[EVENTS].splitlines(keepends=True)
    return {**parts, EVENTS: b"".join(lines[:3] + lines[4:])}


def without_last_event(parts):
    return {**parts, EVENTS: b"".join(parts[EVENTS].splitlines(keepends=True)[:-1])}


def other_bytes(parts):
    return {**parts, PLAN: parts[PLAN].replace(b"plan", b"plot")}


def all_digests_fitted(parts):
    """The forger changes a paper and lets manifest and sums follow."""
    data = parts[PLAN].replace(b"plan", b"plot")

    def change(told):
        one = next(one for one in told["files"] if one["path"] == PLAN)
        one["sha256"] = hashlib.sha256(data).hexdigest()

    return {**with_manifest(parts, change), PLAN: data}


def hidden_version(parts):
    return with_manifest(parts, lambda told: told["left_out"].pop())


def dropped_from_everywhere(parts):
    return without_trace(parts, PLAN)


def annex_dropped_from_everywhere(parts):
    return without_trace(parts, ANNEX)


def reply_dropped_from_everywhere(parts):
    """What a unit handed over is taken out of the package, its list and its sums."""
    left = {name: data for name, data in parts.items() if name != REPLY}

    def change(told):
        for name in ("files", "enclosures"):
            told[name] = [one for one in told[name] if one["path"] != REPLY]

    return with_manifest(left, change)


def other_photo(parts):
    """A photograph is exchanged, and everything but the log follows."""
    digest = hashlib.sha256(b"another").hexdigest()

    def change(told):
        for one in [*told["files"], *told["enclosures"]]:
            if one["path"] == PHOTO:
                one.update(sha256=digest, size=7)

    return {**with_manifest(parts, change), PHOTO: b"another"}


def without_trace(parts, path):
    left = {name: data for name, data in parts.items() if name != path}
    keep = lambda told: told.update(files=[f for f in told["files"] if f["path"] != path])  # noqa: E731
    return with_manifest(left, keep)


TAMPERED = {
    "bytes of a paper": (other_bytes, f"{PLAN}: its bytes were changed"),
    "a paper is cut": (lambda p: {**p, PLAN: p[PLAN][:-3]}, f"{PLAN}: has"),
    "a paper is missing": (lambda p: {n: d for n, d in p.items() if n != PLAN}, f"{PLAN}: missing"),
    "a paper was added": (lambda p: {**p, "底稿/B/B-09 补.pdf": b"x"}, "not in the manifest"),
    "a paper stands twice": (lambda p: [*p.items(), (PLAN, p[PLAN])], "twice"),
    "the catalogue": (lambda p: {**p, "目录.xlsx": p["目录.xlsx"] + b" "}, "目录.xlsx: has"),
    "the readme": (
        lambda p: {**p, "说明.txt": p["说明.txt"].replace("星".encode(), b"xxx")},
        "说明",
    ),
    "metadata": (
        lambda p: with_manifest(p, lambda told: told["engagement"].update(fee_fen=1)),
        "not the one that the log vouches for",
    ),
    "a paper, manifest and sums": (all_digests_fitted, "the log tells of no such file"),
    "a paper left out of everything": (dropped_from_everywhere, "the manifest is silent of it"),
    "a further file of a version": (
        annex_dropped_from_everywhere,
        "the manifest is silent of it",
    ),
    "a file of a unit": (reply_dropped_from_everywhere, "the manifest is silent of it"),
    "a photograph": (other_photo, f"{PHOTO}: the log tells of no such file"),
    "an earlier version is hidden": (hidden_version, "the manifest is silent of it"),
    "the sums": (lambda p: {**p, SUMS: p[SUMS].replace(b"a", b"b")}, f"{SUMS}: differs"),
    "an event's words": (swapped_event, "not in the log that the checkpoint signs"),
    "an event is missing": (without_event, "events are missing or were added"),
    "the package's own event is missing": (without_last_event, "not the one that the log vouches"),
    "the checkpoint": (
        lambda p: {**p, CHECKPOINT: p[CHECKPOINT].replace(b"\n", b"1\n", 1)},
        "checkpoint:",
    ),
    "no manifest": (lambda p: {n: d for n, d in p.items() if n != MANIFEST}, "form"),
    "a manifest that is no JSON": (lambda p: {**p, MANIFEST: b"{"}, "form"),
}


def test_a_package_that_was_only_packed_anew_is_whole(archive, tmp_path):
    assert verify_archive(packed(parts_of(archive), tmp_path / "same.zip")).ok


@pytest.mark.filterwarnings("ignore:Duplicate name")  # the forger's own zipfile warns
@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_package_is_named(archive, tmp_path, what):
    tamper, words = TAMPERED[what]
    forged = packed(tamper(parts_of(archive)), tmp_path / "forged.zip")
    wrong = verify_archive(forged).wrong
    assert any(words in one for one in wrong), wrong
    assert CliRunner().invoke(main, ["verify", str(forged)]).exit_code == 1


def test_anchors_of_any_age_are_held_against_the_package(kept, tmp_path):
    """Each day's last checkpoint by the package's own proof, any other by a proof given too."""
    assert checked(kept.path, kept.head, folder=tmp_path) == 0
    assert checked(kept.path, kept.two_days_old, folder=tmp_path) == 0
    assert checked(kept.path, kept.of_this_morning, folder=tmp_path) == 1
    assert checked(kept.path, kept.of_this_morning, kept.proof, folder=tmp_path) == 0
    assert checked(kept.path, kept.newer, folder=tmp_path) == 1
    assert checked(kept.path, kept.newer, kept.newer_proof, folder=tmp_path) == 0
    assert checked(kept.path, kept.head.replace("\n", "x\n", 1), folder=tmp_path) == 1
    assert checked(kept.path, "no checkpoint\n", folder=tmp_path) == 1
    assert checked(kept.path, kept.head, '{"old": 1}', folder=tmp_path) == 1


def test_a_missing_proof_says_how_to_get_it(kept):
    (words,) = verify_archive(kept.path, (), [kept.of_this_morning]).wrong
    sizes = f"{size_of(kept.of_this_morning)} {size_of(kept.head)}"
    assert f"xingping audit consistency {sizes}" in words
    run = CliRunner().invoke(main, ["audit", "consistency", *sizes.split()])
    assert json.loads(run.output) == json.loads(kept.proof)
    assert CliRunner().invoke(main, ["audit", "consistency", "9999999"]).exit_code == 1


def test_a_changed_proof_proves_nothing(kept, tmp_path):
    parts = parts_of(kept.path)
    lines = [json.loads(line) for line in parts[CONSISTENCY].splitlines()]
    for line in lines:
        line["hashes"] = line["hashes"][1:]
    parts[CONSISTENCY] = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    changed = packed(parts, tmp_path / "changed.zip")
    assert checked(changed, kept.two_days_old, folder=tmp_path) == 1
    del parts[CONSISTENCY]
    older = packed(parts, tmp_path / "older.zip")
    assert verify_archive(older).ok, "packages of earlier releases have no such file"
    assert checked(older, kept.two_days_old, folder=tmp_path) == 1


def test_a_rewritten_log_does_not_continue_what_was_kept(kept, tmp_path, make_district):
    """Same key, another history: only the anchor tells."""
    other = make_district(AUDIT_KEY_FILE=kept.path.parent / "var" / "keys" / "audit_key")
    with other.app_context():
        with clock.frozen(clock.now() - timedelta(days=2)):
            engagement, officer, _papers = make_finished()
            seal()
        for _more in range(3):
            make_engagement()
        forged = download(other, officer, engagement, tmp_path / "forged.zip")
    assert verify_archive(forged).ok
    assert checked(forged, kept.two_days_old, folder=tmp_path) == 1


def test_a_package_signed_by_another_key_needs_the_true_key(archive, tmp_path, make_district):
    other = make_district()
    with other.app_context():
        engagement, officer, _papers = make_finished()
        forged = download(other, officer, engagement, tmp_path / "forged.zip")
    key, anchor = tmp_path / "log.pub", tmp_path / "anchor"
    key.write_bytes(parts_of(archive)[KEY])
    anchor.write_bytes(parts_of(archive)[CHECKPOINT])
    assert verify_archive(forged).ok
    assert CliRunner().invoke(main, ["verify", str(forged), "--key", str(key)]).exit_code == 1
    assert CliRunner().invoke(main, ["verify", str(forged), "--anchor", str(anchor)]).exit_code == 1


@pytest.mark.parametrize("cut", [10, 0.3, 0.9])
def test_a_package_broken_off_is_no_package(archive, tmp_path, cut):
    data = archive.read_bytes()
    part = tmp_path / "part.zip"
    part.write_bytes(data[: cut if cut > 1 else int(len(data) * cut)])
    assert not verify_archive(part).ok
    assert CliRunner().invoke(main, ["verify", str(part)]).exit_code == 1


def test_a_bit_that_turned_anywhere_in_the_file_is_told_and_never_a_trace(archive, tmp_path):
    """Not packed anew, as a forger does, but as a disk does: in the middle of what is packed."""
    whole, turned = archive.read_bytes(), tmp_path / "turned.zip"
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
    for entry in entries:
        names = len(entry.filename.encode())
        start = entry.header_offset + 30 + names
        directory = whole.rindex(b"PK\x01\x02", 0, whole.rindex(entry.filename.encode()))
        places = [start, start + entry.compress_size // 2, directory + 10]  # and how it is packed
        for place in places:
            turned.write_bytes(whole[:place] + bytes([whole[place] ^ 0x0E]) + whole[place + 1 :])
            run = CliRunner().invoke(main, ["verify", str(turned), "--json"])
            assert not json.loads(run.stdout)["ok"], (entry.filename, place)
            assert run.exit_code == 1


STRANGE = {
    "nothing": b"",
    "deep": b"[" * 100_000,
    "no object": b"[1]",
    "half a proof": b'{"keys": 5, "entry": []}',
    "half a passport": b"%PDF-1.4 and no more",
    "half a package": b"PK\x03\x04 and no more",
    "other letters": "{'名': 1}".encode("gbk"),
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_what_is_nothing_of_ours_is_told_so(tmp_path, data):
    path = tmp_path / "strange"
    path.write_bytes(data)
    run = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert (run.exit_code, bool(json.loads(run.stdout)["wrong"])) == (1, True)


@pytest.mark.parametrize("option", ["--anchor", "--key"])
def test_an_anchor_or_a_key_that_is_none_is_told_so(archive, tmp_path, option):
    path = tmp_path / "other"
    path.write_bytes(b"\xff\xfe\x80")
    run = CliRunner().invoke(main, ["verify", str(archive), option, str(path), "--json"])
    assert run.exit_code == 1
    assert "can't be read" in json.loads(run.stdout)["wrong"][0]
