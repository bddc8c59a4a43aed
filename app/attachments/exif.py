"""What a camera wrote into a photograph: its time and its place (EXIF 2.32, DateTimeOriginal, GPS).

Whoever sends a picture can have written them too: they are shown as the camera's words, and prove
nothing by themselves.
"""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

HEAD_BYTES = 256 * 1024  # where a JPEG keeps them
_GPS, _DETAILS = 0x8825, 0x8769
_TAKEN, _CHANGED = 0x9003, 0x0132
_SHAPE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)")


@dataclass(frozen=True)
class PhotoFacts:
    """The camera's time as 2026-03-02 10:11:12, and its place in millionths of a degree."""

    taken_at: str = ""
    latitude: int | None = None
    longitude: int | None = None


def read(head: bytes) -> PhotoFacts:
    """Read time and place from the first bytes of a picture; nothing where there are none."""
    from PIL import Image  # late: only photographs pay for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes and tags that aren't used
        try:
            tags = Image.open(io.BytesIO(head)).getexif()
            taken = tags.get_ifd(_DETAILS).get(_TAKEN) or tags.get(_CHANGED)
            return _facts(taken, tags.get_ifd(_GPS))
        except Exception:
            return PhotoFacts()


def _facts(taken: Any, gps: dict[int, Any]) -> PhotoFacts:
    time = _SHAPE.match(str(taken or ""))
    latitude, longitude = _degrees(gps, 2, "S", 90), _degrees(gps, 4, "W", 180)
    told = f"{time[1]}-{time[2]}-{time[3]} {time[4]}" if time else ""
    if latitude is None or longitude is None or latitude == longitude == 0:
        return PhotoFacts(told)
    return PhotoFacts(told, latitude, longitude)


def _degrees(gps: dict[int, Any], tag: int, negative: str, most: int) -> int | None:
    """Degrees, minutes and seconds as millionths of a degree; the letter stands one tag before."""
    parts = gps.get(tag)
    if not parts or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    found = round((degrees + minutes / 60 + seconds / 3600) * 1_000_000)
    if not 0 <= found <= most * 1_000_000:
        return None
    return -found if str(gps.get(tag - 1, "")).strip("\x00 ").upper() == negative else found
