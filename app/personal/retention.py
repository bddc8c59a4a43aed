"""How long what is kept about people: by class, with the rule that it follows."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.errors import Words


@dataclass(frozen=True)
class Class:
    """A class of personal data: what it is for, and when it goes."""

    name: Words
    purpose: Words
    kept: Words


def classes(days: int) -> list[Class]:
    """Every class that the portal keeps; `days` is the setting PERSONAL_DATA_DAYS."""
    return [
        Class(
            _("Name, organisation, role, sign-in name"),
            _("To know who did what: papers, signatures, ratings and decisions name their makers"),
            _("As long as the files that name the person: 10 or 30 years, procurement 15 or more"),
        ),
        Class(
            _("ID number, telephone, e-mail address"),
            _(
                "To identify experts and evaluators and to reach people;"
                " filling them in is optional"
            ),
            _("Erased by itself %(days)s days after the account has ended", days=days),
        ),
        Class(
            _("Applications for the register: the administrator's name and telephone"),
            _("To reach whoever applies; the telephone is encrypted"),
            _("The telephone is erased %(days)s days after the decision", days=days),
        ),
        Class(
            _("Practitioners and associated experts that agencies name"),
            _("To judge who may sign a report; ID numbers are not asked for"),
            _("With the agency's entry; whoever left stays named where they signed"),
        ),
        Class(
            _("Experts: fields, title, employer, bodies that they stand aside for"),
            _("To draw panels, and to keep apart whoever has a tie"),
            _("As long as they stand in the pool, and with the reviews where they sat"),
        ),
        Class(
            _("Attendance, fees and judgements of experts"),
            _("To pay by the standard in force; no bank account is kept here"),
            _("With the accounts of the bureau, 10 years"),
        ),
        Class(
            _("Training: courses, quizzes, sign-ins, hours and certificates"),
            _("To show hours beside the name and to prove a certificate"),
            _("As long as the certificate can be checked"),
        ),
        Class(
            _("Topics, answers and messages of one's own"),
            _("Exchange between agencies, units and the bureau"),
            _("With the platform; what was moderated stays with its history"),
        ),
        Class(
            _("Sign-ins and the log of acts"),
            _("Security and proof; the log holds numbers of accounts, never names or ID numbers"),
            _(
                "At least six months by law; addresses of sign-ins go %(days)s days after the"
                " account has ended; the tamper-evident log is kept with the files",
                days=days,
            ),
        ),
        Class(
            _("Data of third persons in uploaded papers"),
            _("Evidence of an evaluation; only those who work on it may open them"),
            _("With the file that they belong to"),
        ),
    ]
