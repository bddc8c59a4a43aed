"""The rules of every room; no permission may stand in two of them."""

from app.policy.roles import Rules
from app.policy.rules import (
    answering,
    assessing,
    comparing,
    course,
    custody,
    evidence,
    growth,
    judging,
    oversight,
    papers,
    people,
    process,
    procuring,
    register,
    running,
    work,
)

ROOMS = (
    people,
    register,
    work,
    papers,
    judging,
    answering,
    assessing,
    running,
    process,
    course,
    custody,
    oversight,
    growth,
    procuring,
    comparing,
    evidence,
)


def joined() -> Rules:
    """All rules as one; a permission with two answers is a mistake of ours and stops the start."""
    rules: Rules = {}
    for room in ROOMS:
        if twice := rules.keys() & room.RULES.keys():
            raise ValueError(f"two rules for {sorted(twice)}")
        rules |= room.RULES
    return rules
