"""The sentence of each event: %(who)s is who acted, the event's facts go by their names."""

from app.audit.sentences import (
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
    | comparing.SENTENCES
    | course.SENTENCES
    | oversight.SENTENCES
    | growth.SENTENCES
    | evidence.SENTENCES
    | register.SENTENCES
)
