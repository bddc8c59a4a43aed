"""An issued document is sealed by a seal service, and called so only when the seal is verified."""

import io
import json
import time

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from app.audit.models import AuditEvent
from app.db import db
from app.documents.models import DocumentSeal
from app.policy import Role
from app.web import fresh_token
from tests.certificates import certificate_in
from tests.documents.issuing import issued
from tests.documents.seal_house import TOKEN, House, at_home
from tests.factories import UserFactory


@pytest.fixture
def certificate(tmp_path):
    return certificate_in(tmp_path)


@pytest.fixture
def house(certificate):
    return House(*certificate)


@pytest.fixture
def service(app, house, tmp_path, monkeypatch):
    """The service of the settings, in our own network by its name."""
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    with at_home(house) as url:
        settings = {
            "ESEAL_URL": url,
            "ESEAL_TOKEN_FILE": str(token),
            "ESEAL_SECONDS": 1,
            "ESEAL_OWN_HOSTS": "127.0.0.1",
        }
        for name, value in settings.items():
            monkeypatch.setitem(app.config, name, value)
        yield


def ask(client, page):
    client.post(f"{page}/seal", data={"once": fresh_token()})
    return client.get(page).text


def last_event():
    return db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first().canonical


def test_a_document_is_sealed_verified_and_kept_once(
    service, house, sign_in, engagement, lead, officer, audited
):
    document = issued(officer, engagement)
    page = f"/official-documents/{document.id}"
    agency, client = sign_in(lead), sign_in(officer)
    assert agency.post(f"{page}/seal", data={"once": fresh_token()}).status_code == 403
    assert client.get(f"{page}/sealed-pdf").status_code == 404
    assert house.asked == []
    shown = ask(sign_in(officer), page)
    assert house.asked == ["seals", "verifications"]
    assert "演示区财政局" in shown
    assert "演示章0001" in shown
    assert audited()[-1] == "document.sealed"
    found = sign_in(lead).get(f"{page}/sealed-pdf")
    assert len(PdfFileReader(io.BytesIO(found.data)).embedded_signatures) == 1
    assert document.title[:6] in "".join(
        one.extract_text() for one in PdfReader(io.BytesIO(found.data)).pages
    ).replace("\n", "")
    assert sign_in(officer).post(f"{page}/seal", data={"once": fresh_token()}).status_code == 409
    assert house.asked == ["seals", "verifications"]


def other_pdf():
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def changed(**told):
    return lambda status, body: (status, json.dumps({**json.loads(body), **told}).encode())


def slowly(status, body):
    time.sleep(1.6)
    return status, body


FAILURES = {
    "it refuses": ("seals", lambda *_: (422, b"no"), "refused"),
    "it is broken": ("seals", lambda *_: (500, b""), "away"),
    "it redirects": ("seals", lambda *_: (302, b""), "refused"),
    "no PDF": ("seals", lambda *_: (200, b"<html>"), "another_document"),
    "another PDF": ("seals", lambda *_: (200, other_pdf()), "another_document"),
    "not valid": ("verifications", changed(valid=False), "not_verified"),
    "valid in words only": ("verifications", changed(valid="true"), "not_verified"),
    "of another file": ("verifications", changed(sha256="0" * 64), "not_verified"),
    "of nobody": ("verifications", changed(signer=""), "not_verified"),
    "no JSON": ("verifications", lambda *_: (200, b"yes"), "not_verified"),
    "too slow": ("verifications", slowly, "away"),
}


@pytest.mark.database("sqlite")
def test_whatever_fails_nothing_is_kept_and_the_words_say_why(
    app, service, house, sign_in, engagement, officer, monkeypatch, tmp_path
):
    document = issued(officer, engagement)
    client, page = sign_in(officer), f"/official-documents/{document.id}"
    for name, (what, spoil, failure) in FAILURES.items():
        house.spoil = {what: spoil}
        shown = ask(client, page)
        assert 'class="notice bad"' in shown, name
        assert f'"failure":"{failure}"' in last_event(), name
    house.spoil = {}
    for setting, value, failure in (
        ("ESEAL_OWN_HOSTS", "", "settings"),  # a loopback address that nobody named
        ("ESEAL_TOKEN_FILE", str(tmp_path / "none"), "settings"),
        ("ESEAL_TOKEN_FILE", "", "refused"),
        ("ESEAL_URL", "http://127.0.0.1:1/", "away"),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(app.config, setting, value)
            assert 'class="notice bad"' in ask(client, page), setting
            assert f'"failure":"{failure}"' in last_event(), (setting, value)
    assert db.session.query(DocumentSeal).all() == []
    assert client.get(f"{page}/sealed-pdf").status_code == 404
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "ESEAL_URL", "")
        assert client.post(f"{page}/seal", data={"once": fresh_token()}).status_code == 404
        assert "印章" in client.get(page).text or "seal it by hand" in client.get(page).text


@pytest.mark.database("sqlite")
def test_a_service_that_drips_is_left(service, house, sign_in, engagement, officer):
    page = f"/official-documents/{issued(officer, engagement).id}"
    house.spoil, house.pause = {"seals": lambda *_: (200, b"%PDF-" * 10)}, 0.1
    began = time.monotonic()
    assert 'class="notice bad"' in ask(sign_in(officer), page)
    assert time.monotonic() - began < 4, "its answer would take five seconds"
    assert '"failure":"away"' in last_event()


@pytest.mark.database("sqlite")
def test_a_certificates_signature_is_no_electronic_seal(
    app, sign_in, engagement, officer, certificate, monkeypatch
):
    path, password = certificate
    monkeypatch.setitem(app.config, "PDF_CERTIFICATE_FILE", str(path))
    monkeypatch.setitem(app.config, "PDF_CERTIFICATE_PASSWORD_FILE", str(password))
    document = issued(officer, engagement)
    client, page = sign_in(officer), f"/official-documents/{document.id}"
    made = client.get(f"{page}/pdf").data
    assert len(PdfFileReader(io.BytesIO(made)).embedded_signatures) == 1
    assert '/seal"' not in client.get(page).text
    leader = sign_in(UserFactory(role=Role.LEADER)).get(page)
    assert '/seal"' not in leader.text
