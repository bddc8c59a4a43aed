"""Which other systems read in the demonstration: two that do, and one whose token was ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app import clock
from app.api import keeping
from app.api.models import Scope
from app.api.services import end_token, make_token
from app.demo.district import District

MOST_DAYS = 365
SYSTEMS = (
    ("省预算管理系统（演示）", (Scope.ENGAGEMENTS, Scope.IMPORT, Scope.CHANGES), 300),
    ("区数据共享平台（演示）", (Scope.REGISTER, Scope.RANKINGS, Scope.NOTICES), 180),
    ("原考核系统（演示，已停用）", (Scope.ENGAGEMENTS,), 60),
)


def tell(district: District) -> Iterator[datetime]:
    """The performance section gives three systems a token; the last one is ended again.

    Nobody kept their keys, so none of them opens anything.
    """
    today, officer = clock.today(), district.performance[0]

    def ago(days: int, hour: int) -> datetime:
        return clock.start_of(today - timedelta(days=days)) + timedelta(hours=hour)

    made = []
    for number, (name, scopes, days) in enumerate(SYSTEMS):
        yield ago(24 - number, 10)
        until = clock.today() + timedelta(days=days)
        token, _key = make_token(officer, name, scopes, expires_on=until, most_days=MOST_DAYS)
        made.append(token)
    yield ago(8, 16)
    end_token(officer, made[-1])
    yield ago(1, 7)
    for token in made[:2]:
        keeping.note_use(token, 1)
