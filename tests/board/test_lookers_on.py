"""What waits for a unit is what the unit can do."""

from datetime import timedelta

from app import clock
from app.pages import todos
from app.policy import Role
from tests.factories import UserFactory


def test_a_stage_that_is_late_at_others_does_not_wait_for_the_unit(engagement, session, sign_in):
    engagement.current_stage.due_on = clock.today() - timedelta(days=9)
    session.commit()
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    assert not any(todo.count for todo in todos.todos(unit))
    assert "逾期" in sign_in(unit).get("/").get_data(as_text=True), (
        "it is told, as what is due next"
    )
    department = UserFactory(role=Role.DEPARTMENT_OFFICER)
    assert todos.overdue in todos.questions_of(department)
