"""The sentence of each event: %(who)s is who acted, the event's facts go by their names."""

from app.audit.sentences import (
    assessing,
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
    running,
    work,
)

SENTENCES = (
    people.SENTENCES
    | custody.SENTENCES
    | work.SENTENCES
    | papers.SENTENCES
    | judging.SENTENCES
    | assessing.SENTENCES
    | running.SENTENCES
    | process.SENTENCES
    | procuring.SENTENCES
    | course.SENTENCES
    | oversight.SENTENCES
    | growth.SENTENCES
    | evidence.SENTENCES
)
