"""A video is watched in the course, goes on where one stopped, and counts in the progress."""

import io
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from app import clock
from app.db import db, transaction
from app.demo.papers import keep
from app.errors import Conflict
from app.policy import Role
from app.training import authoring, queries, services, watching
from app.training.authoring import NewSession
from app.training.models import Audience, Course, VideoWatching
from tests.factories import UserFactory
from tests.training.learning import course, learner, passed, read_all
from tests.training.test_views import token_of

VIDEO = (Path(__file__).parents[2] / "app" / "data" / "demo_course.mp4").read_bytes()


@pytest.fixture
def shown(session):
    """A course of the agencies with a video, and where that is watched."""
    officer, made = UserFactory(), course(audience=Audience.AGENCY)
    file = keep("演示视频.mp4", VIDEO)
    with transaction():
        kept = authoring.add_file(officer, made, file)
    return made, f"/courses/{made.id}/videos/{kept.id}"


def test_a_video_goes_on_where_one_stopped_and_is_watched_before_the_quiz(shown, sign_in, audited):
    made, url = shown
    person = learner()
    client, home = sign_in(person), f"/courses/{made.id}"
    read_all(person, made)
    assert url in client.get(home).get_data(as_text=True)
    assert "#t=" not in client.get(url).get_data(as_text=True)
    fetched = {"X-Requested-With": "fetch"}
    told = client.post(f"{url}/places", data={"seconds": "75"}, headers=fetched)
    assert told.status_code == 204
    page = client.get(url)
    assert "bytes#t=75" in page.get_data(as_text=True)
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert "1:15" in client.get(home).get_data(as_text=True)
    assert "#t=" not in client.get(f"{url}?from=0").get_data(as_text=True)
    assert client.post(f"{url}/places", data={"minutes": "3"}).status_code == 302  # no scripts
    assert db.session.query(VideoWatching).one().seconds == 180
    client.post(f"{url}/places", data={"seconds": "-1" * 30})
    with pytest.raises(Conflict), transaction():
        services.begin_quiz(person, made)
    assert not queries.progress_of(person, [made])[made.id].is_done
    assert client.post(url).location.endswith(home)
    assert client.post(url).status_code == 302
    assert audited().count("course_file.watched") == 1
    progress = queries.progress_of(person, [made])[made.id]
    assert (progress.read, progress.pages) == (3, 3)
    passed(person, made)


def test_the_player_gets_the_parts_that_it_asks_for(shown, sign_in, monkeypatch):
    _made, url = shown
    client = sign_in(learner())
    whole = client.get(f"{url}/bytes")
    assert (whole.status_code, whole.data) == (200, VIDEO)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(f"{url}/bytes", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, VIDEO[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(VIDEO)}"
    monkeypatch.setattr("app.training.video_views.PIECE", 1000)
    rest = client.get(f"{url}/bytes", headers={"Range": "bytes=50-"})
    assert rest.data == VIDEO[50:1050]
    late = {"Range": f"bytes={len(VIDEO)}-"}
    assert client.get(f"{url}/bytes", headers=late).status_code == 416


def test_nobody_else_watches(shown, sign_in):
    made, url = shown
    for role in (Role.UNIT_OFFICER, Role.EXPERT, Role.SYSTEM_ADMIN):
        client = sign_in(UserFactory(role=role))
        for path in (url, f"{url}/bytes"):
            assert client.get(path).status_code == 404
        assert client.post(f"{url}/places", data={"seconds": "1"}).status_code == 404
    assert sign_in(UserFactory(role=Role.LEADER)).post(url).status_code == 404
    assert sign_in(learner()).get(f"/courses/{made.id}/videos/99").status_code == 404
    assert watching.counts(learner(), [made.id]) == {made.id: (1, 0)}


def test_a_video_is_sent_as_a_body_by_the_pages_script(session, sign_in):
    officer, made = sign_in(UserFactory()), course()
    form = f"/courses/{made.id}/files/new"
    fields = {"once": token_of(officer, form)}
    headers = {"X-File-Name": quote("演示视频.mp4"), "Content-Type": "application/octet-stream"}

    def send(told):
        more = {**headers, "X-Upload-Fields": quote(json.dumps(told))}
        return officer.post(f"/courses/{made.id}/files/uploads", data=VIDEO, headers=more)

    assert send(fields).status_code == 422
    assert send({**fields, "unclassified": "y"}).status_code == 201
    assert [file.is_video for file in db.session.get(Course, made.id).files] == [True]


def test_the_section_shows_the_code_and_takes_the_lists_away(session, sign_in):
    officer, person, made = UserFactory(), learner(name="=演示学员"), course()
    at = clock.now()
    with transaction():
        new = NewSession("演示培训", "演示室", at, at + timedelta(hours=2), 3)
        held = authoring.call_session(officer, made, new)
    with transaction():
        services.sign_in_session(person, held, held.code)
    desk, url = sign_in(officer), f"/training-sessions/{held.id}"
    page = desk.get(url).get_data(as_text=True)
    assert held.code in page
    assert "演示学员" in page
    for path in (url, "/training-hours"):
        made_of = desk.post(f"{path}/export", data={"year": at.year}).data
        sheet = load_workbook(io.BytesIO(made_of)).active
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert "=演示学员" in cells
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for role in (Role.AGENCY_MEMBER, Role.LEADER, Role.UNIT_OFFICER):
        other = sign_in(UserFactory(role=role))
        assert other.get(url).status_code == 404
        assert other.post("/training-hours/export").status_code == 403
