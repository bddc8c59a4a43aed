"""Framework agreements for tests, made by the services."""

from datetime import timedelta

from app import clock
from app.db import transaction
from app.frameworks import services
from app.frameworks.services import NewFramework, NewMember
from tests.factories import EvaluatorFactory
from tests.procurement.placing import WAN

ADDRESS = "https://example.invalid/ruwei"


def entered(officer, way, count=3, **changes):
    today = clock.today()
    told = {
        "code": f"KJ-{way}",
        "name": "演示绩效评价服务框架协议",
        "way": way,
        "unit_name": "每个项目",
        "result_url": ADDRESS,
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
        "members": [NewMember(EvaluatorFactory(), (n + 5) * WAN) for n in range(count)],
    }
    with transaction():
        return services.enter_framework(officer, NewFramework(**{**told, **changes}))
