"""Lists of material for tests, and the people who deal with them."""

from app.db import transaction
from app.policy import Role
from app.requests import services
from app.requests.models import Phase
from app.requests.services import NewItem, NewRequest
from tests.factories import UserFactory
from tests.papers.filing import stored

TWO = (NewItem("预算批复文件", "批复及调整", 5), NewItem("资金管理办法", working_days=3))


def officer_of_unit(engagement):
    """An officer of the first task's unit."""
    return UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)


def draft(lead, engagement, items=TWO, task=None):
    with transaction():
        new = NewRequest(task or engagement.tasks[0], Phase.PLAN, "请加盖公章", items)
        return services.draw_up_request(lead, engagement, new)


def sent(lead, engagement, items=TWO, task=None):
    """A list that was sent; its first item."""
    asked = draft(lead, engagement, items, task)
    with transaction():
        services.send_request(lead, asked)
    return asked


def supply(person, item, data=b"%PDF-1.4 a", name="预算批复.pdf"):
    with transaction():
        return services.supply_file(person, item, stored(data, name))
