"""Warnings (精准预警): rules as data look each night, people settle what they raise, in words."""

EVERY_SECONDS = 24 * 3600


def look() -> int:
    """Look with every rule in force, holding nobody up; then raise, clear and escalate."""
    from app.alerts import looking, queries, services
    from app.db import end_read, transaction

    found = {
        rule.kind: looking.found_today(rule.kind, rule.settings)
        for rule in queries.rules_in_force()
        if rule.is_on
    }
    end_read()
    with transaction():
        raised = services.raise_alerts(found)
        services.escalate_due()
    return raised


def join() -> None:
    """Listen to the features below."""
    from app.alerts import joining

    joining.join()
