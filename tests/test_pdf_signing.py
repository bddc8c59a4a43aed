"""A PDF is signed where a certificate is configured, and any later change is seen."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from app import pdf_signing
from tests.certificates import certificate_in


@pytest.fixture
def certificate(tmp_path):
    return certificate_in(tmp_path)


@pytest.fixture
def plain():
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def test_without_a_certificate_a_pdf_stays_as_it_is(app, plain):
    with app.app_context():
        assert pdf_signing.signed(plain, "演示") == plain


def test_with_one_it_is_signed_over_all_of_it(app, plain, certificate, monkeypatch):
    path, password = certificate
    monkeypatch.setitem(app.config, "PDF_CERTIFICATE_FILE", str(path))
    monkeypatch.setitem(app.config, "PDF_CERTIFICATE_PASSWORD_FILE", str(password))
    with app.app_context():
        made = pdf_signing.signed(plain, "演示理由")
    assert made.startswith(plain)
    [signature] = PdfFileReader(io.BytesIO(made)).embedded_signatures
    told = checked(signature)
    assert (told.intact, told.valid) == (True, True)
    place = made.index(b"200")
    forged = made[:place] + b"201" + made[place + 3 :]
    [signature] = PdfFileReader(io.BytesIO(forged)).embedded_signatures
    assert not checked(signature).intact


def checked(signature):
    """What pyHanko says of it; the certificate is the bureau's own: whoever checks has it from it.

    In a thread apart: pyHanko starts an event loop, and a browser of the tests may have one here.
    """
    trusted = ValidationContext(trust_roots=[signature.signer_cert])
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(validate_pdf_signature, signature, trusted).result()


def test_a_certificate_that_cant_be_read_is_said(app, plain, certificate, tmp_path, monkeypatch):
    path, _password = certificate
    monkeypatch.setitem(app.config, "PDF_CERTIFICATE_FILE", str(path))
    wrong = tmp_path / "wrong"
    wrong.write_text("other")
    for words in (str(wrong), str(tmp_path / "none")):
        monkeypatch.setitem(app.config, "PDF_CERTIFICATE_PASSWORD_FILE", words)
        with app.app_context(), pytest.raises(pdf_signing.BadCertificate):
            pdf_signing.signed(plain, "演示")
