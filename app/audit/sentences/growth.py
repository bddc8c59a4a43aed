"""What is told of training and exchange."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.CASE_PROPOSED: _("%(who)s proposed the case %(title)s (SHA-256 %(sha256)s)"),
    Event.CASE_RELEASED: _("%(who)s released the case %(title)s"),
    Event.CASE_WITHDRAWN: _("%(who)s took the case back: %(words)s"),
    Event.CONSORTIUM_AGREED: _("%(who)s agreed to the consortium %(name)s"),
    Event.CONSORTIUM_ENDED: _("%(who)s ended the consortium %(name)s"),
    Event.CONSORTIUM_PROPOSED: _("%(who)s proposed the consortium %(name)s"),
    Event.POST_ANSWERED: _("%(who)s answered a post"),
    Event.POST_ANSWER_ACCEPTED: _("%(who)s accepted an answer"),
    Event.POST_ANSWER_HIDDEN: _("%(who)s hid an answer: %(words)s"),
    Event.POST_ANSWER_EDITED: _("%(who)s edited an answer; what stood before is kept"),
    Event.POST_ANSWER_SHOWN: _("%(who)s showed an answer again"),
    Event.POST_FILE_ADDED: _("%(who)s added the file %(file)s to a post (SHA-256 %(sha256)s)"),
    Event.POST_EDITED: _("%(who)s edited the post %(title)s"),
    Event.POST_HIDDEN: _("%(who)s hid a post: %(words)s"),
    Event.POST_REPORTED: _("%(who)s reported a post: %(words)s"),
    Event.POST_REPORT_SETTLED: _("%(who)s settled a report on a post"),
    Event.POST_SHOWN: _("%(who)s showed a post again"),
    Event.POST_WRITTEN: _("%(who)s wrote the post %(title)s (%(post_kind)s)"),
    Event.COURSE_EDITED: _("%(who)s changed the course %(title)s"),
    Event.COURSE_MADE: _("%(who)s made the course %(title)s"),
    Event.COURSE_PUBLISHED: _("%(who)s published the course %(title)s"),
    Event.COURSE_WITHDRAWN: _("%(who)s took the course %(title)s out of use"),
    Event.COURSE_FILE_ADDED: _("%(who)s added the file %(file)s (SHA-256 %(sha256)s) to a course"),
    Event.COURSE_FILE_WATCHED: _("%(who)s watched the video %(file)s of a course"),
    Event.COURSE_PAGE_READ: _("%(who)s read page %(position)s of a course"),
    Event.COURSE_PAGE_WRITTEN: _("%(who)s wrote page %(position)s of a course"),
    Event.HOURS_ACCEPTED: _("%(who)s accepted %(hours)s hours earned elsewhere: %(words)s"),
    Event.HOURS_CLAIMED: _(
        "%(who)s entered %(hours)s hours earned elsewhere with %(file)s (SHA-256 %(sha256)s)"
    ),
    Event.HOURS_EXPORTED: _("%(who)s took away the list of hours; lines: %(rows)s"),
    Event.HOURS_REFUSED: _("%(who)s refused %(hours)s hours earned elsewhere: %(words)s"),
    Event.QUESTION_RETIRED: _("%(who)s took a question out of a course's bank"),
    Event.QUESTION_WRITTEN: _("%(who)s wrote a question for a course's bank"),
    Event.QUIZ_BEGUN: _("%(who)s began attempt %(number)s at a quiz (seed %(seed)s)"),
    Event.QUIZ_SENT: _(
        "%(who)s sent attempt %(number)s at a quiz: %(percent)s of 100 (passed: %(passed)s)"
    ),
    Event.TRAINING_EXPORTED: _("%(who)s took away the list of who signed in; names: %(rows)s"),
    Event.TRAINING_MADE_UP: _(
        "%(who)s made up the sign-in of account %(account)s at a training: %(reason)s"
    ),
    Event.TRAINING_CALLED: _("%(who)s called the training %(title)s on %(day)s"),
    Event.TRAINING_SIGNED: _("%(who)s signed in at a training"),
}
