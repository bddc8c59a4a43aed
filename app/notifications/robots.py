"""What a target is sent: lines for 企业微信 and 钉钉 group robots, and a signed JSON of our own."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app import clock
from app.audit.canonical import stamp
from app.notifications.lines import Parcel
from app.notifications.models import Format
from app.notifications.wording import line_of, sentences

LONGEST_TEXT = 2000  # bytes of UTF-8 that both robots take


@dataclass(frozen=True)
class Sheet:
    """One POST: where it goes, its headers and its bytes."""

    url: str
    headers: dict[str, str]
    body: bytes


def sheet(parcel: Parcel) -> Sheet:
    """What is posted for this parcel, signed for this moment."""
    robot = parcel.target
    if robot.format is Format.GENERIC:
        return _generic(parcel)
    text = line_of(parcel).encode()[:LONGEST_TEXT].decode("utf-8", "ignore")
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False)
    url = robot.url
    if robot.format is Format.DINGTALK and robot.secret:
        mark = "&" if "?" in url else "?"
        url = f"{url}{mark}{dingtalk_sign(robot.secret, _milliseconds())}"
    return Sheet(url, {"Content-Type": "application/json; charset=utf-8"}, body.encode())


def dingtalk_sign(secret: str, at: int) -> str:
    """钉钉's 加签: HMAC-SHA256 under the secret over the moment, a line end and the secret."""
    digest = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={at}&sign={quote(base64.b64encode(digest), safe='')}"


def generic_sign(secret: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 under the secret over the moment, a point and the body's bytes."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _generic(parcel: Parcel) -> Sheet:
    told = sentences(parcel)[0]
    item, at = told.item, str(_milliseconds())
    content = {
        "id": parcel.key,
        "kind": item.kind,
        "words": told.words,
        "path": item.link,
        "url": told.url,
        "happened_at": stamp(item.made_at),
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": parcel.key,
        "X-Xingping-Timestamp": at,
        "X-Xingping-Signature": f"sha256={generic_sign(parcel.target.secret, at, body)}",
    }
    return Sheet(parcel.target.url, headers, body)


def accepted(form: Format, told: Any) -> bool:
    """Whether a good status means that the words were taken: the robots say errcode 0."""
    if form is Format.GENERIC:
        return True
    return isinstance(told, dict) and told.get("errcode") == 0


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)
