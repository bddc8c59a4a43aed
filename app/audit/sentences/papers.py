"""What is told of papers, indicators and archives."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # archiving
    Event.ARCHIVE_MADE: _("%(who)s made the archive package (files: %(files)s, bytes: %(size)s)"),
    Event.RETENTION_CHANGED: _("%(who)s set how long papers are kept: %(after)s"),
    # papers
    Event.FILES_RECEIVED: _("Files of %(who)s for %(index_no)s wait for the check: %(files)s"),
    Event.FILE_ATTACHED: _(
        "%(who)s attached file %(position)s of %(index_no)s, version %(number)s: %(file)s"
    ),
    Event.LEVEL_REVIEWED: _(
        "%(who)s reviewed %(index_no)s, version %(number)s, at level %(level)s: %(outcome)s"
    ),
    Event.LEVEL_REVIEWERS_APPOINTED: _("%(who)s named the reviewers of the three levels"),
    Event.LEVEL_REVIEW_ANSWERED: _(
        "%(who)s answered level %(level)s on %(index_no)s, version %(number)s"
    ),
    Event.PAPER_DOWNLOADED: _("%(who)s downloaded %(index_no)s, version %(number)s"),
    Event.PAPER_PREVIEWED: _("%(who)s looked at %(index_no)s, version %(number)s"),
    Event.PAPER_READ_COPY: _("%(who)s took a reading copy of %(index_no)s, version %(number)s"),
    Event.PAPER_SUBMITTED: _("%(who)s submitted %(index_no)s %(title)s: %(file)s"),
    Event.PAPER_WITHDRAWN: _("%(who)s withdrew %(index_no)s: %(reason)s"),
    Event.PASSPORT_PRINTED: _("%(who)s printed the passport of %(index_no)s, version %(number)s"),
    Event.READING_RULES_CHANGED: _("%(who)s set who gets originals and who reading copies"),
    Event.REPORT_SUBMITTED: _(
        "%(who)s submitted the final report of round %(round)s (%(index_no)s, version %(number)s,"
        " %(seal)s)"
    ),
    Event.BOILERPLATE_ADDED: _("%(who)s named a text that doesn't count for similarity: %(title)s"),
    Event.BOILERPLATE_WITHDRAWN: _("%(who)s took back a text that didn't count: %(title)s"),
    Event.SIMILARITY_FOUND: _(
        "%(index_no)s, version %(number)s, is like %(alarms)s earlier papers of other engagements"
    ),
    Event.SIMILARITY_SETTLED: _(
        "%(who)s looked at a likeness of %(index_no)s, version %(number)s: %(words)s"
    ),
    Event.STORE_CHECKED: _(
        "%(checked)s files were read again: %(rotten)s changed, %(lost)s lost,"
        " %(strangers)s unknown"
    ),
    Event.UPLOAD_REFUSED: _("A file of %(who)s was refused: %(file)s (%(refusal)s)"),
    Event.VERSION_APPROVED: _("%(who)s approved %(index_no)s, version %(number)s"),
    Event.VERSION_READ: _("%(who)s read %(index_no)s, version %(number)s"),
    Event.VERSION_RETURNED: _("%(who)s returned %(index_no)s, version %(number)s: %(words)s"),
    Event.VERSION_SUBMITTED: _("%(who)s submitted version %(number)s of %(index_no)s: %(file)s"),
    # indicators
    Event.INDICATORS_APPROVED: _(
        "%(who)s approved version %(version)s of the indicators (%(task)s)"
    ),
    Event.INDICATORS_BEGUN: _("%(who)s began version %(version)s of the indicators (%(task)s)"),
    Event.INDICATORS_EXPORTED: _("%(who)s exported the indicators (%(task)s)"),
    Event.INDICATORS_RETURNED: _(
        "%(who)s returned version %(version)s of the indicators (%(task)s): %(reason)s"
    ),
    Event.INDICATORS_SAVED: _(
        "%(who)s saved version %(version)s of the indicators (%(task)s): %(changed)s"
    ),
    Event.INDICATORS_SUBMITTED: _(
        "%(who)s submitted version %(version)s of the indicators (%(task)s)"
    ),
    Event.RESULTS_EXPORTED: _("%(who)s exported %(rows)s result uses of %(budget_year)s"),
    Event.RESULT_DECIDED: _(
        "%(who)s noted the decision %(decision_no)s of %(decider)s on %(task)s"
        " (budget %(budget_year)s): %(cut_fen)s"
    ),
    Event.RESULT_PROPOSED: _(
        "%(who)s proposed a cut of %(cut_fen)s for %(task)s (budget %(budget_year)s, project"
        " grade %(grade)s)"
    ),
    Event.RESULT_VOIDED: _(
        "%(who)s voided the result use of %(task)s (budget %(budget_year)s): %(reason)s"
    ),
    Event.SCORES_SAVED: _("%(who)s saved scores (%(task)s): %(codes)s; total %(total)s"),
}
