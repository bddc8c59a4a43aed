"""Rankings computed for tests."""

from app import clock
from app.db import transaction
from app.rankings import services
from app.rankings.making import Needs


def snapshot(officer, title="演示排名", **changes):
    needs = Needs(min_engagements=changes.pop("min_engagements", 2), min_reliability=0.3)
    with transaction():
        return services.compute_snapshot(
            officer, title, as_of=changes.pop("as_of", clock.today()), needs=needs, **changes
        )
