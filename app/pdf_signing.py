"""A printed PDF signed with the bureau's certificate (PAdES), where one is configured.

The certificate and its key come as one PKCS #12 file; its password in a file of its own, so that
no secret stands in the environment. Nothing leaves the server: no time stamp, no revocation query.
"""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _

from app.errors import Unavailable


class BadCertificate(Unavailable):
    """The certificate is configured but can't be used."""

    message = _("The PDF can't be signed: the certificate that is configured can't be read")


class NotInstalled(Unavailable):
    """The certificate is configured and the package that signs isn't there."""

    message = _("The PDF can't be signed: install the portal with its extra “signing”")


def signed(pdf: bytes, reason: str) -> bytes:
    """The PDF with a signature over all of it; as it is where no certificate is configured."""
    path = str(current_app.config.get("PDF_CERTIFICATE_FILE") or "")
    if not path:
        return pdf
    password = str(current_app.config.get("PDF_CERTIFICATE_PASSWORD_FILE") or "")
    return _signed(pdf, reason, _signer(path, password))


def valid_until() -> datetime:
    """The end of the certificate; BadCertificate where it doesn't open."""
    config = current_app.config
    path, password = config["PDF_CERTIFICATE_FILE"], config["PDF_CERTIFICATE_PASSWORD_FILE"]
    ends: datetime = _signer(str(path), str(password or "")).signing_cert.not_valid_after
    return ends


@cache
def _signer(path: str, password_file: str) -> Any:
    try:
        from pyhanko.sign import signers  # the extra "signing": only who has a certificate needs it
    except ImportError as error:
        raise NotInstalled from error
    try:
        secret = Path(password_file).read_bytes().strip() if password_file else None
        load: Any = signers.SimpleSigner.load_pkcs12  # pyHanko gives it no types
        found = load(pfx_file=path, passphrase=secret)
    except (OSError, ValueError) as error:
        raise BadCertificate from error
    if found is None:
        raise BadCertificate
    return found


def _signed(pdf: bytes, reason: str, signer: Any) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    told = signers.PdfSignatureMetadata(
        field_name="Xingping",
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    out, plain = io.BytesIO(), IncrementalPdfFileWriter(io.BytesIO(pdf))
    # pyHanko starts an event loop, which a thread that has one already refuses
    with ThreadPoolExecutor(1) as apart:
        apart.submit(signers.sign_pdf, plain, told, signer=signer, output=out).result()
    return out.getvalue()
