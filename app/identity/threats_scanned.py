"""What a web scanner said of the running portal, and the answer to each of its findings."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.errors import Words


@dataclass(frozen=True)
class Finding:
    """One thing that the scanner reported; `is_fault` where it was right, and it was mended."""

    told: Words
    answer: Words
    proofs: tuple[str, ...]
    is_fault: bool = False


SCANNER = "Wapiti 3.2.3"
# How often it is done again, the people and the parts, says tests/scanning.
FINDINGS: tuple[Finding, ...] = (
    Finding(
        _("A line break in the filters of a kept view of the board broke the answer (status 500)"),
        _("Right, and mended: the filters are taken apart and written anew as an address"),
        ("oversight/test_several.py::test_a_view_is_kept_by_name_and_is_nobody_elses",),
        is_fault=True,
    ),
    Finding(
        _("The session's cookie lacks the flag Secure"),
        _(
            "The scan goes over plain http on one machine; with XINGPING_HTTPS=1, as the"
            " deployment chapter says, the cookie has it"
        ),
        ("test_doors.py::test_cookies_stay_with_the_browser_and_on_https",),
    ),
    Finding(
        _("Pages answer to OPTIONS, and to POST with 400"),
        _(
            "OPTIONS names the methods that an address has and tells nothing else; a POST without"
            " the form's own token is refused before anything happens"
        ),
        (
            "test_doors.py::test_head_and_options_tell_a_visitor_nothing",
            "test_doors.py::test_nothing_is_changed_without_the_forms_token",
        ),
    ),
    Finding(
        _("LDAP injection in the filters “state” and “q” of lists"),
        _(
            "Guessed from answers that differ: a state that doesn't exist filters nothing, other"
            " words find other rows. The portal asks no directory; states are a closed list, words"
            " are bound to the statement"
        ),
        ("test_hostile.py::test_hostile_addresses_break_no_page",),
    ),
)
