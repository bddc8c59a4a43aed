"""Codes of an authenticator (RFC 6238): which step a code belongs to, and the picture to scan."""

import hmac
import io
from datetime import datetime

import pyotp
import segno

SECONDS = 30
ISSUER = "Xingping"


def fresh_secret() -> str:
    """160 random bits in base32, as authenticators take them."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of 30 s to which the code belongs, one early or late allowed; None: to none."""
    typed = "".join(code.split())
    now = int(at.timestamp()) // SECONDS
    made = pyotp.TOTP(secret)
    if not typed.isascii():
        return None
    fitting = (s for s in (now, now - 1, now + 1) if hmac.compare_digest(made.at(s * 30), typed))
    return next(fitting, None)


def picture(secret: str, login: str) -> str:
    """The QR code as SVG without any style, to stand in the page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, xmldecl=False, omitsize=True, nl=False, light="#fff"
    )
    return out.getvalue().decode()
