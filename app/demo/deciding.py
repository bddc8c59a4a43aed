"""The first need's results are approved by the leader, and its decision pack is asked for."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app import clock
from app.demo.district import District
from app.packs import services as packs
from app.procurement import choosing
from app.procurement.models import Need


def tell(district: District, need: Need) -> Iterator[datetime]:
    """Last of all, so that the pack is made when the portal starts."""
    yield clock.now() + timedelta(minutes=20)
    if district.leader is not None:
        choosing.approve(district.leader, need)
    yield clock.now() + timedelta(minutes=5)
    packs.ask_pack(district.performance[0], need)
