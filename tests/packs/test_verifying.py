"""Whoever receives a pack checks it without the portal: a good one, and every way to tamper."""

import json
from types import SimpleNamespace as Thing

import pytest
from click.testing import CliRunner

from app import create_app
from app.cli import main
from app.db import db
from app.packs import building, files
from app.packs.verifying import verify_pack
from tests.archiving.finished import packed, parts_of
from tests.conftest import make_settings
from tests.packs import making
from tests.packs.making import with_file, with_lot, with_manifest
from tests.procurement import placing

pytestmark = pytest.mark.database("sqlite")  # who checks a pack needs no database at all


@pytest.fixture(scope="module")
def packs(maker, tmp_path_factory):
    """A pack of a direct choice and one of a draw, made once."""
    url, folder = maker.copy(), tmp_path_factory.mktemp("packs")
    app = create_app(make_settings(folder / "var", url))
    with app.app_context():
        officer = placing.bureau()
        agencies = making.ranked_agencies(officer)
        direct, drawn = making.direct_need(officer, agencies), making.drawn_need(officer)
        making.approved(direct)
        paths = {"direct": making.made(officer, direct, folder / "direct.zip")}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(building.pdf, "missing", lambda: ["nothing is printed here"])
            paths["drawn"] = making.made(officer, drawn, folder / "drawn.zip")
        yield Thing(**paths)
        db.session.remove()
        db.engine.dispose()
    maker.drop(url)


def test_good_packs_verify_and_tell_what_they_hold(packs):
    for path, counts in (
        (packs.direct, {"lots": 2, "draws": 0}),
        (packs.drawn, {"lots": 1, "draws": 1, "left out": 1}),
    ):
        found = verify_pack(path)
        assert found.wrong == []
        assert counts.items() <= found.checked.items()
        run = CliRunner().invoke(main, ["verify", str(path), "--json"])
        assert (run.exit_code, json.loads(run.output)["ok"]) == (0, True)
    parts = parts_of(packs.direct)
    assert {
        files.BOOK,
        files.SUMMARY.format(1),
        "lots/001/决策单.pdf",
        "lots/002/ocds.json",
    } <= set(parts)
    second = making.lot_of(parts, 2)["choice"]
    assert (second["standing"], bool(second["outside_reason"])) == ("unranked", True)
    assert second["approved_by"]


def test_an_enclosed_draw_and_ranking_verify_by_themselves(packs, tmp_path):
    for path, name in ((packs.drawn, "lots/001/draw-1.json"), (packs.direct, None)):
        parts = parts_of(path)
        name = name or next(one for one in parts if one.startswith(files.RANKINGS))
        own = tmp_path / name.rpartition("/")[2]
        own.write_bytes(parts[name])
        assert CliRunner().invoke(main, ["verify", str(own)]).exit_code == 0


def changed_byte(parts):
    return {**parts, files.BOOK: parts[files.BOOK][:-1] + b"x"}


def missing_file(parts):
    return {name: data for name, data in parts.items() if name != files.BOOK}


def added_file(parts):
    return {**parts, "lots/009/decision.json": b"{}"}


def other_price(parts):
    return with_lot(parts, lambda told: told["choice"].update(price_fen=1))


def other_score(parts):
    def change(told):
        row = next(
            row for row in told["considered"] if row["ranking"] and "score" in row["ranking"]
        )
        row["ranking"]["score"] += 0.5

    return with_lot(parts, change)


def other_group(parts):
    def change(told):
        told["considered"][0]["group"] = "behind"

    return with_lot(parts, change)


def best_after_all(parts):
    return with_lot(parts, lambda told: told["choice"].update(standing="best"), 2)


def no_reason(parts):
    return with_lot(parts, lambda told: told["choice"].update(outside_reason=""), 2)


def other_reason(parts):
    return with_lot(parts, lambda told: told["choice"].update(outside_reason="另一理由"), 2)


def hidden_candidate(parts):
    return with_lot(parts, lambda told: told["considered"].pop(0))


def other_counts(parts):
    told = json.loads(parts[files.MANIFEST])
    told["counts"]["left_out"] += 1
    return with_manifest(parts, told)


def other_ocds(parts):
    name = f"lots/001/{files.OCDS}"
    return with_file(parts, name, parts[name].replace(b"70000.0", b"60000.0"))


def other_approver(parts):
    return with_lot(parts, lambda told: told["choice"].update(name="另一机构"))


def event_dropped(parts):
    lines = parts[files.EVENTS].splitlines(keepends=True)
    return {**parts, files.EVENTS: b"".join(lines[:1] + lines[2:])}


def event_changed(parts):
    return {**parts, files.EVENTS: parts[files.EVENTS].replace(b"award.made", b"award.mode")}


def other_ranking(parts):
    name = next(one for one in parts if one.startswith(files.RANKINGS))
    return with_file(parts, name, parts[name][:-30] + b"0" * 30)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (changed_byte, "its bytes were changed"),
        (missing_file, "missing"),
        (added_file, "not in the manifest"),
        (other_price, "the log tells of another award"),
        (other_score, "are not those of the ranking"),
        (other_group, "belongs to the group"),
        (best_after_all, "stands unranked, not best"),
        (no_reason, "no reason is given"),
        (other_reason, "another reason outside the best set"),
        (hidden_candidate, "the log tells of other evidence"),
        (other_counts, "left_out"),
        (other_ocds, "tell another award"),
        (other_approver, "the log tells of another award"),
        (event_dropped, "events are missing"),
        (event_changed, "not in the log"),
        (other_ranking, "rankings/"),
    ],
)
def test_a_tampered_pack_is_refused_in_words(packs, tmp_path, tamper, words):
    path = packed(tamper(parts_of(packs.direct)), tmp_path / "tampered.zip")
    found = verify_pack(path)
    assert any(words in line for line in found.wrong), found.wrong
    assert CliRunner().invoke(main, ["verify", str(path)]).exit_code == 1


def other_beacon(parts):
    name = "lots/001/draw-1.json"
    record = json.loads(parts[name]) | {"beacon_value": "01 02 03"}
    return with_file(parts, name, files.as_text(record))


def to_the_second(parts):
    def change(told):
        rows = {row["place"]: row for row in told["considered"]}
        told["choice"] |= {"agency": rows[3]["agency"], "name": rows[3]["name"]}

    return with_lot(parts, change)


def back_again(parts):
    """Whoever stepped back stands after all: the draw's first would have been another."""

    def change(told):
        row = next(row for row in told["considered"] if row["rule"])
        row |= {"rule": "", "group": "in"}

    return with_lot(parts, change)


def other_commitment(parts):
    return with_lot(parts, lambda told: told["draws"][0].update(commitment="0" * 64))


def other_weight(parts):
    def change(told):
        told["draws"][0]["entries"][0][1] += 1

    return with_lot(parts, change)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (other_beacon, "is not what follows"),
        (to_the_second, "the draw's first is"),
        (back_again, "the draw's first is"),
        (other_commitment, "another list or commitment"),
        (other_weight, "another list"),
    ],
)
def test_a_tampered_draw_is_refused_in_words(packs, tmp_path, tamper, words):
    path = packed(tamper(parts_of(packs.drawn)), tmp_path / "tampered.zip")
    assert any(words in line for line in verify_pack(path).wrong)


def test_any_change_of_a_decision_is_refused_by_the_log(packs, tmp_path):
    """Nothing that the lots' own checks ask has changed, and still the pack is not the one."""
    parts = with_lot(parts_of(packs.direct), lambda told: told.update(days=61))
    found = verify_pack(packed(parts, tmp_path / "tampered.zip"))
    assert found.wrong == ["pack.json: not the one that the log vouches for"]


@pytest.mark.parametrize("text", [b"", b"PK\x05\x06" + b"\x00" * 18, b"PK\x03\x04nonsense"])
def test_nonsense_is_no_pack(tmp_path, text):
    path = tmp_path / "nonsense.zip"
    path.write_bytes(text)
    assert not verify_pack(path).ok
