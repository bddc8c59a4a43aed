"""Entries for tests, and pictures that a camera might have made."""

import io
from datetime import date

from PIL import Image

from app.db import transaction
from app.fieldwork import services
from app.fieldwork.entries import NewDays, NewInterview, NewQuestionnaire, NewVisit
from app.fieldwork.models import Activity

DAY = date(2026, 4, 1)
VISIT = NewVisit(DAY, "演示街道文化中心", "王核查、李核查", "张经办", "一处停用")
INTERVIEW = NewInterview(DAY, "项目负责人", "王核查", "实施情况")
ROUND = NewQuestionnaire(DAY, "受益居民", 200, 186, 180)


def days(member, first=DAY, last=DAY, half_days=2):
    return NewDays(member, first, last, half_days, Activity.FIELDWORK)


def enter(person, engagement, new=VISIT):
    with transaction():
        return services.record_entry(person, engagement, new)


def photo(taken="2026:04:01 10:11:12", place=((28, 0, 36), (120, 30, 0)), colour=0):
    """A small JPEG with the camera's time and place, where they are given."""
    picture, exif = Image.new("RGB", (8, 8), (colour, 0, 0)), Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if place:
        north, east = place
        exif.get_ifd(0x8825).update({1: "N", 2: north, 3: "E", 4: east})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
