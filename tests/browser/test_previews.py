"""What only a browser shows: a PDF in its frame, a picture in a sandbox, a package that arrives."""

import pytest
import sqlalchemy
from playwright.sync_api import expect

from app.verification import verify_archive

pytestmark = pytest.mark.database("postgres")
NEWEST = """
SELECT v.paper_id, v.number FROM paper_version v JOIN working_paper p ON p.id = v.paper_id
WHERE v.media_type = :kind AND p.withdrawn_at IS NULL
AND v.sha256 NOT IN (SELECT sha256 FROM withheld_file) ORDER BY v.id DESC
"""
FINISHED = """
SELECT e.id FROM engagement e JOIN final_report r ON r.engagement_id = e.id
WHERE e.accepted_at IS NOT NULL ORDER BY e.id DESC
"""


def ask(portal, statement, **values):
    engine = sqlalchemy.create_engine(portal.env["DATABASE_URL"])
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text(statement), values).first()
    engine.dispose()
    return found


def preview_of(portal, kind):
    paper, number = ask(portal, NEWEST, kind=kind)
    return f"/papers/{paper}/versions/{number}/preview"


def test_a_pdf_is_shown_by_the_browsers_own_viewer(sign_in, portal):
    reader = sign_in("jixiao")
    reader.go(preview_of(portal, "application/pdf"))
    frame = reader.page.locator("iframe.preview-frame")
    expect(frame).to_be_visible()
    assert frame.get_attribute("sandbox") is None
    reader.page.wait_for_function("() => window.frames.length === 1")
    for _n in range(50):  # the viewer is an extension of the browser, in a frame below ours
        if any(each.url.startswith("chrome-extension:") for each in reader.page.frames):
            break
        reader.page.wait_for_timeout(200)
    assert any(each.url.startswith("chrome-extension:") for each in reader.page.frames)


def test_a_picture_is_shown_in_a_sandbox(sign_in, portal):
    reader = sign_in("jixiao")
    reader.go(preview_of(portal, "image/png"))
    assert reader.page.locator("iframe.preview-frame").get_attribute("sandbox") == ""
    picture = reader.page.frame_locator("iframe.preview-frame").locator("img")
    expect(picture).to_be_visible()


def test_an_archivist_takes_a_package_that_verifies(sign_in, portal, tmp_path):
    (engagement,) = ask(portal, FINISHED)
    archivist = sign_in("dangan")
    archivist.go(f"/engagements/{engagement}/archive")
    with archivist.page.expect_download() as told:
        archivist.page.get_by_role("button").filter(has_text="生成").click()
    path = tmp_path / "package.zip"
    told.value.save_as(path)
    assert told.value.suggested_filename.endswith(".zip")
    found = verify_archive(path)
    assert found.wrong == []
    assert found.checked["papers"] > 5
