"""What agencies, units and strangers on the network could try."""

from flask_babel import lazy_gettext as _

from app.identity.threats import Attacker, End, Threat

ATTACKERS: tuple[Attacker, ...] = (
    Attacker(
        _("A rival agency"),
        (
            Threat(
                _("Reads the papers, opinions or scores of another agency"),
                _(
                    "Every record answers only those whom the policy names; to others it does "
                    "not exist"
                ),
                (
                    "test_hostile.py::test_a_stranger_meets_no_record_of_others",
                    "test_hostile.py::test_who_reads_no_papers_reads_no_word_of_them",
                ),
            ),
            Threat(
                _("Learns who gave which star, from means, ranks or differences of two rankings"),
                _(
                    "Groups under three show nothing, figures are rounded, small rounds wait "
                    "until they are three"
                ),
                (
                    "rankings/test_differencing.py::test_successive_rankings_leave_every_new_rating_open",
                    "rankings/test_veiling.py::test_what_comes_between_two_rankings_is_never_of_fewer_than_three",
                ),
            ),
            Threat(
                _("Sends a file that attacks the reader or the portal"),
                _(
                    "The content tells the type; converters run in a cage; archives are "
                    "bounded; workbooks with entities are refused"
                ),
                (
                    "test_media.py::test_a_bomb_under_the_name_of_a_workbook_is_seen",
                    "test_parsers.py::test_a_hostile_workbook_is_refused_by_every_reader",
                ),
            ),
            Threat(
                _("Replaces a paper after it was reviewed"),
                _(
                    "Versions are only added, each with its digest; the passport shows which "
                    "one was read"
                ),
                (
                    "papers/test_services.py::test_a_new_version_stands_beside_the_old_one",
                    "papers/test_services.py::test_a_submitted_report_is_locked",
                    "papers/test_passports.py::test_each_version_finds_its_own_entry_and_the_proof_that_it_is_sealed",
                ),
            ),
            Threat(
                _("Reads a rival's bid before the opening, or changes it"),
                _(
                    "Bids are encrypted in the bidder's browser to two officers' halves; an "
                    "envelope that is not the one in the log is void"
                ),
                (
                    "procurement/test_sealing.py::test_only_both_halves_open_an_envelope",
                    "procurement/test_sealing.py::test_an_envelope_that_was_changed_is_void",
                ),
            ),
        ),
    ),
    Attacker(
        _("A unit that rates harshly or leniently"),
        (
            Threat(
                _("Rates everybody low or high and moves the ranking"),
                _(
                    "The model takes a rater's strictness out; the same stars for everybody are"
                    " raised as a sign"
                ),
                (
                    "rankings/test_methods.py::test_a_role_that_is_stricter_as_a_whole_moves_no_agency",
                    "screening/test_screens.py::test_one_number_for_everybody_is_raised_and_seven_ratings_are_not_looked_at",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Forms a ring with others"),
                _("A planted ring is found; the sign goes to the bureau, which decides"),
                (
                    "screening/test_screens.py::test_on_real_ratings_no_ring_is_seen_and_a_planted_one_is_found_and_set_aside",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Changes a rating after it became known"),
                _(
                    "A review is for good; its commitment stands in the log before the seal is "
                    "broken"
                ),
                (
                    "reviews/test_services.py::test_a_review_is_for_good",
                    "reviews/test_services.py::test_the_commitment_binds_every_answer",
                ),
            ),
            Threat(
                _("Looks at what others gave before giving its own"),
                _("Ratings are sealed until all are in or the window closes"),
                (
                    "reviews/test_sealed.py::test_before_opening_only_the_writers_page_depends_on_a_star",
                ),
            ),
        ),
    ),
    Attacker(
        _("Somebody on the network"),
        (
            Threat(
                _("Guesses passwords, of one account or of many"),
                _("The account locks, the address is slowed down, and all refusals read the same"),
                (
                    "accounts/test_sessions.py::test_the_last_failure_locks_even_for_the_right_password",
                    "identity/test_identity.py::test_many_names_from_one_address_have_a_pace",
                    "accounts/test_views.py::test_every_refused_sign_in_reads_the_same",
                ),
            ),
            Threat(
                _("Uses a stolen password"),
                _("A second factor; the owner is told of a new place and can end that sign-in"),
                (
                    "identity/test_identity.py::test_the_password_alone_opens_nothing_any_more",
                    "identity/test_identity.py::test_a_new_place_is_told_and_a_known_one_is_not",
                    "identity/test_identity.py::test_one_session_ends_alone",
                ),
            ),
            Threat(
                _("Repeats a code that was seen, or tries all"),
                _("Each code opens once, and wrong ones lock the account"),
                (
                    "identity/test_identity.py::test_a_code_opens_once",
                    "identity/test_identity.py::test_guessing_codes_locks_the_account",
                ),
            ),
            Threat(
                _("Uses a copied cookie after the sign-out"),
                _("Signing out ends the session in the portal, not only in the browser"),
                ("accounts/test_views.py::test_a_copied_cookie_is_worthless_after_sign_out",),
            ),
            Threat(
                _("Uses a copied cookie while its owner works"),
                _(
                    "Another way in, an account, a deputy, a token, a target or the owner's data "
                    "need the password again; the owner sees every sign-in and ends it"
                ),
                (
                    "identity/test_identity.py::test_every_dangerous_step_and_its_form_ask_whoever_holds_an_old_sign_in",
                    "identity/test_identity.py::test_all_others_end_at_once",
                ),
            ),
            Threat(
                _("Guesses codes of activation slips, to set somebody's password"),
                _("A code has 80 random bits, opens once, and wrong ones slow the address down"),
                (
                    "onboarding/test_activating.py::test_a_slip_opens_the_account_once",
                    "onboarding/test_activating.py::test_the_door_has_a_pace_and_takes_no_former_password",
                ),
            ),
            Threat(
                _("Says to come from ever other addresses, to have no pace"),
                _(
                    "What a request says of its origin counts from a trusted proxy alone; an IPv6 "
                    "network is one address"
                ),
                (
                    "identity/test_identity.py::test_many_names_from_one_address_have_a_pace",
                    "identity/test_identity.py::test_whoever_has_a_whole_ipv6_network_is_one_address",
                ),
            ),
            Threat(
                _("Asks for public pages without end"),
                _("Each address has so many a minute; a page that is read writes nothing"),
                ("identity/test_identity.py::test_public_pages_have_a_pace_for_each_visitor",),
            ),
            Threat(
                _("Has a link in a mail or on a slip lead to a machine of their own"),
                _("What leaves the portal carries its set address, never that of the request"),
                ("test_doors.py::test_what_is_printed_or_sent_names_the_portal_as_others_know_it",),
            ),
            Threat(
                _("Sends a request of another system once more, or another one under its key"),
                _("A key is answered as before; with another body it is refused"),
                (
                    "api/test_api.py::test_a_years_commissions_come_in_once",
                    "api/test_api.py::test_the_same_request_at_the_same_moment_is_done_once",
                ),
            ),
            Threat(
                _("Uses another system's token, found or guessed"),
                _(
                    "A token never allows more than its account and scopes, ends by itself, can "
                    "be ended at once, and every day of its use is recorded; guessing has a pace"
                ),
                (
                    "api/test_truth.py::test_a_scope_only_narrows",
                    "api/test_api.py::test_only_a_living_token_opens_and_a_cookie_never_does",
                ),
            ),
            Threat(
                _("Comes back from the single sign-on as somebody else"),
                _(
                    "State, nonce and challenge bind the way back to the browser that began; "
                    "only linked subjects come in, and a second factor is asked all the same"
                ),
                (
                    "identity/test_single.py::test_nobody_else_comes_in",
                    "identity/test_single.py::test_a_second_factor_is_asked_all_the_same",
                ),
            ),
            Threat(
                _("Makes a person's browser act on another page's behalf"),
                _(
                    "Every change needs the form's token; pages may not be framed; no script "
                    "from elsewhere runs"
                ),
                (
                    "test_doors.py::test_nothing_is_changed_without_the_forms_token",
                    "test_doors.py::test_every_reply_carries_the_headers",
                ),
            ),
            Threat(
                _("Puts scripts or formulas into names and words"),
                _("Words are only words: on pages, in prints, in CSV and in workbooks"),
                (
                    "test_doors.py::test_words_are_words_on_every_page",
                    "test_doors.py::test_no_export_holds_a_formula",
                    "test_doors.py::test_a_title_makes_no_header_of_its_own",
                ),
            ),
            Threat(
                _("Lets the portal call into our own network"),
                _(
                    "An address of a message target is resolved once and must lie outside, "
                    "redirects are refused"
                ),
                (
                    "notifications/test_outbox.py::test_our_own_network_is_not_outside",
                    "notifications/test_outbox.py::test_a_name_with_one_address_inside_is_inside",
                ),
            ),
            Threat(
                _("Sends nonsense to every address"),
                _("No page breaks on it, and no trace is shown"),
                (
                    "test_hostile.py::test_hostile_addresses_break_no_page",
                    "test_hostile.py::test_hostile_numbers_in_a_path_are_no_record",
                ),
            ),
        ),
    ),
)
