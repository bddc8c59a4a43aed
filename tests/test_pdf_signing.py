"""A PDF is signed where a certificate is configured, and any later change is seen."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from app import pdf_signing


@pytest.fixture
def certificate(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "演示区财政局")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False)  # fmt: skip
    found = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    how = BestAvailableEncryption(b"demo")
    path, password = tmp_path / "bureau.p12", tmp_path / "password"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"demo", key, found, None, how))
    password.write_text("demo\n")
    return path, password


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
